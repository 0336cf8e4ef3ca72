"""What is printed changes: a correction, a question to the signatory, a withdrawal that she asked for."""

from dataclasses import asdict

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.domain.floods import Asking
from outreach.domain.users import Right
from outreach.store.entries import entry_of
from outreach.store.tables import Signature
from outreach.usecases.change_signature import (
    Changed,
    correct_signature,
    reinstate_signature,
    withdraw_signature,
)
from outreach.usecases.check_signature import ask_signatory
from outreach.web.console.forms import AtForm
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.signatures.door import SIGNATURES, do, entry_from, room
from outreach.web.desk import AtDesk


@room.deed("/signatures/{number:int}/correct", Right.SORT)
def correct(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Print it otherwise; the signatory is told, and only she lets more people see her name."""

    def deed(session: Session, one: Signature) -> Said:
        before, entry = entry_of(one), entry_from(form, one.kind)
        if entry == before:
            raise Refusal(seat._("Nothing is changed by that."))
        note = form.text("note")
        done = correct_signature(session, one, entry, now=seat.now, house=desk.house, by=seat.by, note=note)
        values = {name: str(value) for name, value in asdict(before).items() if name != "kind"}
        return Said(
            _told(seat, seat._("Corrected; the signatory is told."), done), f"{SIGNATURES}/{number}/correct", values
        )

    return do(request, desk, seat, form, number, deed)


@room.deed("/signatures/{number:int}/ask", Right.SORT)
def ask(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Ask the signatory about the entry, by mail."""

    def deed(session: Session, one: Signature) -> Said:
        ask_signatory(session, one, form.text("question"), now=seat.now, house=desk.house, by=seat.by)
        return Said(seat._("The question is queued; the mail has the link at which the entry can be mended."))

    return do(request, desk, seat, form, number, deed)


@room.deed("/signatures/{number:int}/withdraw", Right.SORT)
def withdraw(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Take it back, as its signatory asked."""

    def deed(session: Session, one: Signature) -> Said:
        done = withdraw_signature(session, one, now=seat.now, house=desk.house, by=seat.by, note=form.text("note"))
        said = _told(seat, seat._("Withdrawn; the signatory is told."), done)
        return Said(said, f"{SIGNATURES}/{number}/reinstate")

    return do(request, desk, seat, form, number, deed)


@room.deed("/signatures/{number:int}/reinstate", Right.SORT)
def reinstate(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Undo a withdrawal."""

    def deed(session: Session, one: Signature) -> Said:
        done = reinstate_signature(session, one, now=seat.now, house=desk.house, by=seat.by)
        said = seat._("The withdrawal is undone.")
        if done.asked is not None:
            said = seat._("The withdrawal is undone: its mailbox is asked to confirm.")
        return Said(said, f"{SIGNATURES}/{number}/withdraw")

    return do(request, desk, seat, form, number, deed)


def _told(seat: Seat, said: str, done: Changed) -> str:
    """What came of a change, in sentences."""
    asked = {
        Asking.NOW: seat._("Its mailbox is asked whether more people may see the name."),
        Asking.HELD: seat._("Its mailbox is asked whether more people may see the name once you let that mail go."),
        Asking.LATER: seat._("Its mailbox has had its mail for today and is asked tomorrow."),
        Asking.NEVER: seat._("No mailbox can be asked whether more people may see the name; that stays as it was."),
    }
    sentences = [said]
    sentences += [asked[done.asked]] if done.asks and done.asked else []
    sentences += [seat._("Edition {number} was made of it.").format(number=done.edition)] if done.edition else []
    sentences += (
        [seat._("Copies that name it had gone out: {count}.").format(count=done.copies)] if done.copies else []
    )
    return " ".join(sentences)
