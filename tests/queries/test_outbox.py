"""The counts of the outbox, however long it is."""

import sqlalchemy as sa
from sqlmodel import col, select

from outreach.domain.states import MessageState
from outreach.queries.outbox import AT_ONCE, counts
from outreach.store.database import Database
from outreach.store.tables import Message
from tests import make


def test_mails_of_one_mailing_are_counted_together_however_far_apart_they_stand(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        for number in range(4):
            make.contact(session, house, f"{number}@harbour.example")
        call, _ = make.launched(session, house)
        first, *others = [number or 0 for number in session.exec(select(Message.id).order_by(col(Message.id)))]
        for place, number in enumerate(others, start=1):
            far = sa.update(Message).where(col(Message.id) == number)
            session.execute(far.values(id=first + place * AT_ONCE))
        failed = sa.update(Message).where(col(Message.id) == first)
        session.execute(failed.values(state=MessageState.FAILED, reason="refused"))
        (bad, good) = counts(session, call.slug)
        assert (bad.state, bad.reason, bad.messages) == (MessageState.FAILED, "refused", 1)
        assert (good.state, good.reason, good.messages) == (MessageState.QUEUED, "", 3)
        assert counts(session, "another") == []
        assert counts(session) == [bad, good]
