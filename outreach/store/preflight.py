"""What a launch would do: gathered from the database, changing nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.correspondence import RoundKind
from outreach.domain.kinds import MessageKind
from outreach.domain.pacing import Load, Pace, finish
from outreach.domain.planning import MailingPlan, plan_reminders
from outreach.rendering.grammar import check, required_words
from outreach.store.audiences import chosen_for, count_by, left_out, members, survey
from outreach.store.calls import calendar_of
from outreach.store.recipient_values import recipient_values
from outreach.store.tables import Call, CallText, Contact, Organisation, Signature
from outreach.store.waves import OTHERS, count_first, others_at

SHOWN = 3


@dataclass(frozen=True, slots=True)
class PlannedMailing:
    """A mailing as the launch would plan it: to how many at most, from when, and when its last mail has left."""

    kind: MessageKind
    occurrence: str
    people: int
    left_out: int
    first: datetime | None
    last: datetime | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preflight:
    """What will happen.

    ``left_out`` counts people for each reason, ``outside`` those whom the audience's filter does not choose,
    ``zones`` and ``languages`` the people in each (in the workspace's zone who has none), ``fallback`` those who
    read a language in which the call has no text. ``empty_words`` names the template words that are empty for some,
    with a few of their addresses, ``samples`` are three contacts to look at.
    """

    people: int
    left_out: dict[str, int]
    mailings: tuple[PlannedMailing, ...]
    outside: int
    zones: dict[str, int]
    languages: dict[str, int]
    fallback: dict[str, int]
    empty_words: dict[str, tuple[str, ...]]
    samples: tuple[int, ...]

    @property
    def invitations(self) -> tuple[datetime | None, ...]:
        """When the last mail of each wave of invitations will have left."""
        return tuple(one.last for one in self.mailings if one.kind is MessageKind.INVITATION)


def preflight(session: Session, call: Call, *, now: datetime, house: House) -> Preflight:
    """Who would be invited to ``call``, who is left out and why, and when each mailing goes."""
    found = survey(session, call, house.salt)
    zones = _in_zones(found.zones, house)
    pace = Pace.of(house.settings.limits)
    plans = plan_reminders(calendar_of(call), zones, house.hours, not_before=now, margin=house.margin)
    written = set(session.exec(select(CallText.language).where(CallText.call_id == call.id, col(CallText.current))))
    return Preflight(
        people=found.people,
        left_out=found.left_out,
        mailings=(
            *_waves(session, call, found.domains, pace, now=now, salt=house.salt),
            *(_planned(one, zones, Load.of(found.domains), pace) for one in plans),
        ),
        outside=_outside(session, call, found.people + sum(found.left_out.values())),
        zones=zones,
        languages=dict(found.languages),
        fallback={one: count for one, count in found.languages.items() if one and one not in written},
        empty_words=empty_words(session, call, house),
        samples=_samples(session, call, house, found.first),
    )


def _outside(session: Session, call: Call, chosen: int) -> int:
    """How many contacts the filter passes over; a round, which has none, passes over nobody."""
    if call.round is RoundKind.APPROVAL:
        return 0
    return int(session.execute(sa.select(sa.func.count(col(Contact.id)))).scalar_one()) - chosen


def _waves(
    session: Session, call: Call, domains: dict[str, int], pace: Pace, *, now: datetime, salt: bytes
) -> Iterable[PlannedMailing]:
    """The invitations: all at once, or first those who signed an earlier letter, and the others later."""
    later = others_at(call, now)
    first = domains if later is None else count_first(session, call, salt, col(Contact.domain))
    yield _invitation("", first, now, pace)
    if later is not None:
        others = {domain: count - first.get(domain, 0) for domain, count in domains.items()}
        yield _invitation(OTHERS, {domain: count for domain, count in others.items() if count}, later, pace)


def _invitation(occurrence: str, domains: dict[str, int], first: datetime, pace: Pace) -> PlannedMailing:
    people = sum(domains.values())
    last = finish({first: Load.of(domains)}, pace) if people else None
    return PlannedMailing(MessageKind.INVITATION, occurrence, people, 0, first, last, ())


def zone_counts(session: Session, call: Call, house: House) -> dict[str, int]:
    """How many members live in each zone, those without one counted to the workspace's."""
    return _in_zones(count_by(session, call, house.salt, col(Contact.time_zone)), house)


def _in_zones(found: Mapping[str, int], house: House) -> dict[str, int]:
    counts: dict[str, int] = {}
    for zone, count in found.items():
        counts[zone or house.time_zone] = counts.get(zone or house.time_zone, 0) + count
    return counts


def _planned(one: MailingPlan, zones: dict[str, int], everybody: Load, pace: Pace) -> PlannedMailing:
    waves: Counter[datetime] = Counter()
    for zone, due in one.due.items():
        waves[due] += zones[zone]
    shares = {due: Load(people, _share(everybody, people)) for due, people in waves.items()}
    return PlannedMailing(
        kind=one.kind,
        occurrence=one.occurrence,
        people=sum(zones[zone] for zone in one.due),
        left_out=sum(zones[zone] for zone in one.left_out),
        first=one.earliest,
        last=finish(shares, pace) if shares else None,
        reasons=tuple(dict.fromkeys(one.left_out.values())),
    )


def _share(everybody: Load, people: int) -> int:
    """How many of these people have the largest domain, if all domains are spread alike; rounded up."""
    return -(-everybody.largest * people // max(everybody.mails, 1))


def empty_words(session: Session, call: Call, house: House) -> dict[str, tuple[str, ...]]:
    """The words that the invitation and the reminders use unguarded and that are empty for somebody.

    The key says template and word, the values are up to five addresses for which it is empty.
    """
    found: dict[str, tuple[str, ...]] = {}
    texts = session.exec(select(CallText).where(CallText.call_id == call.id, col(CallText.current).is_(True)))
    for text in texts:
        if check(text.source, text.kind):
            continue  # what is wrong with it is a reason of its own
        for word in sorted(required_words(text.source, text.kind)):
            addresses = _without(session, call, house, text, word)
            if addresses:
                found[f"{text.kind.value}.{text.language}.md: {{{{ {word} }}}}"] = tuple(addresses)
    return found


def _without(session: Session, call: Call, house: House, text: CallText, word: str) -> Iterable[str]:
    column = _column_of(word)
    if column is None:
        return []
    reads = col(Contact.language) == text.language
    if text.language == call.default_language:
        others = select(CallText.language).where(CallText.call_id == call.id, CallText.kind == text.kind)
        reads = sa.or_(reads, col(Contact.language).not_in(others))
    statement = (
        sa.select(col(Contact.address))
        .select_from(Contact)
        .outerjoin(Organisation, col(Organisation.id) == col(Contact.organisation_id))
        # The emptiness first: of those for whom a word is empty it is asked whether they belong.
        .where(sa.func.coalesce(column, "") == "", reads)
        .where(*chosen_for(call, house.salt), left_out(call.id).is_(None))
        .order_by(col(Contact.id))
        .limit(5)
    )
    return session.execute(statement).scalars().all()


def _column_of(word: str) -> Any:
    """The column behind a template word that may be empty; None for words that every mail has."""
    group, _, name = word.partition(".")
    if group != "contact":
        return None
    if name == "organisation":
        return col(Organisation.name)
    if name.startswith("custom."):
        return col(Contact.custom)[name.removeprefix("custom.")].as_string()
    columns: dict[str, Any] = {
        "name": col(Contact.name),
        "given_name": col(Contact.given_name),
        "role": col(Contact.role),
        "country": col(Contact.country),
        "source": col(Contact.source),
    }
    return columns.get(name)


def _samples(session: Session, call: Call, house: House, first: list[int]) -> tuple[int, ...]:
    """Three members, of different languages where there are such."""
    ids = first[:SHOWN]
    if len(ids) < SHOWN:
        more = members(call, house.salt).where(col(Contact.id).not_in(ids)).limit(SHOWN - len(ids))
        ids += [found for found in session.execute(more).scalars() if found]
    return tuple(ids)


def values_for(session: Session, contact_id: int) -> dict[str, Any]:
    """What a template may say of a contact, as a queued message would keep it."""
    statement = (
        sa.select(recipient_values())
        .select_from(Contact)
        .outerjoin(Organisation, col(Organisation.id) == col(Contact.organisation_id))
        .outerjoin(Signature, sa.false())
        .where(col(Contact.id) == contact_id)
    )
    found: dict[str, Any] = session.execute(statement).scalar_one()
    return found


def people_left_out(session: Session, call: Call, house: House, limit: int = 1000) -> list[tuple[str, str]]:
    """Addresses that the filter chooses but that get no mail, each with the reason."""
    reason = left_out(call.id)
    rows = session.execute(
        sa.select(col(Contact.address), reason)
        .where(*chosen_for(call, house.salt), reason.is_not(None))
        .order_by(col(Contact.address))
        .limit(limit)
    )
    return [(address, why or "") for address, why in rows]
