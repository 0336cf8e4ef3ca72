"""An organisation answers the draft of a letter: it approves, asks for a change, or declines."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.addresses import parse_address
from outreach.domain.correspondence import DraftAnswer
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import MessageKind
from outreach.domain.names import clean_text
from outreach.domain.rounds import APPROVALS, COMMENT_LIMIT, NEEDS_COMMENT, with_comment
from outreach.domain.signatures import Origin, SignatureKind, confirmed_state, signing_ended
from outreach.domain.states import SIGNATURE_MOVES, CallState, SignatureState, move
from outreach.store.editions import is_signed_off
from outreach.store.events import record
from outreach.store.membership import (
    entry_of_member,
    may_be_written_to,
    newest_answer,
    signature_of_member,
)
from outreach.store.signing import agrees_to_it, lock_organisation, signer_key
from outreach.store.tables import Call, Contact, Letter, Organisation, RoundAnswer, RoundMember, Signature
from outreach.usecases.accept_signature import confirm_by_staff, reject_signature
from outreach.usecases.add_signature import new_signature
from outreach.usecases.change_signature import LIVE, SIGNATORY, withdraw_signature
from outreach.usecases.queue_message import queue_for_signature
from outreach.usecases.tell_staff import tell_staff


@dataclass(frozen=True, slots=True)
class Answered:
    """What was said, and the signature that an approval is. ``repeated``: it had said the very same before."""

    answer: RoundAnswer
    signature: Signature | None
    repeated: bool = False

    @property
    def late(self) -> bool:
        """Whether the approval came after the deadline, so that staff decide about it."""
        return self.signature is not None and self.signature.state is SignatureState.LATE


@dataclass(frozen=True, slots=True)
class RoundOver:
    """No answer is taken: the round has not begun, was given up, is signed off, or the letter is out."""

    state: CallState


@dataclass(frozen=True, slots=True)
class DraftChanged:
    """The draft says something else than the one that was answered; nothing was kept."""


def answer_draft(
    session: Session,
    call: Call,
    member: RoundMember,
    answer: DraftAnswer,
    comment: str = "",
    *,
    contact: Contact | None,
    version: int | None = None,
    origin: Origin = Origin.FORM,
    evidence: str = "",
    at: datetime | None = None,
    now: datetime,
    by: str,
    house: House,
) -> Answered | RoundOver | DraftChanged:
    """Keep what the organisation says of the draft; the newest answer holds.

    An approval is a confirmed signature at once: the link was mailed to the organisation's own mailbox, and signs
    for it alone. Any other answer takes an approval back. After the deadline an approval is kept as late; once the
    list is signed off, none is taken. ``version``: the draft that was looked at, None: as it is. ``contact``: who
    answers on its page; None: staff note it, as given ``at``, by another way. Raises InvalidInput for a missing
    comment.
    """
    session.flush()
    session.refresh(call, with_for_update={"key_share": True})  # a second click waits for the first
    if call.state not in (CallState.OPEN, CallState.CLOSED) or is_signed_off(session, call):
        return RoundOver(call.state)
    letter = session.get_one(Letter, call.letter_id, populate_existing=True)
    if version is not None and not letter.substance <= version <= call.letter_version:
        return DraftChanged()
    said, kept = _read(answer, comment)
    lock_organisation(session, member.organisation_id)
    last, signature = newest_answer(session, member), signature_of_member(session, member)
    if last is not None and _is_same(last, said, kept, letter, signature):
        return Answered(last, signature, repeated=True)
    mailbox = contact or _mailbox(session, call, member)
    came = _Came(contact, mailbox, at or now, origin, evidence, by, now, house)
    if said in APPROVALS:
        signature = _approve(session, call, member, signature, came)
    else:
        _take_back(session, signature, came)
        signature = None
    row = _keep(session, call, member, said, kept, signature, came)
    return Answered(row, signature)


@dataclass(frozen=True, slots=True)
class _Came:
    """How an answer came: ``contact`` gave it (None: staff note it), ``mailbox`` is told of an approval."""

    contact: Contact | None
    mailbox: Contact | None
    given: datetime
    origin: Origin
    evidence: str
    by: str
    now: datetime
    house: House


def _mailbox(session: Session, call: Call, member: RoundMember) -> Contact | None:
    """Whom a receipt tells what staff noted; nobody who would not be written to."""
    contact = session.get(Contact, member.contact_id) if member.contact_id else None
    return contact if contact is not None and may_be_written_to(session, contact, call) else None


def _keep(
    session: Session,
    call: Call,
    member: RoundMember,
    said: DraftAnswer,
    comment: str,
    signature: Signature | None,
    came: _Came,
) -> RoundAnswer:
    row = RoundAnswer(
        call_id=call.id or 0,
        organisation_id=member.organisation_id,
        contact_id=came.contact.id if came.contact else None,
        letter_version=call.letter_version,
        answer=said,
        comment=comment,
        signature_id=signature.id if signature else None,
        by=came.by,
        at=came.given,
    )
    session.add(row)
    session.flush()
    record(
        session,
        at=came.now,
        by=came.by,
        verb="answer_draft",
        subject="call",
        subject_id=call.id,
        answer=said.value,
        round_answer=row.id,
        organisation=member.organisation_id,
    )
    if came.contact is not None and said is not DraftAnswer.APPROVES:
        what = "An organisation has said something of a draft that you should read."
        command = f"outreach letters round {call.slug}"
        tell_staff(session, what, command, about=f"draft:{row.id}", now=came.now, house=came.house)
    return row


def _read(answer: DraftAnswer, comment: str) -> tuple[DraftAnswer, str]:
    text = clean_text(comment, COMMENT_LIMIT + 1)
    if len(text) > COMMENT_LIMIT:
        raise InvalidInput(f"The comment has more than {COMMENT_LIMIT} characters.")
    if answer in NEEDS_COMMENT and not text:
        raise InvalidInput("Say in a comment what should be changed, or what you would like to add.")
    return with_comment(answer, text), text


def _is_same(
    last: RoundAnswer, said: DraftAnswer, comment: str, letter: Letter, signature: Signature | None
) -> bool:
    if (last.answer, last.comment) != (said, comment) or last.letter_version < letter.substance:
        return False
    stands = signature is not None and signature.state in (SignatureState.CONFIRMED, SignatureState.LATE)
    return stands if said in APPROVALS else True


def _approve(
    session: Session, call: Call, member: RoundMember, signature: Signature | None, came: _Came
) -> Signature:
    """The organisation's signature, which counts, or is kept as late."""
    if signature is None:
        signature = _new(session, call, member, came)
    elif signature.state in (SignatureState.WITHDRAWN, SignatureState.REJECTED):
        _reopen(signature, came.given)
    elif not agrees_to_it(session, signature):
        signature.submitted_at = came.given  # what it says of the text as it is now, it says only now
    if signature.state is SignatureState.CONFIRMED and agrees_to_it(session, signature):
        return signature
    session.add(signature)
    session.flush()
    ended = signing_ended(call.deadline_at, call.closed_at)
    if confirmed_state(signature.submitted_at, ended, signed_off=False) is SignatureState.LATE:
        _keep_late(session, call, signature, came)
    else:
        confirm_by_staff(session, call, signature, now=came.now, house=came.house, by=came.by)
    return signature


