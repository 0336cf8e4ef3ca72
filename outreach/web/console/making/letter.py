"""The letter of a draft: its Markdown beside what its readers will see, its languages, and its versions later."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from babel import Locale, UnknownLocaleError
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from sqlmodel import Session

from outreach.domain.call_files import LINE_LIMIT, CallFile, LetterFile, is_written_in
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.file_values import one_line
from outreach.domain.states import CallState
from outreach.domain.tasks import TaskVerb
from outreach.domain.users import Right
from outreach.queries.letter_versions import letter_versions
from outreach.rendering.letters.filling import check_letter, fill_letter
from outreach.rendering.letters.follow_ups import beginning_of_letter
from outreach.rendering.letters.tree import letter_tokens
from outreach.rendering.markdown import html_of
from outreach.store.calls import export_call, find_call, known_to_all
from outreach.store.tables import Call, Letter, Task
from outreach.usecases.amend_letter import Amended, amend_letter, refuse_amendment
from outreach.usecases.ask_for_task import ask_for_task
from outreach.usecases.revise_draft import revise_draft
from outreach.web.console.forms import AtForm
from outreach.web.console.making.door import (
    CONFLICT,
    FAULTY,
    Fields,
    Part,
    Typed,
    call_here,
    head,
    keep,
    lines,
    making,
    part_values,
    room,
    version_of,
)
from outreach.web.console.making.starting import sample_texts, written_languages
from outreach.web.console.room import PREFIX
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go, piece, show
from outreach.web.desk import AtDesk, Desk


def _fields(file: CallFile) -> Fields:
    values: dict[str, str] = {}
    for language, text in file.letters.items():
        values[f"title.{language}"] = text.title
        values[f"addressee.{language}"] = text.addressee
        values[f"asks.{language}"] = "\n".join(text.asks)
        values[f"body.{language}"] = text.body.strip("\n")
    return values


def _letter(values: Fields, language: str) -> LetterFile:
    title, addressee = (
        one_line(f"{name} ({language})", values.get(f"{name}.{language}", ""), LINE_LIMIT)
        for name in ("title", "addressee")
    )
    asks = lines(values.get(f"asks.{language}", ""))
    body = values.get(f"body.{language}", "")
    missing = [
        name for name, value in (("title", title), ("addressee", addressee), ("text", body)) if not value.strip()
    ]
    if missing:
        raise InvalidInput(f"The letter in {language} has no {' and no '.join(missing)}.")
    problems = [f"The letter in {language}, {problem}" for problem in check_letter(body)]
    if problems:
        raise InvalidInput(*problems)
    return LetterFile(title, addressee, tuple(one_line("ask", ask, LINE_LIMIT) for ask in asks), f"{body}\n")


def _change(file: CallFile, values: Fields) -> CallFile:
    return replace(file, letters={language: _letter(values, language) for language in file.letters})


PART = Part("letter", _fields, _change)


@room.page("/calls/{slug}/make/letter", Right.RUN)
def letter(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """The letter in each language, its rendering beside it; after the launch its versions, too."""
    return _shown(request, desk, seat, slug)


@room.deed("/calls/{slug}/make/letter", Right.RUN)
def save_letter(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Keep the letter of a draft as it was typed."""
    return keep(
        request,
        desk,
        seat,
        form,
        slug,
        PART,
        lambda typed, code: _shown(request, desk, seat, slug, typed, code),
    )


