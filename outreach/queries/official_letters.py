"""A letter as it is printed for one official: named, addressed, with the passages that concern that State."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.states import CallState
from outreach.queries.letter_addressees import is_not_out
from outreach.queries.publications import publication
from outreach.rendering.letters.references import references_of
from outreach.rendering.moments import say_day
from outreach.rendering.publication import Publication
from outreach.store.editions import is_signed_off, newest_edition
from outreach.store.letters_to_officials import ToOfficial, letters_to_officials
from outreach.store.rounds import call_of
from outreach.store.tables import Addressee, Call, Edition, Letter, Post


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A letter whose list is signed off, and the round in which it was signed."""

    letter: Letter
    call: Call
    edition: Edition


def round_of(session: Session, letter: Letter) -> Call:
    """The round in which the letter is signed. Raises Refusal when it has none."""
    call = call_of(session, letter)
    if call is None:
        raise Refusal(f"The letter {letter.slug} has no round in which it could be signed.")
    return call


def deliverable(session: Session, letter: Letter) -> Deliverable:
    """The letter with its newest edition. Raises Refusal until its list is signed off as it reads now."""
    call = round_of(session, letter)
    edition = newest_edition(session, letter.id or 0)
    if call.state not in (CallState.CLOSED, CallState.RELEASED):
        raise Refusal(
            f"{letter.slug} is {call.state.value}: a letter goes to officials when signing has ended and its list "
            "is signed off."
        )
    if edition is None or not is_signed_off(session, call):
        raise Refusal(
            f"The list of {letter.slug} is not signed off: 'outreach letters sign-off {letter.slug}' comes first."
        )
    return Deliverable(letter, call, edition)


def letters_as_they_are(
    session: Session, letter: Letter, call: Call, posts: Collection[str], *, day: date, house: House
) -> list[ToOfficial]:
    """The letter to these officials: as it went to those who have it, to the others as it would read on that day.

    What came back is addressed anew.
    """
    if not posts:
        return []
    edition = newest_edition(session, letter.id or 0)
    again = set(
        session.exec(
            select(Post.slug)
            .join(Addressee, col(Addressee.post_id) == col(Post.id))
            .where(Addressee.letter_id == letter.id, is_not_out(), col(Post.slug).in_(posts))
        )
    )
    found = []
    for some, anew in ((again, True), (set(posts) - again, False)):
        if some:
            found += letters_to_officials(
                session, letter, call, edition, day=day, posts=some, house=house, anew=anew
            )
    return sorted(found, key=lambda one: one.post)


def for_official(
    session: Session, call: Call, edition: Edition | None, to: ToOfficial, *, day: date, house: House
) -> Publication:
    """The letter to one official, with those whom only the addressee may see; without an edition a draft of it."""
    general = publication(
        session, call, house=house, language=to.text.language, edition=edition, for_addressee=True, known=to.known
    )
    workspace = house.settings.workspace
    language = to.text.language
    return replace(
        general,
        addressed=to.official,
        references=references_of(to.known, language),
        our_reference=f"{general.slug}/{to.post}",
        date_line=say_day(day, language),
        letterhead=tuple(filter(None, (workspace.name, workspace.postal_address, house.settings.sender.address))),
        copies=to.official.copies_to,
        fold_marks=house.settings.correspondence.fold_marks,
        dated="",
        embargo="",
        unreleased=False,
    )
