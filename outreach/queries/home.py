"""Reads what the first page of the console shows: what needs this person now, and every open call."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.desk.doubts import doubts
from outreach.domain.entries import Entry
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, MailingState, MessageState, ReplyState, SignatureState
from outreach.domain.tasks import TaskState
from outreach.domain.users import Held, Right, calls_with
from outreach.queries.call_progress import messages_in
from outreach.queries.letter_list import waits_for_consent
from outreach.queries.proposals import count_proposals
from outreach.queries.signature_curve import Projection, curve, projection
from outreach.store.launch_requests import launches_waiting
from outreach.store.tables import Addressee, Call, Contact, Edition, Letter, Mailing, Reply, Signature, Task, User

TO_DECIDE = (SignatureState.PROPOSED, SignatureState.LATE)
LOOKED_AT = 200
"""So many signatures at which nobody has looked are gone through for doubts; of more, ``more`` says so."""
READ = ("kind", "name", "visibility", "acronym", "country", "website", "signer_name", "signer_title", "affiliation")
REMEMBERED = timedelta(days=7)
"""How long a task that ended badly is put before whoever asked for it."""


class Need(StrEnum):
    """What may need somebody."""

    REPLIES = "replies"
    TO_DECIDE = "to-decide"
    """Signatures that were proposed, or came late: staff decide."""
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"
    LAUNCHES = "launches"
    """Calls whose launch a colleague has asked for, and which wait for a second person."""
    LETTERS_TO_AUTHORISE = "letters-to-authorise"
    UNSIGNED = "unsigned"
    """Calls that are closed, whose list nobody has signed off."""
    PROPOSALS = "proposals"
    """What colleagues proposed, and a second person has to consent to."""
    OVERDUE = "overdue"
    TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class NeedLine:
    """So many rows need somebody; ``more``: at least so many. ``to`` is the address of the rows, ``call`` whose."""

    need: Need
    count: int
    to: str
    more: bool = False
    call: str = ""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """An open call: how long it has still to go, what has come, what may come, and what goes out next."""

    id: int
    slug: str
    title: str
    round: str
    rehearsal: bool
    paused_at: datetime | None
    deadline: str
    deadline_at: datetime
    signatures: int
    expected: Projection | None
    next_kind: MessageKind | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class HomePage:
    """``needs`` only where there is something; ``drafts`` are calls that were not launched yet."""

    needs: tuple[NeedLine, ...]
    open_calls: tuple[OpenCall, ...]
    drafts: int
    calls: int


@dataclass(slots=True)
class _Desk:
    """Who asks, and when: every need asks for the calls for which its right is held."""

    session: Session
    held: tuple[Held, ...]
    user_id: int
    now: datetime
    today: date
    house: House
    lines: list[NeedLine] = field(default_factory=list)

    def calls(self, right: Right) -> frozenset[int] | None:
        return calls_with(self.held, right)

    def note(self, need: Need, count: int, to: str, *, more: bool = False, call: str = "") -> None:
        if count:
            self.lines.append(NeedLine(need, count, to, more, call))

    def count(self, table: Any, *where: Any) -> int:
        return int(self.session.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())


def home(
    session: Session, held: Iterable[Held], user_id: int, *, now: datetime, today: date, house: House
) -> HomePage:
    """What needs the person with these roles now, and the open calls that she may see."""
    desk = _Desk(session, tuple(held), user_id, now, today, house)
    _sorting(desk)
    _running(desk)
    _authorising(desk)
    _tasks(desk)
    seen = desk.calls(Right.SEE)
    states = dict(
        session.execute(
            sa.select(col(Call.state), sa.func.count()).where(_of(Call.id, seen)).group_by(col(Call.state))
        ).all()
    )
    return HomePage(
        needs=tuple(desk.lines),
        open_calls=tuple(_open_calls(session, seen, now)),
        drafts=states.get(CallState.DRAFT, 0),
        calls=sum(states.values()),
    )


def _of(column: Any, calls: Collection[int] | None) -> sa.ColumnElement[bool]:
    return sa.true() if calls is None else col(column).in_(calls)


def _sorting(desk: _Desk) -> None:
    calls = desk.calls(Right.SORT)
    if calls == frozenset():
        return
    waiting = desk.count(Reply, col(Reply.state) == ReplyState.WAITING, _of(Reply.call_id, calls))
    desk.note(Need.REPLIES, waiting, "/console/replies")
    for slug, count in _by_call(desk, Signature, col(Signature.state).in_(TO_DECIDE), calls):
        desk.note(Need.TO_DECIDE, count, f"/console/calls/{slug}/signatures?show=undecided", call=slug)
    for slug, count, more in _doubtful(desk.session, calls):
        desk.note(Need.DOUBTFUL, count, f"/console/calls/{slug}/signatures?show=doubtful", more=more, call=slug)
    overdue = sa.and_(col(Addressee.due_on) < desk.today, _of_letters(Addressee.letter_id, calls))
    desk.note(Need.OVERDUE, desk.count(Addressee, overdue), "/console/officials/overdue")


def _by_call(desk: _Desk, table: Any, which: Any, calls: Collection[int] | None) -> list[tuple[str, int]]:
    """How many rows of each call that is not over, the nearest deadline first."""
    going = col(Call.state).in_((CallState.OPEN, CallState.CLOSED))
    rows = desk.session.execute(
        sa.select(col(Call.slug), sa.func.count())
        .join_from(table, Call, col(table.call_id) == col(Call.id))
        .where(which, going, _of(Call.id, calls))
        .group_by(col(Call.slug), col(Call.deadline_at))
        .order_by(col(Call.deadline_at))
    )
    return [(slug, int(count)) for slug, count in rows]


def _doubtful(session: Session, calls: Collection[int] | None) -> list[tuple[str, int, bool]]:
    """How many of the newest signatures at which nobody has looked are doubtful, for each call that is not over."""
    going = select(Call).where(col(Call.state).in_((CallState.OPEN, CallState.CLOSED)), _of(Call.id, calls))
    found = []
    for call in session.exec(going.order_by(col(Call.deadline_at))):
        unchecked = (
            sa.select(*(col(getattr(Signature, name)) for name in READ), col(Contact.domain))
            .outerjoin(Contact, col(Contact.id) == col(Signature.contact_id))
            .where(col(Signature.call_id) == call.id, col(Signature.checked_at).is_(None))
            .where(col(Signature.state).in_((SignatureState.CONFIRMED, SignatureState.PENDING)))
            .order_by(col(Signature.id).desc())
            .limit(LOOKED_AT + 1)
        )
        rows = session.execute(unchecked).all()
        count = sum(_looks_doubtful(_entry(row), row.domain or "") for row in rows[:LOOKED_AT])
        found.append((call.slug, count, len(rows) > LOOKED_AT))
    return found


def _entry(row: Any) -> Entry:
    return Entry(**{name: getattr(row, name) for name in READ})


@lru_cache(20_000)
def _looks_doubtful(entry: Entry, domain: str) -> bool:
    """Kept, because the same entries are asked about at every visit."""
    return bool(doubts(entry, f"@{domain}" if domain else ""))


def _of_letters(column: Any, calls: Collection[int] | None) -> sa.ColumnElement[bool]:
    if calls is None:
        return sa.true()
    return col(column).in_(sa.select(col(Call.letter_id)).where(col(Call.id).in_(calls)))


def _running(desk: _Desk) -> None:
    calls = desk.calls(Right.RUN)
    if calls == frozenset():
        return
    wanted = (MessageState.FAILED, MessageState.UNKNOWN, MessageState.HELD)
    for state, count in messages_in(desk.session, wanted, calls).items():
        desk.note(Need(state.value), count, f"/console/outbox?state={state.value}")
    of_it = sa.exists().where(
        col(Edition.letter_id) == col(Call.letter_id), col(Edition.deadline_revision) >= col(Call.deadline_revision)
    )
    closed = sa.and_(col(Call.state) == CallState.CLOSED, ~of_it, _of(Call.id, calls))
    desk.note(Need.UNSIGNED, desk.count(Call, closed), "/console/calls?state=closed")


def _authorising(desk: _Desk) -> None:
    """What colleagues have asked for or signed off, and what waits for this person's consent."""
    calls = desk.calls(Right.AUTHORISE)
    if calls == frozenset() or not desk.house.settings.workspace.second_person:
        return
    asking = desk.session.get(User, desk.user_id)
    for slug in launches_waiting(desk.session, calls, besides=asking.address if asking else ""):
        desk.note(Need.LAUNCHES, 1, f"/console/calls/{slug}/make/check", call=slug)
    desk.note(Need.PROPOSALS, count_proposals(desk.session, desk.user_id, calls), "/console/tasks")
    waits = waits_for_consent(asking.address if asking else "")
    count = desk.count(Letter, waits, _of_letters(Letter.id, calls))
    desk.note(Need.LETTERS_TO_AUTHORISE, count, "/console/letters?show=to-authorise")


