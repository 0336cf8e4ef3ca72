"""The letter changes after people have begun to sign it: a typing error, or what it says."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.call_files import CallFile, LetterFile
from outreach.domain.correspondence import RoundKind
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import SIGNATURE_MOVES, CallState, SignatureState, move
from outreach.store.calls import letter_texts
from outreach.store.events import record
from outreach.store.queueing import cancel_unsent
from outreach.store.tables import Call, Letter, Message, Signature
from outreach.store.wanted import ASKING_TO_CONFIRM, REPLACED
from outreach.usecases.ask_members_again import ask_members_again
from outreach.usecases.authorise import authorised
from outreach.usecases.create_call import add_letter_texts, check_texts
from outreach.usecases.queue_message import queue_for_signature


@dataclass(frozen=True, slots=True)
class Amended:
    """The letter's new version, and how many signatories are asked again."""

    version: int
    asked: int


def amend_letter(
    session: Session,
    call: Call,
    file: CallFile,
    *,
    substance: str,
    now: datetime,
    house: House,
    by: str,
    authorised_by: str = "",
) -> Amended:
    """Take over the letter of the call's file as its next version.

    ``substance`` says what has changed in what the letter says (Markdown): then every signature waits until its
    signatory has agreed to the new text. Empty: a typing error, and every agreement holds. An edition that was made
    keeps its own version. Raises Refusal when nothing has changed, and for a call that is not under way;
    InvalidInput for a letter that cannot be.
    """
    refuse_amendment(session, call, file)
    authorised(house, by=by, authorised_by=authorised_by)
    letter = session.get_one(Letter, call.letter_id, with_for_update=True)
    letter.version += 1
    call.letter_version = letter.version
    add_letter_texts(session, letter, letter.version, file.letters)
    if substance.strip():
        letter.substance = letter.version
    session.add_all([letter, call])
    session.flush()
    outdated = asked = 0
    if substance.strip():
        outdated = _outdate_links(session, call, now=now)
        asked = _ask_again(session, call, substance.strip(), now=now, house=house)
    record(
        session,
        at=now,
        by=by,
        verb="amend_letter",
        subject="letter",
        subject_id=letter.id,
        version=letter.version,
        substance=bool(substance.strip()),
        asked=asked,
        outdated=outdated,
    )
    return Amended(letter.version, asked)


def refuse_amendment(session: Session, call: Call, file: CallFile) -> None:
    """Raises Refusal when nothing has changed, and for a call that is not under way; InvalidInput as above."""
    if call.state not in (CallState.OPEN, CallState.CLOSED):
        raise Refusal(f"The call {call.slug} is {call.state.value}; its letter can no longer be amended.")
    check_texts(file)
    if _said(file) == {
        text.language: LetterFile(text.title, text.addressee, tuple(text.asks), text.body.strip())
        for text in letter_texts(session, call)
    }:
        raise Refusal(f"The letter of {call.slug} is what the file says already; nothing was changed.")


def _said(file: CallFile) -> dict[str, LetterFile]:
    return {
        language: LetterFile(one.title, one.addressee, one.asks, one.body.strip())
        for language, one in file.letters.items()
    }


def _ask_again(session: Session, call: Call, substance: str, *, now: datetime, house: House) -> int:
    """Whoever signed what the letter said before has not signed this: nobody's name moves to another text."""
    signatures = session.exec(
        select(Signature)
        .where(Signature.letter_id == call.letter_id, Signature.state == SignatureState.CONFIRMED)
        .order_by(col(Signature.id))
    ).all()
    for signature in signatures:
        signature.state = move(signature.state, SignatureState.PENDING, SIGNATURE_MOVES)
        signature.revision += 1
        signature.asked_at, signature.reminded_at = now, None
        session.add(signature)
    session.flush()
    if call.round is RoundKind.APPROVAL:
        return ask_members_again(session, call, substance, now=now, house=house)
    return sum(
        queue_for_signature(
            session,
            call,
            signature,
            MessageKind.LETTER_CHANGED,
            now=now,
            house=house,
            at=now,
            more={"amendment": {"text": substance}},
        )
        for signature in signatures
    )


def _outdate_links(session: Session, call: Call, *, now: datetime) -> int:
    """A link to the earlier text confirms no more; its mailbox is asked anew as soon as it may be. How many."""
    waiting = [
        col(Signature.letter_id) == call.letter_id,
        col(Signature.state) == SignatureState.PENDING,
    ]
    cancel_unsent(
        session,
        now=now,
        reason=REPLACED,
        where=[
            col(Message.kind).in_(ASKING_TO_CONFIRM),
            col(Message.signature_id).in_(sa.select(col(Signature.id)).where(*waiting)),
        ],
    )
    result = session.execute(
        sa.update(Signature)
        .where(*waiting)
        .values(revision=col(Signature.revision) + 1, asked_at=None, reminded_at=None)
        .execution_options(synchronize_session="fetch")
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
