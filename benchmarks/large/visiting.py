"""Asks the console for a page as a server would, and takes the time until all of it is there."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

HOST = "127.0.0.1:8080"
ENOUGH = b"text/event-stream"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: milliseconds of waiting, and of computing in this process; of a stream, until its first piece."""

    code: int
    size: int
    wall: float
    cpu: float
    body: bytes


async def _asked(app: Any, path: str, cookie: str, posted: Mapping[str, str] | None) -> Answer:
    where, _, query = path.partition("?")
    body = urlencode(posted).encode() if posted is not None else b""
    headers = [(b"host", HOST.encode()), (b"cookie", cookie.encode()), (b"accept-language", b"en")]
    if posted is not None:
        headers += [
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(body)).encode()),
            (b"sec-fetch-site", b"same-origin"),
        ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET" if posted is None else "POST",
        "scheme": "http",
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 8080),
    }
    came: list[bytes] = []
    code, streamed, given, over = 0, False, False, asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal given
        if given:
            await over.wait()
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal code, streamed
        if message["type"] == "http.response.start":
            code = message["status"]
            said = dict(message.get("headers", ()))
            streamed = ENOUGH in said.get(b"content-type", b"") or b"attachment" in said.get(
                b"content-disposition", b""
            )
            return
        came.append(message.get("body", b""))
        if not message.get("more_body") or (streamed and came[-1]):
            over.set()

    wall, cpu = time.perf_counter(), time.process_time()
    task = asyncio.create_task(app(scope, receive, send))
    waiting = asyncio.create_task(over.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    spent = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
    if streamed and not task.done():
        task.cancel()
    waiting.cancel()
    await asyncio.gather(task, waiting, return_exceptions=True)
    if task.done() and not task.cancelled() and task.exception() and not came:
        raise task.exception()  # type: ignore[misc]
    return Answer(code, sum(map(len, came)), *spent, b"".join(came))


def ask(loop: asyncio.AbstractEventLoop, app: Any, path: str, cookie: str, posted: Any = None) -> Answer:
    """The page, or what comes of the form."""
    return loop.run_until_complete(_asked(app, path, cookie, posted))
