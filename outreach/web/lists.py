"""The pages of a long list of signatories, none of them too heavy for a slow line."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, HTTPException, Request, Response

from outreach.domain.listings import Order
from outreach.domain.places import country_name
from outreach.queries.public_letters import PublicList, PublicName, public_list
from outreach.rendering.letters.languages import words_for
from outreach.rendering.publication import GroupHeading
from outreach.web.desk import AtDesk
from outreach.web.facts import facts_of
from outreach.web.showing import public_headers, show
from outreach.web.subjects import NO_SUCH_LINK, seen
from outreach.web.words import Words

FIRST_NAMES = 200
"""As many stand under the letter itself."""
NAMES_A_PAGE = 250
HEAVIEST = 56 * 1024
"""No page holds more bytes of names, so that with all around them it stays under 100 KB."""

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Names:
    """Names that stand together. ``first`` is the number of the first of them, ``heading`` may be ""."""

    heading: str
    first: int
    lines: tuple[str, ...]


@router.api_route("/letters/{slug}/signatories", methods=["GET", "HEAD"])
def signatories(slug: str, request: Request, desk: AtDesk, lang: str = "", page: str = "1") -> Response:
    """One page of the whole list; 404 where there is none."""
    with desk.outreach.database.reading() as session:
        read = seen(session, slug, request, lang)
        listed = public_list(session, read.call)
    pages = cut(listed, NAMES_A_PAGE)
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 0  # noqa: PLR2004
    if not 1 <= number <= len(pages):
        raise HTTPException(NO_SUCH_LINK)
    return show(
        "signatories",
        read.words,
        desk.house,
        rehearsal=read.call.rehearsal,
        headers=public_headers(rehearsal=read.call.rehearsal),
        letter=read.letter,
        facts=facts_of(read.call, read.letter, read.words, desk.outreach.clock.now()),
        around=words_for(read.words.language),
        counted=words_for(read.words.language).count(listed.counts),
        listed=listed,
        names=names_on(pages[number - 1], listed, read.letter.language, read.words),
        number=number,
        pages=len(pages),
        here=f"/letters/{slug}/signatories?lang={read.letter.language}&page=",
    )


def cut(listed: PublicList, most: int) -> list[range]:
    """The places of the names on each page: so many, fewer where they are long."""
    return list(_cuts(listed.names, most))


def _cuts(names: tuple[PublicName, ...], most: int) -> Iterator[range]:
    start = weight = 0
    for at, name in enumerate(names):
        heavy = len(name.line.encode())
        if at - start >= most or (at > start and weight + heavy > HEAVIEST):
            yield range(start, at)
            start, weight = at, 0
        weight += heavy
    if names:
        yield range(start, len(names))


def names_on(page: range, listed: PublicList, language: str, words: Words) -> tuple[Names, ...]:
    """The names at those places in their groups; a heading is said again on each page."""
    found: list[Names] = []
    at = page.start + 1
    for group, names in groupby(listed.names[page.start : page.stop], key=lambda name: name.group):
        lines = tuple(name.line for name in names)
        found.append(Names(_heading(group, listed, language, words), at, lines))
        at += len(lines)
    return tuple(found)


def _heading(group: tuple[int, str], listed: PublicList, language: str, words: Words) -> str:
    """What stands above a group (domain.editions.group_of); "" where all stand in one."""
    number, country = group
    headings = words_for(words.language).headings
    if number == 0:
        return headings[GroupHeading.INITIATORS]
    led = any(name.group[0] == 0 for name in listed.names)
    match listed.listing.order:
        case Order.TOGETHER:
            return headings[GroupHeading.OTHERS] if led else ""
        case Order.APART:
            both = led or len({name.group[0] for name in listed.names}) > 1
            kind = GroupHeading.ORGANISATIONS if number == 1 else GroupHeading.INDIVIDUALS
            return headings[kind] if both else ""
        case Order.BY_COUNTRY:
            return country_name(country, language) if country else headings[GroupHeading.NO_COUNTRY]
