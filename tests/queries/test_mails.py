"""The newest mails of some kinds, states and calls are those that one would pick by hand from all of them."""

import random

import pytest
from sqlmodel import Session, col, select

from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.queries.mails import MailsSought, list_mails
from outreach.store.database import Database
from outreach.store.tables import Call, Message
from tests import make

STATES = (MessageState.SENT, MessageState.FAILED, MessageState.QUEUED)
KINDS = (MessageKind.INVITATION, MessageKind.REMINDER)


def _scattered(session: Session, chance: random.Random) -> None:
    """Mails of several calls and of none, of two kinds, in three states, some of them tests."""
    first = session.exec(select(Message)).one()
    calls = [None, *session.exec(select(Call.id))]
    for number in range(120):
        values = first.model_dump(exclude={"id", "mailing_id", "occurrence"})
        values |= {"call_id": chance.choice(calls), "kind": chance.choice(KINDS), "state": chance.choice(STATES)}
        session.add(Message(**values | {"occurrence": f"n{number}", "test": chance.random() < 0.1}))
    session.flush()


@pytest.mark.parametrize("seed", range(2))
def test_the_newest_of_what_is_sought_are_listed_page_by_page(database: Database, seed: int) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@quay.example")
        make.launched(session, house)
        for slug in ("second", "third"):
            make.call(session, house, slug=slug)
        _scattered(session, random.Random(seed))  # noqa: S311
        mails = session.exec(select(Message).order_by(col(Message.id).desc())).all()
        calls = list(session.exec(select(Call.id)))
        for call in (None, *calls):
            for state in (None, *STATES):
                for kind in (None, *KINDS):
                    for test in (None, False, True):
                        sought = MailsSought(state=state, call_id=call, kind=kind, test=test)
                        wanted = [
                            one.id
                            for one in mails
                            if call in (None, one.call_id)
                            and state in (None, one.state)
                            and kind in (None, one.kind)
                            and test in (None, one.test)
                        ]
                        assert _all(session, sought) == wanted, sought


def _all(session: Session, sought: MailsSought) -> list[int]:
    found: list[int] = []
    before = 0
    while True:
        page = list_mails(session, sought, before=before, limit=17)
        found += [one.id for one in page.mails]
        if not (before := page.next):
            return found
