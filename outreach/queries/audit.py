"""Derives the ledger anew, from the history of attempts and the log, and says what of the rows disagrees with it.

Each question is one statement over all messages, whose work the database does: memory stays flat.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.kinds import MessageKind
from outreach.domain.proofs import AGAIN, Proof
from outreach.domain.states import MessageState
from outreach.store.doubts import INTERRUPTED
from outreach.store.outbox import COPIES
from outreach.store.ownership import orphans
from outreach.store.tables import (
    Attempt,
    Bounce,
    Event,
    Message,
    MessageTally,
    Reply,
    Suppression,
    SuppressionReason,
)
from outreach.store.vitals import broken_references, whole_check
from outreach.store.wanted import DEAD

EXAMPLES: Final = 5
"""So many mails are named of those that disagree."""
CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""A command's time is read at its beginning, and another machine's clock may be off: so much is no disobedience."""
NO_ATTEMPTS: Final = (INTERRUPTED, AGAIN, *Proof)
"""Lines of a message's history that are no attempts at its recipient."""
STATE = MessageState


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What disagrees, in a sentence; in how many rows, and the numbers of the first of them."""

    question: str
    sentence: str
    rows: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audited:
    """How much was looked at, and what disagrees."""

    messages: int
    attempts: int
    disagreements: tuple[Disagreement, ...]


def audit(session: Session, now: datetime) -> Audited:
    """Look at every message, every attempt and the whole database."""
    broken = tuple(_of_database(session))
    if any(one.question == "integrity" for one in broken):  # what is read out of it means nothing
        return Audited(0, 0, broken)
    found = (*_of_rows(session), *_of_history(session), *_without_owner(session), *_of_keys(session))
    also = (*_of_tallies(session), *_disobeyed(session, now), *broken)
    return Audited(_many(session, Message), _many(session, Attempt), (*found, *also))


def _many(session: Session, table: type[Any]) -> int:
    return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


# Each row against itself.

_ROWS: Final[dict[str, tuple[str, sa.ColumnElement[bool]]]] = {
    "copies": (f"They were handed over more than {COPIES} times", col(Message.copies) > COPIES),
    "claimed by": (
        "They are somebody's to submit although they are not being submitted",
        sa.and_(col(Message.state) != STATE.SENDING, col(Message.claimed_by) != ""),
    ),
    "owner": (
        "They are being submitted by nobody",
        sa.and_(col(Message.state) == STATE.SENDING, col(Message.claimed_by) == ""),
    ),
    "sent at": (
        "They are sent without a time, or have a time without being sent",
        (col(Message.state) == STATE.SENT) != col(Message.sent_at).is_not(None),
    ),
}


def _of_rows(session: Session) -> Iterator[Disagreement]:
    yield from _asked(session, sa.select(col(Message.id)).select_from(Message), _ROWS)


# Each row against its history.


def _history() -> sa.Subquery:
    """What the attempts at each message say together."""
    tried = col(Attempt.reason).not_in(NO_ATTEMPTS)

    def many(*where: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((sa.and_(*where), 1), else_=0))

    unknown, sent = col(Attempt.state) == STATE.UNKNOWN, col(Attempt.state) == STATE.SENT
    return (
        sa.select(
            col(Attempt.message_id).label("message_id"),
            sa.func.max(sa.case((col(Attempt.state) != STATE.QUEUED, col(Attempt.id)))).label("last"),
            many(tried).label("tried"),
            many(sent).label("sent"),
            many(unknown).label("unknown"),
            many(sa.or_(unknown, sa.and_(sent, tried))).label("dots"),
            many(tried, sa.or_(unknown, sent)).label("known_dots"),
            many(sent, ~tried).label("proofs"),
            sa.func.max(sa.case((sa.and_(sent, tried), col(Attempt.at)))).label("taken_at"),
        )
        .group_by(col(Attempt.message_id))
        .subquery("told")
    )


def _of_history(session: Session) -> Iterator[Disagreement]:
    told, last = _history(), sa.orm.aliased(Attempt)

    def times(name: str) -> sa.ColumnElement[int]:
        return sa.func.coalesce(told.c[name], 0)

    is_in = {state: col(Message.state) == state for state in STATE}
    by_person = sa.exists().where(
        col(Event.subject) == "message",
        col(Event.subject_id) == col(Message.id),
        col(Event.verb) == "settle_unknown",
    )
    heard_of = sa.or_(
        sa.exists().where(col(Bounce.message_id) == col(Message.id)),
        sa.exists().where(col(Reply.message_id) == col(Message.id)),
    )
    questions: dict[str, tuple[str, sa.ColumnElement[bool]]] = {
        "taken": (
            "A server took them, but they are not sent and may leave again",
            sa.and_(~is_in[STATE.SENT], times("sent") > 0),
        ),
        "sent": (
            "They are sent, but nothing shows that anybody took them",
            sa.and_(is_in[STATE.SENT], times("sent") == 0, ~by_person, ~heard_of),
        ),
        "deferred": (
            "They are deferred, but their last attempt was not",
            sa.and_(is_in[STATE.DEFERRED], sa.func.coalesce(col(last.state), STATE.QUEUED) != STATE.DEFERRED),
        ),
        "failed": (
            "They failed, but their last attempt did not",
            sa.and_(
                is_in[STATE.FAILED], sa.func.coalesce(col(last.state), STATE.QUEUED) != STATE.FAILED, ~by_person
            ),
        ),
        "unknown": (
            "They are unknown, but no attempt at them ended so",
            sa.and_(is_in[STATE.UNKNOWN], times("unknown") == 0),
        ),
        "too many copies": (
            "More copies are counted than their attempts can have made",
            col(Message.copies) > times("dots"),
        ),
        "too few copies": (
            "Fewer copies are counted than their attempts made",
            col(Message.copies) < times("known_dots"),
        ),
        "attempts": ("More attempts are counted than were made", col(Message.attempts) > times("tried")),
        "no attempt": (
            "A server took them or refused them, and no attempt is counted",
            sa.and_(
                col(Message.attempts) == 0,
                sa.or_(is_in[STATE.SENT], is_in[STATE.FAILED]),
                col(last.state) == col(Message.state),
                col(last.reason).not_in(NO_ATTEMPTS),
            ),
        ),
        "time": (
            "They were sent at another time than when a server took them",
            sa.and_(
                is_in[STATE.SENT],
                told.c.taken_at.is_not(None),
                times("proofs") == 0,
                ~by_person,
                col(Message.sent_at) != sa.type_coerce(told.c.taken_at, Message.__table__.c.sent_at.type),  # type: ignore[attr-defined]
            ),
        ),
    }
    each = (
        sa.select(col(Message.id))
        .select_from(Message)
        .outerjoin(told, told.c.message_id == col(Message.id))
        .outerjoin(last, col(last.id) == told.c.last)
    )
    yield from _asked(session, each, questions)


def _asked(
    session: Session, each: sa.Select[Any], questions: dict[str, tuple[str, sa.ColumnElement[bool]]]
) -> Iterator[Disagreement]:
    """All questions in one look at the messages; examples only of what disagrees."""
    sums = (sa.func.sum(sa.case((wrong, 1), else_=0)) for _, wrong in questions.values())
    counts = session.execute(each.with_only_columns(*sums, maintain_column_froms=True)).one()
    for (question, (sentence, wrong)), count in zip(questions.items(), counts, strict=True):
        if count:
            some = session.execute(each.where(wrong).order_by(col(Message.id)).limit(EXAMPLES)).scalars()
            yield _mails(question, sentence, int(count), some)


def _mails(question: str, sentence: str, count: int, some: Any) -> Disagreement:
    numbers = tuple(str(one) for one in some)
    more = ", ..." if count > len(numbers) else ""
    many = "1 mail" if count == 1 else f"{count:,} mails"
    return Disagreement(question, f"{sentence}: {many} (number {', '.join(numbers)}{more}).", count, numbers)


# What rows say of each other.


def _without_owner(session: Session) -> Iterator[Disagreement]:
    dead = orphans(session)
    if dead:
        theirs = col(Message.state) == STATE.SENDING, col(Message.claimed_by).in_(dead)
        # Counted in the statement that names them: on PostgreSQL a worker may settle, and end, between two.
        each = sa.select(col(Message.id), sa.func.count().over()).where(*theirs).order_by(col(Message.id))
        if found := session.execute(each.limit(EXAMPLES)).all():
            sentence = "They are being submitted by a worker that is gone"
            yield _mails("live owner", sentence, int(found[0][1]), [number for number, _ in found])


def _of_keys(session: Session) -> Iterator[Disagreement]:
    for question, sentence, keys in (
        ("mailing", "Somebody has two mails of one mailing", (Message.mailing_id, Message.address_digest)),
        ("occurrence", "A mail that may exist once exists twice", (Message.occurrence,)),
    ):
        twice = (
            sa.select(sa.func.max(col(Message.id)).label("id"))
            .where(col(keys[0]).is_not(None))
            .group_by(*(col(key) for key in keys))
            .having(sa.func.count() > 1)
            .subquery()
        )
        count = session.execute(sa.select(sa.func.count()).select_from(twice)).scalar_one()
        if count:
            some = session.execute(sa.select(twice.c.id).order_by(twice.c.id).limit(EXAMPLES)).scalars()
            yield _mails(question, sentence, int(count), some)


def _of_tallies(session: Session) -> Iterator[Disagreement]:
    """The counts that the database keeps, against the rows that they count."""
    rows: Any = sa.select(
        sa.func.coalesce(col(Message.call_id), 0).label("call"),
        sa.func.coalesce(col(Message.mailing_id), 0).label("mailing"),
        col(Message.kind).label("kind"),
        col(Message.state).label("state"),
        sa.literal(1).label("row"),
        sa.literal(0).label("tally"),
    ).where(col(Message.test).is_(False))
    tallies = sa.select(
        col(MessageTally.call_id),
        col(MessageTally.mailing_id),
        col(MessageTally.kind),
        col(MessageTally.state),
        sa.literal(0),
        col(MessageTally.messages),
    )
    both = sa.union_all(rows, tallies).subquery()
    keys = (both.c.call, both.c.mailing, both.c.kind, both.c.state)
    there, counted = sa.func.sum(both.c.row), sa.func.sum(both.c.tally)
    differ = sa.select(*keys, there, counted).group_by(*keys).having(there != counted).order_by(*keys)
    for call, mailing, kind, state, rows_there, tally in session.execute(differ.limit(EXAMPLES)):
        what = f"{MessageKind(kind).value} mails of mailing {mailing}, call {call}, that are {STATE(state).value}"
        sentence = f"The count of {what} is {int(tally):,}; there are {int(rows_there):,}."
        yield Disagreement("tallies", sentence, abs(int(tally) - int(rows_there)))


def _disobeyed(session: Session, now: datetime) -> Iterator[Disagreement]:
    """Mails that were claimed after somebody had asked for none."""
    dead = sa.and_(col(Suppression.reason).in_(DEAD), col(Suppression.scope) == 0)
    opted_out = sa.and_(
        col(Suppression.reason) == SuppressionReason.OPT_OUT,
        col(Message.bulk).is_(True),
        col(Message.test).is_(False),
        sa.or_(col(Suppression.scope) == 0, col(Suppression.scope) == col(Message.call_id)),
    )
    pairs = (
        sa.select(col(Message.id), col(Message.claimed_at), col(Suppression.at))
        .join_from(Suppression, Message, col(Message.address_digest) == col(Suppression.address_digest))
        .where(col(Message.claimed_at) > col(Suppression.at), sa.or_(dead, opted_out))
        .order_by(col(Message.id))
        .execution_options(yield_per=1000)
    )
    late, count = list[int](), 0
    for number, claimed_at, asked_at in session.execute(pairs):
        if claimed_at - asked_at > CLOCKS_DIFFER:
            count += 1
            late += [number] if len(late) < EXAMPLES else []
    if count:
        yield _mails("suppressions", "They were submitted to somebody who had asked for none", count, late)
    ahead = sa.select(sa.func.count()).select_from(Attempt).where(col(Attempt.at) > now + CLOCKS_DIFFER)
    if future := session.execute(ahead).scalar_one():
        yield Disagreement(
            "clock", f"{int(future):,} attempts are noted for a time that has not come.", int(future)
        )


def _of_database(session: Session) -> Iterator[Disagreement]:
    for said in whole_check(session):
        yield Disagreement("integrity", f"The database is damaged: {said}.", 1)
    for table, parent, count in broken_references(session):
        sentence = f"{count:,} rows of the table {table} refer to rows of {parent} that are not there."
        yield Disagreement("references", sentence, count)
