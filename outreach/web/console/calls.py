"""Calls: their list, how one of them stands, who has not answered it, and how its mails are leaving."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from babel.numbers import format_decimal
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.funnels import Funnel
from outreach.domain.pacing import Pace
from outreach.domain.row_numbers import row_number
from outreach.domain.states import CallState
from outreach.domain.users import Right
from outreach.domain.zones import local_time
from outreach.queries.call_list import listed_calls
from outreach.queries.call_progress import Funnels, sending
from outreach.queries.call_timeline import timeline
from outreach.queries.prospects import prospects
from outreach.queries.signature_curve import curve, projection
from outreach.queries.silent import silent
from outreach.store.editions import is_signed_off, newest_edition
from outreach.store.tables import Call, Letter
from outreach.web.console.call_pictures import curve_picture, funnel_picture, timeline_picture
from outreach.web.console.call_words import (
    STATE_MARKS,
    call_states,
    mailing_states,
    moment_words,
    standing_words,
)
from outreach.web.console.events import Glimpse, live
from outreach.web.console.mail_words import kind_words, state_words
from outreach.web.console.room import PREFIX, Room, call_of
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import piece, show
from outreach.web.desk import AtDesk, Desk

room = Room()

HERE = f"{PREFIX}/calls"
PAGE = 50
LIVE_SECONDS = 2.0


@room.page("/calls", Right.SEE)
def list_calls(
    request: Request, desk: AtDesk, seat: AtSeat, q: str = "", state: str = "", before: str = ""
) -> Response:
    """The calls that she may see, the newest first."""
    older = row_number(before) or 0
    wanted = CallState(state) if state in set(CallState) else None
    with desk.outreach.database.reading() as session:
        found = listed_calls(session, seat.calls(Right.SEE), search=q, state=wanted, before=older, limit=PAGE + 1)
    asked = {"q": q, "state": wanted.value if wanted else ""}
    more = urlencode({**asked, "before": found[PAGE - 1].id}) if len(found) > PAGE else ""
    return show(
        "calls",
        request,
        seat,
        calls=found[:PAGE],
        asked=asked,
        states=call_states(seat),
        marks=STATE_MARKS,
        more=f"{HERE}?{more}" if more else "",
        first=f"{HERE}?{urlencode(asked)}" if older else "",
    )


@room.page("/calls/{slug}", Right.SEE)
def show_call(request: Request, desk: AtDesk, seat: AtSeat, slug: str, count: str = "") -> Response:
    """How a call stands: its funnel, its curve, its moments, and what can be done."""
    funnels = funnels_of(request)
    with desk.outreach.database.reading() as session:
        call = call_of(session, seat, slug)
        found = funnels.of(session, call) if count else funnels.quickly(session, call)
        about = found or funnels.about(session, call)
        return show(
            "call", request, seat, **_funnel(seat, call, found), **_overview(session, desk, seat, call, about)
        )


@room.page("/calls/{slug}/funnel", Right.SEE)
def show_funnel(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """Where everybody stands who was invited, as a part of the call's page: counted while nobody waits for that."""
    with desk.outreach.database.reading() as session:
        call = call_of(session, seat, slug)
        found = funnels_of(request).of(session, call)
    return HTMLResponse(piece("call-funnel", seat, **_funnel(seat, call, found)))


def _funnel(seat: Seat, call: Call, found: Funnel | None) -> dict[str, Any]:
    def number(count: int) -> str:
        return str(format_decimal(count, locale=seat.language))

    return {
        "call": call,
        "here": f"{HERE}/{call.slug}",
        "funnel": found,
        "standings": standing_words(seat),
        "funnel_picture": funnel_picture(found, seat, number=number) if found else "",
    }


def funnels_of(request: Request) -> Funnels:
    """The funnels that this console counted last."""
    state = request.app.state
    if not hasattr(state, "funnels"):
        state.funnels = Funnels()
    funnels: Funnels = state.funnels
    return funnels


def _overview(session: Session, desk: Desk, seat: Seat, call: Call, about: Funnel) -> dict[str, Any]:
    signed, moments = curve(session, call, now=seat.now), timeline(session, call)
    edition = newest_edition(session, call.letter_id)

    def day(at: datetime) -> str:
        return format_date(local_time(at, seat.zone), "d MMM", locale=seat.language)

    def number(count: int) -> str:
        return str(format_decimal(count, locale=seat.language))

    told = [(stop, moment_words(stop, seat)) for stop in moments.moments]
    return {
        **_leaving(session, desk, seat, call),
        "signed": signed,
        "expected": projection(signed.times, since=call.launched_at, until=call.deadline_at, now=seat.now)
        if call.state is CallState.OPEN
        else None,
        "zone": moments.zone,
        "moments": told,
        "curve_picture": curve_picture(call, signed, told, seat, day=day, number=number),
        "timeline_picture": timeline_picture(told, seat, day=day),
        "mailing_states": mailing_states(seat),
        "prospects": prospects(session, call, about) if seat.may(Right.RUN, call.id) else None,
        "letter": session.get_one(Letter, call.letter_id),
        "edition": edition,
        "signed_off": is_signed_off(session, call),
        "second_person": desk.house.settings.workspace.second_person,
        "wrong_kinds": kind_words(seat),
        "call_zone": parse_wall_clock(call.deadline).zone,
    }


def _leaving(session: Session, desk: Desk, seat: Seat, call: Call) -> dict[str, Any]:
    """What the part that keeps itself up to date shows."""
    return {
        "states": call_states(seat),
        "marks": STATE_MARKS,
        "mails": sending(session, call, now=seat.now, pace=Pace.of(desk.house.settings.limits)),
        "message_states": state_words(seat),
    }


@room.page("/calls/{slug}/live", Right.SEE)
def follow_sending(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """How the call's mails are leaving, sent as often as that changes."""
    with desk.outreach.database.reading() as session:
        call_of(session, seat, slug)  # what is not there is not there before the first byte is sent

    def look(session: Session, now: Seat) -> Glimpse | None:
        call = call_of(session, now, slug)
        values = _leaving(session, desk, now, call)
        return Glimpse(
            piece("call-sending", now, call=call, here=f"{HERE}/{slug}", **values), over=not values["mails"].to_go
        )

    return live(request, seat, look, every=LIVE_SECONDS)


@room.page("/calls/{slug}/silent", Right.READ)
def show_silent(request: Request, desk: AtDesk, seat: AtSeat, slug: str, q: str = "", after: str = "") -> Response:
    """Who has not answered, by organisation."""
    with desk.outreach.database.reading() as session:
        call = call_of(session, seat, slug, Right.READ)
        page = silent(session, call, search=q, after=after, limit=PAGE)
        funnel = funnels_of(request).quickly(session, call)
    here = f"{HERE}/{slug}/silent"
    onward = urlencode({"q": q, "after": page.after})
    return show(
        "call-silent",
        request,
        seat,
        call=call,
        here=f"{HERE}/{slug}",
        found=page,
        funnel=funnel,
        asked=q,
        more=f"{here}?{onward}" if page.after else "",
        first=here if after else "",
    )
