"""Which signatures of a call may be one and the same: compared once, and again when a name has changed."""

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.desk.likeness import Likeness, Pair, alike
from outreach.domain.desk.name_forms import Named
from outreach.domain.signatures import SignatureKind
from outreach.queries.desk import ON_THE_DESK
from outreach.store.tables import Call, Contact, Distinction, Signature

AT_ONCE = 300
"""So many names are compared while somebody waits for the page; more are compared beside it."""
KEPT = 64

Names = tuple[tuple[Any, ...], ...]
"""Rows as they are read: to make something of each takes longer than to see that they are the same as before."""


@dataclass(frozen=True, slots=True)
class Alike:
    """The pairs that nobody has told apart, the most telling first; None while the names are still compared."""

    pairs: tuple[Pair, ...] | None

    def with_(self, number: int) -> list[Pair]:
        """The pairs of one signature."""
        return [pair for pair in self.pairs or () if number in (pair.first, pair.second)]


@dataclass(slots=True)
class Comparisons:
    """The comparisons that were made last. Names are compared again as soon as one of them has changed.

    Five thousand names take a second to compare, and a hundredth to read.
    """

    kept: OrderedDict[Names, "Future[tuple[Pair, ...]]"] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)
    beside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "likeness"))

    def of(self, session: Session, call: Call) -> Alike:
        """Which of the call's signatures may be one, as they are now."""
        names = _names(session, call)
        with self.lock:
            compared = self.kept.get(names) or self._begin(names)
        if not compared.done():
            return Alike(None)
        pairs = compared.result()
        apart = _told_apart(session, pairs)
        return Alike(tuple(pair for pair in pairs if _ordered(pair) not in apart) if apart else pairs)

    def _begin(self, names: Names) -> "Future[tuple[Pair, ...]]":
        if len(names) > AT_ONCE:
            compared = self.beside.submit(_compared, names)
        else:
            compared = Future()
            compared.set_result(_compared(names))
        self.kept[names] = compared
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return compared


# Looked up for each: PostgreSQL would otherwise read all contacts, for a few thousand signatures.
_DOMAIN = sa.select(col(Contact.domain)).where(col(Contact.id) == col(Signature.contact_id)).scalar_subquery()


def _names(session: Session, call: Call) -> Names:
    rows = session.execute(
        sa.select(
            sa.type_coerce(col(Signature.kind), sa.String),
            col(Signature.id),
            col(Signature.name),
            col(Signature.acronym),
            col(Signature.country),
            col(Signature.website),
            sa.func.coalesce(_DOMAIN, ""),
        )
        .where(col(Signature.call_id) == call.id, col(Signature.state).in_(ON_THE_DESK))
        .order_by(col(Signature.id))
    )
    return tuple(map(tuple, rows))


def _compared(names: Names) -> tuple[Pair, ...]:
    pairs = [
        pair for kind in SignatureKind for pair in alike([Named(*known) for one, *known in names if one == kind])
    ]
    return tuple(sorted(pairs, key=lambda pair: (pair.why is Likeness.CHAPTER, -pair.score)))


def _told_apart(session: Session, pairs: tuple[Pair, ...]) -> set[tuple[int, int]]:
    if not pairs:
        return set()
    ones = [_ordered(pair)[0] for pair in pairs]
    statement = sa.select(col(Distinction.first_id), col(Distinction.second_id)).where(
        col(Distinction.first_id).between(min(ones), max(ones))
    )
    return {(first, second) for first, second in session.execute(statement)}


def _ordered(pair: Pair) -> tuple[int, int]:
    return min(pair.first, pair.second), max(pair.first, pair.second)
