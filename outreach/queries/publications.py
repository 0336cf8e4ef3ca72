"""The letter with its list as one value, for every page, file and print of it."""

from collections.abc import Iterable
from itertools import groupby

from sqlmodel import Session, col, func, select

from outreach.config.house import House
from outreach.domain.addressing import Known
from outreach.domain.correspondence import IN_CONFIDENCE
from outreach.domain.counts import Counts
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.editions import Frozen, group_of, is_named
from outreach.domain.errors import Refusal
from outreach.domain.listings import Listing, Order
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState
from outreach.rendering.letters.filling import fill_letter
from outreach.rendering.moments import say_date, say_moment
from outreach.rendering.publication import Group, GroupHeading, ListedName, Publication
from outreach.store.calls import known_to_all
from outreach.store.confidence import in_confidence
from outreach.store.editions import counts_now, counts_of, entries_of, list_now
from outreach.store.tables import Addressee, Call, Edition, Letter, LetterText


def find_edition(session: Session, call: Call, number: int = 0) -> Edition | None:
    """The letter's edition of that number, or the newest; None while nobody has signed off.

    Raises Refusal for a number that there is not.
    """
    statement = select(Edition).where(Edition.letter_id == call.letter_id).order_by(col(Edition.number).desc())
    editions = list(session.exec(statement))
    if not number:
        return editions[0] if editions else None
    for edition in editions:
        if edition.number == number:
            return edition
    numbers = ", ".join(str(one.number) for one in reversed(editions))
    there = f"there are: {numbers}" if numbers else "nobody has signed off a list yet"
    raise Refusal(f"{call.slug} has no edition {number}; {there}.")


def text_of(session: Session, call: Call, language: str, edition: Edition | None = None) -> LetterText:
    """The letter in that language, in the edition's version or else the newest. Refusal names what there is."""
    version = edition.letter_version if edition else call.letter_version
    texts = {
        text.language: text
        for text in session.exec(
            select(LetterText).where(LetterText.letter_id == call.letter_id, LetterText.version == version)
        )
    }
    wanted = language or call.default_language
    if wanted not in texts:
        raise Refusal(
            f"The letter {call.slug} is not written in {wanted!r}; there are: {', '.join(sorted(texts))}."
        )
    return texts[wanted]


def languages_of(session: Session, call: Call, edition: Edition) -> list[str]:
    """The languages in which there is the text that an edition froze; the call's own first."""
    found = session.exec(
        select(LetterText.language).where(
            LetterText.letter_id == call.letter_id, LetterText.version == edition.letter_version
        )
    )
    return sorted(found, key=lambda language: (language != call.default_language, language))


def publication(
    session: Session,
    call: Call,
    *,
    house: House,
    language: str = "",
    edition: Edition | None = None,
    for_addressee: bool = False,
    known: Known | None = None,
) -> Publication:
    """The letter in one language with the list of an edition, or, without one, a draft with the list as it is now.

    ``for_addressee``: with those whom only the official may see. Until the release it says from when it may be
    published. Who is only counted is not in the value at all. ``known`` is what it may say to one official; None:
    what it says to everybody.
    """
    text = text_of(session, call, language, edition)
    entries = entries_of(session, edition) if edition else list_now(session, call)
    listing = Listing.read(edition.listing if edition else call.listing)
    counts = counts_of(session, edition, for_addressee=for_addressee) if edition else counts_now(session, call)
    named = [one for one in entries if is_named(one.visibility, for_addressee=for_addressee)]
    if edition is None and for_addressee:
        counts = _counts(entries, named)
    letter = session.get_one(Letter, call.letter_id)
    known = known or known_to_all(session, call, text.language, house)
    return Publication(
        slug=letter.slug,
        language=text.language,
        title=text.title,
        addressee=text.addressee,
        asks=tuple(text.asks),
        body=fill_letter(text.body, counts, text.language, known),
        organisers=tuple(edition.organisers if edition else call.organisers),
        counts=counts,
        groups=tuple(_groups(named, listing)),
        numbered=listing.numbered,
        affiliations=any(one.affiliated for one in named),
        dated=_dated(session, letter, call, text.language),
        edition=edition.number if edition else 0,
        digest=edition.digest if edition else "",
        url="" if in_confidence(session, call) else f"{house.settings.workspace.base_url}/letters/{call.slug}",
        workspace=house.settings.workspace.name,
        embargo=_embargo(call, text.language),
        unreleased=call.state is not CallState.RELEASED,
        press_contacts=tuple(letter.press_contacts),
    )


def _counts(entries: Iterable[Frozen], named: list[Frozen]) -> Counts:
    kinds = [one.kind for one in entries]
    listed = [one.kind for one in named]
    organisation, individual = SignatureKind
    return Counts(
        organisations=listed.count(organisation),
        individuals=listed.count(individual),
        unnamed_organisations=kinds.count(organisation) - listed.count(organisation),
        unnamed_individuals=kinds.count(individual) - listed.count(individual),
    )


def _dated(session: Session, letter: Letter, call: Call, language: str) -> str:
    """The day of the letter: when it was released, or when it will be, by the clocks of the call.

    One that was in confidence has the day on which it left for the first official, whenever it is published.
    """
    left = select(func.min(Addressee.released_at)).where(Addressee.letter_id == letter.id)
    delivered = session.exec(left).one() if letter.kind in IN_CONFIDENCE else None
    moment = delivered or call.released_at or call.release_at
    zone = parse_wall_clock(call.release or call.deadline).zone
    return say_date(moment, zone, language) if moment else ""


def _embargo(call: Call, language: str) -> str:
    """Until when nothing of it may be published; "" when the letter is out, or nobody knows yet."""
    if call.state is CallState.RELEASED or call.release_at is None:
        return ""
    return say_moment(call.release_at, parse_wall_clock(call.release).zone, language)


def _groups(named: list[Frozen], listing: Listing) -> Iterable[Group]:
    """The names under their headings, numbered through."""
    number = 0
    for (place, country), entries in groupby(named, key=lambda entry: group_of(entry, listing)):
        names = []
        for entry in entries:
            number += 1
            names.append(ListedName(number, entry.line, entry.country, entry.kind))
        heading = _heading(place, country, listing)
        of_one_kind = listing.order is Order.APART and len({one.kind for one in named}) == 1
        yield Group(GroupHeading.NONE if of_one_kind and place else heading, tuple(names), country)


def _heading(place: int, country: str, listing: Listing) -> GroupHeading:
    if place == 0:
        return GroupHeading.INITIATORS
    match listing.order:
        case Order.TOGETHER:
            return GroupHeading.OTHERS if listing.initiators_first else GroupHeading.NONE
        case Order.APART:
            return GroupHeading.ORGANISATIONS if place == 1 else GroupHeading.INDIVIDUALS
        case Order.BY_COUNTRY:
            return GroupHeading.COUNTRY if country else GroupHeading.NO_COUNTRY
