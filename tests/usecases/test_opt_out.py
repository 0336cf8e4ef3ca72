"""Who does not want to be written to is not written to; a rehearsal changes nothing for anybody."""

from outreach.store.database import Database
from outreach.usecases.opt_out import opt_out
from tests import make


def test_what_is_tried_in_a_rehearsal_keeps_nobody_from_the_call_that_is_meant(database: Database) -> None:
    rehearsing = make.house(database, mail={"transport": "files"})
    with database.changing() as session:
        idris = make.contact(session, rehearsing, "idris@harbour.example")
        rehearsal, _ = make.launched(session, rehearsing)
        assert opt_out(session, idris, scope=0, evidence="link", now=make.NOON, answers=rehearsal)
        _, launched = make.launched(session, make.house(database))
        assert launched.invitations == 1


def test_an_opt_out_of_everything_holds_for_every_later_call(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        idris = make.contact(session, house, "idris@harbour.example")
        make.contact(session, house, "amal@harbour.example")
        call, _ = make.launched(session, house)
        assert opt_out(session, idris, scope=0, evidence="link", now=make.NOON, answers=call)
        assert not opt_out(session, idris, scope=0, evidence="link", now=make.NOON, answers=call)
        _, later = make.launched(session, house, slug="second-letter")
        assert later.invitations == 1
