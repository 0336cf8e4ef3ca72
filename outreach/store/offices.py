"""Finds which official's office a mail is from: by our mail that it answers, or by its sender's address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.addresses import SHARED_DOMAINS, digest_or_nothing, domain_or_nothing, same_house
from outreach.domain.correspondence import DeliveryKind
from outreach.domain.kinds import TO_OFFICIALS, MessageKind
from outreach.store.addressees import WAITING
from outreach.store.tables import Addressee, Answer, Call, Contact, Delivery, Letter, Message, Post, Reply

MOST_GUESSES = 5


@dataclass(frozen=True, slots=True)
class Office:
    """A post, and the letter to it that a mail is about, if that is known.

    ``copied``: our mail was a copy of the letter, which others than the office read.
    """

    post_id: int
    addressee_id: int | None = None
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """The address is an office's, but it does not say which letter the mail is about, or it is a contact's too."""


def office_of(session: Session, message: Message | None) -> Office | None:
    """Whose office our mail was for; None if it was for no official.

    What staff answered to an official by hand belongs to the same exchange.
    """
    if message is None:
        return None
    if message.kind in TO_OFFICIALS:
        row = session.execute(
            sa.select(col(Addressee.post_id), col(Addressee.id), col(Delivery.kind))
            .join(Delivery, col(Delivery.addressee_id) == col(Addressee.id))
            .where(col(Delivery.message_id) == message.id)
        ).first()
        return Office(row[0], row[1], row[2] is DeliveryKind.COPY) if row else None
    answered = _answered(session, message)
    if answered is None or answered.post_id is None:
        return None
    on_record = select(Answer.addressee_id).where(Answer.reply_id == answered.id)
    return Office(answered.post_id, session.exec(on_record).first())


def _answered(session: Session, message: Message) -> Reply | None:
    """The reply that a mail of staff answers."""
    word, _, rest = (message.occurrence or "").partition(":")
    number = rest.partition(":")[0]
    is_answer = message.kind is MessageKind.ANSWER and word == "answer" and number.isdigit()
    return session.get(Reply, int(number)) if is_answer else None


def office_at(session: Session, digest: str, *, written_at: datetime, salt: bytes) -> Office | Several | None:
    """The office whose address it is, if one letter is out to it; None if it is no office's address.

    Out is what was released by then, not in a rehearsal, and waits for the office.
    """
    posts = _posts_at(session, digest, salt)
    if not posts:
        return None
    if session.exec(select(Contact.id).where(Contact.address_digest == digest)).first():
        return Several()
    out = letters_out(session, posts, by=written_at)
    return Office(out[0].post_id, out[0].id) if len(out) == 1 else Several()


def letters_out(session: Session, posts: set[int], *, by: datetime) -> list[Addressee]:
    """The letters to these posts that were released by then and wait for an answer."""
    rehearsed = sa.exists().where(col(Call.letter_id) == col(Addressee.letter_id), col(Call.rehearsal).is_(True))
    statement = select(Addressee).where(
        col(Addressee.post_id).in_(posts),
        col(Addressee.state).in_(WAITING),
        col(Addressee.released_at) <= by,
        ~rehearsed,
    )
    return list(session.exec(statement))


def is_an_offices(session: Session, digest: str, salt: bytes) -> bool:
    """Whether officials are written to at the address."""
    return bool(_posts_at(session, digest, salt))


def is_of_the_office(session: Session, post: Post, reply: Reply, salt: bytes) -> bool:
    """Whether a mail bears an address at which this very office is, or one of a colleague there.

    Whoever merely gets copies, or is at the same domain, may be a contact of ours, and is then no office.
    """
    digest = reply.sender_digest
    if not digest:
        return False
    if digest == post.address_digest or digest in _written_to(session, post):
        return True
    if session.exec(select(Contact.id).where(Contact.address_digest == digest)).first():
        return False
    if digest in (digest_or_nothing(one, salt) for one in post.copies_to):
        return True
    return same_house(domain_or_nothing(reply.sender_address), domain_or_nothing(post.address))


def _written_to(session: Session, post: Post) -> set[str]:
    """The addresses at which letters and enquiries to this post were taken to be its own; copies prove nothing."""
    statement = (
        sa.select(col(Message.address_digest))
        .join(Delivery, col(Delivery.message_id) == col(Message.id))
        .join(Addressee, col(Addressee.id) == col(Delivery.addressee_id))
        .where(col(Addressee.post_id) == post.id, col(Delivery.kind) != DeliveryKind.COPY)
    )
    return set(session.execute(statement).scalars())


def _posts_at(session: Session, digest: str, salt: bytes) -> set[int]:
    """The posts that are written to at this address, or that have copies there, or had when a letter left."""
    own = session.exec(select(Post.id).where(Post.address_digest == digest)).all()
    written_to = session.execute(
        sa.select(col(Addressee.post_id))
        .join(Delivery, col(Delivery.addressee_id) == col(Addressee.id))
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .where(col(Message.address_digest) == digest)
    ).scalars()
    copied = (
        post.id
        for post in _open_posts(session)
        if digest in (digest_or_nothing(one, salt) for one in post.copies_to)
    )
    return {found for found in (*own, *written_to, *copied) if found is not None}


def _open_posts(session: Session) -> list[Post]:
    return list(session.exec(select(Post).where(col(Post.closed_at).is_(None)).order_by(Post.slug)))


def guess_offices(session: Session, address: str, digest: str, salt: bytes) -> list[str]:
    """Which offices a mail that nothing places may be from, and to which letters, as sentences without names."""
    return list(_guesses(session, address, _posts_at(session, digest, salt) if digest else set()))[:MOST_GUESSES]


def _guesses(session: Session, address: str, at_address: set[int]) -> Iterator[str]:
    domain = address.rpartition("@")[2].lower()
    for post in _open_posts(session):
        if post.id in at_address:
            yield f"It may be from {post.slug}, whose address it is{_letters(session, post)}."
        elif domain and domain not in SHARED_DOMAINS and post.address.rpartition("@")[2].lower() == domain:
            yield f"It may be from {post.slug}: its address is at the same domain{_letters(session, post)}."


def _letters(session: Session, post: Post) -> str:
    statement = (
        select(Letter.slug)
        .join(Addressee, col(Addressee.letter_id) == col(Letter.id))
        .where(Addressee.post_id == post.id, col(Addressee.state).in_(WAITING))
        .order_by(Letter.slug)
    )
    slugs = session.exec(statement).all()
    return f" (letters out: {', '.join(slugs)})" if slugs else ""
