"""Makes what a test needs and does not care about: each test names only what matters to it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from outreach.adapters.call_files import read_call
from outreach.config.house import House
from outreach.config.settings import Settings
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.call_files import CallFile
from outreach.domain.names import name_key
from outreach.store.database import Database
from outreach.store.tables import Affiliation, Call, Contact, ContactTag, Message, Organisation
from outreach.usecases.create_call import create_call
from outreach.usecases.launch_call import Launched, launch_call

ROOT = Path(__file__).parent.parent
NOON = datetime(2027, 1, 11, 12, 0, tzinfo=UTC)
"""A Monday on which everybody from Los Angeles to Manila may be written to within a day."""

DEADLINE = "2027-02-26 17:00 America/Los_Angeles"


@dataclass
class TurnedClock:
    """A clock that stands still until it is turned; sleeping turns it."""

    instant: datetime = NOON
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.instant

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.turn(timedelta(seconds=seconds))

    def turn(self, by: timedelta) -> None:
        self.instant += by
        self.seconds += by.total_seconds()


def house(database: Database, **sections: dict[str, Any]) -> House:
    """The workspace's settings: complete, real (not a rehearsal), with ``sections`` changed."""
    tables: dict[str, dict[str, Any]] = {
        "workspace": {"name": "Lantern Coast Network", "postal_address": "4 Old Harbour Steps, Brussels"},
        "sender": {"name": "Lantern Coast Network", "address": "calls@lanterncoast.coop"},
        "mail": {"transport": "smtp"},
        "smtp": {"security": "none", "port": 2525},
        "limits": {"per_minute": 100_000, "per_hour": 100_000, "domain_per_minute": 100_000, "per_day": 100_000},
    }
    for name, values in sections.items():
        tables[name] = {**tables.get(name, {}), **values}
    return House(Settings.model_validate(tables), database.salt, database.link_key)


def contact(
    session: Session,
    house: House,
    address: str,
    *,
    organisation: str = "",
    tags: tuple[str, ...] = ("migration",),
    language: str = "en",
    time_zone: str = "Europe/Brussels",
    **more: Any,
) -> Contact:
    """A contact who may be written to."""
    parsed = parse_address(address)
    values: dict[str, Any] = {"name": "Idris Belhaj", "basis": "member", "country": "BE", **more}
    person = Contact(
        address=parsed.wire,
        address_digest=address_digest(parsed.key, house.salt),
        domain=parsed.domain,
        language=language,
        time_zone=time_zone,
        created_at=NOON,
        updated_at=NOON,
        **values,
    )
    if organisation:
        body = session.exec(select(Organisation).where(Organisation.name_key == name_key(organisation))).first()
        body = body or Organisation(name=organisation, name_key=name_key(organisation), created_at=NOON)
        session.add(body)
        session.flush()
        person.organisation_id = body.id
    session.add(person)
    session.flush()
    if person.organisation_id:
        session.add(Affiliation(contact_id=person.id or 0, organisation_id=person.organisation_id))
    session.add_all(ContactTag(contact_id=person.id or 0, tag=tag) for tag in tags)
    session.flush()
    return person


def call_file(**changes: Any) -> CallFile:
    """The sample call, with ``changes`` to what its file says."""
    return replace(read_call(ROOT / "templates/calls/safe-passage.toml", ROOT / "templates"), **changes)


def call(session: Session, house: House, *, now: datetime = NOON, **changes: Any) -> Call:
    """A draft of the sample call."""
    return create_call(session, call_file(**changes), now=now, by="Rosa", house=house)


def launched(session: Session, house: House, *, now: datetime = NOON, **changes: Any) -> tuple[Call, Launched]:
    """The sample call, launched."""
    draft = call(session, house, now=now, **changes)
    return draft, launch_call(session, draft, now=now, by="Rosa", house=house)


def messages(session: Session, *conditions: Any) -> list[Message]:
    """The rows of the outbox, oldest first, as they are in the database now."""
    statement = select(Message).where(*conditions).order_by(Message.id)  # type: ignore[arg-type]
    return list(session.exec(statement.execution_options(populate_existing=True)))

