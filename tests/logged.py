"""Writes lines into the log, as verbs do, and tampers with them, as nobody should."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.queries.log_verifying import Verified, verify
from outreach.store.database import Database
from outreach.store.events import record
from outreach.store.tables import Event
from tests.make import NOON


def records(session: Session, verb: str = "greet", *, subject: str = "call", of: int = 1, **facts: Any) -> None:
    """Rosa does something to a thing."""
    record(session, at=NOON, by="Rosa", verb=verb, subject=subject, subject_id=of, **facts)


def lines(database: Database, *verbs: str) -> None:
    """One line for each verb, each in a transaction of its own."""
    for verb in verbs:
        with database.changing() as session:
            records(session, verb)


def numbered(database: Database) -> list[tuple[int | None, str]]:
    """The numbers and the verbs of the log, in the order of the numbers."""
    with database.reading() as session:
        return [(one.number, one.verb) for one in session.exec(select(Event).order_by(col(Event.number)))]


def verified(database: Database, noted: str = "") -> Verified:
    """What the look at the whole chain finds."""
    with database.reading() as session:
        return verify(session, noted=noted)


def faults(database: Database, noted: str = "") -> tuple[str, ...]:
    """The sentences about what is broken."""
    return verified(database, noted).faults


def tamper(database: Database, *statements: str, **values: Any) -> None:
    """Somebody who has the database writes into it."""
    with database.changing() as session:
        for statement in statements:
            session.execute(sa.text(statement), values)
