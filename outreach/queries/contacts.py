"""Reads contacts: a listing, and one person's card."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.names import name_key
from outreach.store.tables import (
    Affiliation,
    Call,
    Contact,
    ContactTag,
    Message,
    Organisation,
    Suppression,
)


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact in a list. ``organisation`` is the one that mails name; ``suppressed``: some mail does not go."""

    address: str
    name: str
    organisation: str
    country: str
    language: str
    tags: tuple[str, ...]
    basis: str
    suppressed: bool


@dataclass(frozen=True, slots=True)
class ContactList:
    """The first contacts that were found, and how many there are."""

    found: int
    contacts: tuple[ContactLine, ...]


@dataclass(frozen=True, slots=True)
class SuppressionLine:
    """Why mail does not go to an address; ``scope`` is a call's name, or "everything"."""

    scope: str
    reason: str
    evidence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One mail to a person, and what became of it; ``call`` is "" for a mail of none."""

    call: str
    kind: str
    state: str
    reason: str
    detail: str
    queued_at: datetime
    sent_at: datetime | None
    test: bool
    rehearsal: bool


@dataclass(frozen=True, slots=True)
class ContactCard:
    """All that is known about one address. ``known`` is false when only suppressions or mails are left of it."""

    known: bool
    address: str
    name: str
    organisations: tuple[str, ...]
    role: str
    country: str
    language: str
    time_zone: str
    tags: tuple[str, ...]
    source: str
    basis: str
    custom: Mapping[str, str]
    suppressions: tuple[SuppressionLine, ...]
    messages: tuple[MessageLine, ...]


def list_contacts(session: Session, search: str = "", *, limit: int = 50) -> ContactList:
    """The contacts in whose name, address or organisation ``search`` stands, or who have it as a tag; all if "".

    In the order of their addresses, at most ``limit``; ``found`` counts them all.
    """
    conditions = [_matches(search.strip())] if search.strip() else []
    count = session.execute(sa.select(sa.func.count()).select_from(Contact).where(*conditions)).scalar_one()
    suppressed = sa.exists().where(col(Suppression.address_digest) == col(Contact.address_digest))
    statement = (
        sa.select(Contact, sa.func.coalesce(col(Organisation.name), ""), suppressed)
        .outerjoin(Organisation, col(Organisation.id) == col(Contact.organisation_id))
        .where(*conditions)
        .order_by(sa.func.lower(col(Contact.address)), col(Contact.id))
        .limit(limit)
    )
    found = session.execute(statement).all()
    tags = tags_of(session, [contact.id for contact, _, _ in found])
    return ContactList(count, tuple(_line(who, name, tags[who.id], stopped=stop) for who, name, stop in found))


def contact_card(session: Session, address: str, *, salt: bytes) -> ContactCard | None:
    """What is known about an address and was written to it; None when that is nothing.

    Raises InvalidInput when it is no address.
    """
    parsed = parse_address(address)
    digest = address_digest(parsed.key, salt)
    contact = session.exec(select(Contact).where(Contact.address_digest == digest)).first()
    suppressions, messages = _suppressions(session, digest), _messages(session, digest)
    if contact is None and not suppressions and not messages:
        return None
    who = contact or Contact(address=parsed.given, address_digest=digest, created_at=None, updated_at=None)  # type: ignore[arg-type]
    names = organisations_of(session, [contact]) if contact else {}
    return ContactCard(
        known=contact is not None,
        address=who.address,
        name=who.name,
        organisations=tuple(one.name for one in names.get(who.id or 0, ())),
        role=who.role,
        country=who.country,
        language=who.language,
        time_zone=who.time_zone,
        tags=tuple(tags_of(session, [who.id])[who.id]) if contact else (),
        source=who.source,
        basis=who.basis,
        custom={key: str(value) for key, value in sorted(who.custom.items())},
        suppressions=suppressions,
        messages=messages,
    )


def _line(contact: Contact, organisation: str, tags: Sequence[str], *, stopped: bool) -> ContactLine:
    return ContactLine(
        address=contact.address,
        name=contact.name,
        organisation=organisation,
        country=contact.country,
        language=contact.language,
        tags=tuple(tags),
        basis=contact.basis,
        suppressed=stopped,
    )


def _matches(search: str) -> sa.ColumnElement[bool]:
    """SQLite compares letters beyond ASCII as they stand, so names are looked for in the usual ways of writing."""
    written = {search, search.lower(), search.upper(), search.title()}
    named = sa.exists().where(
        col(Affiliation.contact_id) == col(Contact.id),
        col(Organisation.id) == col(Affiliation.organisation_id),
        sa.or_(
            col(Organisation.name_key).contains(name_key(search), autoescape=True),
            col(Organisation.acronym).icontains(search, autoescape=True),
        ),
    )
    tagged = sa.exists().where(col(ContactTag.contact_id) == col(Contact.id), col(ContactTag.tag) == search)
    return sa.or_(
        col(Contact.address).icontains(search, autoescape=True),
        *(col(Contact.name).icontains(text, autoescape=True) for text in sorted(written)),
        named,
        tagged,
    )


def _suppressions(session: Session, digest: str) -> tuple[SuppressionLine, ...]:
    statement = (
        sa.select(Suppression, col(Call.slug))
        .outerjoin(Call, col(Call.id) == col(Suppression.scope))
        .where(col(Suppression.address_digest) == digest)
        .order_by(col(Suppression.at), col(Suppression.id))
    )
    return tuple(
        SuppressionLine(
            slug or (f"call {one.scope}" if one.scope else "everything"), one.reason.value, one.evidence, one.at
        )
        for one, slug in session.execute(statement)
    )


def _messages(session: Session, digest: str) -> tuple[MessageLine, ...]:
    statement = (
        sa.select(Message, sa.func.coalesce(col(Call.slug), ""))
        .outerjoin(Call, col(Call.id) == col(Message.call_id))
        .where(col(Message.address_digest) == digest)
        .order_by(col(Message.id))
    )
    return tuple(
        MessageLine(
            call=slug,
            kind=message.kind.value,
            state=message.state.value,
            reason=message.reason,
            detail=message.detail,
            queued_at=message.queued_at,
            sent_at=message.sent_at,
            test=message.test,
            rehearsal=message.rehearsal,
        )
        for message, slug in session.execute(statement)
    )


def tags_of(session: Session, ids: Iterable[int | None]) -> defaultdict[Any, list[str]]:
    """The tags of contacts, by contact, in the order of their letters on every database."""
    found: defaultdict[Any, list[str]] = defaultdict(list)
    for who, tag in session.execute(
        sa.select(col(ContactTag.contact_id), col(ContactTag.tag)).where(col(ContactTag.contact_id).in_(list(ids)))
    ):
        found[who].append(tag)
    for words in found.values():
        words.sort()
    return found


def organisations_of(session: Session, contacts: Sequence[Any]) -> dict[int, list[Any]]:
    """The organisations of contacts, by contact: the one that mails name first, then by their names."""
    first = {contact.id: contact.organisation_id for contact in contacts}
    found: dict[int, dict[int, Any]] = defaultdict(dict)
    columns = Organisation.__table__.c  # type: ignore[attr-defined]
    pairs = sa.select(col(Affiliation.contact_id), *columns).where(
        col(Affiliation.organisation_id) == col(Organisation.id), col(Affiliation.contact_id).in_(list(first))
    )
    named = sa.select(col(Contact.id).label("contact_id"), *columns).where(
        col(Contact.organisation_id) == col(Organisation.id), col(Contact.id).in_(list(first))
    )
    for body in session.execute(pairs.union(named)):
        found[body.contact_id][body.id] = body
    return {
        who: sorted(bodies.values(), key=lambda body: (body.id != first[who], body.name_key))
        for who, bodies in found.items()
    }
