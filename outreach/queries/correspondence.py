"""Reads the exchange with officials: every letter out and in, by date, across calls."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.correspondence import DeliveryKind, LetterKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials.address_blocks import has_words
from outreach.store.addressees import day_of
from outreach.store.of_calls import addressed_in, letter_of_calls
from outreach.store.officials import find_post, known_state
from outreach.store.tables import (
    Addressee,
    Answer,
    AnswerDocument,
    Delivery,
    Document,
    Edition,
    Letter,
    Message,
    Post,
)

OUT, IN = "out", "in"
RELEASED = "released"
"""What was printed for an official, and is not on record as delivered."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A file: its number, its name, its size in octets, and what it is (the letter, a proof, or "")."""

    id: int
    name: str
    size: int
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLine:
    """One letter out or in.

    ``on`` is the day on which it went, or came; ``dated`` the day on a letter that came. ``what`` is "private
    letter", "copy", "enquiry", "answer" ..., ``letter`` the slug of the letter that went or is answered, "" while
    nobody knows. ``who`` is to whom it went, or who signed it. ``state`` says what is to be known of a delivery
    that is not simply done: queued, failed, released. ``answer`` is the number of an answer, 0 for what went out.
    """

    on: date
    direction: str
    what: str
    post: str
    letter: str
    way: str
    who: str = ""
    dated: date | None = None
    edition: int = 0
    reference: str = ""
    subject: str = ""
    text: str = ""
    state: str = ""
    by: str = ""
    answer: int = 0
    documents: tuple[DocumentLine, ...] = ()


def posts_meant(
    session: Session, slug: str = "", *, states: Sequence[str] = (), institutions: Sequence[str] = ()
) -> list[Post]:
    """The posts that somebody asks about, closed ones among them.

    A State is a code or a name, an institution its name or some words of it one after another. Raises InvalidInput
    for a State that is not known, and Refusal when there is no such post.
    """
    if slug:
        return [find_post(session, slug)]
    if not (states or institutions):
        raise InvalidInput("Say whose: name the post, or a State (--state), or an institution (--institution).")
    statement = select(Post).order_by(Post.slug)
    if states:
        statement = statement.where(col(Post.state).in_([known_state(state) for state in states]))
    found = [
        post
        for post in session.exec(statement)
        if not institutions or any(has_words(post.institution_key, words) for words in institutions)
    ]
    if not found:
        raise Refusal("There is no such post; 'outreach officials list' shows all there are.")
    return found


def thread(
    session: Session, posts: Sequence[Post], house: House, *, calls: Collection[int] | None = None
) -> list[ThreadLine]:
    """Every letter to and from these posts, the oldest first; what went out on a day before what came in on it.

    A response, which answers what came, stands after it. ``calls``: only of their letters; None: of all, and what
    answers a letter that nobody knows.
    """
    slugs = {post.id or 0: post.slug for post in posts}
    lines = [
        *_went(session, slugs, house, calls),
        *_released(session, slugs, house, calls),
        *_came(session, slugs, calls),
    ]
    return [line for _, line in sorted(lines, key=lambda one: one[0])]


_Placed = tuple[tuple[date, bool, int, int], ThreadLine]
"""A line with its place: its day, whether it came in or answers that, of which table it is, its number there."""


def _went(
    session: Session, slugs: dict[int, str], house: House, calls: Collection[int] | None
) -> Iterator[_Placed]:
    statement = (
        sa.select(Delivery, Addressee, Letter, col(Edition.number), Message)
        .join(Addressee, col(Addressee.id) == col(Delivery.addressee_id))
        .join(Letter, col(Letter.id) == col(Addressee.letter_id))
        .outerjoin(Edition, col(Edition.id) == col(Delivery.edition_id))
        .outerjoin(Message, col(Message.id) == col(Delivery.message_id))
        .where(col(Addressee.post_id).in_(slugs), letter_of_calls(Addressee.letter_id, calls))
    )
    rows = session.execute(statement).all()
    files = _documents(session, [number for row in rows for number in (row[0].document_id, row[0].proof_id)])
    for delivery, addressee, letter, edition, message in rows:
        on = delivery.on or day_of(message.sent_at if message and message.sent_at else delivery.at, house)
        is_letter = delivery.kind is DeliveryKind.LETTER
        line = ThreadLine(
            on=on,
            direction=OUT,
            what=f"{letter.kind.value} letter" if is_letter else delivery.kind.value,
            post=slugs[addressee.post_id],
            letter=letter.slug,
            way=delivery.way.value,
            who=delivery.copy_to or addressee.frozen.get("form_of_address") or addressee.frozen.get("name", ""),
            edition=edition or 0,
            text=" ".join(filter(None, (delivery.note, delivery.failure))),
            state=_state(delivery, message),
            by=delivery.by,
            documents=tuple(
                DocumentLine(files[number].id or 0, files[number].name, files[number].size, role)
                for number, role in ((delivery.document_id, "letter"), (delivery.proof_id, "proof"))
                if number
            ),
        )
        yield (on, letter.kind is LetterKind.RESPONSE, 1, delivery.id), line


