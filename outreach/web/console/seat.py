"""Who sits before the console: the person who is logged in, what she may do, and her language and zone."""

from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from outreach.domain.users import EVERYTHING, Held, Right, calls_with, may
from outreach.store.tables import Sitting, User

NOT_THERE = 404


@dataclass(frozen=True, slots=True)
class Seat:
    """A logged-in person. ``now`` was read once, at the door; ``_`` says a sentence in her language."""

    user: User
    held: tuple[Held, ...]
    sitting: Sitting
    now: datetime
    language: str
    zone: str
    translations: NullTranslations

    @property
    def id(self) -> int:
        """Her row."""
        return self.user.id or 0

    @property
    def by(self) -> str:
        """How the log names her."""
        return self.user.address

    def _(self, sentence: str) -> str:
        """The sentence in her language."""
        return self.translations.gettext(sentence)

    def may(self, right: Right, call_id: int | None = EVERYTHING) -> bool:
        """Whether she has the right for that call; without one, for the whole workspace."""
        return may(self.held, right, call_id or EVERYTHING)

    def must(self, right: Right, call_id: int | None = EVERYTHING) -> None:
        """End here, as if there were no such thing, for who has not the right: an id that exists tells nothing."""
        if not self.may(right, call_id):
            raise HTTPException(NOT_THERE)

    def calls(self, right: Right) -> frozenset[int] | None:
        """The calls for which she has the right; None: all there are."""
        return calls_with(self.held, right)


async def _seat(request: Request) -> Seat:
    seat: Seat = request.state.seat
    return seat


AtSeat = Annotated[Seat, Depends(_seat)]
"""Her seat, in a page that a Room has let her in to."""
