"""Who holds a post from when to when: two people never at once, and a newcomer ends the term of the one before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from outreach.domain.errors import Refusal
from outreach.domain.names import name_key

ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """One person in one post. ``id`` is the row's, 0 for a new one; an open end is None.

    ``movable``: the end was set because somebody came after, not because anybody said it.
    """

    id: int
    name: str
    since: date | None = None
    until: date | None = None
    movable: bool = False

    def overlaps(self, other: "Term") -> bool:
        """Whether both hold the post on some day."""
        return _first(self) <= _last(other) and _first(other) <= _last(self)


def known_term(terms: Sequence[Term], said: Term) -> Term | None:
    """The term that ``said`` is about: the same person's, begun that day, or on a day corrected by it; None if new.

    A person who left and came back has two terms.
    """
    own = sorted((one for one in terms if name_key(one.name) == name_key(said.name)), key=_first)
    exact = next((one for one in own if said.since and one.since == said.since), None)
    if exact or not own:
        return exact
    if said.since is None:
        return own[-1]
    return next((one for one in reversed(own) if one.since is None or one.overlaps(said)), None)


def placed(terms: Iterable[Term], new: Term) -> list[Term]:
    """All terms of a post with ``new`` among them, in order; who came before ends the day before at the latest.

    Raises Refusal when two people would hold the post on one day, or when somebody new comes to one that others
    hold or held, and nobody says from or until when.
    """
    others = [one for one in terms if one.id != new.id or not one.id]
    if others and not new.id and new.since is None and new.until is None:
        last = max(others, key=_first)
        raise Refusal(f"{last.name} holds the post {_span(last)}: say from which day {new.name} does")
    if before := _unknown_end(others, new):
        others = [_ended(one, new) if one is before else one for one in others]
    if new.until is None and (after := _next(others, new)):
        new = _ended(new, after)
    for one in others:
        if one.overlaps(new):
            raise Refusal(_clash(one, new))
    return sorted((*others, new), key=_first)


def _unknown_end(others: Iterable[Term], new: Term) -> Term | None:
    """The last one who came before, if nobody said until when."""
    before = [one for one in others if _first(one) < _first(new)]
    last = max(before, key=_first, default=None)
    return last if last and (last.until is None or last.movable) and _last(last) >= _first(new) else None


def _next(others: Iterable[Term], new: Term) -> Term | None:
    return min((one for one in others if _first(one) > _first(new)), key=_first, default=None)


def _ended(term: Term, after: Term) -> Term:
    return replace(term, until=_first(after) - ONE_DAY, movable=True)


def _clash(one: Term, new: Term) -> str:
    return f"{one.name} holds the post {_span(one)}, which overlaps with {new.name} {_span(new)}"


def _span(term: Term) -> str:
    parts = (f"from {term.since}" if term.since else "", f"until {term.until}" if term.until else "")
    return " ".join(part for part in parts if part) or "without an end"


def _first(term: Term) -> date:
    return term.since or date.min


def _last(term: Term) -> date:
    return term.until or date.max
