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


Page = tuple[Names, ...]


@router.api_route("/letters/{slug}/signatories", methods=["GET", "HEAD"])
def signatories(slug: str, request: Request, desk: AtDesk, lang: str = "", page: str = "1") -> Response:
    """One page of the whole list; 404 where there is none."""
    with desk.outreach.database.reading() as session:
        read = seen(session, slug, request, lang)
        listed = public_list(session, read.call)
    pages = names_on(listed, read.letter.language, read.words, NAMES_A_PAGE)
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
        names=pages[number - 1],
        number=number,
        pages=len(pages),
        here=f"/letters/{slug}/signatories?lang={read.letter.language}&page=",
    )


def names_on(listed: PublicList, language: str, words: Words, first_page: int) -> list[Page]:
    """The list cut into pages of so many names, fewer where they are long; headings are said again on each."""
    return [_page(listed, start, end, language, words) for start, end in _cuts(listed.names, first_page)]


def _cuts(names: tuple[PublicName, ...], most: int) -> Iterator[tuple[int, int]]:
    start = weight = 0
    for at, name in enumerate(names):
        heavy = len(name.line.encode())
        if at - start >= most or (at > start and weight + heavy > HEAVIEST):
            yield start, at
            start, weight = at, 0
        weight += heavy
    if names:
        yield start, len(names)


def _page(listed: PublicList, start: int, end: int, language: str, words: Words) -> Page:
    found: list[Names] = []
    at = start + 1
    for group, names in groupby(listed.names[start:end], key=lambda name: name.group):
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
