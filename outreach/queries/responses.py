"""The beginning of a response letter, with its addressee from the record."""

from datetime import date

from sqlmodel import Session

from outreach.domain.call_files import LetterFile
from outreach.rendering.letters.responses import response_body, response_title
from outreach.store.officials import addressed_on
from outreach.store.tables import Answer, Post


def response_draft(session: Session, answer: Answer, language: str, day: date) -> LetterFile:
    """A letter file in that language, to write on: to whoever holds the answer's post on that day."""
    official = addressed_on(session, session.get_one(Post, answer.post_id), language, day)
    parts = (official.form_of_address or official.name, official.title, official.office, official.institution)
    # As the address block has it: an office that the title says already is not said again.
    addressee = ", ".join(dict.fromkeys(part for part in parts if part in official.lines))
    return LetterFile(response_title(language), addressee, (), response_body(language))
