"""What the database knows of the workspace's health; quick enough for a page, however many mails there are."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.config.forms import LOOPBACK
from outreach.config.house import House
from outreach.domain.health import (
    Check,
    Finding,
    Level,
    Queue,
    in_order,
    judge_account,
    judge_address,
    judge_clock,
    judge_database,
    judge_doubtful,
    judge_mailbox_read,
    judge_queue,
    judge_stop,
    judge_tasks,
    judge_wal,
    judge_worker,
)
from outreach.domain.states import MessageState
from outreach.domain.tasks import TaskState
from outreach.store.accounts import resting
from outreach.store.outbox import PRIORITIES
from outreach.store.ownership import workers
from outreach.store.remembered import MAILBOX_READ, PROBED, remembered, remembered_moment
from outreach.store.schema import HEAD
from outreach.store.stopping import stopped
from outreach.store.tables import Attempt, Call, Message, MessageTally, Task
from outreach.store.tables.messages import READY
from outreach.store.vitals import vitals

LOOKED_AT = 1000
"""Of so many mails that are due first, the first whose call is not paused is looked for."""


@dataclass(frozen=True, slots=True)
class Probing:
    """What the worker found when it last asked servers and the disk, and when that was.

    ``whole_at``: when it last checked the database as a whole.
    """

    at: datetime
    findings: tuple[Finding, ...]
    whole_at: datetime | None = None


def known_health(session: Session, *, now: datetime, house: House) -> list[Finding]:
    """What is found without asking anybody outside."""
    return in_order(_findings(session, now, house))


def health(session: Session, *, now: datetime, house: House) -> tuple[list[Finding], Probing | None]:
    """All findings: the database's of this moment, and those of the worker's last probing, which is given too."""
    probing = last_probing(session)
    probed = probing.findings if probing else ()
    return in_order([*known_health(session, now=now, house=house), *probed]), probing


def last_probing(session: Session) -> Probing | None:
    """The worker's last probing; None if there was none yet."""
    kept = remembered(session, PROBED)
    if not kept:
        return None
    said = json.loads(kept)
    whole_at = datetime.fromisoformat(said["whole_at"]) if said["whole_at"] else None
    return Probing(datetime.fromisoformat(said["at"]), tuple(_read(said["findings"])), whole_at)


def as_data(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The findings for --json, and as they are kept."""
    return [
        {"check": one.check.value, "level": one.level.value, "found": one.found, "advice": one.advice}
        for one in findings
    ]


def _read(rows: list[dict[str, str]]) -> Iterator[Finding]:
    for row in rows:
        if row["check"] in list(Check):  # an older version may have looked at something else
            yield Finding(Check(row["check"]), Level(row["level"]), row["found"], row["advice"])


def _findings(session: Session, now: datetime, house: House) -> Iterator[Finding]:
    settings = house.settings
    count, where = workers(session)
    account, halt, said = resting(session, now), stopped(session), vitals(session)
    queue = Queue(
        oldest_due=_oldest_due(session, rehearsal=house.rehearsal),
        last_left=session.execute(sa.select(col(Attempt.at)).order_by(col(Attempt.id).desc()).limit(1)).scalar(),
        workers=count,
        stopped=halt is not None,
        rests=account is not None,
    )
    yield judge_worker(queue, where)
    yield judge_stop(halt.sentence if halt else "")
    yield judge_account(
        (account.reason or "it was refused") if account else "",
        account.rests_until if account and not account.needs_person else None,
    )
    yield judge_queue(queue, now)
    doubtful = _doubtful(session)
    yield judge_doubtful(doubtful.get(MessageState.UNKNOWN, 0), doubtful.get(MessageState.HELD, 0))
    yield judge_tasks(_oldest_task(session, TaskState.WAITING), _oldest_task(session, TaskState.RUNNING), now)
    yield judge_mailbox_read(
        settings.mailbox.kind, remembered_moment(session, MAILBOX_READ), now, rehearsal=house.rehearsal
    )
    base_url = settings.workspace.base_url
    yield judge_address(base_url, local=_is_local(base_url), rehearsal=house.rehearsal)
    yield judge_clock(now, said.clock, "the database" if said.clock else "the database is a file of this machine")
    yield judge_database(said.name, said.schema, HEAD)
    yield judge_wal(said.wal)


def _oldest_due(session: Session, *, rehearsal: bool) -> datetime | None:
    """When the first message became due that may be claimed, paused calls left out."""
    first = (_first_due(session, priority, rehearsal=rehearsal) for priority in PRIORITIES)
    return min((due_at for due_at in first if due_at is not None), default=None)


def _first_due(session: Session, priority: int, *, rehearsal: bool) -> datetime | None:
    ahead = (
        sa.select(col(Message.due_at), col(Message.call_id), col(Message.bulk), col(Message.rehearsal))
        .where(READY, col(Message.priority) == priority)
        .order_by(col(Message.due_at), col(Message.id))
        .limit(LOOKED_AT)
        .subquery()
    )
    paused = sa.exists().where(col(Call.id) == ahead.c.call_id, col(Call.paused_at).is_not(None))
    may_go = sa.and_(ahead.c.rehearsal == rehearsal, ~sa.and_(ahead.c.bulk, paused))
    return session.execute(sa.select(sa.func.min(ahead.c.due_at)).where(may_go)).scalar()


def _doubtful(session: Session) -> dict[MessageState, int]:
    """How many messages are unknown or held, test mails left out: the database counts them itself."""
    count = (
        sa.select(col(MessageTally.state), sa.func.sum(col(MessageTally.messages)))
        .where(col(MessageTally.state).in_((MessageState.UNKNOWN, MessageState.HELD)))
        .group_by(col(MessageTally.state))
    )
    return {state: int(number) for state, number in session.execute(count)}


def _oldest_task(session: Session, state: TaskState) -> datetime | None:
    return session.execute(sa.select(sa.func.min(col(Task.asked_at))).where(col(Task.state) == state)).scalar()


def _is_local(base_url: str) -> bool:
    return (urlsplit(base_url).hostname or "").lower() in LOOPBACK
