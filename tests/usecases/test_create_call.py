"""A call owns what its files said; a rehearsal makes room for the call that is meant."""

import pytest
from sqlmodel import select

from outreach.domain.errors import Refusal
from outreach.store.database import Database
from outreach.store.tables import Call, Letter
from tests import make


def test_a_second_call_of_the_same_name_is_refused(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.call(session, house)
        with pytest.raises(Refusal, match="'outreach calls edit' changes it"):
            make.call(session, house)


def test_after_a_rehearsal_the_call_that_is_meant_takes_its_name(database: Database) -> None:
    rehearsing = make.house(database, mail={"transport": "files"})
    with database.changing() as session:
        make.contact(session, rehearsing, "idris@harbour.example")
        rehearsal, _ = make.launched(session, rehearsing)
        real, launched = make.launched(session, make.house(database))
        assert (real.slug, real.rehearsal, launched.invitations) == ("safe-passage", False, 1)
        assert rehearsal.slug == f"safe-passage-rehearsal-{rehearsal.id}"
        assert len(session.exec(select(Call)).all()) == len(session.exec(select(Letter)).all()) == 2
