"""A letter is released to its officials, by mail or on paper: a task, because each is printed first."""

from typing import Any

from fastapi import Request, Response

from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import WAYS_OUT, Way
from outreach.domain.tasks import TaskVerb
from outreach.domain.users import Right
from outreach.queries.letter_addressees import NOT_OUT
from outreach.queries.letter_check import check_letter
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.letters.door import (
    Standing,
    ask,
    brought,
    chosen,
    head,
    how_it_stands,
    letter_here,
    must_be_as_seen,
    room,
    today,
)
from outreach.web.console.letters.whom import line_words
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk


@room.page("/calls/{slug}/officials/deliver", Right.RUN)
def before(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """What will happen, to how many, and what is still in the way."""
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.RUN)
        found = check_letter(session, letter, call, stages=NOT_OUT, today=today(desk, seat), house=desk.house)
        values = head(session, desk, seat, call, letter)
    return show(
        "letter-deliver",
        request,
        seat,
        **values,
        **line_words(seat),
        found=found,
        ways_out=WAYS_OUT,
        largest=desk.house.settings.correspondence.largest_mail_megabytes,
    )


@room.deed("/calls/{slug}/officials/deliver", Right.RUN)
def deliver(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Let it go to all that are ready, or to those who are ticked."""
    given = _given(seat, form)
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.RUN)
        _must_be_able(seat, how_it_stands(session, desk, seat, call, letter))
        must_be_as_seen(session, seat, letter, form)
        if form.line("to") == "chosen":
            given["posts"] = [post.slug for post in chosen(session, seat, letter, form)]
        elif form.all("post"):
            raise InvalidInput(
                seat._("You ticked some officials, but chose all who are ready: say which of the two.")
            )
    return ask(request, desk, seat, slug, Right.RUN, TaskVerb.DELIVER_LETTER, given)


def _given(seat: Seat, form: Form) -> dict[str, Any]:
    way, given = form.line("way"), dict[str, Any]()
    if way:
        if way not in set(WAYS_OUT):
            raise InvalidInput(seat._("Choose by which way the letter goes."))
        given["way"] = Way(way).value
    if form.checked("book"):
        given["book"] = True
    return given


def _must_be_able(seat: Seat, standing: Standing) -> None:
    """Raises Refusal with what the letter waits for; the worker asks all of it again."""
    if not standing.ended:
        raise Refusal(seat._("Signing goes on: a letter goes to officials when it has ended."))
    if not standing.signed_off:
        raise Refusal(seat._("The list is not signed off as the letter reads now."))
    if standing.consent and not standing.consented:
        raise Refusal(seat._("A second person must authorise the letter first."))
    if standing.consent and standing.mine_too:
        raise Refusal(seat._("You authorised the letter yourself, so somebody else lets it go."))
    if not standing.to_go:
        raise Refusal(seat._("The letter has gone to all its officials."))


@room.deed("/calls/{slug}/officials/print", Right.READ)
def print_letters(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """The letter to each of those who are ticked as a PDF: as it was released, or as it would be today."""
    given: dict[str, Any] = {"book": True} if form.checked("book") else {}
    with desk.outreach.database.reading() as session:
        _, letter = letter_here(session, seat, slug, Right.READ)
        given["posts"] = [post.slug for post in brought(session, desk, seat, letter, form)]
    return ask(request, desk, seat, slug, Right.READ, TaskVerb.PRINT_LETTERS, given)
