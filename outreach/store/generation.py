"""Which generation of the workspace this database is: kept in one fact, beside how far it has come."""

import hashlib
import json
import secrets
from dataclasses import asdict
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.generations import Generation, Mark
from outreach.store.places_of_use import place_of_use
from outreach.store.remembered import remember, remembered
from outreach.store.sealing import read_head
from outreach.store.tables import Attempt, Event

NAME: Final = "generation"
LOCK: Final = 20261126
"""PostgreSQL's lock between those who write the fact."""


def read_generation(session: Session) -> Generation | None:
    """What the database knows of its place; None for one that no worker has used yet. Until the end it stays so."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    kept = remembered(session, NAME)
    if not kept:
        return None
    said = json.loads(kept)
    return Generation(**{**said, "before": tuple(said["before"])})


def write_generation(session: Session, generation: Generation) -> None:
    """Keep it."""
    remember(session, NAME, json.dumps(asdict(generation)))


def new_name() -> str:
    """A generation's name, which no other has."""
    return secrets.token_hex(8)


def accept_place(session: Session) -> None:
    """A person says that mail may leave from here: who was held back as a copy is the workspace from now on."""
    generation = read_generation(session)
    if generation is not None and generation.is_held:
        write_generation(session, generation.accepted(new_name(), place_of_use(session)))


def workspace_of(session: Session) -> str:
    """What tells this workspace, and all copies of it, from others."""
    return hashlib.sha256(f"generation {remembered(session, 'salt')}".encode()).hexdigest()[:16]


def present_mark(session: Session, generation: Generation) -> Mark:
    """How far the workspace has come."""
    newest = sa.select(col(Attempt.id), col(Attempt.message_id)).order_by(col(Attempt.id).desc()).limit(1)
    attempt = session.execute(newest).one_or_none()
    return Mark(
        workspace_of(session),
        generation.name,
        generation.turn,
        (attempt[0], attempt[1]) if attempt else (0, 0),
        read_head(session),
    )


def has_come_to(session: Session, mark: Mark, turn: int) -> bool:
    """Whether the database, which has come to ``turn``, holds all that the mark says."""
    return mark.turn <= turn and _has_attempt(session, *mark.attempt) and _has_line(session, *mark.line)


def _has_attempt(session: Session, number: int, message: int) -> bool:
    there = sa.exists().where(col(Attempt.id) == number, col(Attempt.message_id) == message)
    return number == 0 or bool(session.execute(sa.select(there)).scalar())


def _has_line(session: Session, number: int, digest: str) -> bool:
    there = sa.exists().where(col(Event.number) == number, col(Event.digest) == digest)
    return number == 0 or bool(session.execute(sa.select(there)).scalar())
