"""The console in the languages that it speaks: every sentence is there, and no page falls back into English."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from outreach.domain.users import Role
from outreach.store.tables import User
from outreach.web.console.speech import CATALOGUES, SPOKEN, speech_for
from tests.make import ROOT
from tests.web.console.made import begin
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

TRANSLATED = [language for language in SPOKEN if language != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
PAGES = {
    Role.ADMINISTRATOR: ["", "/users", "/health", "/log", "/outbox", "/tasks", "/suppressions", "/me"],
    Role.COORDINATOR: [
        "",
        "/calls",
        "/calls/new",
        "/calls/safe-passage",
        "/calls/safe-passage/silent",
        "/calls/safe-passage/signatures",
        "/calls/safe-passage/signatures/list",
        "/calls/safe-passage/signatures/add",
        "/calls/safe-passage/signatures/import",
        "/calls/open-ports",
        *(f"/calls/open-ports/make/{step}" for step in ("letter", "audience", "schedule", "mails", "check")),
        "/contacts",
        "/contacts/new",
        "/contacts/import",
        "/organisations",
        "/officials",
        "/officials/overdue",
        "/letters",
        "/letters?show=to-authorise",
        *(
            f"/calls/safe-passage/officials{part}"
            for part in ("", "/choose", "/check", "/deliver", "/note", "/attachments", "/after")
        ),
        "/calls/safe-passage/editions",
        "/calls/safe-passage/follow-up",
        "/replies",
        "/replies/log",
    ],
}

Forms = tuple[str, ...]


@cache
def spoken_in_the_sources() -> frozenset[Forms]:
    """Each sentence as ``make catalogues`` finds it: one form, or one and several."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(one["pattern"], one["method"]) for one in mappings]
    options = {
        one["pattern"]: {name: value for name, value in one.items() if name not in ("pattern", "method")}
        for one in mappings
    }
    found = extract_from_dir(
        CATALOGUES.parent, method_map=methods, options_map=options, keywords={**DEFAULT_KEYWORDS, "_": None}
    )
    return frozenset(forms(one) for _, _, one, _, _ in found)


@cache
def catalogue(language: str) -> Catalog:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(said: str | list[str] | tuple[str, ...] | None) -> Forms:
    return (said,) if isinstance(said, str) else tuple(said or ())


def pairs(language: str) -> dict[Forms, Forms]:
    """Each sentence of a catalogue, and what is said instead."""
    return {forms(one.id): forms(one.string) for one in catalogue(language) if one.id}


def test_a_good_many_sentences_are_found() -> None:
    assert len(spoken_in_the_sources()) > 1000
    assert ("Log in",) in spoken_in_the_sources()
    assert ("As its readers see it",) in spoken_in_the_sources(), "of a page with an extension of Jinja in it"
    assert ("%(count)s draft", "%(count)s drafts") in spoken_in_the_sources()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_the_console_is_there(language: str) -> None:
    said = pairs(language)
    silent = sorted(one for one in spoken_in_the_sources() if not all(said.get(one, ("",))))
    assert silent == [], "make catalogues, then translate"


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_kept_that_is_said_no_more_or_only_guessed(language: str) -> None:
    kept = catalogue(language)
    assert sorted(set(pairs(language)) - spoken_in_the_sources()) == [], "make catalogues"
    assert list(kept.obsolete) == []
    assert [one.id for one in kept if one.id and one.fuzzy] == []
    assert not kept.fuzzy


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_form_holds_the_places_of_its_sentence_and_no_others(language: str) -> None:
    wrong = [
        (there, here)
        for there, here in pairs(language).items()
        if [sorted(PLACEHOLDER.findall(one)) for one in here]
        != [sorted(PLACEHOLDER.findall(there[0 if number == 0 else -1])) for number in range(len(here))]
        or (len(there) == 1) != (len(here) == 1)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_head_of_a_catalogue_was_filled_in(language: str) -> None:
    head = (CATALOGUES / f"{language}.po").read_text().partition("\n\n")[0]
    assert re.findall(r"PROJECT|ORGANIZATION|FIRST AUTHOR|VERSION|YEAR|EMAIL@|FULL NAME", head) == []


def test_french_sets_its_marks_apart_and_lets_no_line_break_there() -> None:
    french = [one for said in pairs("fr").values() for one in said]
    assert [one for one in french if re.search(r"[^\u00a0\u202f][;?!»]|\w:(?!\d)|«[^\u00a0\u202f]|'", one)] == []


def test_spanish_opens_what_it_closes() -> None:
    spanish = [one for said in pairs("es").values() for one in said]
    assert [one for one in spanish if one.count("?") != one.count("¿") or one.count("!") != one.count("¡")] == []
    assert [one for one in spanish if re.search(r"\s[:;?!]|«\s|\s»", one)] == []


class Seen(HTMLParser):
    """What of a page is read, aloud or by eye."""

    ATTRIBUTES = ("aria-label", "placeholder", "title", "alt")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language = ""
        self.pieces: list[str] = []
        self.within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.within = tag
        if tag == "html":
            self.language = held.get("lang") or ""
        self.pieces += [held[name] or "" for name in self.ATTRIBUTES if name in held]

    def handle_data(self, data: str) -> None:
        if self.within not in ("script", "style") and data.strip():
            self.pieces.append(" ".join(data.split()))


def english(language: str) -> Iterator[re.Pattern[str]]:
    """The sentences of three words and more that are said otherwise in that language."""
    for there, here in pairs(language).items():
        for one in there:
            if one not in here and len(PLACEHOLDER.sub("", one).split()) >= 3:
                yield re.compile(r"(?<!\w)" + ".+?".join(map(re.escape, PLACEHOLDER.split(one))) + r"(?!\w)")


def speaks(here: Visit, who: Seated, language: str) -> None:
    with here.app.database.changing() as session:
        user = session.get(User, who.user.id)
        assert user is not None
        user.language = language


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_page_says_a_sentence_in_english(here: Visit, language: str) -> None:
    people = {Role.COORDINATOR: begin(here), Role.ADMINISTRATOR: seated(here, Role.ADMINISTRATOR, name="Ada")}
    sentences = list(english(language))
    assert len(sentences) > 500
    for role, paths in PAGES.items():
        people[role].get("/console")  # What was said to her before, she was told in English.
        speaks(here, people[role], language)
        for path in paths:
            page = people[role].get(f"/console{path}")
            assert page.status_code == 200, path
            seen = Seen(page.text)
            assert seen.language == language, path
            heard = "\n".join(seen.pieces)
            assert [one.pattern for one in sentences if one.search(heard)] == [], path


def test_the_sentences_would_be_noticed(here: Visit) -> None:
    """The same search finds English on an English page."""
    rosa = seated(here)
    heard = "\n".join(Seen(rosa.get("/console/nowhere").text).pieces)
    assert any(one.search(heard) for one in english("fr"))


@pytest.mark.parametrize(
    ("asked", "spoken"), [("ar", "en"), ("xx", "en"), ("", "en"), ("fr-CA", "fr"), ("ES", "es")]
)
def test_a_language_that_the_console_does_not_speak_is_english(here: Visit, asked: str, spoken: str) -> None:
    assert speech_for(asked).language == spoken
    rosa = seated(here)
    speaks(here, rosa, asked)
    seen = Seen(rosa.get("/console/nowhere").text)
    assert seen.language == spoken
    assert ("There is no such page for you" in seen.pieces) == (spoken == "en")
