"""A person says what an answer really is, or which letter it answers; the letters stand as if it had been known."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.answers import (
    LONGEST_LINE,
    LONGEST_REFERENCE,
    LONGEST_SUMMARY,
    REFERENCE,
    SENDER,
    SUBJECT,
    check_days,
    whole_line,
    whole_note,
)
from outreach.domain.correspondence import AnswerKind
from outreach.domain.errors import InvalidInput
from outreach.domain.officials import Way
from outreach.store.addressees import day_of
from outreach.store.answers import documents_of, lock, take_stock
from outreach.store.events import record
from outreach.store.tables import Addressee, Answer


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is different; None: it is as it stands. ``to_no_letter``: nobody knows what it answers after all."""

    addressee: Addressee | None = None
    to_no_letter: bool = False
    kind: AnswerKind | None = None
    way: Way | None = None
    dated: date | None = None
    received_on: date | None = None
    sender: str | None = None
    subject: str | None = None
    reference: str | None = None
    summary: str | None = None

    def named(self) -> list[str]:
        """What is different, by name."""
        return [one.name for one in fields(self) if getattr(self, one.name) not in (None, False)]


def correct_answer(
    session: Session, answer: Answer, corrections: Corrections, *, now: datetime, by: str, house: House
) -> Answer:
    """The answer as it really is; the letter that it answered, and the one that it answers, stand accordingly.

    An answer to another office's letter is that office's. Raises InvalidInput for nothing to correct, for days that
    cannot be, and for an answer of which nothing would be left.
    """
    if not corrections.named():
        raise InvalidInput("Say what is different.")
    before, forgotten = _letter_of(session, answer), answer.reference
    after = None if corrections.to_no_letter else corrections.addressee or before
    letters = sorted({one.id or 0: one for one in (before, after) if one}.items())
    for _, letter in letters:
        lock(session, letter)
    _correct(answer, corrections, after)
    check_days(answer.dated, answer.received_on, day_of(now, house))
    if not (answer.summary or answer.reply_id or documents_of(session, answer)):
        raise InvalidInput("Without its summary nothing would be left of that answer.")
    session.add(answer)
    session.flush()
    for _, letter in letters:
        take_stock(session, letter, house=house, forgotten=forgotten)
    record(
        session,
        at=now,
        by=by,
        verb="correct_answer",
        subject="answer",
        subject_id=answer.id,
        corrected=corrections.named(),
        before=before.id if before else None,
        addressee=answer.addressee_id,
        kind=answer.kind.value,
    )
    return answer


def _letter_of(session: Session, answer: Answer) -> Addressee | None:
    return session.get_one(Addressee, answer.addressee_id) if answer.addressee_id else None


def _correct(answer: Answer, corrections: Corrections, after: Addressee | None) -> None:
    answer.addressee_id = after.id if after else None
    answer.post_id = after.post_id if after else answer.post_id
    answer.kind = corrections.kind or answer.kind
    answer.way = corrections.way or answer.way
    answer.dated = corrections.dated or answer.dated
    answer.received_on = corrections.received_on or answer.received_on
    if corrections.sender is not None:
        answer.sender = whole_line(corrections.sender, what=SENDER)
    if corrections.subject is not None:
        answer.subject = whole_line(corrections.subject, LONGEST_LINE, what=SUBJECT)
    if corrections.reference is not None:
        answer.reference = whole_line(corrections.reference, LONGEST_REFERENCE, what=REFERENCE)
    if corrections.summary is not None:
        answer.summary = whole_note(corrections.summary, LONGEST_SUMMARY)
