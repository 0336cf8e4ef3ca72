"""Contacts, organisations, who speaks for whom, and who may not be written to."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.store.tables.columns import json_value, one_of, personal


class Organisation(SQLModel, table=True):
    """A body that signs. ``name_key`` is the name as it is compared (``domain.names.name_key``)."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_key: str = Field(unique=True)
    acronym: str = Field(default="", index=True)
    country: str = Field(default="", index=True)
    website: str = ""
    created_at: datetime


class Alias(SQLModel, table=True):
    """Another name by which an organisation is known."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    name: str
    name_key: str = Field(unique=True)


class Contact(SQLModel, table=True):
    """A person with an address.

    ``address_digest`` is the identity (``domain.addresses.address_digest``). ``basis`` is the ground on which
    bulk mail may be sent; empty: none, as for somebody who only signed. ``organisation_id`` is the organisation
    that mails name; all of them are in Affiliation.
    """

    id: int | None = Field(default=None, primary_key=True)
    address: str = personal()
    address_digest: str = Field(unique=True)
    domain: str = ""
    name: str = personal("")
    given_name: str = personal("")
    role: str = personal("")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    country: str = Field(default="", index=True)
    language: str = Field(default="", index=True)
    time_zone: str = ""
    source: str = ""
    basis: str = ""
    custom: dict[str, Any] = json_value(dict, is_personal=True)
    created_at: datetime
    updated_at: datetime


class Affiliation(SQLModel, table=True):
    """A contact speaks for an organisation."""

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True, index=True)


class ContactTag(SQLModel, table=True):
    """A word by which audiences choose contacts."""

    __tablename__ = "contact_tag"
    __table_args__ = (sa.Index("ix_contact_tag_tag", "tag", "contact_id"),)
    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    tag: str = Field(primary_key=True)


class SuppressionReason(StrEnum):
    """Why an address is not written to. All but an opt-out stop transactional messages too."""

    OPT_OUT = "opt-out"
    HARD_BOUNCE = "hard-bounce"
    COMPLAINT = "complaint"
    ERASURE = "erasure"


class Suppression(SQLModel, table=True):
    """The record that enforces "do not write to me". It outlives the contact.

    ``scope`` is the id of a call, or 0 for everything. ``evidence`` says by which way it came.
    """

    __table_args__ = (sa.UniqueConstraint("address_digest", "scope", "reason"),)
    id: int | None = Field(default=None, primary_key=True)
    address_digest: str
    scope: int = 0
    reason: SuppressionReason = one_of(SuppressionReason)
    evidence: str = ""
    at: datetime
