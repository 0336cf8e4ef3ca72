"""A second person consents to the delivery of a letter."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.store.editions import newest_edition, signed_off_by
from outreach.store.events import record
from outreach.store.tables import Addressee, Letter, Post
from outreach.usecases.authorise import authorised


def authorise_letter(session: Session, letter: Letter, *, now: datetime, by: str) -> None:
    """``by`` consents to the letter's present version going to the officials that it has now.

    Another sign-off, another file, one official more and another holder or address take the consent away. Raises
    Refusal while no list is signed off, for whoever signed it off, and when it was authorised before.
    """
    edition = newest_edition(session, letter.id or 0)
    if edition is None or edition.letter_version != letter.version:
        raise Refusal(
            f"The list of {letter.slug} is not signed off as the letter reads now; "
            f"'outreach letters sign-off {letter.slug}' comes first."
        )
    if signed_off_by(session, letter.id or 0).strip().casefold() == by.strip().casefold():
        raise Refusal(f"{by} signed off the list; the letter is authorised by somebody else (--by NAME).")
    if letter.authorised_version == letter.version:
        raise Refusal(f"The letter {letter.slug} is authorised already, by {letter.authorised_by}.")
    letter.authorised_version, letter.authorised_by, letter.authorised_at = letter.version, by, now
    session.add(letter)
    session.flush()
    record(
        session,
        at=now,
        by=by,
        verb="authorise_letter",
        subject="letter",
        subject_id=letter.id,
        version=letter.version,
        edition=edition.number,
    )


def lapse_consent(session: Session, letter: Letter) -> None:
    """Nobody consents any more: the list, the files or the officials are others than the second person saw."""
    letter.authorised_version, letter.authorised_by, letter.authorised_at = 0, "", None
    session.add(letter)


def lapse_consents(session: Session, post: Post) -> None:
    """The same for every letter that is yet to go to that post: it would reach another person, or another place."""
    to_go = select(Addressee.letter_id).where(Addressee.post_id == post.id, col(Addressee.released_at).is_(None))
    consented = select(Letter).where(col(Letter.id).in_(to_go), Letter.authorised_version != 0)
    for letter in session.exec(consented):
        lapse_consent(session, letter)


def may_deliver(letter: Letter, house: House, *, by: str, authorised_by: str = "") -> str:
    """Who else than ``by`` consents to this version going out: now, or when it was authorised; "" if nobody does.

    Raises Refusal when nobody does and the workspace asks for a second person.
    """
    consented = letter.authorised_version == letter.version
    if consented and letter.authorised_by.strip().casefold() != by.strip().casefold():
        return letter.authorised_by
    authorised(house, by=by, authorised_by=authorised_by)
    return authorised_by.strip()
