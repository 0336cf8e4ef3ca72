"""Editions: a letter with its list, frozen at sign-off, and which copies of it went out."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.domain.editions import CopyKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.store.tables.columns import json_value, one_of, personal


class Edition(SQLModel, table=True):
    """A letter version with its list, numbered from 1 for each letter; it never changes.

    ``digest`` covers the letter's texts and the entries (``domain.editions.edition_digest``). ``listing`` is how
    the list is ordered (``domain.listings.Listing``); ``by`` and ``reason`` say who signed off, and why again.
    ``deadline_revision`` is the call's deadline by which this list was collected.
    """

    __table_args__ = (sa.UniqueConstraint("letter_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id")
    call_id: int = Field(foreign_key="call.id", index=True)
    number: int
    letter_version: int
    deadline_revision: int
    organisers: list[str] = json_value(list)
    listing: dict[str, Any] = json_value(dict)
    digest: str
    by: str
    reason: str = ""
    at: datetime


class EditionEntry(SQLModel, table=True):
    """One signatory of an edition, at its place.

    ``line`` is what is printed, frozen; "" for those who are only counted. ``digest`` stands for the line in the
    edition's own, so that a person's data can be erased here without breaking it.
    """

    __tablename__ = "edition_entry"
    edition_id: int = Field(foreign_key="edition.id", primary_key=True)
    position: int = Field(primary_key=True)
    signature_id: int = Field(foreign_key="signature.id", index=True)
    kind: SignatureKind = one_of(SignatureKind)
    visibility: Visibility = one_of(Visibility)
    country: str = ""
    initiator: bool = False
    line: str = personal("")
    affiliated: bool = False
    digest: str


class EditionCopy(SQLModel, table=True):
    """An edition left the house: on the web, by mail, or as a file. What is withdrawn later stands in it."""

    __tablename__ = "edition_copy"
    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    kind: CopyKind = one_of(CopyKind)
    detail: str = ""
    by: str
    at: datetime
