"""A part of a page that keeps itself up to date: the server sends it anew as often as it changes.

These are server-sent events (HTML Living Standard, 9.2). Whoever has no JavaScript loads the page again.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from outreach.store.users import still_seated
from outreach.web.console.seat import Seat
from outreach.web.desk import Desk, desk_of

POLL_SECONDS: Final = 1.0
SIGN_OF_LIFE_SECONDS: Final = 15.0
"""So often at least something is sent, so that a browser that is gone is missed."""
LONGEST_SECONDS: Final = 600.0
"""Then the browser connects anew, and is let in anew."""
MOST_STREAMS: Final = 6
"""Of one person at once; a browser opens no more to one host by HTTP/1.1."""
TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What the place shows now, as HTML; ``over``: nothing more will change."""

    html: str
    over: bool = False


Look = Callable[[Session, Seat], Glimpse | None]
"""Reads what there is to see, for her with the rights of now; None when it is not hers to see any more."""


def live(request: Request, seat: Seat, look: Look, *, every: float = POLL_SECONDS) -> Response:
    """A stream for ``<div data-live="...">``: what ``look`` sees, whenever that is other than before.

    ``look`` is asked in the thread pool. The stream ends when it is over, at her log-out, and with her right to see
    it; the page then goes where its ``data-then`` says. Looking keeps nobody logged in.
    """
    return _Stream(request, seat, look, every)


class _Stream(StreamingResponse):
    """One stream; it counts from its first byte to its last, whoever ends it."""

    def __init__(self, request: Request, seat: Seat, look: Look, every: float) -> None:
        headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
        super().__init__(
            _sent(desk_of(request), seat, look, every), media_type="text/event-stream", headers=headers
        )
        self._open, self._person = _streams(request), seat.id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request (ASGI)."""
        if self._open[self._person] >= MOST_STREAMS:
            await Response(status_code=TOO_MANY)(scope, receive, send)
            return
        self._open[self._person] += 1
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._open[self._person] -= 1


def _streams(request: Request) -> Counter[int]:
    """How many streams each person has open, in this process."""
    state = request.app.state
    if not hasattr(state, "streams"):
        state.streams = Counter()
    streams: Counter[int] = state.streams
    return streams


async def _sent(desk: Desk, seat: Seat, look: Look, every: float) -> AsyncIterator[str]:
    shown, began = "", time.monotonic()
    told = began
    while (now := time.monotonic()) - began < LONGEST_SECONDS and not desk.closing.is_set():
        glimpse = await run_in_threadpool(_looked, desk, seat, look)
        if glimpse is not None and glimpse.html != shown:
            shown, told = glimpse.html, now
            yield _event(shown)
        elif now - told > SIGN_OF_LIFE_SECONDS:
            told = now
            yield ":\n\n"
        if glimpse is None or glimpse.over:
            yield _event("", "over")
            return
        await asyncio.sleep(every)


def _looked(desk: Desk, seat: Seat, look: Look) -> Glimpse | None:
    now = desk.outreach.clock.now()
    idle = timedelta(hours=desk.house.settings.console.idle_hours)
    with desk.outreach.database.reading() as session:
        held = still_seated(session, seat.sitting.id or 0, now, idle=idle)
        return None if held is None else look(session, replace(seat, held=held, now=now))


def _event(text: str, name: str = "") -> str:
    lines = "\n".join(f"data: {line}" for line in text.splitlines() or [""])
    return f"event: {name}\n{lines}\n\n" if name else f"{lines}\n\n"
