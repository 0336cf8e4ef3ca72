"""A coordinator changes a draft part by part; what she does not touch stays as it is."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.domain.call_files import CallFile, LetterFile
from outreach.domain.errors import Refusal
from outreach.domain.states import CallState
from outreach.store.calls import letter_texts
from outreach.store.events import record
from outreach.store.tables import Call, CallText, Letter
from outreach.usecases.create_call import (
    add_call_text,
    add_letter_texts,
    check_texts,
    describe_letter,
    take_over,
)


def revise_draft(session: Session, call: Call, file: CallFile, *, part: str, now: datetime, by: str) -> None:
    """Make the draft what ``file`` says, which is its export with some of it changed; ``part`` names what.

    Unlike ``edit_call`` this keeps the addresses that a file said were invited already. Raises Refusal once the
    call is open, and InvalidInput with all that is wrong with the letter or a mail.
    """
    if call.state is not CallState.DRAFT:
        raise Refusal(f"The call {call.slug} is {call.state.value}; this can only be changed in a draft.")
    check_texts(file)
    take_over(call, file)
    letter = session.get_one(Letter, call.letter_id)
    describe_letter(session, letter, file)
    session.add_all([call, letter])
    _letters(session, call, letter, file)
    _mails(session, call, file, now)
    session.flush()
    record(session, at=now, by=by, verb="revise_draft", subject="call", subject_id=call.id, part=part)


def _letters(session: Session, call: Call, letter: Letter, file: CallFile) -> None:
    for text in letter_texts(session, call):
        if file.letters.get(text.language) != LetterFile(text.title, text.addressee, tuple(text.asks), text.body):
            session.delete(text)
    session.flush()
    kept = {text.language for text in letter_texts(session, call)}
    add_letter_texts(
        session,
        letter,
        call.letter_version,
        {language: text for language, text in file.letters.items() if language not in kept},
    )


def _mails(session: Session, call: Call, file: CallFile, now: datetime) -> None:
    current = {
        (text.kind, text.language): text
        for text in session.exec(
            select(CallText).where(CallText.call_id == call.id, col(CallText.current).is_(True))
        )
    }
    for key, text in current.items():
        if file.texts.get(key) != text.source:
            text.current = False
            session.add(text)
    for (kind, language), source in file.texts.items():
        old = current.get((kind, language))
        if old is None or old.source != source:
            add_call_text(session, call, kind, language, source, now=now)
