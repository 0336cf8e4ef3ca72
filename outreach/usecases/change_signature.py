"""A signatory, or staff for one, corrects, hides or withdraws a signature: before the release, and after it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.entries import Entry
from outreach.domain.errors import Refusal
from outreach.domain.floods import Asking
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import Visibility, shows_more
from outreach.domain.states import SIGNATURE_MOVES, SignatureState, move
from outreach.store.editions import copies_naming
from outreach.store.entries import entry_columns, entry_of, line_of
from outreach.store.events import record
from outreach.store.signing import agrees_to_it, find_given, lock_signature
from outreach.store.tables import Call, Signature
from outreach.usecases.ask_to_confirm import ask_to_confirm
from outreach.usecases.confirm_signature import count_again, one_of_each, settle_organisation, why_unconfirmed
from outreach.usecases.queue_message import queue_for_signature
from outreach.usecases.sign_off import ask_for_next_edition, take_out_of_edition
from outreach.usecases.tell_staff import tell_staff

LIVE = (SignatureState.PENDING, SignatureState.CONFIRMED, SignatureState.LATE, SignatureState.MERGED)
"""What a signatory may still change."""
SIGNATORY = "signatory"


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change.

    ``asks``: the name would be seen by more people, which its mailbox has to confirm. ``asked`` is what became of
    the mail that asks it; None when none is needed. ``copies``: how many copies that name the signatory had gone
    out before. ``edition`` is the number of the edition that was made because of it, or 0.
    """

    asks: bool = False
    asked: Asking | None = None
    copies: int = 0
    edition: int = 0


def correct_signature(
    session: Session,
    signature: Signature,
    entry: Entry,
    *,
    now: datetime,
    house: House,
    by: str = SIGNATORY,
    note: str = "",
    confirming: int | None = None,
) -> Changed:
    """Print the signature as ``entry`` says from now on.

    Fewer people see the name at once; more people only when its mailbox has confirmed it, for a link may have been
    passed on. One that waits is asked about anew, as it reads now, unless its reader came by the link that confirms
    the revision ``confirming`` and is about to press the button. The signatory is told of every change of what
    counts already; ``note`` is what staff write about it. What is signed off stays as it is, except that a name
    that shall be seen by fewer makes the next edition. Raises Refusal for a signature that was taken back, for one
    of the other kind, and for a link that confirms nothing any more.
    """
    call = lock_signature(session, signature)
    _may_be_corrected(signature, entry, confirming, now)
    before, line, printed = entry_of(signature), _public_line(signature), line_of(signature)
    if entry == before:
        return Changed()
    copies = len(copies_naming(session, signature))
    widens = _rewrite(signature, entry)
    session.add(signature)
    _record(session, signature, "correct_signature", now=now, by=by)
    asked = None
    if confirming is None and (widens or signature.state is SignatureState.PENDING):
        asked = ask_to_confirm(session, call, signature, now=now, house=house)
    if replace(entry, visibility=before.visibility) != before or not widens:
        _tell(session, call, signature, line, now=now, house=house, by=by, note=note, copies=copies)
    edition = take_out_of_edition(session, signature, "a signatory is named no more", now=now, by=by, house=house)
    if line_of(signature) != printed:
        ask_for_next_edition(session, call, signature, now=now, house=house)
    return Changed(asks=widens, asked=asked, copies=copies, edition=edition.number if edition else 0)


def _may_be_corrected(signature: Signature, entry: Entry, confirming: int | None, now: datetime) -> None:
    if signature.state not in LIVE:
        raise Refusal(f"Signature {signature.id} is {signature.state.value}; there is nothing to correct.")
    if entry.kind is not signature.kind:
        raise Refusal(f"Signature {signature.id} is of an {signature.kind.value}; it cannot become the other kind.")
    waits = signature.state is SignatureState.PENDING
    if confirming is not None and not (waits and why_unconfirmed(signature, confirming, now) is None):
        raise Refusal(f"That link confirms signature {signature.id} no more; the newest mail has one that does.")


def _rewrite(signature: Signature, entry: Entry) -> bool:
    """Let the signature read like that; whether more people would see the name, for which its mailbox is asked.

    One that waits is no exception: it may have been confirmed before, for fewer.
    """
    widens = shows_more(entry.visibility, signature.visibility)
    if (signature.name, signature.acronym) != (entry.name, entry.acronym):
        signature.checked_at, signature.checked_by = None, ""
    shown = signature.visibility if widens else entry.visibility
    signature.sqlmodel_update(entry_columns(replace(entry, visibility=shown)))
    signature.wider = entry.visibility if widens else None
    signature.revision += 1
    return widens


