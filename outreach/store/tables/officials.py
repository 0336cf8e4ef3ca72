"""Posts that letters are addressed to, who holds them and from when, and facts about States and institutions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.store.tables.columns import json_value, personal


class Post(SQLModel, table=True):
    """An office that letters are addressed to, apart from the person who holds it.

    ``slug`` is the name by which commands know it. ``state`` is an ISO 3166-1 alpha-2 code or "", for an office of
    no State. ``institution_key`` is the institution's name as it is compared (``domain.names.name_key``).
    ``languages`` in which it may be written to, the first one first; ``ways`` (domain.officials.WAYS_OUT) likewise.
    ``copies_to`` are mail addresses that get a copy of every letter. ``closed_at``: the post exists no more.
    """

    __table_args__ = (sa.Index("ix_post_address_digest", "address_digest"),)
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    office: str
    institution: str = ""
    institution_key: str = Field(default="", index=True)
    state: str = Field(default="", index=True)
    languages: list[str] = json_value(list)
    ways: list[str] = json_value(list)
    address: str = personal("")
    address_digest: str = ""
    postal_address: list[str] = json_value(list)
    fax: str = ""
    form: str = ""
    copies_to: list[str] = json_value(list, is_personal=True)
    note: str = ""
    source: str = ""
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None


class Holder(SQLModel, table=True):
    """Who holds a post, from a day on and perhaps until another (both included).

    ``title`` is what stands after the name in an address ("Ambassador, Permanent Representative"), by language, as
    are ``form_of_address`` ("Her Excellency Ms. Vera Example") and ``salutation`` ("Excellency,").
    """

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    name: str = personal()
    title: dict[str, str] = json_value(dict, is_personal=True)
    form_of_address: dict[str, str] = json_value(dict, is_personal=True)
    salutation: dict[str, str] = json_value(dict, is_personal=True)
    since: date | None = None
    until: date | None = None
    created_at: datetime
    updated_at: datetime


class Fact(SQLModel, table=True):
    """What is known of a State or an institution from a day on: "ratified_migrant_workers", "yes", 9 July 2004.

    ``value`` is "yes", "no", or words. Of several with one name the newest that is not after a letter's day holds.
    One of ``state`` (ISO 3166-1 alpha-2) and ``institution_key`` is empty.
    """

    __table_args__ = (sa.UniqueConstraint("state", "institution_key", "name", "since"),)
    id: int | None = Field(default=None, primary_key=True)
    state: str = ""
    institution_key: str = ""
    institution: str = ""
    name: str
    value: str
    since: date
    source: str = ""
    by: str
    at: datetime
