"""The mail room: every mail, who got it, who did not, and why; and what a person decides about one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException, Request, Response
from sqlmodel import Session, col, select

from outreach.domain.addresses import digest_or_nothing
from outreach.domain.kinds import MessageKind
from outreach.domain.row_numbers import row_number
from outreach.domain.states import MessageState
from outreach.domain.users import Right
from outreach.queries.mails import MailCard, MailsSought, list_mails, mail_card, state_figures
from outreach.queries.outbox import account_rests
from outreach.queries.shown_mail import shown_mail
from outreach.store.outbox import COPIES
from outreach.store.tables import Call
from outreach.usecases.cancel_message import UNSENT, cancel_message
from outreach.usecases.retry_messages import RETRIABLE, retry_messages
from outreach.usecases.settle_unknown import settle_unknown
from outreach.web.console.forms import AtForm
from outreach.web.console.mail_words import MARKS, kind_words, reason_words, state_sentences, state_words
from outreach.web.console.room import Room
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.desk import AtDesk, Desk

room = Room()

OUTBOX = "/console/outbox"
NOBODY = "nobody"
FILTERS = ("state", "call", "kind", "test")
TESTS = {"yes": True, "no": False}
SHUT = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
"""Nothing is loaded, run, sent or followed; the mail's own styles are all that it keeps."""


@room.page("/outbox", Right.READ)
def outbox(request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """The newest mails, with figures that open those of each state."""
    return _listed(request, desk, seat, request.query_params)


@room.deed("/outbox/find", Right.READ)
def find(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """The mails to one address. It is posted: an address must stand in no link."""
    given = {name: form.line(name) for name in (*FILTERS, "before")}
    return _listed(request, desk, seat, given, address=form.line("address")[:320])


def _listed(request: Request, desk: Desk, seat: Seat, given: Mapping[str, Any], *, address: str = "") -> Response:
    kept = {name: str(given.get(name, ""))[:200] for name in FILTERS}
    before = str(given.get("before", ""))
    below = row_number(before) or 0
    with desk.outreach.database.reading() as session:
        sought = _sought(session, desk, seat, kept, address)
        page = list_mails(session, sought, before=below)
        figures = state_figures(session, replace(sought, state=None))
        rests = account_rests(session, seat.now)
        calls = _calls(session, seat)
    return show(
        "outbox",
        request,
        seat,
        found=page,
        figures=figures,
        rests=rests,
        calls=calls,
        kept=kept,
        narrowed=bool(address or any(kept.values())),
        address=address,
        below=below,
        marks=MARKS,
        states=state_words(seat),
        kinds=kind_words(seat),
        reasons=reason_words(seat),
        to=lambda **more: _address({**kept, **more}),
    )


def _address(values: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{OUTBOX}?{query}" if query else OUTBOX


def _sought(session: Session, desk: Desk, seat: Seat, kept: dict[str, str], address: str) -> MailsSought:
    call_id = None
    if kept["call"]:
        call_id = session.exec(select(Call.id).where(Call.slug == kept["call"])).first()
        if call_id is None or not seat.may(Right.READ, call_id):
            raise HTTPException(NOT_THERE)
    return MailsSought(
        state=MessageState(kept["state"]) if kept["state"] in set(MessageState) else None,
        call_id=call_id,
        kind=MessageKind(kept["kind"]) if kept["kind"] in set(MessageKind) else None,
        test=TESTS.get(kept["test"]),
        digest=(digest_or_nothing(address, desk.house.salt) or NOBODY) if address else "",
        calls=seat.calls(Right.READ),
    )


def _calls(session: Session, seat: Seat) -> list[tuple[str, str]]:
    """The calls whose mails she may see, the newest first."""
    mine, statement = seat.calls(Right.READ), select(Call.slug, Call.title).order_by(col(Call.id).desc())
    statement = statement if mine is None else statement.where(col(Call.id).in_(mine))
    return list(session.exec(statement.limit(200)))


def _card(session: Session, seat: Seat, number: int, right: Right = Right.READ) -> MailCard:
    """The message, if there is one of that number for her; a mail of no call is the whole workspace's."""
    card = mail_card(session, number)
    if card is None or not seat.may(right, card.message.call_id):
        raise HTTPException(NOT_THERE)
    return card


@room.page("/outbox/{number:int}", Right.READ)
def message(number: int, request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """One mail: to whom, what became of it and why, each attempt, and what its reader sees."""
    with desk.outreach.database.reading() as session:
        card = _card(session, seat, number)
        mail = shown_mail(session, number, desk.house)
    one = card.message
    runs = seat.may(Right.RUN, one.call_id)
    again = one.state in RETRIABLE and one.copies < COPIES
    return show(
        "mail",
        request,
        seat,
        card=card,
        one=one,
        mail=mail,
        marks=MARKS,
        states=state_words(seat),
        sentences=state_sentences(seat),
        kinds=kind_words(seat),
        reasons=reason_words(seat),
        may_retry=runs and again,
        may_cancel=runs and one.state in UNSENT,
        may_settle=runs and one.state is MessageState.UNKNOWN,
        here=f"{OUTBOX}/{number}",
    )


@room.page("/outbox/{number:int}/mail", Right.READ)
def as_formatted(number: int, desk: AtDesk, seat: AtSeat) -> Response:
    """The mail's HTML for the frame on its page; its links lead nowhere."""
    with desk.outreach.database.reading() as session:
        _card(session, seat, number)
        mail = shown_mail(session, number, desk.house)
    if mail.fault:
        raise HTTPException(NOT_THERE)
    headers = {"Content-Security-Policy": SHUT}
    return Response(mail.html, media_type="text/html; charset=utf-8", headers=headers)


@room.deed("/outbox/{number:int}/retry", Right.RUN)
def retry(number: int, request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """Let it go once more."""
    with desk.outreach.database.changing() as session:
        card = _card(session, seat, number, Right.RUN)
        call = session.get(Call, card.message.call_id) if card.message.call_id else None
        state = card.message.state
        done = retry_messages(session, call, state=state, now=seat.now, by=seat.by, only=card.message)
    if done:
        desk.on_change()
    said = seat._("The mail is queued again.") if done else seat._("It had its second copy; it goes no more.")
    return go(request, f"{OUTBOX}/{number}", Said(said, refused=not done))


@room.deed("/outbox/{number:int}/cancel", Right.RUN)
def cancel(number: int, request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """Take it out of the queue."""
    with desk.outreach.database.changing() as session:
        cancel_message(session, _card(session, seat, number, Right.RUN).message, now=seat.now, by=seat.by)
    return go(request, f"{OUTBOX}/{number}", Said(seat._("The mail is cancelled; it will not leave.")))


@room.deed("/outbox/{number:int}/settle", Right.RUN)
def settle(number: int, request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Say what became of a mail of which nobody could tell."""
    arrived = form.line("arrived")
    if arrived not in ("yes", "no"):
        raise HTTPException(NOT_THERE)
    with desk.outreach.database.changing() as session:
        one = _card(session, seat, number, Right.RUN).message
        settle_unknown(session, one, arrived=arrived == "yes", now=seat.now, by=seat.by)
    return go(request, f"{OUTBOX}/{number}", Said(seat._("It is noted.")))
