"""A coordinator changes a call: everything while it is a draft, only texts to come once it is open."""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import delete
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.call_files import CallFile, LetterFile, call_table
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState
from outreach.store.calls import export_call
from outreach.store.events import record
from outreach.store.tables import Call, CallExclusion, CallText, Letter, LetterText, Message
from outreach.store.tables.messages import READY
from outreach.usecases.authorise import authorised
from outreach.usecases.create_call import (
    add_call_text,
    add_letter_texts,
    check_texts,
    describe_letter,
    exclude,
    take_over,
)

_NOT_PROMISED = ("letter", "languages", "deadline", "press_contacts")
"""What an open call's file may say otherwise, or what is looked at on its own."""


@dataclass(frozen=True, slots=True)
class Edited:
    """How many texts changed, and how many messages that wait will now go with the new text."""

    texts: int
    messages: int


def edit_call(
    session: Session,
    call: Call,
    file: CallFile,
    *,
    now: datetime,
    by: str,
    house: House,
    authorised_by: str = "",
) -> Edited:
    """Make the call what its files say now. Raises Refusal for a change that its state does not allow."""
    if file.slug != call.slug:
        raise Refusal(f"The file describes the call {file.slug!r}, not {call.slug!r}.")
    if call.state not in (CallState.DRAFT, CallState.OPEN):
        raise Refusal(f"The call {call.slug} is {call.state.value}; it can no longer be changed.")
    check_texts(file)
    if call.state is CallState.DRAFT:
        _replace_draft(session, call, file, house)
    else:
        authorised(house, by=by, authorised_by=authorised_by)
        _only_texts(session, call, file)
        letter = session.get_one(Letter, call.letter_id)
        letter.press_contacts = list(file.press_contacts)
        session.add(letter)
    edited = _replace_texts(session, call, file, now)
    record(session, at=now, by=by, verb="edit_call", subject="call", subject_id=call.id, texts=edited.texts)
    return edited


def _replace_draft(session: Session, call: Call, file: CallFile, house: House) -> None:
    take_over(call, file)
    for written in session.exec(select(LetterText).where(LetterText.letter_id == call.letter_id)):
        session.delete(written)
    session.flush()
    letter = session.get_one(Letter, call.letter_id)
    describe_letter(session, letter, file)
    add_letter_texts(session, letter, call.letter_version, file.letters)
    session.execute(delete(CallExclusion).where(col(CallExclusion.call_id) == call.id))
    exclude(session, call, file.excluded, house)
    gone = [text for key, text in _current(session, call).items() if key not in file.texts]
    for text in gone:
        text.current = False
    session.add_all([call, letter, *gone])


def _only_texts(session: Session, call: Call, file: CallFile) -> None:
    """Refuses what an open call has promised to those who were invited, and what its plan hangs on."""
    if file.deadline.instant() != call.deadline_at:
        raise Refusal(
            f"The file says the deadline is {file.deadline}, and the open call {call.slug} has {call.deadline}. "
            "Write the call's into the file; 'outreach calls extend' is what moves it."
        )
    if _letters(export_call(session, call)) != _letters(file):
        raise Refusal(
            f"The call {call.slug} is open: people are signing this letter, so its text stays as it is. "
            "'outreach calls erratum' tells them of a mistake."
        )
    now, then = call_table(file), call_table(export_call(session, call))
    changed = [key for key in now if key not in _NOT_PROMISED and now[key] != then[key]]
    if changed:
        raise Refusal(
            f"The call {call.slug} is open and its mailings are planned, so {', '.join(changed)} can no longer be "
            "changed; only the mail templates and the press contacts can."
        )


def _letters(file: CallFile) -> dict[str, LetterFile]:
    return {language: replace(letter, body=letter.body.strip()) for language, letter in file.letters.items()}


def _replace_texts(session: Session, call: Call, file: CallFile, now: datetime) -> Edited:
    current = _current(session, call)
    texts = messages = 0
    for (kind, language), source in file.texts.items():
        old = current.get((kind, language))
        if old is not None and old.source == source:
            continue
        new = add_call_text(session, call, kind, language, source, now=now)
        texts += 1
        if old is not None:
            old.current = False
            messages += _repoint(session, old, new)
    return Edited(texts, messages)


def _current(session: Session, call: Call) -> dict[tuple[MessageKind, str], CallText]:
    texts = session.exec(select(CallText).where(CallText.call_id == call.id, col(CallText.current).is_(True)))
    return {(text.kind, text.language): text for text in texts}


def _repoint(session: Session, old: CallText, new: CallText) -> int:
    """What waits goes with the new text; what is being submitted keeps the old one whole."""
    waits = sa.or_(READY, col(Message.state) == "held")
    result = session.execute(
        sa.update(Message)
        .where(col(Message.text_id) == old.id, waits)
        .values(text_id=new.id)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