def _new(session: Session, call: Call, member: RoundMember, came: _Came) -> Signature:
    entry, body = entry_of_member(session, member), session.get_one(Organisation, member.organisation_id)
    contact = came.mailbox
    parsed = parse_address(contact.address) if contact else None
    key = signer_key(contact.id if contact else None, SignatureKind.ORGANISATION, entry.name, body)
    signature = new_signature(
        call, entry, parsed, contact, key, origin=came.origin, evidence=came.evidence, house=came.house
    )
    signature.organisation_id, signature.submitted_at = body.id, came.given
    signature.invited = contact is not None
    return signature


def _reopen(signature: Signature, given: datetime) -> None:
    """It reads as before: its signatory may have corrected it, or asked to be named to fewer."""
    signature.state = move(signature.state, SignatureState.PENDING, SIGNATURE_MOVES)
    signature.submitted_at, signature.reason = given, ""
    signature.confirmed_at = signature.late_at = signature.withdrawn_at = signature.rejected_at = None
    signature.revision += 1


def _keep_late(session: Session, call: Call, signature: Signature, came: _Came) -> None:
    if signature.state is SignatureState.PROPOSED:
        signature.state = move(signature.state, SignatureState.PENDING, SIGNATURE_MOVES)
    if signature.state is SignatureState.PENDING:
        signature.state = move(signature.state, SignatureState.LATE, SIGNATURE_MOVES)
    signature.late_at, signature.letter_version = came.now, call.letter_version
    session.add(signature)
    session.flush()
    queue_for_signature(
        session, call, signature, MessageKind.KEPT_LATE, now=came.now, house=came.house, at=came.now
    )


def _take_back(session: Session, signature: Signature | None, came: _Came) -> None:
    """Whoever asks for a change, or declines, has not signed."""
    if signature is None:
        return
    if signature.state in LIVE:
        by = SIGNATORY if came.contact else came.by
        withdraw_signature(session, signature, now=came.now, house=came.house, by=by)
    elif signature.state is SignatureState.PROPOSED:
        reject_signature(
            session, signature, now=came.now, house=came.house, by=came.by, reason="answered otherwise"
        )
