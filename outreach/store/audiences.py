"""Audiences in SQL: who belongs, who is left out and why, and which zones and languages they have."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.audiences import Audience
from outreach.domain.correspondence import RoundKind
from outreach.domain.names import name_key
from outreach.domain.states import SignatureState
from outreach.store import wanted
from outreach.store.in_question import in_question
from outreach.store.parts import parts_of
from outreach.store.round_members import asked_by, is_approval
from outreach.store.tables import (
    Affiliation,
    Alias,
    Call,
    CallExclusion,
    Contact,
    ContactTag,
    Letter,
    Organisation,
    Signature,
)

NO_BASIS = "no basis to write"
EXCLUDED = "excluded or already invited"
AT_ONCE = 50_000
"""So many contacts are grouped together."""
LOOKED_AT = 3
"""Of so many languages a survey names a member."""


def chosen(audience: Audience, salt: bytes) -> list[sa.ColumnElement[bool]]:
    """Conditions on the contact table: those whom the filter chooses, before anybody is left out."""
    conditions: list[sa.ColumnElement[bool]] = []
    if audience.tags:
        conditions.append(_tagged(audience.tags))
    if audience.exclude_tags:
        conditions.append(~_tagged(audience.exclude_tags))
    if audience.countries:
        conditions.append(col(Contact.country).in_(audience.countries))
    if audience.languages:
        conditions.append(col(Contact.language).in_(audience.languages))
    if audience.organisations:
        conditions.append(_speaks_for(audience.organisations))
    if audience.exclude_organisations:
        conditions.append(~_speaks_for(audience.exclude_organisations))
    if audience.signed:
        conditions.append(_signed_earlier(audience.signed))
    if audience.exclude:
        digests = [address_digest(parse_address(text).key, salt) for text in audience.exclude]
        conditions.append(col(Contact.address_digest).not_in(digests))
    return conditions


def chosen_for(call: Call, salt: bytes) -> list[sa.ColumnElement[bool]]:
    """Whom the call's audience chooses; an approval round asks its members' contacts and nobody else."""
    if call.round is RoundKind.APPROVAL:
        return [asked_by(call.id, col(Contact.id))]
    return chosen(Audience.read(call.audience), salt)


def _tagged(tags: tuple[str, ...]) -> sa.Exists:
    return sa.exists().where(col(ContactTag.contact_id) == col(Contact.id), col(ContactTag.tag).in_(tags))


def _speaks_for(names: tuple[str, ...]) -> sa.Exists:
    keys = [name_key(name) for name in names]
    named = sa.or_(
        col(Organisation.name_key).in_(keys),
        col(Organisation.acronym).in_(names),
        sa.exists().where(col(Alias.organisation_id) == col(Organisation.id), col(Alias.name_key).in_(keys)),
    )
    return sa.exists().where(
        col(Affiliation.contact_id) == col(Contact.id),
        col(Affiliation.organisation_id) == col(Organisation.id),
        named,
    )


def _signed_earlier(slugs: tuple[str, ...]) -> sa.ColumnElement[bool]:
    given = aliased(Signature)  # a name of its own: the statement around it may look at signatures as well
    signed = sa.and_(
        col(given.letter_id) == col(Letter.id),
        col(given.call_id).in_(sa.select(col(Call.id)).where(col(Call.rehearsal).is_(False))),
        col(Letter.slug).in_(slugs),
        col(given.state) == SignatureState.CONFIRMED,
    )
    in_person = sa.exists().where(signed, col(given.contact_id) == col(Contact.id))
    organisation = sa.exists().where(
        signed,
        col(given.organisation_id) == col(Affiliation.organisation_id),
        col(Affiliation.contact_id) == col(Contact.id),
    )
    return sa.or_(in_person, organisation)


@lru_cache(64)
def left_out(call_id: Any) -> sa.Case[str | None]:
    """Why a chosen contact gets no mail of this call all the same; NULL for those who do.

    Kept, because a launch asks a dozen times, and writing this takes longer than running it.
    """
    excluded = sa.exists().where(
        col(CallExclusion.call_id) == call_id, col(CallExclusion.address_digest) == col(Contact.address_digest)
    )
    return sa.case(
        (wanted.dead_address(col(Contact.address_digest)), sa.literal(wanted.DEAD_ADDRESS)),
        (wanted.opted_out(col(Contact.address_digest), call_id), sa.literal(wanted.OPTED_OUT)),
        # Who signed a letter is asked about the coalition's own answer to what came of it.
        (sa.and_(col(Contact.basis) == "", ~is_approval(call_id)), sa.literal(NO_BASIS)),
        (excluded, sa.literal(EXCLUDED)),
        (wanted.answered(col(Contact.id), call_id), sa.literal(wanted.HAS_ANSWERED)),
        else_=sa.null(),
    )


def members(call: Call, salt: bytes) -> sa.Select[int | None]:
    """The ids of the contacts who would get a mailing to the call's audience now."""
    return sa.select(col(Contact.id)).where(*chosen_for(call, salt), left_out(call.id).is_(None))


