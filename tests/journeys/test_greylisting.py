"""A server that greylists: the first attempt waits, the second is accepted, and there is one mail."""

from datetime import timedelta

import pytest

from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.domain.states import MessageState
from outreach.store.database import Database
from tests import make
from tests.parts.servers import Greylist, serving
from tests.stage import stage, submit


@pytest.mark.shows("F26")
def test_a_greylisted_invitation_arrives_once_at_the_second_attempt(database: Database) -> None:
    house = make.house(database)
    clock = make.TurnedClock()
    with serving({"RCPT": Greylist()}) as server:
        app = stage(database, house, clock, SmtpTransport(SmtpAccount("127.0.0.1", server.port, security="none")))
        with database.changing() as session:
            make.contact(session, house, "idris@harbour.example")
            make.launched(session, house)

        assert submit(app).states == {"deferred": 1}
        clock.turn(timedelta(minutes=4))
        assert submit(app).submitted == 0, "a greylisting server wants five minutes"
        clock.turn(timedelta(minutes=5))
        assert submit(app).states == {"sent": 1}

        assert len(server.accepted) == 1
    with database.reading() as session:
        (message,) = make.messages(session)
    assert (message.state, message.attempts) == (MessageState.SENT, 2)