def _state(delivery: Delivery, message: Message | None) -> str:
    if delivery.failed_at is not None:
        return "failed"
    return message.state.value if message is not None and delivery.on is None else ""


def _released(
    session: Session, slugs: dict[int, str], house: House, calls: Collection[int] | None
) -> Iterator[_Placed]:
    """Letters that were printed for an official; nobody has noted yet that they were brought there."""
    brought = (
        select(Delivery.id)
        .where(Delivery.addressee_id == Addressee.id, Delivery.kind == DeliveryKind.LETTER)
        .exists()
    )
    statement = (
        sa.select(Addressee, Letter, col(Edition.number))
        .join(Letter, col(Letter.id) == col(Addressee.letter_id))
        .outerjoin(Edition, col(Edition.id) == col(Addressee.edition_id))
        .where(col(Addressee.post_id).in_(slugs), letter_of_calls(Addressee.letter_id, calls))
        .where(col(Addressee.released_at).is_not(None), ~brought)
    )
    rows = session.execute(statement).all()
    files = _documents(session, [row[0].document_id for row in rows])
    for addressee, letter, edition in rows:
        on = day_of(addressee.released_at, house)
        file = files.get(addressee.document_id)
        line = ThreadLine(
            on=on,
            direction=OUT,
            what=f"{letter.kind.value} letter",
            post=slugs[addressee.post_id],
            letter=letter.slug,
            way="",
            who=addressee.frozen.get("form_of_address") or addressee.frozen.get("name", ""),
            edition=edition or 0,
            state=RELEASED,
            documents=(DocumentLine(file.id or 0, file.name, file.size, "letter"),) if file else (),
        )
        response = letter.kind is LetterKind.RESPONSE
        yield (on, response, 2 if response else 0, addressee.id), line


def _came(session: Session, slugs: dict[int, str], calls: Collection[int] | None) -> Iterator[_Placed]:
    statement = (
        sa.select(Answer, col(Letter.slug))
        .outerjoin(Addressee, col(Addressee.id) == col(Answer.addressee_id))
        .outerjoin(Letter, col(Letter.id) == col(Addressee.letter_id))
        .where(col(Answer.post_id).in_(slugs), addressed_in(Answer.addressee_id, calls))
    )
    rows = session.execute(statement).all()
    files = _of_answers(session, [row[0].id for row in rows])
    for answer, letter in rows:
        yield (
            (answer.received_on, True, 0, answer.id),
            answer_line(answer, slugs[answer.post_id], letter or "", files.get(answer.id, ())),
        )


def answer_line(answer: Answer, post: str, letter: str, documents: tuple[DocumentLine, ...]) -> ThreadLine:
    """An answer as its line in the thread."""
    return ThreadLine(
        on=answer.received_on,
        direction=IN,
        what=answer.kind.value,
        post=post,
        letter=letter,
        way=answer.way.value,
        who=answer.sender,
        dated=answer.dated,
        reference=answer.reference,
        subject=answer.subject,
        text=answer.summary,
        by=answer.by,
        answer=answer.id or 0,
        documents=documents,
    )


def one_answer(session: Session, answer: Answer) -> ThreadLine:
    """One answer as its line in the thread."""
    post = session.get_one(Post, answer.post_id)
    addressee = session.get(Addressee, answer.addressee_id) if answer.addressee_id else None
    letter = session.get_one(Letter, addressee.letter_id).slug if addressee else ""
    number = answer.id or 0
    return answer_line(answer, post.slug, letter, _of_answers(session, [number]).get(number, ()))


def _documents(session: Session, numbers: Sequence[int | None]) -> dict[int | None, Document]:
    wanted = {number for number in numbers if number}
    return {one.id: one for one in session.exec(select(Document).where(col(Document.id).in_(wanted)))}


def _of_answers(session: Session, numbers: Sequence[int]) -> dict[int, tuple[DocumentLine, ...]]:
    found = session.execute(
        sa.select(col(AnswerDocument.answer_id), Document)
        .join(Document, col(Document.id) == col(AnswerDocument.document_id))
        .where(col(AnswerDocument.answer_id).in_(numbers))
        .order_by(col(Document.id))
    )
    files: dict[int, tuple[DocumentLine, ...]] = {}
    for number, document in found:
        files[number] = (
            *files.get(number, ()),
            DocumentLine(document.id or 0, document.name, document.size),
        )
    return files


def as_data(lines: Sequence[ThreadLine]) -> list[dict[str, Any]]:
    """The lines for programs."""
    return [asdict(line) for line in lines]