@room.deed("/calls/{slug}/make/letter/rendered", Right.RUN)
def rendered(desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """What the text that is being typed looks like; nothing is kept."""
    language = form.line("language")
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        if language not in export_call(session, call).letters:
            return HTMLResponse("", 404)
        values = {name: form.text(f"{name}.{language}") for name in ("title", "addressee", "asks", "body")}
        look = _look(session, call, desk, language, values)
    return HTMLResponse(piece("make-rendered", seat, look=look))


@room.deed("/calls/{slug}/make/letter/add", Right.RUN)
def add_language(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """One language more, with a letter to be written and the workspace's sample mails, if it has them."""
    language = form.line("language").lower()
    if not is_written_in(language):
        raise InvalidInput(seat._("Write the language as its ISO 639 code, such as en, fr or ar."))
    samples = sample_texts(desk)
    with desk.outreach.database.changing() as session:
        call = find_call(session, slug)
        seat.must(Right.RUN, call.id)
        file = export_call(session, call)
        if language in file.letters:
            raise Refusal(seat._("The letter is there in this language already."))
        more = LetterFile(file.title, *beginning_of_letter(language))
        file = replace(
            file,
            languages=(*file.languages, language),
            letters={**file.letters, language: more},
            texts={**{key: text for key, text in samples.items() if key[1] == language}, **file.texts},
        )
        revise_draft(session, call, file, part="languages", now=seat.now, by=seat.by)
    return go(request, making(slug, "letter"), Said(seat._("Added. Write the letter in it.")))


@room.deed("/calls/{slug}/make/letter/remove", Right.RUN)
def remove_language(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """One language less: its letter and its mails are gone."""
    language = form.line("language")
    with desk.outreach.database.changing() as session:
        call = find_call(session, slug)
        seat.must(Right.RUN, call.id)
        file = export_call(session, call)
        if language == call.default_language:
            raise Refusal(seat._("This is the call's own language; who reads none of the others gets it."))
        file = replace(
            file,
            languages=tuple(one for one in file.languages if one != language),
            letters={one: text for one, text in file.letters.items() if one != language},
            texts={key: text for key, text in file.texts.items() if key[1] != language},
        )
        revise_draft(session, call, file, part="languages", now=seat.now, by=seat.by)
    return go(request, making(slug, "letter"), Said(seat._("Removed.")))


@room.deed("/calls/{slug}/make/letter/amend", Right.RUN)
def amend(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """The letter's next version, while people are signing it."""
    values: dict[str, str] = {}
    try:
        with desk.outreach.database.changing() as session:
            call = find_call(session, slug)
            seat.must(Right.RUN, call.id)
            file = export_call(session, call)
            now = _fields(file)
            values = {name: form.text(name).strip("\n") for name in now}
            if form.line("version") != version_of(now):
                return _shown(request, desk, seat, slug, Typed(values, theirs=now), CONFLICT)
            amended, substance = _change(file, values), form.text("substance")
            if desk.house.settings.workspace.second_person:
                done: Amended | Task = _proposed(session, seat, call, amended, substance)
            else:
                done = amend_letter(
                    session, call, amended, substance=substance, now=seat.now, by=seat.by, house=desk.house
                )
    except Refusal as refusal:
        return _shown(request, desk, seat, slug, Typed(values, refusal.reasons), FAULTY)
    desk.on_change()
    if isinstance(done, Task):
        return go(request, f"{PREFIX}/tasks/{done.id}")
    sentence = seat._("This is version {version} of the letter now. Asked again: {asked}.")
    said = Said(sentence.format(version=done.version, asked=done.asked))
    return go(request, making(slug, "letter"), said)


def _proposed(session: Session, seat: Seat, call: Call, amended: CallFile, substance: str) -> Task:
    refuse_amendment(session, call, amended)
    given = {
        "version": str(call.letter_version),
        "letters": {language: asdict(text) for language, text in amended.letters.items()},
        "substance": substance,
    }
    return ask_for_task(
        session, TaskVerb.AMEND, seat.user, call=call, given=given, propose=True, now=seat.now, by=seat.by
    )


def _shown(
    request: Request, desk: Desk, seat: Seat, slug: str, typed: Typed | None = None, code: int = 200
) -> Response:
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        values = part_values(session, call, PART, typed)
        languages = list(export_call(session, call).letters)
        words = {
            language: {name: values["values"].get(f"{name}.{language}", "") for name in NAMES}
            for language in languages
        }
        samples = written_languages(sample_texts(desk), seat)
        return show(
            "make-letter",
            request,
            seat,
            code=code,
            **head(seat, call),
            **values,
            languages={language: language_name(language, seat) for language in languages},
            looks={language: _look(session, call, desk, language, words[language]) for language in languages},
            more={one: name for one, name in samples.items() if one not in languages},
            versions=letter_versions(session, session.get_one(Letter, call.letter_id)),
            may_amend=call.state in (CallState.OPEN, CallState.CLOSED),
            second_person=desk.house.settings.workspace.second_person,
        )


NAMES = ("title", "addressee", "asks", "body")


def _look(session: Session, call: Call, desk: Desk, language: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """What a reader sees of what is typed, or what is wrong with it."""
    problems = check_letter(typed["body"])
    known = known_to_all(session, call, language, desk.house)
    body = "" if problems else fill_letter(typed["body"], None, language, known)
    return {
        "language": language,
        "title": typed["title"],
        "addressee": typed["addressee"],
        "asks": lines(typed["asks"]),
        "body": Markup(html_of(letter_tokens(body))),  # noqa: S704  raw HTML is off in our Markdown
        "problems": [str(problem) for problem in problems],
    }


def language_name(language: str, seat: Seat) -> str:
    """What the language is called in hers."""
    try:
        return Locale.parse(language, sep="-").get_display_name(seat.language) or language
    except (ValueError, UnknownLocaleError):
        return language
