"""What can be done with a call: each deed is one verb in one transaction, and says afterwards what came of it."""

from collections.abc import Callable, Mapping

from babel.numbers import format_decimal
from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CALL_MOVES, CallState
from outreach.domain.tasks import TaskVerb
from outreach.domain.users import Right
from outreach.queries.quick_deeds import has_few_mails, reaches_few
from outreach.store.calls import find_call
from outreach.store.tables import Call, Task
from outreach.usecases.ask_for_task import ask_for_task
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.close_call import close_call
from outreach.usecases.extend_call import extend_call, refuse_extension
from outreach.usecases.issue_erratum import issue_erratum, refuse_erratum
from outreach.usecases.pause_call import pause_call
from outreach.usecases.resume_call import resume_call
from outreach.web.console.forms import AtForm
from outreach.web.console.room import PREFIX, Room
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go
from outreach.web.desk import AtDesk, Desk

room = Room()


def _do(
    request: Request, desk: Desk, seat: Seat, slug: str, right: Right, deed: Callable[[Session, Call], Said | Task]
) -> Response:
    """The deed on the call, if she may; then to the call's page, which says what came of it.

    What touches more mails than a page has time for becomes a task, and its page says how far it is.
    """
    with desk.outreach.database.changing() as session:
        call = find_call(session, slug)
        seat.must(right, call.id)
        done = deed(session, call)
    desk.on_change()
    if isinstance(done, Task):
        return go(request, f"{PREFIX}/tasks/{done.id}")
    return go(request, f"{PREFIX}/calls/{slug}", done)


def _task(
    session: Session,
    seat: Seat,
    call: Call,
    verb: TaskVerb,
    given: Mapping[str, str] | None = None,
    *,
    propose: bool = False,
) -> Task:
    said = {name: text for name, text in (given or {}).items() if text}
    return ask_for_task(session, verb, seat.user, call=call, given=said, propose=propose, now=seat.now, by=seat.by)


def _number(seat: Seat, count: int) -> str:
    return str(format_decimal(count, locale=seat.language))


@room.deed("/calls/{slug}/pause", Right.RUN)
def pause(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """Stop the call's mails; undone by letting them go on."""

    def deed(session: Session, call: Call) -> Said:
        pause_call(session, call, now=seat.now, by=seat.by)
        return Said(
            seat._("Paused: no mail of this call leaves until you let it go on."), f"{PREFIX}/calls/{slug}/resume"
        )

    return _do(request, desk, seat, slug, Right.RUN, deed)


@room.deed("/calls/{slug}/resume", Right.RUN)
def resume(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """Let the call's mails go on; undone by pausing them."""

    def deed(session: Session, call: Call) -> Said:
        resume_call(session, call, now=seat.now, by=seat.by)
        return Said(seat._("The mails of this call go on."), f"{PREFIX}/calls/{slug}/pause")

    return _do(request, desk, seat, slug, Right.RUN, deed)


@room.deed("/calls/{slug}/extend", Right.RUN)
def extend(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Move the deadline, and the release if one is given."""

    def deed(session: Session, call: Call) -> Said | Task:
        zone = parse_wall_clock(call.deadline).zone
        given = {name: form.line(name).replace("T", " ") for name in ("deadline", "release")}
        moments = {name: parse_wall_clock(text, zone) for name, text in given.items() if text or name == "deadline"}
        deadline, release = moments["deadline"], moments.get("release")
        if not reaches_few(session, call):
            refuse_extension(call, deadline, release, now=seat.now, house=desk.house)
            return _task(session, seat, call, TaskVerb.EXTEND, {name: str(one) for name, one in moments.items()})
        moved = extend_call(session, call, deadline, release=release, now=seat.now, by=seat.by, house=desk.house)
        sentence = seat._(
            "The deadline is {deadline} now. Told: {told}. Invited anew: {invited}. Mails cancelled: {cancelled}."
        )
        return Said(
            sentence.format(
                deadline=call.deadline,
                told=_number(seat, moved.told),
                invited=_number(seat, moved.invited),
                cancelled=_number(seat, moved.cancelled),
            )
        )

    return _do(request, desk, seat, slug, Right.RUN, deed)


@room.deed("/calls/{slug}/erratum", Right.RUN)
def erratum(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Correct a mailing: who got it is told, what waits of it is held."""

    def deed(session: Session, call: Call) -> Said | Task:
        kind, text, house = form.line("corrects"), form.text("text"), desk.house
        if kind not in set(MessageKind):
            raise Refusal(seat._("Choose which mailing was wrong."))
        second_person = house.settings.workspace.second_person
        if second_person or not has_few_mails(session, call):
            refuse_erratum(call, text)
            given = {"corrects": kind, "text": text}
            return _task(session, seat, call, TaskVerb.ERRATUM, given, propose=second_person)
        done = issue_erratum(session, call, text, corrects=MessageKind(kind), now=seat.now, by=seat.by, house=house)
        sentence = seat._("Told: {told}. Held: {held} mails; let them go from the outbox when their text is right.")
        return Said(sentence.format(told=_number(seat, done.told), held=_number(seat, done.held)))

    return _do(request, desk, seat, slug, Right.RUN, deed)


@room.deed("/calls/{slug}/close", Right.RUN)
def close(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """End signing before the deadline; extending opens it again."""

    def deed(session: Session, call: Call) -> Said | Task:
        if call.state is CallState.OPEN and not has_few_mails(session, call):
            return _task(session, seat, call, TaskVerb.CLOSE)
        cancelled = close_call(session, call, now=seat.now, by=seat.by)
        sentence = seat._("Signing has ended. {cancelled} mails that still asked for a signature were cancelled.")
        return Said(sentence.format(cancelled=_number(seat, cancelled)))

    return _do(request, desk, seat, slug, Right.RUN, deed)


@room.deed("/calls/{slug}/cancel", Right.RUN)
def cancel(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Give the call up; its name is typed first, because nothing brings it back."""

    def deed(session: Session, call: Call) -> Said | Task:
        if form.line("name") != call.slug:
            raise Refusal(seat._("Type the name of the call to cancel it: nothing brings it back."))
        if CallState.CANCELLED in CALL_MOVES[call.state] and not has_few_mails(session, call):
            return _task(session, seat, call, TaskVerb.CANCEL)
        cancelled = cancel_call(session, call, now=seat.now, by=seat.by)
        return Said(seat._("Cancelled, and {cancelled} mails with it.").format(cancelled=_number(seat, cancelled)))

    return _do(request, desk, seat, slug, Right.RUN, deed)


@room.deed("/calls/{slug}/sign-off", Right.RUN)
def sign_off(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Freeze the list as an edition: a task, for a list may be long."""
    given = {"reason": form.line("reason")}

    def deed(session: Session, call: Call) -> Task:
        return _task(session, seat, call, TaskVerb.SIGN_OFF, given)

    return _do(request, desk, seat, slug, Right.RUN, deed)


@room.deed("/calls/{slug}/release", Right.RUN)
def release(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """Publish the letter with its list now: a task."""

    def deed(session: Session, call: Call) -> Task:
        return _task(session, seat, call, TaskVerb.RELEASE)

    return _do(request, desk, seat, slug, Right.RUN, deed)
