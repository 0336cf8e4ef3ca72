"""Finds contacts at once, however many there are: by words that begin so, and by what narrows the list."""

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from outreach.queries.contacts import tags_of
from outreach.store.contact_words import Wanted, among, matching, words_of
from outreach.store.tables import Contact, ContactTag, Organisation, Suppression

PAGE = 50
COUNTED_TO = 200
NEAR = 20_000
"""So many of the newest are looked through before PostgreSQL's index of words, which sorts all it finds."""
FEW = 5_000


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list of contacts is narrowed by; "" and None: not at all. ``stopped``: may not be written to."""

    search: str = ""
    tag: str = ""
    country: str = ""
    language: str = ""
    basis: str = ""
    stopped: bool | None = None

    @property
    def wanted(self) -> Wanted:
        """What of it the index of words knows."""
        words, stopped = words_of(self.search), bool(self.stopped)
        return Wanted(words, self.country.upper(), self.language.lower(), self.basis, stopped)

    def __bool__(self) -> bool:
        return self != Sought()


@dataclass(frozen=True, slots=True)
class FoundContact:
    """A contact in the list. ``organisation`` is the one that mails name; ``stopped``: some mail does not go."""

    id: int
    address: str
    name: str
    organisation_id: int | None
    organisation: str
    country: str
    language: str
    basis: str
    tags: tuple[str, ...]
    stopped: bool


@dataclass(frozen=True, slots=True)
class ContactPage:
    """Some contacts, the newest first; ``next`` is what to begin below for more, 0 at the end.

    ``count``: how many there are from here on, counted to COUNTED_TO + 1 at most: more is "more than".
    """

    contacts: tuple[FoundContact, ...]
    next: int = 0
    count: int = 0


def search_contacts(session: Session, sought: Sought, *, before: int = 0, limit: int = PAGE) -> ContactPage:
    """The newest contacts that meet all that is sought, below the number ``before``."""
    ids = _ids(session, sought, before, max(limit, COUNTED_TO) + 1)
    more = ids[limit - 1] if len(ids) > limit else 0
    return ContactPage(_loaded(session, ids[:limit]), more, len(ids))


def _ids(session: Session, sought: Sought, before: int, limit: int) -> list[int]:
    if sought.tag and sought.wanted:
        tagged = _statement(
            session, replace(sought, search="", country="", language="", basis="", stopped=None), before, 0
        )
        few = list(session.execute(tagged.limit(FEW + 1)).scalars())
        if len(few) <= FEW:
            return among(session, sought.wanted, few)[:limit] if few else []
    if session.get_bind().dialect.name == "postgresql" and sought.wanted:
        top = before or _newest(session) + 1
        near = _statement(session, sought, before, max(top - NEAR, 0), scan=True)
        found = list(session.execute(near.limit(limit)).scalars())
        if len(found) == limit:
            return found
    return list(session.execute(_statement(session, sought, before, 0).limit(limit)).scalars())


def _newest(session: Session) -> int:
    return int(session.execute(sa.select(sa.func.max(col(Contact.id)))).scalar() or 0)


def _statement(session: Session, sought: Sought, before: int, after: int, *, scan: bool = False) -> Any:
    """The ids, the newest first. ``scan``: those numbers are looked through one by one."""
    wanted = sought.wanted
    number: Any = col(Contact.id)
    if wanted:
        found = matching(session, wanted, before=before, after=after, scan=scan)
        number = found.c.contact_id
        statement = sa.select(number)
    else:
        statement = sa.select(number)
        statement = statement.where(number < before) if before else statement
    if sought.tag:
        if wanted:
            tagged = sa.exists().where(col(ContactTag.contact_id) == number, col(ContactTag.tag) == sought.tag)
            statement = statement.where(tagged)
        else:
            number = col(ContactTag.contact_id)
            statement = sa.select(number).where(col(ContactTag.tag) == sought.tag)
            statement = statement.where(number < before) if before else statement
    if sought.stopped is False:
        statement = statement.where(~_stopped(number))
    return statement.order_by(number.desc())


def _stopped(number: Any) -> sa.Exists:
    who = aliased(Contact)
    return sa.exists().where(col(who.id) == number, col(Suppression.address_digest) == col(who.address_digest))


def _loaded(session: Session, ids: list[int]) -> tuple[FoundContact, ...]:
    if not ids:
        return ()
    stopped = sa.exists().where(col(Suppression.address_digest) == col(Contact.address_digest))
    statement = (
        sa.select(
            col(Contact.id),
            col(Contact.address),
            col(Contact.name),
            col(Contact.organisation_id),
            sa.func.coalesce(col(Organisation.name), "").label("organisation"),
            col(Contact.country),
            col(Contact.language),
            col(Contact.basis),
            stopped.label("stopped"),
        )
        .outerjoin(Organisation, col(Organisation.id) == col(Contact.organisation_id))
        .where(col(Contact.id).in_(ids))
        .order_by(col(Contact.id).desc())
    )
    tags = tags_of(session, ids)
    return tuple(
        FoundContact(*row[:8], tuple(tags[row.id]), bool(row.stopped))  # type: ignore[call-arg]
        for row in session.execute(statement)
    )
