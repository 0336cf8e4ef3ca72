"""The panic stop: while it stands nothing at all is claimed, by any worker on any machine."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.store.tables import WorkspaceFact

NAME: Final = "mail_stopped"
LOCK: Final = 20261122
"""PostgreSQL's lock between those who claim (together) and who stops (alone)."""

_BESIDE_OTHERS = sa.text(
    "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), pg_advisory_xact_lock_shared(:lock)"
)


@dataclass(frozen=True, slots=True)
class Stopped:
    """All mail is stopped: by whom, when, and why ("" if nobody said)."""

    by: str
    at: datetime
    reason: str = ""

    @property
    def sentence(self) -> str:
        """All of it in a sentence or two."""
        why = f": {self.reason.rstrip('.')}" if self.reason else ""
        return f"All mail is stopped, by {self.by} at {self.at:%Y-%m-%d %H:%M} UTC{why}."


def stopped(session: Session) -> Stopped | None:
    """The stop that stands; None while mail may leave."""
    fact = session.execute(sa.select(col(WorkspaceFact.value)).where(col(WorkspaceFact.name) == NAME)).scalar()
    if fact is None:
        return None
    said = json.loads(fact)
    return Stopped(said["by"], datetime.fromisoformat(said["at"]), said["reason"])


def none_is_stopped() -> sa.ColumnElement[bool]:
    """As part of a statement: no stop stands. It is looked up once for the statement, not for each row."""
    return ~sa.exists().where(col(WorkspaceFact.name) == NAME)


def claim_beside_others(session: Session) -> None:
    """Let no stop be committed between this and the transaction's end. On SQLite one writes at a time anyway.

    PostgreSQL is told in the same breath to keep its plans until then: making a claim's anew takes ten times as
    long as claiming.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_BESIDE_OTHERS, {"lock": LOCK})


def stop(session: Session, standing: Stopped) -> None:
    """Write the stop down when those who are claiming have committed; who claims later waits for our commit."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    if stopped(session) is None:
        said = {"by": standing.by, "at": standing.at.isoformat(), "reason": standing.reason}
        session.add(WorkspaceFact(name=NAME, value=json.dumps(said, ensure_ascii=False)))
        session.flush()


def stop_besides(session: Session, standing: Stopped) -> Stopped:
    """Stop all mail for one more reason: a stop that stands already gets it as well. The stop that stands then."""
    before = stopped(session)
    if before is not None and standing.reason in before.reason:
        return before
    if before is not None:
        lift(session)
        both = "; ".join(filter(None, (before.reason.rstrip("."), f"besides, {standing.by}: {standing.reason}")))
        standing = Stopped(before.by, before.at, both)
    stop(session, standing)
    return standing


def lift(session: Session) -> None:
    """Take the stop away."""
    session.execute(sa.delete(WorkspaceFact).where(col(WorkspaceFact.name) == NAME))
