"""A letter is addressed to officials: one row for each, which follows it until it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from outreach.domain.errors import Refusal
from outreach.store.addressees import find_addressee
from outreach.store.events import record
from outreach.store.tables import Addressee, Letter, Post
from outreach.usecases.authorise_letter import lapse_consent


@dataclass(frozen=True, slots=True)
class NowAddressed:
    """How many officials were added, and how many of those named were there before."""

    added: int
    there: int


def address_letter(
    session: Session, letter: Letter, posts: Sequence[Post], *, now: datetime, by: str
) -> NowAddressed:
    """Address the letter to these posts; one that is there already stays as it is.

    Raises Refusal for a post that exists no more.
    """
    closed = [post.slug for post in posts if post.closed_at is not None]
    if closed:
        raise Refusal(f"These posts exist no more: {', '.join(closed)}.")
    known = set(session.exec(select(Addressee.post_id).where(Addressee.letter_id == letter.id)))
    new = [post for post in posts if post.id not in known]
    session.add_all(
        Addressee(letter_id=letter.id or 0, post_id=post.id or 0, added_by=by, added_at=now) for post in new
    )
    session.flush()
    if new:
        lapse_consent(session, letter)
        record(
            session,
            at=now,
            by=by,
            verb="address_letter",
            subject="letter",
            subject_id=letter.id,
            posts=[post.id for post in new],
        )
    return NowAddressed(len(new), len(posts) - len(new))


def take_off_letter(session: Session, letter: Letter, post: Post, *, now: datetime, by: str) -> None:
    """The letter is not for this official after all. Raises Refusal once it has been released to that one."""
    addressee = find_addressee(session, letter, post)
    if addressee.released_at is not None:
        raise Refusal(
            f"The letter {letter.slug} was released to {post.slug} on {addressee.released_at:%Y-%m-%d}; what was "
            f"delivered stays on record ('outreach correspondence close {letter.slug} {post.slug}' ends it)."
        )
    session.delete(addressee)
    session.flush()
    record(
        session,
        at=now,
        by=by,
        verb="take_off_letter",
        subject="letter",
        subject_id=letter.id,
        posts=[post.id],
    )
