"""Makes what a test needs and does not care about: each test names only what matters to it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from outreach.adapters.call_files import read_call
from outreach.adapters.house_texts import read_announcements, read_answers, read_house_texts
from outreach.config.house import House
from outreach.config.settings import Settings
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.call_files import CallFile
from outreach.domain.entries import Entry
from outreach.domain.judging import Verdict
from outreach.domain.kinds import MessageKind
from outreach.domain.names import name_key
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import MailingState, MessageState, SignatureState
from outreach.store.database import Database
from outreach.store.entries import entry_of
from outreach.store.outbox import Claimed, claim
from outreach.store.settling import Settlement, settle
from outreach.store.signing import signer_key
from outreach.store.tables import (
    Affiliation,
    Call,
    Contact,
    ContactTag,
    Edition,
    Mailing,
    Message,
    MessageTally,
    Organisation,
    Signature,
    Suppression,
    SuppressionReason,
)
from outreach.usecases.change_signature import Changed, correct_signature
from outreach.usecases.create_call import create_call
from outreach.usecases.launch_call import Launched, launch_call
from outreach.usecases.sign_off import sign_off

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


@cache
def house_texts() -> dict[tuple[MessageKind, str], str]:
    """The sample's templates of mails that belong to no call."""
    return read_house_texts(ROOT / "templates" / "email")


@cache
def posts() -> dict[str, str]:
    """The sample's announcements."""
    return read_announcements(ROOT / "templates" / "announcement")


@cache
def answers() -> dict[tuple[str, str], str]:
    """The sample's short answers to replies."""
    return read_answers(ROOT / "templates" / "answers")


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
    settings = Settings.model_validate(tables)
    return House(settings, database.salt, database.link_key, house_texts(), posts(), answers())


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


@cache
def sample_call() -> CallFile:
    """The sample's call, read from its files once."""
    return read_call(ROOT / "templates/calls/safe-passage.toml", ROOT / "templates")


def call_file(**changes: Any) -> CallFile:
    """The sample call, with ``changes`` to what its file says."""
    return replace(sample_call(), **changes)


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


ACCEPTED = Verdict(MessageState.SENT, "accepted", "250 ok", copy=True)
WORKER = "a worker"


def claimed(
    session: Session, *, now: datetime = NOON, want: int = 1000, rehearsal: bool = False, owner: str = WORKER
) -> list[Claimed]:
    """What a worker claims."""
    return claim(session, now=now, owner=owner, want=want, rehearsal=rehearsal)


def submitted(
    session: Session, *, now: datetime = NOON, verdict: Verdict = ACCEPTED, rehearsal: bool = False
) -> list[str]:
    """Everything that is due is claimed and settled alike; the addresses it went to."""
    found = claimed(session, now=now, rehearsal=rehearsal)
    settle(session, [Settlement(one.id, verdict, now) for one in found], WORKER)
    return [one.record.address for one in found]


def entry(
    kind: SignatureKind = SignatureKind.ORGANISATION,
    name: str = "Harbour Lamp",
    visibility: Visibility = Visibility.PUBLIC,
    **more: str,
) -> Entry:
    """What somebody asks to have printed."""
    return Entry(kind=kind, name=name, visibility=visibility, **more)


def signature(
    session: Session,
    call: Call,
    contact: Contact | None = None,
    *,
    kind: SignatureKind = SignatureKind.ORGANISATION,
    state: SignatureState = SignatureState.CONFIRMED,
    at: datetime = NOON,
    key: str = "",
    **more: Any,
) -> Signature:
    """A signature of the contact, for the organisation or in person; without one, as of an imported list."""
    organisation_id = contact.organisation_id if contact and kind is SignatureKind.ORGANISATION else None
    organisation = session.get(Organisation, organisation_id) if organisation_id else None
    name = more.pop("name", contact.name if contact else "Harbour Lamp")
    given = Signature(
        letter_id=call.letter_id,
        letter_version=call.letter_version,
        call_id=call.id or 0,
        kind=kind,
        state=state,
        name=name,
        signer_key=key or signer_key(contact.id if contact else None, kind, name, organisation),
        organisation_id=organisation_id,
        contact_id=contact.id if contact else None,
        mailbox_digest=contact.address_digest if contact else "",
        submitted_at=at,
        **more,
    )
    if state is SignatureState.CONFIRMED:
        given.confirmed_at = given.confirmed_at or at
    session.add(given)
    session.flush()
    return given


def hidden(
    session: Session, house: House, signature: Signature, visibility: Visibility, *, now: datetime = NOON
) -> Changed:
    """What comes of it when a signatory changes only where she is named."""
    as_before = replace(entry_of(signature), visibility=visibility)
    return correct_signature(session, signature, as_before, now=now, house=house)


def edition(session: Session, call: Call, house: House, *, now: datetime = NOON) -> Edition:
    """Rosa signs off the list of a closed call, as it is now."""
    return sign_off(session, call, now=now, by="Rosa", house=house).edition


def suppression(
    session: Session, contact: Contact, reason: SuppressionReason = SuppressionReason.OPT_OUT, *, scope: int = 0
) -> None:
    """The contact's address is not to be written to."""
    session.add(Suppression(address_digest=contact.address_digest, reason=reason, scope=scope, at=NOON))
    session.flush()


def counted(session: Session, call: Call, messages: int, kind: MessageKind = MessageKind.INVITATION) -> None:
    """So many more mails are counted to the call as sent than there are, for what depends on how many there are."""
    state, slot = MessageState.SENT, 7
    session.add(
        MessageTally(call_id=call.id or 0, mailing_id=0, kind=kind, state=state, slot=slot, messages=messages)
    )
    session.flush()


def mailing(session: Session, call: Call, kind: MessageKind, occurrence: str = "", *, revision: int = 1) -> Mailing:
    """A queued mailing of the call, without its messages."""
    queued = Mailing(
        call_id=call.id or 0,
        kind=kind,
        occurrence=occurrence,
        deadline_revision=revision,
        state=MailingState.QUEUED,
        earliest_at=NOON,
        created_at=NOON,
    )
    session.add(queued)
    session.flush()
    return queued
