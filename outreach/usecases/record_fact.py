"""Staff note one fact about a State or an institution, for letters that depend on it."""

from datetime import datetime

from sqlmodel import Session, select

from outreach.domain.officials.fact_rows import FactRow
from outreach.store.events import record
from outreach.store.officials import hold_register
from outreach.store.tables import Fact


def record_fact(session: Session, said: FactRow, *, now: datetime, by: str) -> tuple[Fact, str]:
    """The fact as it is known now, and the value that it had before; "" for a new one."""
    hold_register(session)
    state, institution_key, name, since = said.key
    fact = session.exec(
        select(Fact).where(
            Fact.state == state,
            Fact.institution_key == institution_key,
            Fact.name == name,
            Fact.since == since,
        )
    ).first()
    before = fact.value if fact else ""
    if fact is None:
        fact = Fact(state=state, name=name, since=since, value="", by=by, at=now)
        fact.institution, fact.institution_key = said.institution, institution_key
    fact.value, fact.source, fact.by, fact.at = said.value, said.source or fact.source, by, now
    session.add(fact)
    session.flush()
    record(session, at=now, by=by, verb="record_fact", subject="fact", subject_id=fact.id, state=state, name=name)
    return fact, before