def withdraw_signature(
    session: Session, signature: Signature, *, now: datetime, house: House, by: str = SIGNATORY, note: str = ""
) -> Changed:
    """Take the signature back. One that an edition holds is not in the next, which is made at once.

    The signatory is told, and which copies were out before is kept. Raises Refusal when it was taken back already.
    """
    lock_signature(session, signature)
    if signature.state not in LIVE:
        raise Refusal(f"Signature {signature.id} is {signature.state.value}; there is nothing to withdraw.")
    asked_only = signature.state is SignatureState.PENDING
    line, copies = _public_line(signature), len(copies_naming(session, signature))
    signature.state = move(signature.state, SignatureState.WITHDRAWN, SIGNATURE_MOVES)
    signature.withdrawn_at, signature.wider = now, None
    if asked_only:  # no mailbox has agreed to it as it stands, whatever it said before: it would be asked again
        signature.confirmed_at = signature.late_at = None
    signature.revision += 1
    session.add(signature)
    _record(session, signature, "withdraw_signature", now=now, by=by)
    call = session.get_one(Call, signature.call_id)
    edition = take_out_of_edition(session, signature, "a signature was withdrawn", now=now, by=by, house=house)
    count_again(session, signature, by=by, now=now, house=house)
    if not asked_only:
        _tell(session, call, signature, line, now=now, house=house, by=by, note=note, copies=copies)
    if edition is not None:
        what = "A signature was withdrawn after the sign-off, so there is a new edition of the letter."
        command = f"outreach letters editions {call.slug}"
        tell_staff(
            session, what, command, about=f"withdrawn:{signature.id}:{now:%Y%m%d%H%M%S}", now=now, house=house
        )
    return Changed(copies=copies, edition=edition.number if edition else 0)


def reinstate_signature(
    session: Session, signature: Signature, *, now: datetime, house: House, by: str = SIGNATORY
) -> Changed:
    """Undo a withdrawal.

    A signatory's own page may be in others' hands, so her mailbox is asked: ``asked`` says what became of the mail.
    When staff do it, what had counted counts again, in the next edition if the list was signed off; what had not,
    or was given to what the letter said before, is asked about. Raises Refusal when it was not withdrawn, or when
    the same signer has signed anew.
    """
    lock_signature(session, signature)
    if signature.state is not SignatureState.WITHDRAWN:
        raise Refusal(f"Signature {signature.id} is {signature.state.value}, not withdrawn.")
    newest = find_given(session, signature.letter_id, signature.kind, signature.signer_key)
    if newest is not None and newest.id != signature.id:
        raise Refusal(f"The same signer has signed anew: signature {newest.id} is {newest.state.value}.")
    call = session.get_one(Call, signature.call_id)
    signature.state = move(signature.state, SignatureState.PENDING, SIGNATURE_MOVES)
    signature.withdrawn_at, asked = None, None
    signature.revision += 1
    if by == SIGNATORY:
        asked = ask_to_confirm(session, call, signature, now=now, house=house)
    elif signature.confirmed_at is not None and agrees_to_it(session, signature):
        signature.state = move(signature.state, SignatureState.CONFIRMED, SIGNATURE_MOVES)
        settle_organisation(session, signature, now=now)
        one_of_each(session, signature, by=by, now=now, house=house)
        _tell(session, call, signature, "", now=now, house=house, by=by, note="", copies=0)
    elif signature.late_at is not None:
        signature.state = move(signature.state, SignatureState.LATE, SIGNATURE_MOVES)
    else:
        asked = ask_to_confirm(session, call, signature, now=now, house=house)
    session.add(signature)
    _record(session, signature, "reinstate_signature", now=now, by=by)
    ask_for_next_edition(session, call, signature, now=now, house=house)
    return Changed(asked=asked)


def _public_line(signature: Signature) -> str:
    return line_of(signature) if signature.visibility is Visibility.PUBLIC else ""


def _tell(
    session: Session,
    call: Call,
    signature: Signature,
    before: str,
    *,
    now: datetime,
    house: House,
    by: str,
    note: str,
    copies: int,
) -> None:
    """The signatory hears of every change of what counts; what only waits is shown where it is confirmed."""
    if signature.state is SignatureState.PENDING:
        return
    change = {"before": before, "by_staff": by != SIGNATORY, "published": copies > 0, "text": note.strip()}
    queue_for_signature(
        session,
        call,
        signature,
        MessageKind.SIGNATURE_CHANGED,
        now=now,
        house=house,
        at=now,
        more={"change": change},
    )


def _record(session: Session, signature: Signature, verb: str, *, now: datetime, by: str) -> None:
    record(
        session,
        at=now,
        by=f"contact {signature.contact_id}" if by == SIGNATORY else by,
        verb=verb,
        subject="signature",
        subject_id=signature.id,
        state=signature.state.value,
        visibility=signature.visibility.value,
        revision=signature.revision,
    )
