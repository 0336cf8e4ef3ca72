"""Staff take back a fact that was noted by mistake; letters that have gone out keep what they said."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from outreach.domain.errors import Refusal
from outreach.domain.names import name_key
from outreach.store.events import record
from outreach.store.tables import Fact


def remove_fact(
    session: Session, *, state: str, institution: str, name: str, since: date, now: datetime, by: str
) -> Fact:
    """The fact that is known no more. Raises Refusal naming those days for which the fact is known."""
    statement = select(Fact).where(
        Fact.state == state, Fact.institution_key == name_key(institution), Fact.name == name
    )
    facts = {fact.since: fact for fact in session.exec(statement.order_by(col(Fact.since)))}
    if since not in facts:
        known = ", ".join(day.isoformat() for day in facts)
        raise Refusal(
            f"No fact {name} since {since} is known of {state or institution}. "
            + (f"It is known since {known}." if known else "'outreach officials show POST' shows what is known.")
        )
    fact = facts[since]
    session.delete(fact)
    session.flush()
    record(session, at=now, by=by, verb="remove_fact", subject="fact", subject_id=fact.id, state=state, name=name)
    return fact
