"""The editions of a letter with their copies, each written as a file, and the kits of those whom it names."""

from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.editions import CopyKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.row_numbers import row_number
from outreach.domain.tasks import TaskVerb
from outreach.domain.users import Right
from outreach.queries.editions import lines
from outreach.queries.kits import announced, kit_of, named_in
from outreach.store.calls import letter_texts
from outreach.store.editions import copy_went_out
from outreach.store.tables import Call, Signature
from outreach.usecases.render_letter import LetterFormat
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.letters.door import ask, head, letter_here, room
from outreach.web.console.letters.whom import clean
from outreach.web.console.letters.words import copy_words, format_words
from outreach.web.console.making.letter import language_name
from outreach.web.console.room import row_of
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.console.tasks import as_download
from outreach.web.desk import AtDesk, Desk

NEWEST = 5
KITS_SHOWN = 20
COPIES_SHOWN = 8


@room.page("/calls/{slug}/editions", Right.READ)
def editions(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """What was signed off, by whom, whether it is still that, and where its copies went."""
    return _shown(request, desk, seat, slug, "")


@room.deed("/calls/{slug}/editions/find", Right.READ)
def find(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Whose kit. It is posted: a name must stand in no link."""
    return _shown(request, desk, seat, slug, clean(form.line("q")))


def _shown(request: Request, desk: Desk, seat: Seat, slug: str, words: str) -> Response:
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.READ)
        every = bool(request.query_params.get("all"))
        found = lines(session, call, desk.house.salt, newest=None if every else NEWEST)
        texts = {text.language: language_name(text.language, seat) for text in letter_texts(session, call)}
        return show(
            "letter-editions",
            request,
            seat,
            **head(session, desk, seat, call, letter),
            **_kits(session, call, words),
            found=found[::-1],
            older=not every and bool(found) and found[0].number > 1,
            languages=texts,
            formats=format_words(seat),
            copies=copy_words(seat),
            copies_shown=COPIES_SHOWN,
            runs=seat.may(Right.RUN, call.id),
        )


def _kits(session: Session, call: Call, words: str) -> dict[str, Any]:
    """Whose kits can be fetched, or why nobody's can."""
    try:
        named = named_in(session, announced(session, call), words, limit=KITS_SHOWN + 1)
    except Refusal as refusal:
        return {"kits": [], "more_kits": False, "q": words, "no_kits": " ".join(refusal.reasons)}
    return {"kits": named[:KITS_SHOWN], "more_kits": len(named) > KITS_SHOWN, "q": words, "no_kits": ""}


@room.deed("/calls/{slug}/editions/render", Right.READ)
def render(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """One edition, in one language and one format, as a file to fetch."""
    return ask(request, desk, seat, slug, Right.READ, TaskVerb.RENDER_LETTER, _given(seat, form, desk, slug))


def _given(seat: Seat, form: Form, desk: Desk, slug: str) -> dict[str, Any]:
    if form.line("format") not in set(LetterFormat):
        raise InvalidInput(seat._("Choose a format."))
    edition = row_number(form.line("edition") or "0")
    if edition is None:
        raise InvalidInput(seat._("There is no such edition."))
    with desk.outreach.database.reading() as session:
        call, _ = letter_here(session, seat, slug, Right.READ)
        if form.line("language") not in {text.language for text in letter_texts(session, call)}:
            raise InvalidInput(seat._("Choose a language in which the letter is written."))
    given: dict[str, Any] = {"format": form.line("format"), "language": form.line("language")}
    given |= {"edition": str(edition)} if edition else {}
    return given | ({"for_addressee": True} if form.checked("for_addressee") else {})


@room.deed("/calls/{slug}/editions/kit", Right.READ)
def kit(desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """The announcement kit of one signatory, and that it went out goes on record."""
    number = form.number("signature")
    if not number:
        raise InvalidInput(seat._("Choose whose kit."))
    with desk.outreach.database.changing() as session:
        call, letter = letter_here(session, seat, slug, Right.READ)
        signature = row_of(session, Signature, number)
        if signature.letter_id != letter.id:
            raise InvalidInput(seat._("This signature is not under the letter."))
        made = kit_of(session, signature, desk.house)
        copy_went_out(session, announced(session, call), CopyKind.KIT, detail="1 kit", by=seat.by, now=seat.now)
    return as_download(made.archive, made.name)
