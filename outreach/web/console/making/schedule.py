"""The dates of a draft: deadline, release, reminders, and what each zone of its audience will see of them."""

from dataclasses import replace
from zoneinfo import available_timezones

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from outreach.domain.call_files import CallFile, call_table, read_call_table
from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.new_calls import suggested_last_call, suggested_reminders
from outreach.domain.users import Right
from outreach.queries.draft_figures import ZoneView, is_quickly_counted, zone_views
from outreach.store.tables import Call
from outreach.web.console.forms import AtForm
from outreach.web.console.mail_words import kind_words
from outreach.web.console.making.door import Fields, Part, Typed, call_here, head, keep, lines, part_values, room
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import piece, show
from outreach.web.desk import AtDesk, Desk


def _clock(moment: WallClock | None) -> str:
    """As a browser's field for a date and a time has it."""
    return f"{moment.local:%Y-%m-%dT%H:%M}" if moment else ""


def _fields(file: CallFile) -> Fields:
    return {
        "deadline": _clock(file.deadline),
        "zone": file.deadline.zone,
        "release": _clock(file.release),
        "release_zone": file.release.zone if file.release else file.deadline.zone,
        "reminders": "\n".join(str(offset) for offset in file.reminders),
        "last_call": str(file.last_call) if file.last_call else "",
        "thank_you": "yes" if file.thank_you else "",
    }


def _change(file: CallFile, values: Fields) -> CallFile:
    release = values["release"].strip()
    deadline = parse_wall_clock(f"{values['deadline']} {values['zone']}")
    table = call_table(file) | {
        "deadline": str(deadline),
        "release": str(parse_wall_clock(f"{release} {values['release_zone'] or deadline.zone}")) if release else "",
        "reminders": list(lines(values["reminders"])),
        "last_call": values["last_call"].strip(),
        "thank_you": bool(values["thank_you"]),
    }
    return replace(read_call_table(table), letters=file.letters, texts=file.texts)


PART = Part("schedule", _fields, _change)


@room.page("/calls/{slug}/make/schedule", Right.RUN)
def schedule(request: Request, desk: AtDesk, seat: AtSeat, slug: str, count: str = "") -> Response:
    """Until when, and when who hears of it."""
    return _shown(request, desk, seat, slug, count=count)


@room.deed("/calls/{slug}/make/schedule", Right.RUN)
def save_schedule(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Keep the dates."""
    return keep(
        request,
        desk,
        seat,
        form,
        slug,
        PART,
        lambda typed, code: _shown(request, desk, seat, slug, typed, code),
    )


@room.page("/calls/{slug}/make/schedule/zones", Right.RUN)
def zones(desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """What each zone will see: a part of the page."""
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        views = zone_views(session, call, desk.house, seat.now)
        return HTMLResponse(piece("make-zones", seat, call=call, views=views, kinds=kind_words(seat)))


def _shown(
    request: Request,
    desk: Desk,
    seat: Seat,
    slug: str,
    typed: Typed | None = None,
    code: int = 200,
    count: str = "",
) -> Response:
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        span = call.deadline_at - seat.now
        return show(
            "make-schedule",
            request,
            seat,
            code=code,
            **head(seat, call),
            **part_values(session, call, PART, typed),
            views=_views(session, call, desk, seat, asked=bool(count)),
            kinds=kind_words(seat),
            hours=str(desk.house.hours),
            suggested=", ".join([*suggested_reminders(span), suggested_last_call(span)]).strip(", "),
            zones=sorted(available_timezones()),
        )


def _views(session: Session, call: Call, desk: Desk, seat: Seat, *, asked: bool) -> list[ZoneView] | None:
    return zone_views(session, call, desk.house, seat.now) if asked or is_quickly_counted(session) else None
