"""The room itself, and what its pages share: find the letter of a call, say how it stands, do something with it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.row_numbers import row_number
from outreach.domain.states import CallState
from outreach.domain.tasks import TaskVerb
from outreach.domain.users import Right
from outreach.queries.letter_addressees import NOT_OUT, Stage, posts_of, posts_on_paper, stage_counts
from outreach.queries.what_goes import what_goes
from outreach.store.addressees import day_of
from outreach.store.editions import is_signed_off, newest_edition, signed_off_by
from outreach.store.tables import Call, Edition, Letter, Post
from outreach.usecases.ask_for_task import ask_for_task
from outreach.web.console.forms import Form
from outreach.web.console.room import PREFIX, Room, call_of
from outreach.web.console.said import Said
from outreach.web.console.seat import Seat
from outreach.web.console.showing import go
from outreach.web.desk import Desk

room = Room()

Given = Mapping[str, Any]
NOT_SO = 422
LONGEST = 100
MOST_AT_ONCE = 2000
"""So many officials are chosen in one form at the most."""


def at(slug: str, part: str = "") -> str:
    """The address of a page on the letter's officials."""
    return f"{PREFIX}/calls/{slug}/officials" + (f"/{part}" if part else "")


def today(desk: Desk, seat: Seat) -> date:
    """The day on the workspace's calendar."""
    return day_of(seat.now, desk.house)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the letter stands on its way to officials.

    ``signed_off_by``: who did that last; names may have been taken out since. ``consent``: a second person is asked
    for; ``consented``: somebody has authorised it as it reads now. ``mine``: she signed off the list herself;
    ``mine_too``: she is who authorised it. ``seen`` is what would go, to whom.
    """

    ended: bool
    edition: Edition | None
    signed_off: bool
    signed_off_by: str
    consent: bool
    consented: bool
    authorised_by: str
    mine: bool
    mine_too: bool
    counts: dict[Stage, int]
    seen: str

    @property
    def officials(self) -> int:
        """To how many it goes."""
        return sum(self.counts.values())

    @property
    def to_go(self) -> int:
        """To how many it has not gone."""
        return sum(self.counts.get(one, 0) for one in NOT_OUT)

    @property
    def may_authorise(self) -> bool:
        """Whether she can give the second person's consent now."""
        return self.signed_off and not self.consented and not self.mine

    @property
    def may_deliver(self) -> bool:
        """Whether it can go, if she lets it."""
        return self.ended and self.signed_off and (not self.consent or (self.consented and not self.mine_too))


def how_it_stands(session: Session, desk: Desk, seat: Seat, call: Call, letter: Letter) -> Standing:
    """What has been done, and what it waits for."""
    edition = newest_edition(session, call.letter_id)
    consent = desk.house.settings.workspace.second_person
    consented = letter.authorised_version == letter.version
    # Who consents does so to the very words that were signed off, typing errors and all.
    worded = not consent or consented or (edition is not None and edition.letter_version == letter.version)
    signer = signed_off_by(session, call.letter_id)
    return Standing(
        ended=call.state in (CallState.CLOSED, CallState.RELEASED),
        edition=edition,
        signed_off=worded and is_signed_off(session, call),
        signed_off_by=signer,
        consent=consent,
        consented=consented,
        authorised_by=letter.authorised_by if consented else "",
        mine=_same(signer, seat.by),
        mine_too=consented and _same(letter.authorised_by, seat.by),
        counts=stage_counts(session, letter, today=today(desk, seat)),
        seen=what_goes(session, letter),
    )


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def letter_here(session: Session, seat: Seat, slug: str, right: Right) -> tuple[Call, Letter]:
    """The call and its letter; 404 where she has not the right."""
    call = call_of(session, seat, slug, right)
    return call, session.get_one(Letter, call.letter_id)


def head(session: Session, desk: Desk, seat: Seat, call: Call, letter: Letter) -> dict[str, Any]:
    """What the head of each page shows."""
    here = f"{PREFIX}/calls/{call.slug}"
    parts = [(at(call.slug), seat._("To whom")), (at(call.slug, "check"), seat._("Check"))]
    if seat.may(Right.RUN, call.id):
        parts += [(at(call.slug, "deliver"), seat._("Deliver")), (at(call.slug, "note"), seat._("Print and note"))]
    parts += [(at(call.slug, "attachments"), seat._("Attachments")), (at(call.slug, "after"), seat._("Afterwards"))]
    return {
        "call": call,
        "letter": letter,
        "here": here,
        "at": at(call.slug),
        "parts": parts,
        "standing": how_it_stands(session, desk, seat, call, letter),
    }


def do(
    request: Request,
    desk: Desk,
    seat: Seat,
    slug: str,
    right: Right,
    to: str,
    deed: Callable[[Session, Call, Letter], Said],
) -> Response:
    """One verb in one transaction; then to a page, which says what came of it."""
    with desk.outreach.database.changing() as session:
        said = deed(session, *letter_here(session, seat, slug, right))
    desk.on_change()
    return go(request, to, said)


def ask(
    request: Request, desk: Desk, seat: Seat, slug: str, right: Right, verb: TaskVerb, given: Given
) -> Response:
    """Long work: it becomes a task, and its page shows how far it is."""
    with desk.outreach.database.changing() as session:
        call, _ = letter_here(session, seat, slug, right)
        task = ask_for_task(session, verb, seat.user, call=call, given=given, now=seat.now, by=seat.by)
        number = task.id
    desk.on_change()
    return go(request, f"{PREFIX}/tasks/{number}")


def brought(session: Session, desk: Desk, seat: Seat, letter: Letter, form: Form) -> list[Post]:
    """Those that were ticked, or all to whom it is released on paper and of whom nobody knows that they have it."""
    if not form.checked("every"):
        return chosen(session, seat, letter, form)
    found = posts_on_paper(session, letter, most=MOST_AT_ONCE, today=today(desk, seat))
    if not found:
        raise InvalidInput(seat._("Choose at least one official."))
    return found


def must_be_as_seen(session: Session, seat: Seat, letter: Letter, form: Form) -> None:
    """Raises Refusal when what would go to the officials is not what the page with the form showed."""
    if form.line("seen") not in ("", what_goes(session, letter)):
        raise Refusal(
            seat._("The letter, its list, its files or its officials were changed since you looked; look again.")
        )


def chosen(session: Session, seat: Seat, letter: Letter, form: Form) -> list[Post]:
    """The officials of the letter that were ticked. Raises InvalidInput for none, and for one of another letter."""
    numbers = numbers_in(seat, form)
    posts = posts_of(session, letter, numbers)
    if len(posts) < len(numbers):
        raise InvalidInput(seat._("The letter does not go to one of these officials any more; choose again."))
    return posts


def numbers_in(seat: Seat, form: Form) -> Collection[int]:
    """The numbers of the posts that were ticked, or named one after the other. Raises InvalidInput for none."""
    words = [*form.all("post"), *form.line("posts").split(",")]
    numbers = {row_number(word.strip()) for word in words if word.strip()}
    if not numbers:
        raise InvalidInput(seat._("Choose at least one official."))
    if None in numbers or len(numbers) > MOST_AT_ONCE:
        raise InvalidInput(seat._("There is no such official."))
    return {number for number in numbers if number is not None}
