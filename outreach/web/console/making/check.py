"""The last page of a draft: what stands in the way, what will happen when and to how many, and the launch."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from outreach.domain.blockers import Part as Where
from outreach.domain.errors import Refusal
from outreach.domain.tasks import TaskVerb
from outreach.domain.users import Right
from outreach.queries.draft_figures import is_quickly_counted
from outreach.store.calls import find_call
from outreach.store.launch_requests import draft_digest, launch_request
from outreach.store.preflight import preflight
from outreach.store.tables import Call, Task
from outreach.usecases.ask_for_task import ask_for_task
from outreach.usecases.ask_to_launch import ask_to_launch
from outreach.usecases.consent_to_launch import consent_to_launch
from outreach.usecases.launch_call import Launched, launch_blockers, launch_call
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.mail_words import kind_words
from outreach.web.console.making.door import call_here, head, making, room
from outreach.web.console.room import PREFIX
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go, piece, show
from outreach.web.desk import AtDesk, Desk

PAGES = {
    Where.LETTER: "letter",
    Where.AUDIENCE: "audience",
    Where.SCHEDULE: "schedule",
    Where.MAILS: "mails",
}
"""Where each sort of blocker is mended; the others are not mended in the console."""


@room.page("/calls/{slug}/make/check", Right.RUN)
def check(request: Request, desk: AtDesk, seat: AtSeat, slug: str, count: str = "") -> Response:
    """The pre-flight."""
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        at_once = bool(count) or is_quickly_counted(session)
        values = _values(session, call, desk, seat) if at_once else None
        return show("make-check", request, seat, **head(seat, call), counted=values, **(values or {}))


@room.page("/calls/{slug}/make/check/counted", Right.RUN)
def checked(desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """The pre-flight as a part of its page, for where counting takes longer than a page may."""
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        return HTMLResponse(piece("make-preflight", seat, **head(seat, call), **_values(session, call, desk, seat)))


def _values(session: Session, call: Call, desk: Desk, seat: Seat) -> dict[str, Any]:
    house = desk.house
    facts = preflight(session, call, now=seat.now, house=house)
    asked = launch_request(session, call)
    return {
        "facts": facts,
        "blockers": [
            (one.sentence, making(call.slug, PAGES[one.part]) if one.part in PAGES else "")
            for one in launch_blockers(session, call, facts, now=seat.now, house=house)
        ],
        "mail_kinds": kind_words(seat),
        "house_rehearses": house.rehearsal,
        "second_person": house.settings.workspace.second_person,
        "asked": asked,
        "consents": asked is not None and asked.by != seat.by and seat.may(Right.AUTHORISE, call.id),
        "draft": draft_digest(session, call),
    }


@room.deed("/calls/{slug}/make/launch", Right.RUN)
def launch(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Launch the draft as it was shown."""
    with desk.outreach.database.changing() as session:
        call = _as_shown(session, seat, slug, form)
        if desk.house.settings.workspace.second_person:
            raise Refusal(seat._("This workspace asks for a second person's consent: ask for it first."))
        done: Launched | Task = (
            launch_call(session, call, now=seat.now, by=seat.by, house=desk.house)
            if is_quickly_counted(session)
            else _by_the_worker(session, seat, call, form)
        )
    return _launched(request, desk, seat, slug, done)


@room.deed("/calls/{slug}/make/ask", Right.RUN)
def ask(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Ask for the second person's consent to the draft as it was shown."""
    with desk.outreach.database.changing() as session:
        call = _as_shown(session, seat, slug, form)
        ask_to_launch(session, call, now=seat.now, by=seat.by, house=desk.house)
    sentence = seat._("Asked. Somebody else who may consent finds it here; changing the draft takes it back.")
    return go(request, making(slug, "check"), Said(sentence))


@room.deed("/calls/{slug}/make/consent", Right.AUTHORISE)
def consent(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """The second person's consent to what a colleague asked for; with it the call is launched."""
    with desk.outreach.database.changing() as session:
        call = _as_shown(session, seat, slug, form, Right.AUTHORISE)
        if not desk.house.settings.workspace.second_person:
            raise Refusal(seat._("This workspace asks for nobody's consent."))
        done: Launched | Task = (
            consent_to_launch(session, call, now=seat.now, by=seat.by, house=desk.house)
            if is_quickly_counted(session)
            else _by_the_worker(session, seat, call, form)
        )
    return _launched(request, desk, seat, slug, done)


def _by_the_worker(session: Session, seat: Seat, call: Call, form: Form) -> Task:
    """Among many contacts a launch takes longer than a page may: the worker does it."""
    given = {"draft": form.line("draft")}
    return ask_for_task(session, TaskVerb.LAUNCH, seat.user, call=call, given=given, now=seat.now, by=seat.by)


def _as_shown(session: Session, seat: Seat, slug: str, form: Form, right: Right = Right.RUN) -> Call:
    """The call, if its draft is still the one that she looked at."""
    call = find_call(session, slug)
    seat.must(right, call.id)
    if form.line("draft") != draft_digest(session, call):
        raise Refusal(seat._("The draft was changed since you looked at this page; look at it once more."))
    return call


def _launched(request: Request, desk: Desk, seat: Seat, slug: str, done: Launched | Task) -> Response:
    desk.on_change()
    if isinstance(done, Task):
        return go(request, f"{PREFIX}/tasks/{done.id}")
    sentence = seat.translations.ngettext(
        "Launched. {count} invitation is queued.", "Launched. {count} invitations are queued.", done.invitations
    )
    return go(request, f"{PREFIX}/calls/{slug}", Said(sentence.format(count=done.invitations)))
