"""Reads what stands in the way of a letter, official by official, and how those that can go would leave."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.officials import Way
from outreach.queries.letter_addressees import NOT_OUT, Stage, ToOne, officials_of
from outreach.queries.official_letters import letters_as_they_are
from outreach.store.letters_to_officials import ToOfficial
from outreach.store.tables import Call, Letter

LOOKED_AT = 200
"""So many officials' letters are looked at in one go; the rest is on the next page."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One official's letter: how far it is there, and how it reads."""

    line: ToOne
    to: ToOfficial

    @property
    def is_out(self) -> bool:
        """Whether it has been released to this official."""
        return self.line.stage not in NOT_OUT


@dataclass(frozen=True, slots=True)
class Check:
    """Some of a letter's officials, looked at; ``after`` is the name to go on behind, "" at the end."""

    officials: tuple[Checked, ...]
    after: str = ""

    @property
    def held(self) -> list[Checked]:
        """Those whose letter something holds back."""
        return [one for one in self.officials if not one.is_out and one.to.problems]

    @property
    def ready(self) -> list[Checked]:
        """Those whose letter nothing holds back, and that has not gone."""
        return [one for one in self.officials if not one.is_out and not one.to.problems]

    @property
    def changed(self) -> list[Checked]:
        """Those that were released to somebody who does not hold the post any more."""
        return [one for one in self.officials if one.is_out and one.to.holder_now]

    @property
    def ways(self) -> dict[Way, int]:
        """How many of those that are ready leave by which way."""
        first = Counter(Way(one.line.ways[0]) for one in self.ready if one.line.ways)
        return {way: first[way] for way in Way if first[way]}

    @property
    def copies(self) -> int:
        """How many copies go with those that leave by mail."""
        by_mail = (one.to.official for one in self.ready if one.line.ways[:1] == (Way.MAIL,))
        return sum(len(official.copies_to) for official in by_mail)


def check_letter(
    session: Session,
    letter: Letter,
    call: Call,
    *,
    stages: Collection[Stage] = (),
    after: str = "",
    limit: int = LOOKED_AT,
    today: date,
    house: House,
) -> Check:
    """The letter to its officials behind the post's name ``after``, those of some stages only."""
    found = officials_of(session, letter, stages=stages, after=after, limit=limit, today=today, house=house)
    to = letters_as_they_are(session, letter, call, [one.post for one in found.lines], day=today, house=house)
    by_post = {one.post: one for one in to}
    return Check(tuple(Checked(line, by_post[line.post]) for line in found.lines), found.after)
