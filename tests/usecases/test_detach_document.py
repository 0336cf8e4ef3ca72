"""A file that was attached by mistake goes with no further copy."""

import pytest
from sqlmodel import select

from outreach.domain.errors import Refusal
from outreach.store.database import Database
from outreach.store.tables import Document, Event, Letter, LetterDocument
from outreach.usecases.attach_document import attach_document
from outreach.usecases.deliver_letter import attachments_of
from outreach.usecases.detach_document import detach_document
from tests import make
from tests.make import NOON


def test_a_file_that_is_taken_off_goes_with_no_further_copy_and_stays_on_record(database: Database) -> None:
    with database.changing() as session:
        letter = session.get_one(Letter, make.call(session, make.house(database)).letter_id)
        for name in ("annex.pdf", "list.pdf"):
            attach_document(session, letter, name, "application/pdf", name.encode(), now=NOON, by="Rosa")
        gone = detach_document(session, letter, "annex.pdf", now=NOON, by="Rosa")
        assert [one.name for one in attachments_of(session, letter)] == ["list.pdf"]
        assert session.get(Document, gone.id) is not None, "copies that went before hold it"
        event = session.exec(select(Event).where(Event.verb == "detach_document")).one()
        assert event.facts["document"] == gone.sha256
        attach_document(session, letter, "annex.pdf", "application/pdf", b"better", now=NOON, by="Rosa")
        positions = session.exec(select(LetterDocument.position)).all()
        assert len(set(positions)) == len(positions)


def test_a_file_that_does_not_go_with_the_letter_is_refused_with_those_that_do(database: Database) -> None:
    with database.changing() as session:
        letter = session.get_one(Letter, make.call(session, make.house(database)).letter_id)
        with pytest.raises(Refusal, match=r"No file list\.pdf goes with safe-passage; there are: none\."):
            detach_document(session, letter, "list.pdf", now=NOON, by="Rosa")
