"""The announcement kit of a signatory: a post in its own name, in every language in which there is one."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.signatures import Visibility
from outreach.domain.states import SignatureState
from outreach.queries.publications import find_edition, publication
from outreach.rendering.announcements import Announcement, announcement, announcement_values, kit_archive
from outreach.store.calls import letter_texts
from outreach.store.editions import is_signed_off
from outreach.store.tables import Call, Signature


@dataclass(frozen=True, slots=True)
class Kit:
    """The posts of one signatory, and all of them as a zip file; ``name`` is the file's, with nobody in it."""

    posts: tuple[Announcement, ...]
    archive: bytes
    name: str


def kit_of(session: Session, signature: Signature, house: House) -> Kit:
    """The kit of a signatory who is named in public.

    It says until when it must not be published. Raises Refusal before the list is signed off, while a letter has no
    time of release and is not out, and for whoever is not named: there is nothing to announce.
    """
    call = session.get_one(Call, signature.call_id)
    if signature.state is not SignatureState.CONFIRMED or signature.visibility is not Visibility.PUBLIC:
        raise Refusal(f"Signature {signature.id} is not named in the list; there is no post in its name.")
    if not is_signed_off(session, call):
        raise Refusal(
            f"The kit of {call.slug} is ready when its list is signed off: its figures are taken from it."
        )
    if call.released_at is None and call.release_at is None:
        raise Refusal(f"{call.slug} has no time of release, so a post could not say when it may be published.")
    posts = tuple(_posts(session, call, signature, house))
    if not posts:
        raise Refusal(f"There is no announcement text in any language of {call.slug} (templates/announcement).")
    return Kit(posts, kit_archive(call.slug, posts), f"{call.slug}-{signature.id}.zip")


def _posts(session: Session, call: Call, signature: Signature, house: House) -> Iterator[Announcement]:
    edition = find_edition(session, call)
    for text in letter_texts(session, call):
        source = house.announcements.get(text.language)
        if source is not None:
            shown = publication(session, call, house=house, language=text.language, edition=edition)
            yield announcement(
                source, announcement_values(shown, signature.name, release=shown.dated), text.language
            )


def announcing(session: Session, call: Call) -> list[Signature]:
    """Everybody who is named in public, and so may announce the letter."""
    statement = (
        select(Signature)
        .where(
            Signature.letter_id == call.letter_id,
            Signature.state == SignatureState.CONFIRMED,
            Signature.visibility == Visibility.PUBLIC,
        )
        .order_by(col(Signature.id))
    )
    return list(session.exec(statement))
