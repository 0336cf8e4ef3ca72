"""A publication worded and put in order, as the press gets it."""

from collections.abc import Iterator

from babel.lists import format_list

from outreach.ports.press import Inline, InlineKind, Manuscript, NumberedName, Section
from outreach.rendering.content import direction, direction_of, isolate
from outreach.rendering.letters.languages import words_for
from outreach.rendering.letters.papers import paper_of
from outreach.rendering.letters.tree import letter_tree
from outreach.rendering.letters.words import Words
from outreach.rendering.moments import locale_of
from outreach.rendering.publication import Group, GroupHeading, Publication

Line = tuple[Inline, ...]

SEPARATOR = " · "


def manuscript(publication: Publication) -> Manuscript:
    """All that is printed of a publication: its own names and no others, each byte for byte."""
    words = words_for(publication.language)
    to = words.to.format(addressee=publication.addressee)
    return Manuscript(
        title=publication.title.strip() or publication.slug,
        language=publication.language,
        direction=direction(publication.language),
        worded_in=words.language,
        author=publication.workspace,
        running=edition_line(publication, words),
        mark=mark(publication, words),
        heading=(to, publication.dated) if publication.dated else (to,),
        body=letter_tree(publication.body),
        ending=tuple(ending(publication, words)),
        list_heading=words.signatories,
        count=words.count(publication.counts),
        notes=notes(publication, words),
        sections=tuple(_section(group, words, publication.language) for group in publication.groups),
        numbered=publication.numbered,
        cover=tuple(_cover(publication, words)),
        paper=paper_of(publication),
    )


def mark(publication: Publication, words: Words) -> str:
    """What stands on every page of a letter that is not public yet, "" when it is."""
    draft = words.draft if publication.draft else ""
    embargo = words.not_yet if publication.unreleased else ""
    if publication.embargo:
        embargo = words.embargo.format(moment=publication.embargo)
    return SEPARATOR.join(part for part in (draft, embargo) if part)


def notes(publication: Publication, words: Words) -> tuple[str, ...]:
    """What must be said about the list, above it."""
    return (words.identification,) if publication.affiliations else ()


def heading_of(group: Group, words: Words, language: str) -> str:
    """What stands above a group: the country's name in the letter's language, or a word; "" for nothing."""
    if group.heading is GroupHeading.COUNTRY:
        return str(locale_of(language).territories.get(group.country, group.country))
    return words.headings.get(group.heading, "")


def edition_line(publication: Publication, words: Words) -> str:
    """Which edition this is and of when."""
    edition = words.draft if publication.draft else words.edition.format(n=words.number(publication.edition))
    return SEPARATOR.join(part for part in (edition, publication.dated) if part)


def organised(publication: Publication, words: Words) -> str:
    """Who organised the letter, "" when nobody is named for it."""
    if not publication.organisers:
        return ""
    rtl = direction(words.language) == "rtl"
    apart = [isolate(name, rtl=rtl) for name in publication.organisers]
    named = format_list(apart, locale=locale_of(words.language))
    return words.organised.format(organisers=named)


def _section(group: Group, words: Words, language: str) -> Section:
    names = (NumberedName(name.number, name.line, direction_of(name.line) or "ltr") for name in group.names)
    return Section(heading_of(group, words, language), tuple(names))


def ending(publication: Publication, words: Words) -> Iterator[Line]:
    """What closes the letter: who organised it, whom the press may ask, where it is published, its digest."""
    if by := organised(publication, words):
        yield (_text(by),)
    if publication.press_contacts:
        yield (_text(f"{words.press}{_COLONS.get(words.language, ':')} {'; '.join(publication.press_contacts)}"),)
    if publication.url:
        yield (
            _text(f"{words.link} "),
            Inline(InlineKind.LINK, url=publication.url, inside=(_text(publication.url),)),
        )
    if publication.digest:
        yield (_text(words.digest.format(digest=publication.digest)),)


_COLONS = {"fr": "\N{NO-BREAK SPACE}:"}


def _cover(publication: Publication, words: Words) -> Iterator[str]:
    """The lines of a signature book's title page, below the title."""
    yield words.book
    yield words.to.format(addressee=publication.addressee)
    yield words.count(publication.counts)
    yield edition_line(publication, words)
    if by := organised(publication, words):
        yield by


def _text(text: str) -> Inline:
    return Inline(InlineKind.TEXT, text)
