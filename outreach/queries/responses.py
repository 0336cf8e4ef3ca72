"""What a response begins with: its letter with the addressee from the record, and those who may approve it."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from outreach.domain.call_files import LetterFile
from outreach.rendering.letters.responses import response_body, response_title
from outreach.store.membership import contact_of, signatories_of
from outreach.store.officials import addressed_on
from outreach.store.rounds import call_of
from outreach.store.tables import Addressee, Answer, Call, Letter, Post, ResponseLetter


def response_draft(session: Session, answer: Answer, language: str, day: date) -> LetterFile:
    """A letter file in that language, to write on: to whoever holds the answer's post on that day."""
    official = addressed_on(session, session.get_one(Post, answer.post_id), language, day)
    parts = (official.form_of_address or official.name, official.title, official.office, official.institution)
    # As the address block has it: an office that the title says already is not said again.
    addressee = ", ".join(dict.fromkeys(part for part in parts if part in official.lines))
    return LetterFile(response_title(language), addressee, (), response_body(language))


@dataclass(frozen=True, slots=True)
class Signatory:
    """An organisation that signed a letter: its signature's number, and whether somebody is known to be asked."""

    signature: int
    name: str
    can_be_asked: bool


def signatories(session: Session, answer: Answer) -> list[Signatory]:
    """The organisations that signed the letter which is answered, by name: who approves a response to it."""
    addressee = session.get(Addressee, answer.addressee_id) if answer.addressee_id else None
    letter = session.get(Letter, addressee.letter_id) if addressee else None
    call = call_of(session, letter) if letter else None
    if letter is None or call is None:
        return []
    found = [
        Signatory(one.id or 0, one.name, contact_of(session, one) is not None)
        for one in signatories_of(session, letter, call)
    ]
    return sorted(found, key=lambda one: one.name.casefold())


def responses_to(session: Session, answer: Answer) -> list[Call]:
    """The responses to an answer, each with the round that approves it."""
    statement = select(Call).join(ResponseLetter, col(ResponseLetter.letter_id) == col(Call.letter_id))
    return list(session.exec(statement.where(ResponseLetter.answer_id == answer.id).order_by(col(Call.id))))
