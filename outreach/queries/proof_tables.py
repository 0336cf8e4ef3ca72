"""Reads the tables of a letter's proof pack: editions, officials, deliveries and receipts, answers, the log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.queries.proof_approvals import approvals
from outreach.rendering.composing import message_id
from outreach.rendering.proofs import ProofFile, table_file
from outreach.store.editions import counts_of, is_unchanged
from outreach.store.tables import (
    Addressee,
    Answer,
    Attempt,
    Bounce,
    Call,
    Delivery,
    Document,
    Edition,
    Event,
    Letter,
    Message,
    Post,
)

OWN_VERB = "pack_proof"
"""That a pack was made does not stand in it: the next one would differ from it by nothing else."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What belongs to a letter."""

    letter: Letter
    calls: Sequence[Call]
    editions: Sequence[Edition]
    addressees: Sequence[Addressee]
    deliveries: Sequence[Delivery]
    answers: Sequence[Answer]
    posts: dict[int, str]
    """The posts' names by their number."""


def scope_of(session: Session, letter: Letter) -> Scope:
    """Everything of the letter, each in its order."""

    def rows(table: Any, *where: Any) -> Sequence[Any]:
        return session.exec(select(table).where(*where).order_by(table.id)).all()

    addressees = rows(Addressee, Addressee.letter_id == letter.id)
    numbers = [one.id for one in addressees]
    posts = select(Post).where(col(Post.id).in_([one.post_id for one in addressees]))
    return Scope(
        letter=letter,
        calls=rows(Call, Call.letter_id == letter.id),
        editions=rows(Edition, Edition.letter_id == letter.id),
        addressees=addressees,
        deliveries=rows(Delivery, col(Delivery.addressee_id).in_(numbers)),
        answers=rows(Answer, col(Answer.addressee_id).in_(numbers)),
        posts={post.id or 0: post.slug for post in session.exec(posts)},
    )


def tables_of(session: Session, scope: Scope, house: House, *, public: bool) -> Iterator[ProofFile]:
    """The tables, one after another; ``public``: without what organisations said of a draft, and words of mails."""
    yield _editions(session, scope, house)
    yield _officials(session, scope)
    yield _deliveries(session, scope, house)
    yield from _receipts(session, scope)
    yield _answers(scope, public=public)
    if not public:
        yield from approvals(session, scope.calls)
    yield _log(session, scope)


def _editions(session: Session, scope: Scope, house: House) -> ProofFile:
    header = ("edition", "version", "signed_off_at", "by", "reason", "named", "not_named", "sha256", "unchanged")
    rows = []
    for one in scope.editions:
        counts = counts_of(session, one)
        signed_off = (one.number, one.letter_version, one.at, one.by, one.reason, counts.named, counts.unnamed)
        rows.append((*signed_off, one.digest, is_unchanged(session, one, house.salt)))
    return table_file("editions.csv", "the editions of the letter with their digests", header, rows)


def _officials(session: Session, scope: Scope) -> ProofFile:
    header = [
        "post",
        "name",
        "title",
        "office",
        "institution",
        "state",
        "language",
        "stands",
        "released_at",
        "edition",
        "letter_sha256",
        "sent_at",
        "delivered_at",
        "acknowledged_at",
        "answered_at",
        "closed_at",
        "reason",
        "reference",
        "due_on",
    ]
    editions = {one.id: one.number for one in scope.editions}
    digests = _digests(session, [to.document_id for to in scope.addressees])
    rows = [
        (
            scope.posts[to.post_id],
            *(to.frozen.get(key, "") for key in ("name", "title", "office", "institution", "state")),
            to.language,
            to.state.value,
            to.released_at,
            editions.get(to.edition_id),
            digests.get(to.document_id),
            to.sent_at,
            to.delivered_at,
            to.acknowledged_at,
            to.answered_at,
            to.closed_at,
            to.reason,
            to.reference,
            to.due_on,
        )
        for to in scope.addressees
    ]
    return table_file("officials.csv", "to whom the letter is addressed, and how far it has come", header, rows)


def _digests(session: Session, numbers: Sequence[int | None]) -> dict[int | None, str]:
    found = select(Document).where(col(Document.id).in_({number for number in numbers if number}))
    return {one.id: one.sha256 for one in session.exec(found)}


