"""Reads who has not answered a call, organisation by organisation, page by page."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.bounces import BounceReason
from outreach.domain.kinds import MessageKind
from outreach.domain.names import name_key
from outreach.store import wanted
from outreach.store.invited import GONE_OUT, UNWANTED, invitation
from outreach.store.tables import Bounce, Call, Contact, Message, Organisation, Suppression
from outreach.store.tallies import tallied

FEW = 20_000
"""So many invitations are sorted; where there are more, organisations are gone through in their order."""
FIRST_BODIES, MOST_BODIES = 60, 2000
AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class SilentLine:
    """Somebody to whom the invitation went, and of whom nothing has come. ``organisation`` is "" for none."""

    contact_id: int
    name: str
    address: str
    organisation: str
    organisation_id: int
    country: str
    language: str


@dataclass(frozen=True, slots=True)
class SilentPage:
    """Some of those who are silent. ``after`` is the place from which the next page goes on, "" at the end."""

    lines: tuple[SilentLine, ...]
    after: str


def silent(session: Session, call: Call, *, search: str = "", after: str = "", limit: int = 50) -> SilentPage:
    """Who is silent, by the name of the organisation, then those without one.

    ``search`` is how the organisation's name begins. ``after`` is the place that the page before gave; a place that
    is none is the beginning.
    """
    body, person = _place(after)
    rows: list[Any] = []
    if body or not person:
        rows = _of_bodies(session, call, search, body, person if body else 0, limit + 1)
    if len(rows) <= limit and not search.strip():
        start = 0 if body or not person else person
        rows += session.execute(_alone(call, start, limit + 1 - len(rows))).all()
    shown = [SilentLine(*row) for row in rows[:limit]]
    last = shown[-1] if len(rows) > limit else None
    return SilentPage(tuple(shown), f"{last.organisation_id}-{last.contact_id}" if last else "")


def _place(after: str) -> tuple[int, int]:
    body, _, person = after.partition("-")
    fits = all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (body, person))  # noqa: PLR2004
    return (int(body), int(person)) if fits else (0, 0)


def _columns(organisation: Any, organisation_id: Any) -> tuple[Any, ...]:
    return (
        col(Contact.id),
        col(Contact.name),
        col(Contact.address),
        organisation,
        organisation_id,
        col(Contact.country),
        col(Contact.language),
    )


def _of_bodies(session: Session, call: Call, search: str, body: int, person: int, limit: int) -> list[Any]:
    """Rows of those who speak for an organisation, from the place on."""
    place = (
        session.execute(sa.select(col(Organisation.name_key)).where(col(Organisation.id) == body)).scalar() or ""
    )
    start = name_key(search)
    inside = [col(Organisation.name_key) >= start, col(Organisation.name_key) < start + AFTER_ALL]
    named = inside if start else []
    if _is_small(session, call):
        return list(session.execute(_all_of_bodies(call, named, place, person).limit(limit)))
    found: list[Any] = []
    size, last = FIRST_BODIES, None
    while len(found) < limit and (bodies := _bodies(session, named, place if last is None else last, last, size)):
        found += _silent_of(session, call, bodies, place, person)
        size, last = min(size * 2, MOST_BODIES), bodies[-1][1]
    return found[:limit]


def _all_of_bodies(call: Call, named: list[Any], place: str, person: int) -> sa.Select[Any]:
    key = col(Organisation.name_key)
    return (
        sa.select(*_columns(col(Organisation.name), col(Organisation.id)))
        .join_from(Contact, Organisation, col(Contact.organisation_id) == col(Organisation.id))
        .where(_is_invited_to(call), *named, key >= place, sa.or_(key > place, col(Contact.id) > person))
        .where(*_is_silent(call))
        .order_by(key, col(Contact.id))
    )


def _bodies(
    session: Session, named: list[Any], start: str, last: str | None, size: int
) -> list[tuple[int, str, str]]:
    """The next organisations by name: number, what they are sorted by, and name."""
    key = col(Organisation.name_key)
    onward = key >= start if last is None else key > last
    found = (
        sa.select(col(Organisation.id), key, col(Organisation.name)).where(*named, onward).order_by(key).limit(size)
    )
    return [(number, sorted_by, name) for number, sorted_by, name in session.execute(found)]


def _silent_of(
    session: Session, call: Call, bodies: list[tuple[int, str, str]], place: str, person: int
) -> list[Any]:
    """Rows of the silent of these organisations, in their order."""
    order = {number: (sorted_by, name) for number, sorted_by, name in bodies}
    rows = session.execute(
        sa.select(*_columns(col(Contact.organisation_id), col(Contact.organisation_id)))
        .where(col(Contact.organisation_id).in_(list(order)))
        .where(*_is_silent(call))
    )
    placed = sorted((order[row[4]][0], row[0], row) for row in rows)
    return [
        (*row[:3], order[row[4]][1], *row[4:])
        for sorted_by, contact, row in placed
        if (sorted_by, contact) > (place, person)
    ]


def _alone(call: Call, person: int, limit: int) -> sa.Select[Any]:
    nobody = (sa.literal("", sa.String), sa.literal(0, sa.Integer))
    return (
        sa.select(*_columns(*nobody))
        .where(_is_invited_to(call), col(Contact.organisation_id).is_(None), col(Contact.id) > person)
        .where(*_is_silent(call))
        .order_by(col(Contact.id))
        .limit(limit)
    )


def _is_small(session: Session, call: Call) -> bool:
    mails = sum(one.messages for one in tallied(session, [call.id or 0]) if one.kind is MessageKind.INVITATION)
    return mails <= FEW


def _is_invited_to(call: Call) -> sa.ColumnElement[bool]:
    return col(Contact.id).in_(sa.select(col(Message.contact_id)).where(*_gone_out(call)))


def _gone_out(call: Call) -> list[Any]:
    return [*invitation(call), col(Message.state).in_(GONE_OUT)]


def _is_silent(call: Call) -> list[sa.ColumnElement[bool]]:
    """Conditions on the contact table: the rule that counts the funnel's silent, for one person."""
    invited = sa.exists().where(col(Message.contact_id) == col(Contact.id), *_gone_out(call))
    unwanted = sa.exists().where(
        col(Suppression.address_digest) == col(Contact.address_digest),
        col(Suppression.scope).in_((0, call.id or 0)),
        col(Suppression.reason).in_(UNWANTED),
    )
    bounced = sa.exists().where(
        col(Bounce.call_id) == call.id,
        col(Bounce.contact_id) == col(Contact.id),
        col(Bounce.reason) != BounceReason.DELAYED,
    )
    return [invited, ~wanted.answered(col(Contact.id), call.id), ~unwanted, ~bounced]
