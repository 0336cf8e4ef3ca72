"""Audiences in SQL: who belongs, who is left out and why, and which zones and languages they have."""

from collections import Counter
from dataclasses import dataclass, field
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
    """How many of the chosen get the mail (key ""), and how many are left out for each reason."""
    reason = sa.func.coalesce(left_out(call.id), "").label("reason")
    rows = session.execute(sa.select(reason, sa.func.count()).where(*chosen_for(call, salt)).group_by(reason))
    return {word: count for word, count in rows}  # noqa: C416  a row is no pair to dict()


@dataclass(slots=True)
class Survey:
    """Whom the call's filter chooses, gone through once: ``left_out`` by reason, the members by what they are.

    ``first`` is a member for each language, that with the most members first.
    """

    people: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    zones: Counter[str] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    lowest: dict[str, int] = field(default_factory=dict)

    @property
    def first(self) -> list[int]:
        """One member of each language."""
        return [self.lowest[language] for language, _ in self.languages.most_common()]


def survey(session: Session, call: Call, salt: bytes) -> Survey:
    """Who gets a mailing to the call's audience now, who does not, and why."""
    reason, found = left_out(call.id).label("reason"), Survey()
    keys = (reason, col(Contact.time_zone), col(Contact.language), col(Contact.domain))
    statement = sa.select(*keys, sa.func.count(), sa.func.min(col(Contact.id))).where(*chosen_for(call, salt))
    for why, zone, language, domain, count, lowest in session.execute(statement.group_by(*keys)):
        if why is not None:
            found.left_out[why] += count
            continue
        found.people += count
        found.zones[zone] += count
        found.languages[language] += count
        found.domains[domain] += count
        found.lowest[language] = min(lowest, found.lowest.get(language, lowest))
    return found


def count_by(session: Session, call: Call, salt: bytes, column: Any) -> dict[str, int]:
    """How many members there are for each value of a column of the contact table (zone, language, domain)."""
    inside = col(Contact.id).in_(members(call, salt))
    rows = session.execute(sa.select(column, sa.func.count()).where(inside).group_by(column))
    return {value: count for value, count in rows}  # noqa: C416  as above
