"""The database counts messages itself; whatever moves them, the counts are those of the rows."""

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col

from outreach.domain.replies import ReplyKind
from outreach.domain.states import MessageState
from outreach.store.database import Database
from outreach.store.tables import Message, Reply, Suppression, SuppressionReason
from outreach.store.tallies import answer_ticks, tallied
from tests import make

TABLE = Message.__table__  # type: ignore[attr-defined]


def _rows(session: Session) -> Counter[tuple[Any, ...]]:
    return Counter(
        (mail.call_id or 0, mail.mailing_id or 0, mail.kind, mail.state)
        for mail in make.messages(session)
        if not mail.test
    )


def _tallied(session: Session) -> dict[tuple[Any, ...], int]:
    return {(one.call_id, one.mailing_id, one.kind, one.state): one.messages for one in tallied(session)}


step = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(MessageState), st.booleans(), st.integers(1, 3)),
    st.tuples(st.just("all"), st.sampled_from(MessageState), st.sampled_from(MessageState)),
    st.tuples(st.just("one"), st.integers(0, 9), st.sampled_from(MessageState)),
    st.tuples(st.just("remove"), st.integers(0, 9)),
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(step, max_size=12))
def test_the_counts_are_those_of_the_rows_whatever_happens_to_them(database: Database, steps: list[Any]) -> None:
    house = make.house(database)
    with database.changing(dry_run=True) as session:
        make.contact(session, house, "a@lamp.example")
        make.launched(session, house)
        like = make.messages(session)[0]
        for number, (what, *how) in enumerate(steps):
            _step(session, like, number, what, how)
        assert _tallied(session) == dict(_rows(session))


def _step(session: Session, like: Message, number: int, what: str, how: list[Any]) -> None:
    if what == "add":
        state, test, count = how
        columns = {name: TABLE.c[name] for name in list(TABLE.c.keys()) if name != "id"}
        columns |= {"state": sa.literal(state, TABLE.c.state.type), "test": sa.literal(test)}
        columns |= {
            "mailing_id": sa.null(),
            "occurrence": sa.literal(f"{number}-") + sa.cast(TABLE.c.id, sa.String),
        }
        rows = sa.select(*columns.values()).where(TABLE.c.id >= like.id).limit(count)
        session.execute(sa.insert(TABLE).from_select(list(columns), rows))
    elif what == "all":
        session.execute(sa.update(TABLE).where(TABLE.c.state == how[0]).values(state=how[1]))
    elif what == "one":
        session.execute(sa.update(TABLE).where(TABLE.c.id % 10 == how[0]).values(state=how[1], reason="moved"))
    else:
        session.execute(sa.delete(TABLE).where(TABLE.c.id % 10 == how[0], TABLE.c.id != like.id))


def test_what_is_undone_was_never_counted(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "a@lamp.example")
        make.launched(session, house)
    with database.changing(dry_run=True) as session:
        make.submitted(session)
        assert {state for *_, state in _tallied(session)} == {MessageState.SENT}
    with database.reading() as session:
        assert _tallied(session) == dict.fromkeys(_rows(session), 1)
        assert {state for *_, state in _tallied(session)} == {MessageState.QUEUED}


def test_two_who_write_at_once_do_not_wait_for_each_others_counts(postgresql: Database) -> None:
    house = make.house(postgresql)
    with postgresql.changing() as session:
        for name in "abc":
            make.contact(session, house, f"{name}@lamp.example")
        make.launched(session, house)
    with postgresql.changing() as one, postgresql.changing() as other:
        first, second, third = make.messages(one)
        one.execute(sa.text("SET lock_timeout = '2s'"))
        other.execute(sa.text("SET lock_timeout = '2s'"))
        for session, mail in ((one, first), (other, second), (one, third)):
            session.execute(sa.update(Message).where(col(Message.id) == mail.id).values(state=MessageState.HELD))
    with postgresql.reading() as session:
        assert _tallied(session) == dict(_rows(session))


@pytest.mark.parametrize("what", ["signature", "reply", "suppression"])
def test_an_answer_is_noticed_and_a_mail_that_leaves_is_none(database: Database, what: str) -> None:
    house = make.house(database)
    with database.changing() as session:
        contact = make.contact(session, house, "a@lamp.example")
        call, _ = make.launched(session, house)
    with database.changing() as session:
        before = answer_ticks(session)
        make.submitted(session)
        assert answer_ticks(session) == before
        if what == "signature":
            make.signature(session, call, contact)
        elif what == "reply":
            session.add(Reply(at=make.NOON, kind=ReplyKind.DECLINES, first_kind=ReplyKind.DECLINES))
        else:
            session.add(Suppression(address_digest="x", reason=SuppressionReason.OPT_OUT, at=make.NOON))
        session.flush()
        assert answer_ticks(session) > before