def _tasks(desk: _Desk) -> None:
    ended = (TaskState.REFUSED, TaskState.FAILED)
    count = desk.count(
        Task,
        col(Task.user_id) == desk.user_id,
        col(Task.state).in_(ended),
        col(Task.ended_at) > desk.now - REMEMBERED,
    )
    desk.note(Need.TASKS, count, "/console/tasks")


def _open_calls(session: Session, calls: Collection[int] | None, now: datetime) -> Iterable[OpenCall]:
    found = select(Call).where(Call.state == CallState.OPEN, _of(Call.id, calls)).order_by(col(Call.deadline_at))
    open_calls = session.exec(found).all()
    upcoming = select(Mailing).where(
        Mailing.state == MailingState.PLANNED, col(Mailing.call_id).in_([call.id for call in open_calls])
    )
    planned: dict[int, Mailing] = {}
    for mailing in session.exec(upcoming.order_by(col(Mailing.earliest_at), col(Mailing.id))):
        planned.setdefault(mailing.call_id, mailing)
    for call in open_calls:
        signed, coming = curve(session, call, now=now), planned.get(call.id or 0)
        yield OpenCall(
            id=call.id or 0,
            slug=call.slug,
            title=call.title,
            round=call.round.value,
            rehearsal=call.rehearsal,
            paused_at=call.paused_at,
            deadline=call.deadline,
            deadline_at=call.deadline_at,
            signatures=signed.total,
            expected=projection(signed.times, since=call.launched_at, until=call.deadline_at, now=now),
            next_kind=coming.kind if coming else None,
            next_at=coming.earliest_at if coming else None,
        )
