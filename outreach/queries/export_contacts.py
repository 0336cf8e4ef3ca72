"""Gives back the contacts as a table: what was imported, in the same columns."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.contact_columns import Field
from outreach.queries.contacts import organisations_of, tags_of
from outreach.store.chunks import CHUNK
from outreach.store.tables import Alias, Contact

EXPORTED: Final = (
    Field.EMAIL,
    Field.NAME,
    Field.GIVEN_NAME,
    Field.ORGANISATION,
    Field.ACRONYM,
    Field.ALIASES,
    Field.ORGANISATION_COUNTRY,
    Field.WEBSITE,
    Field.ROLE,
    Field.COUNTRY,
    Field.LANGUAGE,
    Field.TIME_ZONE,
    Field.TAGS,
    Field.SOURCE,
    Field.BASIS,
)
"""The columns of an export; a column custom.x for each custom field follows."""


def export_rows(session: Session) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    """The header of a table of all contacts, and its rows, one by one in the order in which contacts came.

    A contact who speaks for several organisations has a row for each, the one that mails name first. The table
    can be imported as it is: into this workspace it changes nothing, into an empty one it makes the same contacts.
    """
    keys = _custom_keys(session)
    header = (*(field.value for field in EXPORTED), *(f"custom.{key}" for key in keys))
    return header, _exported(session, keys)


def _custom_keys(session: Session) -> tuple[str, ...]:
    """The names of all custom fields in use."""
    keys: set[str] = set()
    for custom in session.execute(sa.select(col(Contact.custom)).execution_options(yield_per=CHUNK)).scalars():
        keys.update(custom)
    return tuple(sorted(keys))


def _exported(session: Session, keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    last = 0
    columns = sa.select(*Contact.__table__.c).order_by(col(Contact.id)).limit(CHUNK)  # type: ignore[attr-defined]
    while contacts := session.execute(columns.where(col(Contact.id) > last)).all():
        ids = [contact.id for contact in contacts]
        tags, bodies = tags_of(session, ids), organisations_of(session, contacts)
        aliases = _aliases(session, {one.id for some in bodies.values() for one in some})
        for contact in contacts:
            for body in bodies.get(contact.id) or [None]:
                yield _row(contact, body, aliases[body.id] if body else [], tags[contact.id], keys)
        last = ids[-1]


def _row(
    contact: Any, body: Any, aliases: Sequence[str], tags: Sequence[str], keys: Sequence[str]
) -> tuple[str, ...]:
    return (
        contact.address,
        contact.name,
        contact.given_name,
        *((body.name, body.acronym, ";".join(aliases), body.country, body.website) if body else ("",) * 5),
        contact.role,
        contact.country,
        contact.language,
        contact.time_zone,
        ";".join(tags),
        contact.source,
        contact.basis,
        *(str(contact.custom.get(key, "")) for key in keys),
    )


def _aliases(session: Session, ids: Iterable[int]) -> defaultdict[int, list[str]]:
    """The aliases of organisations, by organisation, in the order in which they were given."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    statement = sa.select(col(Alias.organisation_id), col(Alias.name)).order_by(col(Alias.id))
    for body, name in session.execute(statement.where(col(Alias.organisation_id).in_(list(ids)))):
        found[body].append(name)
    return found