def _deliveries(session: Session, scope: Scope, house: House) -> ProofFile:
    header = [
        "delivery",
        "post",
        "kind",
        "way",
        "copy_to",
        "edition",
        "on",
        "noted_at",
        "by",
        "note",
        "failed_at",
        "failure",
        "message",
        "message_id",
        "address",
        "message_state",
        "sent_at",
        "server_said",
        "letter_sha256",
        "proof_sha256",
    ]
    editions = {one.id: one.number for one in scope.editions}
    to_post = {to.id: scope.posts[to.post_id] for to in scope.addressees}
    digests = _digests(session, [number for one in scope.deliveries for number in (one.document_id, one.proof_id)])
    messages = _messages(session, scope)
    rows = []
    for one in scope.deliveries:
        mail = messages.get(one.message_id)
        rows.append(
            (
                one.id,
                to_post[one.addressee_id],
                one.kind.value,
                one.way.value,
                one.copy_to,
                editions.get(one.edition_id),
                one.on,
                one.at,
                one.by,
                one.note,
                one.failed_at,
                one.failure,
                one.message_id,
                message_id(mail.id or 0, house) if mail else "",
                mail.address if mail else "",
                mail.state.value if mail else "",
                mail.sent_at if mail else None,
                mail.detail if mail else "",
                digests.get(one.document_id),
                digests.get(one.proof_id),
            )
        )
    return table_file("deliveries.csv", "each time something was brought to an official", header, rows)


def _messages(session: Session, scope: Scope) -> dict[int | None, Message]:
    numbers = [one.message_id for one in scope.deliveries if one.message_id]
    return {one.id: one for one in session.exec(select(Message).where(col(Message.id).in_(numbers)))}


def _receipts(session: Session, scope: Scope) -> Iterator[ProofFile]:
    """What mail servers said of the deliveries, at once and later."""
    numbers = [one.message_id for one in scope.deliveries if one.message_id]
    attempts = session.exec(select(Attempt).where(col(Attempt.message_id).in_(numbers)).order_by(col(Attempt.id)))
    yield table_file(
        "attempts.csv",
        "what the mail server said to each attempt at a delivery",
        ("message", "at", "state", "reason", "server_said"),
        [(one.message_id, one.at, one.state.value, one.reason, one.detail) for one in attempts],
    )
    bounces = session.exec(select(Bounce).where(col(Bounce.message_id).in_(numbers)).order_by(col(Bounce.id)))
    yield table_file(
        "bounces.csv",
        "deliveries that came back, or were late",
        ("message", "at", "status", "reason", "server_said"),
        [(one.message_id, one.at, one.status, one.reason.value, one.diagnostic) for one in bounces],
    )


def _answers(scope: Scope, *, public: bool) -> ProofFile:
    header = [
        "answer",
        "post",
        "kind",
        "way",
        "dated",
        "received_on",
        "sender",
        "subject",
        "reference",
        "summary",
        "reply",
        "logged_by",
        "logged_at",
    ]
    to_post = {to.id: scope.posts[to.post_id] for to in scope.addressees}
    rows = [
        (
            one.id,
            to_post[one.addressee_id],
            one.kind.value,
            one.way.value,
            one.dated,
            one.received_on,
            one.sender,
            one.subject,
            one.reference,
            # What a mail said may be the letter that it quotes, with names that only its addressee may see.
            "" if public and one.reply_id else one.summary,
            one.reply_id,
            one.by,
            one.at,
        )
        for one in scope.answers
    ]
    return table_file("answers.csv", "what the offices wrote back", header, rows)


def _log(session: Session, scope: Scope) -> ProofFile:
    """Who did what to the letter, its calls, editions, addressees and answers, those withdrawn among them."""
    ours = {
        "letter": {scope.letter.id},
        "call": {call.id for call in scope.calls},
        "edition": {edition.id for edition in scope.editions},
        "addressee": {to.id for to in scope.addressees},
        "answer": {answer.id for answer in scope.answers},
    }
    found = session.exec(
        select(Event).where(col(Event.subject).in_(ours), Event.verb != OWN_VERB).order_by(col(Event.id))
    )
    rows = [
        (one.at, one.by, one.verb, one.subject, one.subject_id, one.facts)
        for one in found
        if one.subject_id in ours[one.subject] or _about(one, ours["addressee"])
    ]
    header = ("at", "by", "verb", "subject", "number", "facts")
    return table_file("log.csv", "who did what, when", header, rows)


def _about(event: Event, addressees: set[int | None]) -> bool:
    """Whether an answer that is no longer there was one to this letter."""
    facts = event.facts
    return event.subject == "answer" and bool({facts.get("addressee"), facts.get("before")} & (addressees - {None}))
