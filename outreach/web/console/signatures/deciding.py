"""What staff decide about a signature: it counts or not, it is in order, it is the same as another, or not."""

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.domain.states import SignatureState
from outreach.domain.users import Right
from outreach.store.tables import Signature
from outreach.usecases.accept_signature import accept_signature, reject_signature, restore_signature
from outreach.usecases.check_signature import check_signature
from outreach.usecases.merge_signatures import distinguish_signatures, merge_signatures, unmerge_signature
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.signatures.door import SIGNATURES, do, room, signature_for, visibility_from
from outreach.web.console.signatures.words import state_words
from outreach.web.desk import AtDesk


@room.deed("/signatures/{number:int}/accept", Right.SORT)
def accept(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Let one count that is proposed, late or waits; whoever waits needs a word on how it is known."""

    def deed(session: Session, one: Signature) -> Said:
        state = accept_signature(
            session,
            one,
            now=seat.now,
            house=desk.house,
            by=seat.by,
            evidence=form.line("evidence"),
            visibility=visibility_from(form),
        )
        if state is SignatureState.PENDING:
            return Said(seat._("Accepted: its mailbox is asked to confirm it."))
        return Said(seat._("Accepted: it counts. A receipt is queued where there is an address."))

    return do(request, desk, seat, form, number, deed)


@room.deed("/signatures/{number:int}/reject", Right.SORT)
def reject(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Let it not count; nobody is told."""

    def deed(session: Session, one: Signature) -> Said:
        reason = form.line("reason")
        reject_signature(session, one, now=seat.now, house=desk.house, by=seat.by, reason=reason)
        return _undone_by(form, f"{SIGNATURES}/{number}/restore", seat._("Rejected: it does not count."))

    return do(request, desk, seat, form, number, deed)


@room.deed("/signatures/{number:int}/restore", Right.SORT)
def restore(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Undo a rejection."""

    def deed(session: Session, one: Signature) -> Said:
        state = restore_signature(session, one, now=seat.now, house=desk.house, by=seat.by)
        said = seat._("The rejection is undone: {state}.").format(state=state_words(seat)[state])
        return _undone_by(form, f"{SIGNATURES}/{number}/reject", said)

    return do(request, desk, seat, form, number, deed)


@room.deed("/signatures/{number:int}/check", Right.SORT)
def check(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Somebody has looked: it may be printed as it is."""

    def deed(session: Session, one: Signature) -> Said:
        check_signature(session, one, now=seat.now, by=seat.by)
        return Said(seat._("It may be printed as it is; its doubts are shown no more, until the name changes."))

    return do(request, desk, seat, form, number, deed)


def _other(session: Session, seat: Seat, form: Form) -> Signature:
    """The other signature that a form names by its number; she must be allowed to sort its call too."""
    number = form.number("other")
    if number is None:
        raise Refusal(seat._("Write the number of the other signature."))
    return signature_for(session, seat, number, Right.SORT)


@room.deed("/signatures/{number:int}/merge", Right.SORT)
def merge(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Count it as the same as another, which is printed."""

    def deed(session: Session, one: Signature) -> Said:
        other = _other(session, seat, form)
        merge_signatures(session, one, other, now=seat.now, house=desk.house, by=seat.by)
        said = seat._("Merged: number {other} is printed, and counts once.").format(other=other.id)
        return _undone_by(form, f"{SIGNATURES}/{number}/unmerge", said)

    return do(request, desk, seat, form, number, deed)


@room.deed("/signatures/{number:int}/unmerge", Right.SORT)
def unmerge(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Undo a merge."""

    def deed(session: Session, one: Signature) -> Said:
        other = one.merged_into_id
        unmerge_signature(session, one, now=seat.now, house=desk.house, by=seat.by)
        said = seat._("They are two again, and both count.")
        return _undone_by(form, f"{SIGNATURES}/{number}/merge", said, other=str(other))

    return do(request, desk, seat, form, number, deed)


@room.deed("/signatures/{number:int}/distinct", Right.SORT)
def distinct(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Say that two that look alike are two."""

    def deed(session: Session, one: Signature) -> Said:
        other = _other(session, seat, form)
        distinguish_signatures(session, one, other, now=seat.now, by=seat.by)
        return Said(seat._("They are two, and are not shown as a pair any more."))

    return do(request, desk, seat, form, number, deed)


def _undone_by(form: Form, to: str, said: str, **values: str) -> Said:
    """What is said, with the deed that undoes it; it leads back to the same part of the desk."""
    return Said(said, to, {"from": form.line("from"), **values})
