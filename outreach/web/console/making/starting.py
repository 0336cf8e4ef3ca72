"""A new call: its name, its languages, who organises it and until when; the rest comes from the samples."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import available_timezones

from babel import Locale
from fastapi import Request, Response

from outreach.adapters.call_files import read_call_texts
from outreach.domain.call_files import CallFile, LetterFile, read_call_table
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import OWN_KINDS, MessageKind
from outreach.domain.new_calls import slug_of, suggested_last_call, suggested_reminders
from outreach.domain.users import Right
from outreach.rendering.letters.follow_ups import beginning_of_letter
from outreach.usecases.create_call import create_call
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.making.door import FAULTY, lines, making, room
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.desk import AtDesk, Desk

TAKEN = ("new",)
"""Names that are pages of the console themselves."""
OPEN_FOR = timedelta(days=28)
"""For how long a new call is suggested to be open."""

Texts = dict[tuple[MessageKind, str], str]


@room.page("/calls/new", Right.RUN, whole=True)
def new(request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """The form of a new call."""
    workspace = desk.house.settings.workspace
    suggested = {
        "title": "",
        "slug": "",
        "default_language": workspace.language,
        "languages": workspace.language,
        "organisers": workspace.name,
        "deadline": f"{seat.now + OPEN_FOR:%Y-%m-%dT17:00}",
        "zone": seat.zone,
    }
    return _form(request, desk, seat, suggested)


@room.deed("/calls/new", Right.RUN, whole=True)
def begin(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Make the draft, whole, from the workspace's sample mails; its letter is to be written."""
    try:
        file = _file(form, seat, read_call_texts(desk.outreach.folder / "templates"))
        with desk.outreach.database.changing() as session:
            create_call(session, file, now=seat.now, by=seat.by, house=desk.house)
    except Refusal as refusal:
        names = ("title", "slug", "default_language", "organisers", "deadline", "zone")
        typed = {name: form.text(name) for name in names} | {"languages": "\n".join(form.all("languages"))}
        return _form(request, desk, seat, typed, refusal.reasons)
    return go(request, making(file.slug, "letter"), Said(seat._("The draft is made. Write its letter first.")))


def _form(
    request: Request, desk: Desk, seat: Seat, values: dict[str, str], faults: tuple[str, ...] = ()
) -> Response:
    return show(
        "make-new",
        request,
        seat,
        code=FAULTY if faults else 200,
        values=values,
        chosen=values["languages"].split("\n"),
        faults=faults,
        languages=written_languages(sample_texts(desk), seat),
        zones=sorted(available_timezones()),
    )


def sample_texts(desk: Desk) -> Texts:
    """The workspace's sample mails; none where there is no folder with them."""
    try:
        return read_call_texts(desk.outreach.folder / "templates")
    except InvalidInput:
        return {}


def written_languages(texts: Texts, seat: Seat) -> dict[str, str]:
    """The languages in which the workspace has all mails that a call needs, with their names."""
    found = sorted({language for _, language in texts})
    return {
        language: Locale.parse(language, sep="-").get_display_name(seat.language) or language
        for language in found
        if all((kind, language) in texts for kind in OWN_KINDS)
    }


def _file(form: Form, seat: Seat, texts: Texts) -> CallFile:
    title, default = form.line("title"), form.line("default_language")
    languages = list(dict.fromkeys([default, *form.all("languages")]))
    slug = form.line("slug") or slug_of(title)
    if not title:
        raise InvalidInput(seat._("Give the call a title."))
    if not slug:
        raise InvalidInput(seat._("Give the call a short name in Latin letters: it stands in its addresses."))
    if slug in TAKEN:
        raise InvalidInput(seat._("This short name is taken by a page; choose another."))
    deadline = parse_wall_clock(f"{form.line('deadline')} {form.line('zone')}")
    span = deadline.instant() - seat.now
    if span <= timedelta():
        raise InvalidInput(seat._("The deadline has passed already."))
    table = {
        "slug": slug,
        "title": title,
        "letter": "letter",
        "default_language": default,
        "languages": languages,
        "organisers": list(lines(form.text("organisers"))),
        "deadline": str(deadline),
        "reminders": list(suggested_reminders(span)),
        "last_call": suggested_last_call(span),
    }
    return replace(
        read_call_table(table),
        letters={one: LetterFile(title, *beginning_of_letter(one)) for one in languages},
        texts={key: text for key, text in texts.items() if key[1] in languages},
    )
