"""The announcement kit: a post in a signatory's own name about the letter, in each form that it can use."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final

from babel.lists import format_list
from babel.numbers import format_decimal
from jinja2 import Environment, Template
from markupsafe import Markup

from outreach.domain.counts import Counts
from outreach.domain.errors import Problem
from outreach.domain.rounding import more_than
from outreach.rendering.archives import packed
from outreach.rendering.content import direction
from outreach.rendering.environment import context_of
from outreach.rendering.letters.filling import figures
from outreach.rendering.letters.languages import words_for
from outreach.rendering.lexicon import ShortLexicon
from outreach.rendering.markdown import markdown_to_html, markdown_to_text
from outreach.rendering.moments import locale_of
from outreach.rendering.plaintext import tidy
from outreach.rendering.publication import Publication
from outreach.rendering.short_texts import Examined, examine_short, literal_markdown, template_of
from outreach.rendering.templates import EmptyWord, TemplateError
from outreach.rendering.values import fitted, value_of
from outreach.rendering.vocabulary import Word, WordType

WORDS: Final[Mapping[str, Word]] = MappingProxyType(
    {
        "signatory.name": Word(WordType.TEXT, "The signatory in whose name the post speaks, as it is printed."),
        "letter.title": Word(WordType.TEXT, "The letter's title."),
        "letter.addressee": Word(WordType.TEXT, "Whom the letter is addressed to."),
        "letter.asks": Word(WordType.LIST, "What the letter asks for, point by point.", of=WordType.TEXT),
        "call.organisers": Word(WordType.TEXT, "Those who organised the letter, as “A, B and C”."),
        "links.letter": Word(WordType.URL, "The page that shows the letter and its list."),
        "signatories.organisations": Word(WordType.TEXT, "How many organisations are named in the list."),
        "signatories.individuals": Word(WordType.TEXT, "How many individuals are named in the list."),
        "signatories.named": Word(WordType.TEXT, "How many are named in the list."),
        "signatories.all": Word(WordType.TEXT, "How many have signed, those who are not named included."),
        "signatories.more_than": Word(WordType.TEXT, "A round number below that of all; empty when there are few."),
        "signatories.more_than_organisations": Word(
            WordType.TEXT, "A round number below that of all organisations; empty when there are few."
        ),
        "release.here": Word(WordType.TEXT, "The moment of release in words."),
        "embargo": Word(WordType.FLAG, "True until the letter is released."),
        "workspace": Word(WordType.TEXT, "Who publishes the letter."),
    }
)
"""What an announcement may say."""

_LEXICON: Final = ShortLexicon("an announcement", WORDS)
_DESTINATION: Final = re.compile(r"\]\(<([^()<>\s]+)>\)")
_FORMATS: Final = ("html", "md", "txt")


@dataclass(frozen=True, slots=True)
class Announcement:
    """One post in its three forms. ``embargo`` is the sentence that says when it may be published, or ""."""

    language: str
    markdown: str
    html: str
    text: str
    embargo: str = ""


@dataclass(frozen=True, slots=True)
class _Compiled:
    template: Template
    used: frozenset[str]


def check_announcement(source: str) -> list[Problem]:
    """All that is wrong with the text of an announcement, by line; an empty list when it can be used."""
    return list(_examined(source).problems)


def announcement_values(publication: Publication, signatory: str, *, release: str = "") -> dict[str, Any]:
    """What an announcement by this signatory can say about the letter. ``release`` is the moment in words."""
    language, counts = publication.language, publication.counts
    return {
        "signatory": {"name": signatory},
        "letter": {
            "title": publication.title,
            "addressee": publication.addressee,
            "asks": list(publication.asks),
        },
        "call": {"organisers": format_list(list(publication.organisers), locale=locale_of(language))},
        "links": {"letter": publication.url},
        "signatories": {**figures(counts, language), **_round_figures(counts, language)},
        "release": {"here": publication.embargo or release},
        "embargo": bool(publication.embargo),
        "workspace": publication.workspace,
    }


def _round_figures(counts: Counts, language: str) -> dict[str, str]:
    organisations = counts.organisations + counts.unnamed_organisations
    below = {"more_than": more_than(counts.all), "more_than_organisations": more_than(organisations)}
    locale = locale_of(language)
    return {word: str(format_decimal(number, locale=locale)) if number else "" for word, number in below.items()}


def announcement(source: str, values: Mapping[str, Any], language: str) -> Announcement:
    """The post with these values, each of them literal: a name is never a link, a heading or markup.

    Raises TemplateError with the problems of check_announcement, EmptyWord for a word that is put out and empty,
    and ValueError for one that was not given.
    """
    compiled = _compiled(source)
    words = {name: fitted(name, WORDS[name], value_of(values, name)) for name in compiled.used}
    markdown = tidy(_DESTINATION.sub(r"](\1)", compiled.template.render(context_of(words, str))))
    embargoed = value_of(values, "embargo") and value_of(values, "release").get("here")
    sentence = words_for(language).embargo.format(moment=embargoed) if embargoed else ""
    title = str(value_of(values, "letter.title"))
    return Announcement(
        language, markdown, _document(markdown, language, title), markdown_to_text(markdown), sentence
    )


_DOCUMENT: Final = Markup("""\
<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
{body}</main>
</body>
</html>
""")


def _document(markdown: str, language: str, title: str) -> str:
    """Plain HTML without a style: it is pasted into pages that have their own."""
    body = Markup(markdown_to_html(markdown))  # noqa: S704  raw HTML is off in our Markdown
    return str(_DOCUMENT.format(language=language, direction=direction(language), title=title, body=body))


def kit_archive(slug: str, announcements: Iterable[Announcement]) -> bytes:
    """A zip file with each announcement as ``announcement.en.html``, ``.md`` and ``.txt``, and a README.

    The same announcements give the same bytes. The file names hold no signatory's name.
    """
    kit = list(announcements)
    files = {"README.txt": "\n".join(_readme(slug, kit)) + "\n"}
    for one in kit:
        for ending, content in zip(_FORMATS, (one.html, one.markdown, one.text), strict=True):
            files[f"announcement.{one.language}.{ending}"] = content
    return packed({name: content.encode() for name, content in files.items()})


def _readme(slug: str, kit: list[Announcement]) -> Iterator[str]:
    yield f"{slug}: {', '.join(f'announcement.{one.language}.*' for one in kit)}"
    yield "The same text three times: .html for a web page, .md for an editor that knows Markdown, .txt for a mail."
    yield from dict.fromkeys(one.embargo for one in kit if one.embargo)


@lru_cache(maxsize=64)
def _examined(source: str) -> Examined:
    examined = examine_short(source, _LEXICON)
    if examined.opaque is None:
        return examined
    demands = _demands(examined.uses.always, examined.tested)
    return replace(examined, problems=(*examined.problems, *demands))


def _demands(always: frozenset[str], tested: frozenset[str]) -> Iterator[Problem]:
    if "links.letter" not in always:
        yield Problem(0, "{{ links.letter }} is missing; every announcement must lead to the letter and its list.")
    if "embargo" not in tested:
        yield Problem(
            0, "{% if embargo %} is missing; before release the announcement must say when it may be published."
        )


@lru_cache(maxsize=64)
def _compiled(source: str) -> _Compiled:
    examined = _examined(source)
    if examined.problems or examined.opaque is None:
        raise TemplateError(examined.problems)
    return _Compiled(template_of(examined.opaque, _environment()), examined.used)


@cache
def _environment() -> Environment:
    return literal_markdown(_refused)


def _refused(code: str) -> str:
    raise EmptyWord(code)
