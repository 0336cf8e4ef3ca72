"""What every page has at hand: the opened workspace, and whom to tell that a mail waits."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from outreach.bootstrap import Outreach
from outreach.config.house import House
from outreach.web.words import Words, words_in


@dataclass(frozen=True, slots=True)
class Desk:
    """The opened workspace.

    ``on_change`` is called, in any thread, after mail was queued or a task asked for. ``closing`` is set when the
    pages end: what keeps a connection open ends then.
    """

    outreach: Outreach
    on_change: Callable[[], None]
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def house(self) -> House:
        """The workspace's settings and its keys."""
        return self.outreach.house

    def words_for_stranger(self, request: Request) -> Words:
        """The words for somebody of whom nothing is known but the browser's wishes."""
        return words_in([*wished(request), self.house.settings.workspace.language])


def desk_of(request: Request) -> Desk:
    """The desk that the application was built with."""
    desk: Desk = request.app.state.desk
    return desk


async def _at_desk(request: Request) -> Desk:
    return desk_of(request)


AtDesk = Annotated[Desk, Depends(_at_desk)]


def wished(request: Request) -> list[str]:
    """The languages that the browser asks for, the dearest first (RFC 9110, 12.5.4); at most ten."""
    weighed: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(",")[:10]:
        tag, _, parameters = part.strip().partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag and weight > 0:
            weighed.append((-weight, tag))
    return [tag for _, tag in sorted(weighed, key=lambda pair: pair[0])]
