"""What is done about a reply: each deed is one verb, says what it did, and leads to the next that waits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from fastapi import HTTPException, Request, Response
from sqlmodel import Session, col, select

from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.replies import ReplyKind
from outreach.domain.states import ReplyState, SignatureState
from outreach.domain.users import Right
from outreach.queries.inbox import next_waiting
from outreach.queries.replies import guess_lines
from outreach.queries.reply_watches import find_unchanged, version_of
from outreach.store.tables import Call, Contact, Reply, ReplyEffect, Signature
from outreach.usecases.accept_signature import accept_signature, reject_signature
from outreach.usecases.correct_reply import correct_reply
from outreach.usecases.finish_reply import finish_reply
from outreach.usecases.place_reply import place_reply
from outreach.usecases.reopen_reply import reopen_reply
from outreach.usecases.unplace_reply import unplace_reply
from outreach.usecases.watch_reply import leave_reply
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.replies.door import INBOX, View, reply_for, room, view_in
from outreach.web.console.replies.showing import declined
from outreach.web.console.replies.words import kind_words
from outreach.web.console.room import call_of
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go
from outreach.web.desk import AtDesk, Desk

Deed = Callable[[Session, Reply], Said]


def done(request: Request, seat: Seat, desk: Desk, form: Form, number: int, deed: Deed) -> Response:
    """Do it to the reply as it was when her page was made, and go on: to it while it waits, or to the next.

    What is declined leaves her where she is, with the answer that she had typed.
    """
    try:
        to, said = _done(seat, desk, form, number, deed)
    except Refusal as refusal:
        typed = form.text("text")
        if typed.strip():
            return declined(request, seat, desk, form, number, refusal.reasons, typed)
        back = View(form.line("in_state"), form.line("in_kind"), form.line("in_call")).at(number)
        return go(request, back, Said(" ".join(refusal.reasons), refused=True))
    desk.on_change()
    return go(request, to, said)


def _done(seat: Seat, desk: Desk, form: Form, number: int, deed: Deed) -> tuple[str, Said]:
    with desk.outreach.database.changing() as session:
        reply_for(session, seat, number, Right.SORT)
        reply = find_unchanged(session, number, form.line("version"))
        view, among = view_in(session, seat, form)
        said = deed(session, reply)
        session.flush()
        if said.undo:
            kept = {"in_state": view.state, "in_kind": view.kind, "in_call": view.call}
            said = replace(said, values={**kept, **said.values, "version": version_of(session, reply)})
        if reply.state is ReplyState.WAITING or form.checked("stay"):
            return view.at(number), said
        leave_reply(session, number, seat.id)
        return view.at(next_waiting(session, replace(among, waiting=True), number)), said


def _undo(number: int, deed: str) -> str:
    return f"{INBOX}/{number}/{deed}"


@room.deed("/replies/{number:int}/done", Right.SORT)
def finish(number: int, request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """It is as the machine believes, or nothing needs doing: nobody waits for it."""

    def deed(session: Session, reply: Reply) -> Said:
        finish_reply(session, reply, now=seat.now, by=seat.by)
        words = seat._("Reply %(number)s is done.") % {"number": number}
        return Said(words, _undo(number, "reopen"), {"stay": "1"})

    return done(request, seat, desk, form, number, deed)


@room.deed("/replies/{number:int}/reopen", Right.SORT)
def reopen(number: int, request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """It waits after all."""

    def deed(session: Session, reply: Reply) -> Said:
        reopen_reply(session, reply, now=seat.now, by=seat.by)
        return Said(seat._("Reply %(number)s waits again.") % {"number": number})

    return done(request, seat, desk, form, number, deed)


@room.deed("/replies/{number:int}/correct", Right.SORT)
def correct(number: int, request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """It says something else; what followed from the mistake is undone."""

    def deed(session: Session, reply: Reply) -> Said:
        if form.line("kind") not in set(ReplyKind):
            raise InvalidInput(seat._("Choose what it says."))
        kind, until = ReplyKind(form.line("kind")), day_of(seat, form.line("until"))
        before, was, waited = reply.kind, reply.until, reply.state is ReplyState.WAITING
        last = until if kind is ReplyKind.OUT_OF_OFFICE else None
        correct_reply(session, reply, kind, now=seat.now, house=desk.house, by=seat.by, until=last)
        if form.checked("waited"):
            reopen_reply(session, reply, now=seat.now, by=seat.by)
        back = {"kind": before.value, "until": was.isoformat() if was else "", "stay": "1"}
        words = seat._("Reply %(number)s: %(kind)s.") % {"number": number, "kind": kind_words(seat)[kind]}
        return Said(words, _undo(number, "correct"), back | ({"waited": "1"} if waited else {}))

    return done(request, seat, desk, form, number, deed)


@room.deed("/replies/{number:int}/place", Right.SORT)
def place(number: int, request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """It belongs to that call, and is that person's; or it is as that guess says."""

    def deed(session: Session, reply: Reply) -> Said:
        slug, person = _chosen(session, seat, desk, reply, form)
        call = call_of(session, seat, slug, Right.SORT)
        back = _place_before(session, reply)
        place_reply(session, reply, call, person, now=seat.now, house=desk.house, by=seat.by)
        words = seat._("Reply %(number)s belongs to %(call)s now.") % {"number": number, "call": call.title}
        return Said(words, _undo(number, "place" if back else "unplace"), {**back, "stay": "1"})

    return done(request, seat, desk, form, number, deed)


