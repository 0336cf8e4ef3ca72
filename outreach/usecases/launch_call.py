"""A coordinator launches a call: its mailings are planned, and the invitations are queued."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.forms import LOOPBACK
from outreach.config.house import House
from outreach.domain.audiences import Audience
from outreach.domain.blockers import Blocker, LaunchFacts, blockers
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.places import language_name
from outreach.domain.planning import plan_reminders
from outreach.domain.states import CALL_MOVES, CallState, move
from outreach.rendering.grammar import check
from outreach.rendering.letters.follow_ups import is_unwritten
from outreach.store.calls import calendar_of, letter_texts
from outreach.store.events import record
from outreach.store.preflight import Preflight, preflight
from outreach.store.tables import Call, CallText, Mailing
from outreach.store.waves import OTHERS, others_at
from outreach.usecases.authorise import authorised
from outreach.usecases.queue_due_mailings import queue_now


@dataclass(frozen=True, slots=True)
class Launched:
    """How many invitations were queued, and whether it is a rehearsal for ever."""

    invitations: int
    rehearsal: bool


def launch_call(
    session: Session, call: Call, *, now: datetime, by: str, house: House, authorised_by: str = ""
) -> Launched:
    """Open the call. Raises Refusal with every reason that stands in the way."""
    facts = preflight(session, call, now=now, house=house)
    reasons = launch_blockers(session, call, facts, now=now, house=house)
    if reasons:
        raise Refusal(*(reason.sentence for reason in reasons))
    authorised(house, by=by, authorised_by=authorised_by)
    call.state = move(call.state, CallState.OPEN, CALL_MOVES)
    call.rehearsal = house.rehearsal
    call.launched_at = now
    session.add(call)
    invitation = Mailing(
        call_id=call.id or 0,
        kind=MessageKind.INVITATION,
        deadline_revision=call.deadline_revision,
        earliest_at=now,
        not_after=call.deadline_at - house.margin,
        created_at=now,
    )
    session.add(invitation)
    session.flush()
    plan_mailings(session, call, facts.zones, now=now, house=house)
    queued = queue_now(session, call, invitation, now=now, house=house)
    record(
        session,
        at=now,
        by=by,
        verb="launch_call",
        subject="call",
        subject_id=call.id,
        invitations=queued,
        rehearsal=call.rehearsal,
        authorised_by=authorised_by,
    )
    return Launched(queued, call.rehearsal)


def launch_blockers(
    session: Session, call: Call, facts: Preflight, *, now: datetime, house: House
) -> list[Blocker]:
    """Why the call cannot be launched, and where each is mended; empty when it can."""
    texts = session.exec(
        select(CallText)
        .where(CallText.call_id == call.id, col(CallText.current).is_(True))
        .order_by(CallText.kind, CallText.language)
    )
    problems = tuple(
        f"{text.kind.value}.{text.language}.md, {problem}"
        for text in texts
        for problem in check(text.source, text.kind)
    )
    unwritten = tuple(
        f"The letter in {language_name(text.language, 'en')} still says that something is to be written in it."
        for text in letter_texts(session, call)
        if is_unwritten(text.body)
    )
    settings = house.settings
    return blockers(
        LaunchFacts(
            state=call.state,
            slug=call.slug,
            deadline=call.deadline,
            deadline_at=call.deadline_at,
            asks_until=call.deadline_at - house.margin,
            last_leaves=max((leaves for leaves in facts.invitations if leaves), default=None),
            people=facts.people,
            first_signed=", ".join(Audience.read(call.audience).first_signed),
            first=facts.mailings[0].people,
            others_at=others_at(call, now),
            empty_words=facts.empty_words,
            text_problems=problems,
            letter_problems=unwritten,
            postal_address=settings.workspace.postal_address,
            sender_address=settings.sender.address,
            base_url=settings.workspace.base_url,
            stays_here=house.rehearsal or settings.smtp.host in LOOPBACK,
        ),
        now,
    )


def plan_mailings(session: Session, call: Call, zones: Collection[str], *, now: datetime, house: House) -> None:
    """Plan the call's second wave, reminders, thanks and release announcement under its present deadline.

    ``zones`` are those in which somebody lives to whom they may go.
    """
    calendar, others = calendar_of(call), others_at(call)
    if others is not None and others > now:
        not_after = call.deadline_at - house.margin
        _plan(session, call, MessageKind.INVITATION, OTHERS, others, not_after, now=now)
    for one in plan_reminders(
        calendar, zones or {house.time_zone}, house.hours, not_before=now, margin=house.margin
    ):
        if one.earliest is not None:
            _plan(session, call, one.kind, one.occurrence, one.earliest, one.not_after, now=now)
    if calendar.thank_you:
        _plan(session, call, MessageKind.THANK_YOU, "", call.deadline_at, None, now=now)
    if call.release_at is not None:
        _plan(session, call, MessageKind.RELEASED, "", call.release_at, None, now=now)


def _plan(
    session: Session,
    call: Call,
    kind: MessageKind,
    occurrence: str,
    earliest: datetime,
    not_after: datetime | None,
    *,
    now: datetime,
) -> None:
    session.add(
        Mailing(
            call_id=call.id or 0,
            kind=kind,
            occurrence=occurrence,
            deadline_revision=call.deadline_revision,
            earliest_at=earliest,
            not_after=not_after,
            created_at=now,
        )
    )
