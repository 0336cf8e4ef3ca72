"""What came by telephone, by post or in a meeting: it counts as a mail would."""

from datetime import datetime
from typing import Any

from fastapi import Request, Response

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.replies import REPLIES, Channel, ReplyKind
from outreach.domain.states import ReplyState
from outreach.domain.users import Right
from outreach.queries.inbox import calls_for
from outreach.store.tables import Call, Contact
from outreach.usecases.log_reply import log_reply
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.replies.door import INBOX, NOT_SO, room
from outreach.web.console.replies.sorting import contact_at, day_of
from outreach.web.console.replies.words import channel_words, kind_words
from outreach.web.console.room import call_of
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go, local, show
from outreach.web.desk import AtDesk, Desk

WAYS = tuple(channel for channel in Channel if channel is not Channel.MAIL)
SAID = tuple(kind for kind, rules in REPLIES.items() if not rules.automatic or kind is ReplyKind.OUT_OF_OFFICE)


@room.page("/replies/log", Right.SORT)
def blank(request: Request, seat: AtSeat, desk: AtDesk, contact: int = 0, call: int = 0) -> Response:
    """An empty form, or one for a person and a call that are known already."""
    with desk.outreach.database.reading() as session:
        person = session.get(Contact, contact) if contact and seat.may(Right.READ) else None
        about = session.get(Call, call) if call and seat.may(Right.SORT, call) else None
    typed = {
        "contact": person.address if person else "",
        "call": about.slug if about else "",
        "channel": Channel.TELEPHONE.value,
        "at": f"{local(seat.now, seat):%Y-%m-%dT%H:%M}",
    }
    return _form(request, seat, desk, typed, [])


@room.deed("/replies/log", Right.SORT)
def log(request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """It is logged, and what follows from it is done; what cannot be leaves the form as it was typed."""
    try:
        said, number, waits = _logged(seat, desk, form)
    except Refusal as refusal:
        typed = {name: form.line(name) for name in ("contact", "call", "channel", "kind", "at", "until")}
        return _form(request, seat, desk, typed | {"text": form.text("text")}, list(refusal.reasons))
    desk.on_change()
    return go(request, f"{INBOX}/{number}" if waits else f"{INBOX}/log", Said(said))


def _logged(seat: Seat, desk: Desk, form: Form) -> tuple[str, int, bool]:
    slug, channel, kind = form.line("call"), form.line("channel"), form.line("kind")
    missing = [
        words
        for words, known in (
            (seat._("Choose the call."), bool(slug)),
            (seat._("Say from whom it came: the address of a contact."), bool(form.line("contact"))),
            (seat._("Choose the way by which it came."), channel in WAYS),
            (seat._("Choose what it says."), kind in SAID),
        )
        if not known
    ]
    if missing:
        raise InvalidInput(*missing)
    at, until = _moment(seat, form.line("at")), form.line("until")
    with desk.outreach.database.changing() as session:
        call = call_of(session, seat, slug, Right.SORT)
        person = contact_at(session, seat, desk, form.line("contact"))
        assert person is not None  # noqa: S101  an address was given
        reply = log_reply(
            session,
            call,
            person,
            Channel(channel),
            ReplyKind(kind),
            form.text("text"),
            at=at,
            now=seat.now,
            house=desk.house,
            by=seat.by,
            until=day_of(seat, until) if kind == ReplyKind.OUT_OF_OFFICE else None,
        )
        session.flush()
        waits = reply.state is ReplyState.WAITING
        return seat._("Logged as reply %(number)s.") % {"number": reply.id}, reply.id or 0, waits


def _moment(seat: Seat, text: str) -> datetime:
    return parse_wall_clock(f"{text.replace('T', ' ')} {seat.zone}", seat.zone).instant() if text else seat.now


def _form(request: Request, seat: Seat, desk: Desk, typed: dict[str, Any], faults: list[str]) -> Response:
    with desk.outreach.database.reading() as session:
        calls = calls_for(session, seat.calls(Right.SORT))
    words = kind_words(seat)
    return show(
        "replies-log",
        request,
        seat,
        code=NOT_SO if faults else 200,
        typed={"kind": "", "until": "", "text": "", **typed},
        wrong=faults,
        calls=calls,
        ways=[(way.value, channel_words(seat)[way]) for way in WAYS],
        kinds=[(kind.value, words[kind]) for kind in words if kind in SAID],
    )
