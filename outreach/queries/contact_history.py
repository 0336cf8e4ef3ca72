"""All that was sent to a person and heard from her, by date."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.names import clean_line
from outreach.store.tables import Call, Contact, Message, Reply, Signature, Suppression

MOST = 200
"""Of each: messages, replies, signatures. Nobody has more in a year of calls; then the newest are shown."""
SHOWN = 160


class Told(StrEnum):
    """What happened."""

    MESSAGE = "message"
    REPLY = "reply"
    SIGNATURE = "signature"
    SUPPRESSION = "suppression"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened between us and a person; ``number`` is its row's. ``call`` is "" for none."""

    at: datetime
    what: Told
    number: int
    call: str
    kind: str
    state: str = ""
    text: str = ""
    test: bool = False


def contact_history(session: Session, contact: Contact) -> list[Happening]:
    """The newest first."""
    rows = session.execute(sa.select(col(Call.id), col(Call.slug))).all()
    calls: dict[int | None, str] = {row[0]: row[1] for row in rows}
    told = [*_messages(session, contact, calls), *_replies(session, contact, calls)]
    told += [*_signatures(session, contact, calls), *_suppressions(session, contact, calls)]
    return sorted(told, key=lambda one: (one.at, one.number), reverse=True)


def _messages(session: Session, contact: Contact, calls: Mapping[int | None, str]) -> Iterator[Happening]:
    statement = (
        sa.select(
            col(Message.id),
            col(Message.call_id),
            col(Message.kind),
            col(Message.state),
            col(Message.reason),
            col(Message.test),
            sa.func.coalesce(col(Message.sent_at), col(Message.queued_at)),
        )
        .where(col(Message.address_digest) == contact.address_digest)
        .order_by(col(Message.id).desc())
        .limit(MOST)
    )
    for number, call, kind, state, reason, test, at in session.execute(statement):
        yield Happening(
            at, Told.MESSAGE, number, calls.get(call, ""), kind.value, state.value, reason or "", test=test
        )


def _replies(session: Session, contact: Contact, calls: Mapping[int | None, str]) -> Iterator[Happening]:
    columns = (Reply.id, Reply.at, Reply.call_id, Reply.kind, Reply.state, Reply.subject, Reply.new_text)
    mine = sa.select(*map(col, columns)).where(col(Reply.contact_id) == contact.id)
    wrote = sa.select(*map(col, columns)).where(col(Reply.sender_digest) == contact.address_digest)
    seen: set[int] = set()
    for statement in (mine, wrote):
        for number, at, call, kind, state, subject, text in session.execute(
            statement.order_by(col(Reply.id).desc()).limit(MOST)
        ):
            if number not in seen:
                seen.add(number)
                said = clean_line(text, SHOWN) or clean_line(subject, SHOWN)
                yield Happening(at, Told.REPLY, number, calls.get(call, ""), kind.value, state.value, said)


def _signatures(session: Session, contact: Contact, calls: Mapping[int | None, str]) -> Iterator[Happening]:
    statement = select(Signature).where(Signature.contact_id == contact.id).order_by(col(Signature.id).desc())
    for one in session.exec(statement.limit(MOST)):
        yield Happening(
            one.submitted_at,
            Told.SIGNATURE,
            one.id or 0,
            calls.get(one.call_id, ""),
            one.kind.value,
            one.state.value,
            one.name,
        )


def _suppressions(session: Session, contact: Contact, calls: Mapping[int | None, str]) -> Iterator[Happening]:
    for one in session.exec(select(Suppression).where(Suppression.address_digest == contact.address_digest)):
        yield Happening(
            one.at, Told.SUPPRESSION, one.id or 0, calls.get(one.scope, ""), one.reason.value, text=one.evidence
        )