def count_by_reason(session: Session, call: Call, salt: bytes) -> dict[str, int]:
    """How many of the chosen get the mail (key ""), and how many are left out for each reason.

    Only of those in question it is asked why; the others are counted.
    """
    whom, counts = chosen_for(call, salt), Counter[str]()
    if call.round is not RoundKind.APPROVAL:
        counts += _by_basis(session, whom)
        whom = [*whom, col(Contact.id).in_(in_question(call.id))]
    reason = sa.func.coalesce(left_out(call.id), "").label("reason")
    before = sa.case((col(Contact.basis) == "", sa.literal(NO_BASIS)), else_="").label("before")
    rows = session.execute(sa.select(reason, before, sa.func.count()).where(*whom).group_by(reason, before))
    for why, counted_as, count in rows:
        counts[why] += count
        if call.round is not RoundKind.APPROVAL:
            counts[counted_as] -= count
    return {word: count for word, count in counts.items() if count}


def _by_basis(session: Session, whom: Sequence[sa.ColumnElement[bool]]) -> Counter[str]:
    """How many may be written to as far as their basis goes, and how many not."""
    without = sa.func.coalesce(sa.func.sum(sa.case((col(Contact.basis) == "", 1), else_=0)), 0)
    everybody, baseless = session.execute(
        sa.select(sa.func.count(), without).select_from(Contact).where(*whom)
    ).one()
    return Counter({"": everybody - baseless, NO_BASIS: baseless})


@dataclass(frozen=True, slots=True)
class Survey:
    """Whom the call's filter chooses: ``left_out`` by reason, the members by what they are.

    ``first`` is a member for each of the commonest languages, that with the most members first.
    """

    people: int
    left_out: dict[str, int]
    zones: Counter[str]
    domains: Counter[str]
    languages: Counter[str]
    first: list[int]


def survey(session: Session, call: Call, salt: bytes) -> Survey:
    """Who gets a mailing to the call's audience now, who does not, and why."""
    by_reason = count_by_reason(session, call, salt)
    columns = (col(Contact.time_zone), col(Contact.domain), col(Contact.language))
    zones, domains, languages = _counted(session, call, salt, columns)
    return Survey(
        people=by_reason.pop("", 0),
        left_out=by_reason,
        zones=zones,
        domains=domains,
        languages=languages,
        first=_first(session, call, salt, [language for language, _ in languages.most_common(LOOKED_AT)]),
    )


def _first(session: Session, call: Call, salt: bytes, languages: Iterable[str]) -> list[int]:
    """The first member of each language."""
    who = members(call, salt).order_by(col(Contact.id)).limit(1)
    return [session.execute(who.where(col(Contact.language) == one)).scalar_one() for one in languages]


def count_by(session: Session, call: Call, salt: bytes, column: Any) -> dict[str, int]:
    """How many members there are for each value of a column of the contact table (zone, language, domain)."""
    return dict(_counted(session, call, salt, (column,))[0])


def _counted(session: Session, call: Call, salt: bytes, columns: Sequence[Any]) -> tuple[Counter[str], ...]:
    """For each of the columns how many members there are for each value.

    They are counted a part of the list at a time: a database that groups a million holds them all in memory.
    """
    counted, whom, out = tuple(Counter[str]() for _ in columns), chosen_for(call, salt), left_out(call.id)

    def add(times: int, *conditions: sa.ColumnElement[bool]) -> None:
        grouped = sa.select(*columns, sa.func.count()).where(*whom, *conditions).group_by(*columns)
        for *values, count in session.connection().execute(grouped).all():
            for counter, value in zip(counted, values, strict=True):
                counter[value] += times * count

    if call.round is RoundKind.APPROVAL:
        add(1, out.is_(None))
        return counted
    with_basis = col(Contact.basis) != ""
    for part in parts_of(session, col(Contact.id), AT_ONCE):
        add(1, with_basis, part.of(col(Contact.id)))
    add(-1, with_basis, col(Contact.id).in_(in_question(call.id)), out.is_not(None))
    return tuple(+counter for counter in counted)
