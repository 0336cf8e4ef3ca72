"""Finds organisations by any of their names."""

from datetime import datetime

from sqlmodel import Session, select

from outreach.domain.names import name_key
from outreach.store.statements import insert_missing
from outreach.store.tables import Alias, Organisation


def find_organisation(session: Session, name: str) -> Organisation | None:
    """The organisation of that name or alias; None if there is none."""
    key = name_key(name)
    found = session.exec(select(Organisation).where(Organisation.name_key == key)).first()
    if found is not None:
        return found
    alias = session.exec(select(Alias).where(Alias.name_key == key)).first()
    return session.get(Organisation, alias.organisation_id) if alias else None


def find_or_add(session: Session, name: str, *, now: datetime) -> Organisation:
    """The organisation of that name, new if nobody knows it yet; of two who add it at once both get the same."""
    found = find_organisation(session, name)
    if found is not None:
        return found
    blank = {"acronym": "", "country": "", "website": ""}
    row = insert_missing(session, Organisation).values(name=name, name_key=name_key(name), created_at=now, **blank)
    session.execute(row.on_conflict_do_nothing())
    return session.exec(select(Organisation).where(Organisation.name_key == name_key(name))).one()
