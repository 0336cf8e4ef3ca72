"""What comes afterwards: a letter in confidence is published, all goes into one archive, a next letter begins."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import available_timezones

from fastapi import Request, Response

from outreach.domain.call_files import CallFile
from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.states import CallState
from outreach.domain.tasks import TaskVerb
from outreach.domain.users import Right
from outreach.queries.follow_ups import WEEKS, follow_up
from outreach.queries.prospects import with_mailbox
from outreach.store.confidence import in_confidence
from outreach.usecases.create_call import create_call
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.letters.door import NOT_SO, ask, at, head, letter_here, room
from outreach.web.console.making.door import making
from outreach.web.console.making.starting import TAKEN, Texts, sample_texts
from outreach.web.console.room import PREFIX
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.desk import AtDesk, Desk


@room.page("/calls/{slug}/officials/after", Right.READ)
def after(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """Publish what was in confidence, fetch the record, follow it up."""
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.READ)
        return show(
            "letter-after",
            request,
            seat,
            **head(session, desk, seat, call, letter),
            confidential=in_confidence(session, call),
            closed=call.state is CallState.CLOSED,
            signatories=with_mailbox(session, call),
            launched=call.launched_at is not None and not call.rehearsal,
            runs=seat.may(Right.RUN, call.id),
            begins=seat.may(Right.RUN),
        )


@room.deed("/calls/{slug}/officials/proof", Right.READ)
def proof(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """The proof pack, whole or as it may be passed on."""
    which = form.line("which")
    if which not in ("public", "whole"):
        raise InvalidInput(seat._("Choose which archive."))
    given = {"public": True} if which == "public" else {}
    return ask(request, desk, seat, slug, Right.READ, TaskVerb.PACK_PROOF, given)


@room.page("/calls/{slug}/follow-up", Right.RUN)
def next_letter(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """The form of the letter that follows this one."""
    seat.must(Right.RUN)
    suggested = {
        "slug": f"{slug}-2",
        "deadline": f"{seat.now + timedelta(weeks=WEEKS):%Y-%m-%dT17:00}",
        "zone": seat.zone,
    }
    return _form(request, desk, seat, slug, suggested)


@room.deed("/calls/{slug}/follow-up", Right.RUN)
def begin(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Make the draft: it cites this letter from the record, and its signatories are invited first."""
    seat.must(Right.RUN)
    try:
        with desk.outreach.database.changing() as session:
            _, letter = letter_here(session, seat, slug, Right.RUN)
            name, deadline = _slug(form, seat), _deadline(form, seat)
            file = follow_up(session, letter, name, deadline=deadline, now=seat.now, house=desk.house)
            create_call(session, _with_mails(file, sample_texts(desk)), now=seat.now, by=seat.by, house=desk.house)
    except Refusal as refusal:
        typed = {one: form.line(one) for one in ("slug", "deadline", "zone")}
        return _form(request, desk, seat, slug, typed, refusal.reasons)
    said = seat._("The draft is made, and cites this letter from the record. Write on where it says so.")
    return go(request, making(name, "letter"), Said(said))


def _slug(form: Form, seat: Seat) -> str:
    if not form.line("slug"):
        raise InvalidInput(seat._("Give the new letter a short name."))
    if form.line("slug") in TAKEN:
        raise InvalidInput(seat._("This short name is taken by a page; choose another."))
    return form.line("slug")


def _deadline(form: Form, seat: Seat) -> WallClock:
    deadline = parse_wall_clock(f"{form.line('deadline').replace('T', ' ')} {form.line('zone')}")
    if deadline.instant() <= seat.now:
        raise InvalidInput(seat._("The deadline has passed already."))
    return deadline


def _with_mails(file: CallFile, samples: Texts) -> CallFile:
    """With the workspace's sample mails in the letter's languages."""
    return replace(file, texts={key: text for key, text in samples.items() if key[1] in file.languages})


def _form(
    request: Request, desk: Desk, seat: Seat, slug: str, values: dict[str, str], wrong: tuple[str, ...] = ()
) -> Response:
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.RUN)
        return show(
            "letter-follow-up",
            request,
            seat,
            code=NOT_SO if wrong else 200,
            call=call,
            letter=letter,
            here=f"{PREFIX}/calls/{slug}",
            back=at(slug, "after"),
            values=values,
            wrong=wrong,
            zones=sorted(available_timezones()),
        )
