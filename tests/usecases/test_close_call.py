"""Closing ends signing: what would have asked for a signature is given up, thanks may go."""

from sqlmodel import select

from outreach.domain.kinds import MessageKind
from outreach.domain.states import MailingState, MessageState
from outreach.store.database import Database
from outreach.store.tables import Mailing
from outreach.usecases.close_call import close_call
from outreach.usecases.issue_erratum import issue_erratum
from tests import make


def test_nothing_that_asks_stays_planned_and_the_thanks_need_not_wait(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        close_call(session, call, now=make.NOON, by="Rosa")
        session.flush()
        planned = {mailing.kind: mailing for mailing in session.exec(select(Mailing))}
        assert planned[MessageKind.REMINDER].state is MailingState.CANCELLED
        assert planned[MessageKind.LAST_CALL].reason == "call is over"
        thanks = planned[MessageKind.THANK_YOU]
        assert (thanks.state, thanks.earliest_at) == (MailingState.PLANNED, make.NOON)


def test_what_an_erratum_holds_is_cancelled_when_the_call_closes(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        issue_erratum(
            session, call, "It is March.", corrects=MessageKind.INVITATION, now=make.NOON, by="Rosa", house=house
        )
        assert [message.state for message in make.messages(session)] == [MessageState.HELD]
        close_call(session, call, now=make.NOON, by="Rosa")
        assert [message.state for message in make.messages(session)] == [MessageState.CANCELLED]