@room.deed("/replies/{number:int}/unplace", Right.SORT)
def unplace(number: int, request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """It does not belong there, and nobody knows where; only for who sees what belongs nowhere."""
    seat.must(Right.SORT)

    def deed(session: Session, reply: Reply) -> Said:
        unplace_reply(session, reply, now=seat.now, house=desk.house, by=seat.by)
        return Said(seat._("Reply %(number)s belongs to no call now.") % {"number": number})

    return done(request, seat, desk, form, number, deed)


@room.deed("/replies/{number:int}/accept", Right.SORT)
def accept(number: int, request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """The proposed signature is one."""

    def deed(session: Session, reply: Reply) -> Said:
        signature = _proposed(session, reply, form)
        state = accept_signature(session, signature, now=seat.now, house=desk.house, by=seat.by)
        if state is SignatureState.PENDING:
            return Said(seat._("%(name)s is accepted; the mailbox is asked to confirm.") % {"name": signature.name})
        return Said(seat._("%(name)s has signed; a receipt is queued.") % {"name": signature.name})

    return done(request, seat, desk, form, number, deed)


@room.deed("/replies/{number:int}/reject", Right.SORT)
def reject(number: int, request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """The proposed signature is none; nobody is told."""

    def deed(session: Session, reply: Reply) -> Said:
        signature = _proposed(session, reply, form)
        reject_signature(session, signature, now=seat.now, house=desk.house, by=seat.by)
        return Said(seat._("The signature of %(name)s is rejected; nobody is told.") % {"name": signature.name})

    return done(request, seat, desk, form, number, deed)


def _proposed(session: Session, reply: Reply, form: Form) -> Signature:
    """The signature that the form names, if this reply proposed it."""
    effect = session.exec(
        select(ReplyEffect).where(
            ReplyEffect.reply_id == reply.id, ReplyEffect.signature_id == form.number("signature")
        )
    ).first()
    if effect is None or effect.signature_id is None:
        raise HTTPException(NOT_THERE)
    return session.get_one(Signature, effect.signature_id)


def _chosen(session: Session, seat: Seat, desk: Desk, reply: Reply, form: Form) -> tuple[str, Contact | None]:
    rank = form.number("guess")
    if rank is not None:
        for one in guess_lines(session, reply):
            if one.rank == rank:
                return one.call, contact_at(session, seat, desk, one.contact)
        raise Refusal(seat._("There is no such guess any more."))
    if not form.line("call"):
        raise InvalidInput(seat._("Choose the call."))
    known = form.number("contact_id")
    if known is not None:
        return form.line("call"), session.get(Contact, known)
    return form.line("call"), contact_at(session, seat, desk, form.line("contact"))


def contact_at(session: Session, seat: Seat, desk: Desk, address: str) -> Contact | None:
    """The contact with that address; None where none is given. Raises Refusal when there is no such contact."""
    if not address:
        return None
    digest = address_digest(parse_address(address).key, desk.house.salt)
    person = session.exec(select(Contact).where(Contact.address_digest == digest)).first()
    if person is None:
        raise Refusal(seat._("There is no contact with the address %(address)s.") % {"address": address})
    return person


def _place_before(session: Session, reply: Reply) -> dict[str, str]:
    """What brings it back to its call and its person; nothing if it had none."""
    slug = session.exec(select(Call.slug).where(col(Call.id) == reply.call_id)).first()
    if slug is None:
        return {}
    return {"call": slug} | ({"contact_id": str(reply.contact_id)} if reply.contact_id else {})


def day_of(seat: Seat, text: str) -> date | None:
    """The day that was typed; None for none. Raises InvalidInput for what is no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(seat._("Write the last day as 2027-03-08.")) from None
