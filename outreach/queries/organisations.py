"""Reads organisations: a list that is searched while somebody types, and one organisation's card."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.store.contact_words import rows_with, words_of
from outreach.store.tables import Affiliation, Alias, Call, Contact, Letter, Organisation, Signature

PAGE = 50


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation in the list: how many contacts speak for it, and how many letters it has signed."""

    id: int
    name: str
    acronym: str
    country: str
    people: int
    signatures: int


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Some organisations in the order of their names; ``next`` is the key to go on after, "" at the end."""

    organisations: tuple[OrganisationLine, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A contact who speaks for an organisation."""

    id: int
    name: str
    address: str
    role: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A letter that an organisation signed, by a call."""

    call: str
    title: str
    state: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """All that is known about an organisation; ``people_left``: how many more speak for it than are named."""

    organisation: Organisation
    aliases: tuple[str, ...]
    people: tuple[Speaker, ...]
    people_left: int
    signed: tuple[Signed, ...]


def search_organisations(
    session: Session, search: str = "", *, country: str = "", after: str = "", limit: int = PAGE
) -> OrganisationPage:
    """Those in whose name, alias or acronym words begin so, by their names, after the key ``after``."""
    statement = sa.select(col(Organisation.id), col(Organisation.name_key)).order_by(col(Organisation.name_key))
    if words := words_of(search):
        statement = statement.where(col(Organisation.id).in_(rows_with(session, "organisation_words", words)))
    if country:
        statement = statement.where(col(Organisation.country) == country.upper())
    if after:
        statement = statement.where(col(Organisation.name_key) > after)
    rows = session.execute(statement.limit(limit + 1)).all()
    more = rows[limit - 1].name_key if len(rows) > limit else ""
    return OrganisationPage(_lines(session, [row.id for row in rows[:limit]]), more)


def _lines(session: Session, ids: list[int]) -> tuple[OrganisationLine, ...]:
    if not ids:
        return ()
    people = _counts(session, col(Affiliation.organisation_id), ids)
    signatures = _counts(session, col(Signature.organisation_id), ids)
    found = {one.id: one for one in session.exec(select(Organisation).where(col(Organisation.id).in_(ids)))}
    return tuple(
        OrganisationLine(
            number,
            found[number].name,
            found[number].acronym,
            found[number].country,
            people.get(number, 0),
            signatures.get(number, 0),
        )
        for number in ids
    )


def _counts(session: Session, column: Any, ids: list[int]) -> dict[int, int]:
    statement = sa.select(column, sa.func.count()).where(column.in_(ids)).group_by(column)
    return {number: count for number, count in session.execute(statement) if number is not None}


def organisation_card(session: Session, number: int) -> OrganisationCard | None:
    """What is known about an organisation; None if there is none of that number."""
    organisation = session.get(Organisation, number)
    if organisation is None:
        return None
    aliases = session.exec(select(Alias.name).where(Alias.organisation_id == number).order_by(col(Alias.name_key)))
    speakers = (
        sa.select(col(Contact.id), col(Contact.name), col(Contact.address), col(Contact.role))
        .join(Affiliation, col(Affiliation.contact_id) == col(Contact.id))
        .where(col(Affiliation.organisation_id) == number)
        .order_by(col(Contact.id).desc())
        .limit(PAGE)
    )
    people = tuple(Speaker(*row) for row in session.execute(speakers))
    left = _counts(session, col(Affiliation.organisation_id), [number]).get(number, 0) - len(people)
    return OrganisationCard(organisation, tuple(aliases), people, max(left, 0), _signed(session, number))


def _signed(session: Session, number: int) -> tuple[Signed, ...]:
    statement = (
        sa.select(Signature, col(Call.slug), col(Letter.slug))
        .join(Call, col(Call.id) == col(Signature.call_id))
        .join(Letter, col(Letter.id) == col(Signature.letter_id))
        .where(col(Signature.organisation_id) == number)
        .order_by(col(Signature.id).desc())
        .limit(PAGE)
    )
    return tuple(
        Signed(call, letter, one.state.value, one.name, one.confirmed_at or one.submitted_at)
        for one, call, letter in session.execute(statement)
    )
