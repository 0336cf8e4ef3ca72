"""Reads everything that is on record of a letter, file by file, for its proof pack."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.ports.press import Press, PrintFormat
from outreach.queries.proof_tables import Scope, scope_of, tables_of
from outreach.queries.publications import languages_of, publication
from outreach.rendering.letters.manuscript import manuscript
from outreach.rendering.letters.sheets import to_csv, to_json
from outreach.rendering.proofs import FOR_ADDRESSEE, LEFT_OUT, ProofFile, json_file, table_file
from outreach.rendering.publication import Publication
from outreach.store.documents import content_of
from outreach.store.tables import (
    AnswerDocument,
    Call,
    Document,
    Edition,
    Letter,
    LetterDocument,
    Post,
)


def proof_files(
    session: Session, letter: Letter, *, press: Press, house: House, public: bool
) -> Iterator[ProofFile]:
    """The files of the letter's proof pack, one after another; the same record gives the same files.

    ``public``: without what names people whom only the addressee may see, and without the files that came from
    others, which may. Nobody who is only counted is named in any that is made here. Raises PressTrouble (a Refusal)
    when an edition cannot be printed.
    """
    scope = scope_of(session, letter)
    yield from _editions(session, scope, press, house, public=public)
    yield from tables_of(session, scope, house, public=public)
    yield from _attachments(session, letter)
    if public:
        yield _left_out(session, scope)
        return
    yield from _as_they_went(session, scope)
    yield from _proofs(session, scope)
    yield from _of_answers(session, scope)


def _editions(session: Session, scope: Scope, press: Press, house: House, *, public: bool) -> Iterator[ProofFile]:
    """The newest edition for the public, and those that went to officials as the addressee has them."""
    newest = scope.editions[-1:] if scope.editions else []
    for edition in newest:
        for shown in _renderings(session, edition, house, for_addressee=False):
            yield from _rendered(shown, "letter/", "the newest edition, as it may be published", press)
    if public:
        return
    went = {delivery.edition_id for delivery in scope.deliveries} | {to.edition_id for to in scope.addressees}
    for edition in scope.editions:
        if edition.id in went or edition in newest:
            for shown in _renderings(session, edition, house, for_addressee=True):
                yield from _rendered(shown, f"{FOR_ADDRESSEE}/", "an edition, for the addressee only", press)


def _renderings(session: Session, edition: Edition, house: House, *, for_addressee: bool) -> Iterator[Publication]:
    call = session.get_one(Call, edition.call_id)
    for language in languages_of(session, call, edition):
        yield publication(
            session, call, house=house, language=language, edition=edition, for_addressee=for_addressee
        )


def _rendered(shown: Publication, folder: str, what: str, press: Press) -> Iterator[ProofFile]:
    start = f"{folder}edition-{shown.edition}-{shown.language}"
    yield ProofFile(
        f"{start}.pdf", f"{what}, in {shown.language}", press.typeset(manuscript(shown), PrintFormat.PDF)
    )
    yield ProofFile(f"{start}.csv", f"{what}: its list", to_csv(shown))
    yield ProofFile(f"{start}.json", f"{what}: text, list and counts", to_json(shown))


def _as_they_went(session: Session, scope: Scope) -> Iterator[ProofFile]:
    """Each official's own letter as it was released, and the official as the letter says it."""
    for to in scope.addressees:
        post = session.get_one(Post, to.post_id).slug
        if to.frozen:
            what = f"the official {post} as the letter says it, frozen at its release"
            yield json_file(f"{FOR_ADDRESSEE}/officials/{post}.json", what, to.frozen)
        if to.document_id:
            what = f"the letter to {post} as it was released"
            yield _document(session, f"{FOR_ADDRESSEE}/officials/{post}", to.document_id, what, suffix_only=True)


def _attachments(session: Session, letter: Letter) -> Iterator[ProofFile]:
    statement = select(LetterDocument.document_id).where(LetterDocument.letter_id == letter.id)
    for number in session.exec(statement.order_by(col(LetterDocument.position), col(LetterDocument.document_id))):
        yield _document(session, "attachments/", number, "went with every copy of the letter")


def _proofs(session: Session, scope: Scope) -> Iterator[ProofFile]:
    for delivery, number in _proving(scope):
        yield _document(session, "proofs/", number, f"proves delivery {delivery} of deliveries.csv")


def _of_answers(session: Session, scope: Scope) -> Iterator[ProofFile]:
    for answer, number in _came_with(session, scope):
        yield _document(session, f"answers/{answer}/", number, f"came with answer {answer} of answers.csv")


def _proving(scope: Scope) -> Iterator[tuple[int, int]]:
    """Each delivery that is proved, and the document that proves it."""
    return ((one.id or 0, one.proof_id) for one in scope.deliveries if one.proof_id)


def _came_with(session: Session, scope: Scope) -> Iterator[tuple[int, int]]:
    """Each answer with each document that came with it."""
    numbers: Sequence[int] = [answer.id or 0 for answer in scope.answers]
    statement = select(AnswerDocument).where(col(AnswerDocument.answer_id).in_(numbers))
    for one in session.exec(statement.order_by(col(AnswerDocument.answer_id), col(AnswerDocument.document_id))):
        yield one.answer_id, one.document_id


def _left_out(session: Session, scope: Scope) -> ProofFile:
    """The files of deliveries and answers by number and digest: a stamped copy or a quotation names all."""
    pairs = [("delivery", *pair) for pair in _proving(scope)]
    pairs += [("answer", *pair) for pair in _came_with(session, scope)]
    rows = [(of, one, number, session.get_one(Document, number).sha256) for of, one, number in pairs]
    what = "the files that prove deliveries or came with answers, and are not in this pack"
    return table_file(LEFT_OUT, what, ("of", "number", "document", "sha256"), rows)


def _document(session: Session, start: str, number: int, what: str, *, suffix_only: bool = False) -> ProofFile:
    """A document under its number and its plain name, or, if that says it, under ``start`` with its ending."""
    document = session.get_one(Document, number)
    name = PurePosixPath(document.name).suffix if suffix_only else f"{number}-{document.name}"
    return ProofFile(f"{start}{name}", what, content_of(session, number))
