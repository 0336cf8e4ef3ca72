"""F3: killed while it queues many mails."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col, func, select

from outreach.domain.errors import Busy
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, MailingState, MessageState
from outreach.store.database import Database
from outreach.store.tables import Call, Event, Mailing, Message
from outreach.store.vitals import damage
from tests import make
from tests.faults.harbour import Harbour, ended, forty_days_ahead, harbour
from tests.faults.test_f01_killed import known
from tests.logged import faults
from tests.parts.servers import serving

MANY = 10_000
ADDRESSES = [f"member{number}@{number % 9}.harbour.example" for number in range(MANY)]
STEP = 0.1
"""Seconds into the transaction; each kill comes twice as late as the one before."""
INSERTING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL "
    "AND query LIKE '%INSERT INTO message (%' AND pid <> pg_backend_pid()"
)


def test_f03_a_launch_that_is_killed_while_it_queues_has_queued_all_or_nothing(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = harbour(stack, tmp_path, url, stack.enter_context(serving()), addresses=())
    with each.opened() as app, app.database.changing() as session:
        known(session, app.house.salt, ADDRESSES)
        make.call(session, app.house, deadline=forty_days_ahead(), release=None)

    def is_launched() -> bool:
        with each.opened() as app, app.database.reading() as session:
            state = session.exec(select(Call)).one().state
            queued = session.exec(select(func.count()).select_from(Message)).one()
        assert (state, queued) in {(CallState.DRAFT, 0), (CallState.OPEN, MANY)}
        return state is CallState.OPEN

    assert (
        _killed_again_and_again(each, ("--by", "Rosa", "calls", "launch", "safe-passage", "--yes"), is_launched)
        >= 1
    )
    _assert_queued_once(each, MessageKind.INVITATION)


def test_f03_a_worker_that_is_killed_in_the_ring_that_queues_reminders_has_queued_all_or_nothing(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """The next one that rings queues each of them once; none of them is to leave today."""
    each = harbour(stack, tmp_path, url, stack.enter_context(serving()), addresses=())
    number = _reminder_that_is_due(each)

    def is_queued() -> bool:
        with each.opened() as app, app.database.reading() as session:
            state = session.get_one(Mailing, number).state
            people = session.exec(select(Message.contact_id).where(Message.mailing_id == number)).all()
        assert (state, len(people)) in {(MailingState.PLANNED, 0), (MailingState.QUEUED, MANY)}
        assert len({*people}) == len(people)
        return state is MailingState.QUEUED

    assert _killed_again_and_again(each, ("worker",), is_queued) >= 1
    for _ in range(2):
        assert ended(each.start("worker", "--until-idle")) == 0, each.log
    assert is_queued(), "and nothing was queued twice"
    _assert_queued_once(each, MessageKind.REMINDER)
    assert "Traceback" not in each.log, each.log[-3000:]


def _assert_queued_once(each: Harbour, kind: MessageKind) -> None:
    """Everybody has one mail of that kind, and the log and the database are whole."""
    with each.opened() as app:
        assert damage(app.database, 60) == ""
        assert faults(app.database) == ()
        with app.database.reading() as session:
            people = session.exec(select(Message.contact_id).where(Message.kind == kind)).all()
            queued = session.exec(
                select(Mailing.id).where(Mailing.kind == kind, col(Mailing.queued_at).is_not(None))
            ).all()
            said = select(Event.subject_id).where(Event.verb == "queue_mailing", col(Event.subject_id).in_(queued))
            assert session.exec(said).all() == queued, "it was said once"
        assert len(people) == len({*people}) == MANY


def _reminder_that_is_due(each: Harbour) -> int:
    """Everybody has got an invitation to a call, and its first reminder is to be queued at the next ring."""
    now = datetime.now(UTC)
    with each.opened() as app, app.database.changing() as session:
        known(session, app.house.salt, ADDRESSES)
        make.launched(session, app.house, now=now, deadline=forty_days_ahead(), release=None)
        session.execute(sa.update(Message).values(state=MessageState.SENT, sent_at=now))
        first = select(Mailing).where(Mailing.kind == MessageKind.REMINDER).order_by(col(Mailing.earliest_at))
        reminder = session.exec(first).first()
        assert reminder is not None
        reminder.earliest_at = now
        session.add(reminder)
        return reminder.id or 0


def _killed_again_and_again(each: Harbour, command: tuple[str, ...], is_queued: Callable[[], bool]) -> int:
    """How many kills met the transaction that queues while it was open, until one came too late."""
    with _watching(each) as is_queueing:
        for number in count():
            each.wait_until(lambda: not is_queueing(), "the end of the session of the one that was killed")
            process = each.start(*command)
            each.wait_until(is_queueing, "the transaction that queues")
            time.sleep(STEP * 2 ** (number - 1) if number else 0)
            process.kill()
            code = ended(process)
            each.processes.clear()
            if is_queued():
                return number
            assert code == -signal.SIGKILL, each.log[-3000:]
    raise AssertionError


@contextmanager
def _watching(each: Harbour) -> Iterator[Callable[[], bool]]:
    """Whether somebody queues, as another one sees it who has the database open."""
    url = sa.make_url(str(each.tables["database"]["url"]))
    if not each.is_sqlite:
        engine = sa.create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as other:
                yield lambda: other.execute(INSERTING).scalar_one() > 0
        finally:
            engine.dispose()
        return
    with each.opened() as app:
        yield lambda: _is_busy(app.database)


def _is_busy(database: Database) -> bool:
    """Whether somebody writes, and goes on for longer than a hasty one waits; only queueing takes as long."""
    try:
        with database.changing(hasty=True) as session:
            session.connection()
    except Busy:
        return True
    return False
