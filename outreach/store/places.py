"""On whose page a line of the log stands: its call's, or its letter's where it concerns no one call."""

from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from outreach.store.tables import Addressee, Answer, Edition, Event, Mailing, Reply, Signature

_EVENTS: sa.Table = Event.__table__  # type: ignore[attr-defined]


def _of(table: Any, column: str) -> sa.ScalarSelect[Any]:
    columns = table.__table__.c
    return sa.select(columns[column]).where(columns.id == _EVENTS.c.subject_id).scalar_subquery()


def _answered_letter() -> sa.ScalarSelect[Any]:
    addressee, answer = Addressee.__table__.c, Answer.__table__.c  # type: ignore[attr-defined]
    return (
        sa.select(addressee.letter_id)
        .where(addressee.id == answer.addressee_id, answer.id == _EVENTS.c.subject_id)
        .scalar_subquery()
    )


_CALL: Final = {
    "call": _EVENTS.c.subject_id,
    "edition": _of(Edition, "call_id"),
    "mailing": _of(Mailing, "call_id"),
    "reply": _of(Reply, "call_id"),
    "signature": _of(Signature, "call_id"),
}
_LETTER: Final = {
    "letter": _EVENTS.c.subject_id,
    "addressee": _of(Addressee, "letter_id"),
    "answer": _answered_letter(),
}


def put_in_place(session: Session, *, after: int) -> None:
    """Say of every line whose number is above ``after`` on whose page it stands."""
    where = sa.and_(_EVENTS.c.number > after, _EVENTS.c.subject.in_([*_CALL, *_LETTER]))
    values = {
        "call_id": sa.case(_CALL, value=_EVENTS.c.subject),
        "letter_id": sa.case(_LETTER, value=_EVENTS.c.subject),
    }
    session.execute(sa.update(_EVENTS).where(where).values(values))
