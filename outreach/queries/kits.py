"""The announcement kit of a signatory: a post in its own name, in every language in which there is one."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.signatures import Visibility
from outreach.queries.publications import find_edition, languages_of, publication
from outreach.rendering.announcements import Announcement, announcement, announcement_values, kit_archive
from outreach.store.confidence import in_confidence
from outreach.store.editions import is_signed_off
from outreach.store.signing import counted_as
from outreach.store.tables import Call, Edition, EditionEntry, Signature


@dataclass(frozen=True, slots=True)
class Kit:
    """The posts of one signatory, and all of them as a zip file; ``name`` is the file's, with nobody in it."""

    posts: tuple[Announcement, ...]
    archive: bytes
    name: str


def announced(session: Session, call: Call) -> Edition:
    """The edition from which kits take their figures. Raises Refusal while nobody may announce the letter."""
    if in_confidence(session, call):
        raise Refusal(f"{call.slug} is in confidence: nobody announces it before it is published.")
    edition = find_edition(session, call)
    if edition is None or not is_signed_off(session, call):
        raise Refusal(
            f"The kit of {call.slug} is ready when its list is signed off: its figures are taken from it."
        )
    if call.released_at is None and call.release_at is None:
        raise Refusal(f"{call.slug} has no time of release, so a post could not say when it may be published.")
    return edition


def kit_of(session: Session, signature: Signature, house: House) -> Kit:
    """The kit of a signatory who is named in public; a colleague's whose entry was merged is the organisation's.

    It says until when it must not be published. Raises Refusal before the list is signed off, while a letter has no
    time of release and is not out or is in confidence, and for whoever is not named: there is nothing to announce.
    """
    call = session.get_one(Call, signature.call_id)
    edition = announced(session, call)
    name = _named_as(session, edition, counted_as(session, signature))
    if not name:
        raise Refusal(f"Signature {signature.id} is not named in the list; there is no post in its name.")
    posts = tuple(_posts(session, call, edition, name, house))
    if not posts:
        raise Refusal(f"There is no announcement text in any language of {call.slug} (templates/announcement).")
    return Kit(posts, kit_archive(call.slug, posts), f"{call.slug}-{signature.id}.zip")


def _named_as(session: Session, edition: Edition, signature: Signature) -> str:
    """How the edition names a signatory, without what is printed after the name; "" if it does not."""
    line = session.exec(
        select(EditionEntry.line).where(
            EditionEntry.edition_id == edition.id,
            EditionEntry.signature_id == signature.id,
            EditionEntry.visibility == Visibility.PUBLIC,
        )
    ).first()
    return signature.name if line and line.startswith(signature.name) else line or ""


def _posts(session: Session, call: Call, edition: Edition, name: str, house: House) -> Iterator[Announcement]:
    for language in languages_of(session, call, edition):
        source = house.announcements.get(language)
        if source is not None:
            shown = publication(session, call, house=house, language=language, edition=edition)
            yield announcement(source, announcement_values(shown, name, release=shown.dated), language)


def announcing(session: Session, call: Call) -> list[Signature]:
    """Everybody whom the newest edition names in public, and who so may announce the letter, in its order."""
    edition = find_edition(session, call)
    statement = (
        select(Signature)
        .join(EditionEntry, col(EditionEntry.signature_id) == col(Signature.id))
        .where(
            EditionEntry.edition_id == (edition.id if edition else None),
            EditionEntry.visibility == Visibility.PUBLIC,
        )
        .order_by(col(EditionEntry.position))
    )
    return list(session.exec(statement))


def named_in(session: Session, edition: Edition, words: str, *, limit: int) -> list[tuple[int, str]]:
    """Whom the edition names in public, in lines that hold the words: signature and line, in its order."""
    statement = (
        select(EditionEntry.signature_id, EditionEntry.line)
        .where(EditionEntry.edition_id == edition.id, EditionEntry.visibility == Visibility.PUBLIC)
        .where(col(EditionEntry.line) != "")
        .order_by(col(EditionEntry.position))
        .limit(limit)
    )
    for word in words.split():
        statement = statement.where(col(EditionEntry.line).icontains(word, autoescape=True))
    return [(number, line) for number, line in session.exec(statement)]
