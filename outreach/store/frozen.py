"""What many messages have in common and nothing changes any more: their texts, and what a mailing froze for all."""

from collections.abc import Collection
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.store.tables import CallText, Mailing

KEPT: Final = 1000
"""Texts, and mailings, that are kept: more than are under way at one time."""
NOTHING_SHARED: Final[dict[str, Any]] = {}


class Frozen:
    """Keeps what was looked up: a mailing's values are the same object for all of its messages."""

    def __init__(self) -> None:
        self.sources: dict[int, str] = {}
        """Templates by the text's number."""
        self.shared: dict[int, dict[str, Any]] = {}
        """The values that all of a mailing's messages share, by the mailing's number."""

    def learn(self, session: Session, texts: Collection[int], mailings: Collection[int | None]) -> None:
        """Look up what of these is not known yet."""
        if not self.sources.keys() >= set(texts):
            _make_room(self.sources)
            asked = sa.select(col(CallText.id), col(CallText.source)).where(col(CallText.id).in_(texts))
            self.sources.update((found or 0, source) for found, source in session.execute(asked))
        wanted = {each for each in mailings if each is not None}
        if not self.shared.keys() >= wanted:
            _make_room(self.shared)
            asked_for = sa.select(col(Mailing.id), col(Mailing.shared)).where(col(Mailing.id).in_(wanted))
            self.shared.update((found or 0, values) for found, values in session.execute(asked_for))


def _make_room(kept: dict[int, Any]) -> None:
    if len(kept) > KEPT:
        kept.clear()
