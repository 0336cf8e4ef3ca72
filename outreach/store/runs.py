"""Which workers run, and which of them died: kept in one fact of the workspace."""

import json
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.crashes import Crash, Runs
from outreach.domain.proofs import Proof
from outreach.domain.states import MessageState
from outreach.store.doubts import INTERRUPTED
from outreach.store.remembered import remember, remembered
from outreach.store.tables import Attempt

RUNS: Final = "worker_runs"
LOCK: Final = 20261125
"""PostgreSQL's lock between workers that start and end at the same time."""


def read_runs(session: Session) -> Runs:
    """How things stand; until the transaction's end nobody else changes it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    said = json.loads(remembered(session, RUNS) or '{"running": {}, "crashes": []}')
    return Runs(
        {owner: datetime.fromisoformat(since) for owner, since in said["running"].items()},
        tuple(Crash(datetime.fromisoformat(at), settled) for at, settled in said["crashes"]),
    )


def write_runs(session: Session, runs: Runs) -> None:
    """Keep it."""
    said = {
        "running": {owner: since.isoformat() for owner, since in runs.running.items()},
        "crashes": [(one.at.isoformat(), one.settled) for one in runs.crashes],
    }
    remember(session, RUNS, json.dumps(said))


def last_settled(session: Session) -> int:
    """The number of the last attempt of which a worker has written down what came of it; 0 for none.

    What a witness showed of an attempt afterwards is no work of the worker's.
    """
    known = sa.select(col(Attempt.id)).where(
        col(Attempt.reason).not_in((INTERRUPTED, *Proof)), col(Attempt.state) != MessageState.QUEUED
    )
    return int(session.execute(known.order_by(col(Attempt.id).desc()).limit(1)).scalar() or 0)
