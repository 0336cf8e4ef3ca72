"""Finds what a reply answers: a ladder from a signed token down to a guess that a person must confirm."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.addresses import SHARED_DOMAINS
from outreach.domain.names import name_key
from outreach.domain.replies import MatchedBy
from outreach.domain.states import CallState
from outreach.store.offices import Office, office_at, office_of
from outreach.store.recipients import IN_DOUBT_OR_REACHED
from outreach.store.tables import Call, Contact, Message

OPEN_MATTERS = (CallState.OPEN, CallState.CLOSED, CallState.RELEASED)
MOST_GUESSES = 5
CLOCKS_DIFFER = timedelta(hours=14)
"""A mail's date is its writer's clock, and often in the wrong zone."""
ALIKE = 0.6
TELLING = 8
"""Shorter subjects stand in many a title by chance."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a reply answers, and what shows it. An id of None means that it is not known."""

    by: MatchedBy = MatchedBy.NOTHING
    message_id: int | None = None
    call_id: int | None = None
    contact_id: int | None = None
    test: bool = False
    post_id: int | None = None
    """Of an official's office, whose mail is no contact's."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What an unplaced reply may answer, and why; the likeliest has the highest ``score``."""

    call_id: int
    contact_id: int | None
    why: str
    score: float


def match_message(session: Session, rungs: Iterable[tuple[MatchedBy, Sequence[int]]]) -> Match:
    """The first of these messages that there is, and whom it was for; no rung is asked for after it."""
    for by, ids in rungs:
        for message_id in ids:
            message = session.get(Message, message_id)
            if message is not None:
                office = office_of(session, message)
                if office is not None:
                    return Match(by, message.id, post_id=office.post_id)
                contact_id = None if message.test else message.contact_id
                return Match(by, message.id, message.call_id, contact_id, message.test)
    return Match()


def match_office(session: Session, digest: str, *, written_at: datetime, salt: bytes) -> Match | None:
    """The office whose address it is, if that has one letter to answer; None if it is no office's address.

    With several letters, or none, or an address that is a contact's too, nothing is matched.
    """
    office = office_at(session, digest, written_at=written_at + CLOCKS_DIFFER, salt=salt)
    if isinstance(office, Office):
        return Match(MatchedBy.SENDER, post_id=office.post_id)
    if office is None:
        return None
    return Match(contact_id=session.exec(select(Contact.id).where(Contact.address_digest == digest)).first())


def match_sender(session: Session, digest: str, *, written_at: datetime) -> Match:
    """The contact with that address, and the one call about which a mail of ours was out to it by then.

    With several calls, or with none, only the contact is known, and nothing is matched: a mailbox that is read for
    the first time holds what people said of letters long ago.
    """
    contact_id = session.exec(select(Contact.id).where(Contact.address_digest == digest)).first()
    if contact_id is None:
        return Match()
    left = sa.func.coalesce(col(Message.sent_at), col(Message.claimed_at), col(Message.queued_at))
    out = left <= written_at + CLOCKS_DIFFER
    latest = _latest_messages(session, col(Message.contact_id) == contact_id, out)
    if len(latest) != 1:
        return Match(contact_id=contact_id)
    ((call_id, message_id),) = latest
    return Match(MatchedBy.SENDER, message_id, call_id, contact_id)


def _latest_messages(session: Session, *where: sa.ColumnElement[bool]) -> list[tuple[int, int]]:
    """For each call that is not over, the newest of our messages that meets the conditions."""
    statement = (
        sa.select(col(Message.call_id), sa.func.max(col(Message.id)))
        .join(Call, col(Call.id) == col(Message.call_id))
        .where(
            col(Call.state).in_(OPEN_MATTERS),
            col(Call.rehearsal).is_(False),
            col(Message.test).is_(False),
            col(Message.state).in_(IN_DOUBT_OR_REACHED),
            *where,
        )
        .group_by(col(Message.call_id))
    )
    return [(call_id, message_id) for call_id, message_id in session.execute(statement)]


def guesses(session: Session, *, address: str, name: str, subject: str, contact_id: int | None) -> list[Guess]:
    """What a reply that nothing places may answer, the likeliest first."""
    found = [
        *_of_the_contact(session, contact_id),
        *_of_the_domain(session, address.rpartition("@")[2]),
        *_of_the_name(session, name),
        *_of_the_subject(session, subject),
    ]
    best: dict[tuple[int, int | None], Guess] = {}
    for guess in found:
        key = guess.call_id, guess.contact_id
        if key not in best or guess.score > best[key].score:
            best[key] = guess
    return sorted(best.values(), key=lambda one: (-one.score, -one.call_id))[:MOST_GUESSES]


def _of_the_contact(session: Session, contact_id: int | None) -> Iterator[Guess]:
    if contact_id is None:
        return
    for call_id, _ in _latest_messages(session, col(Message.contact_id) == contact_id):
        yield Guess(call_id, contact_id, "we wrote to this address about it", 0.9)


def _of_the_domain(session: Session, domain: str) -> Iterator[Guess]:
    if not domain or domain in SHARED_DOMAINS:
        return
    people = session.exec(select(Contact.id).where(Contact.domain == domain).limit(MOST_GUESSES)).all()
    for person in people:
        for call_id, _ in _latest_messages(session, col(Message.contact_id) == person):
            yield Guess(call_id, person, "we wrote to somebody at the same domain about it", 0.7)


def _of_the_name(session: Session, name: str) -> Iterator[Guess]:
    if not name_key(name):
        return
    for person in session.exec(select(Contact.id).where(Contact.name == name).limit(MOST_GUESSES)).all():
        for call_id, _ in _latest_messages(session, col(Message.contact_id) == person):
            yield Guess(call_id, person, "we wrote to somebody of the same name about it", 0.6)


def _of_the_subject(session: Session, subject: str) -> Iterator[Guess]:
    wanted = name_key(subject)
    if not wanted:
        return
    calls = select(Call).where(col(Call.state).in_(OPEN_MATTERS), col(Call.rehearsal).is_(False))
    for call in session.exec(calls.order_by(col(Call.id).desc()).limit(50)):
        title = name_key(call.title)
        whole = title in wanted or (len(wanted) >= TELLING and wanted in title)
        likeness = 1.0 if whole else SequenceMatcher(None, title, wanted[:300]).ratio()
        if likeness >= ALIKE:
            yield Guess(call.id or 0, None, "its subject is like the title of the call", 0.5 * likeness)
