"""Reads calls: where each stands, what is planned, who has signed."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.errors import Refusal
from outreach.domain.health import span
from outreach.domain.kinds import MessageKind
from outreach.domain.planning import late_by
from outreach.domain.row_numbers import LARGEST_NUMBER
from outreach.domain.states import MailingState, MessageState, SignatureState
from outreach.queries.replies import count_waiting
from outreach.store.editions import is_signed_off, newest_edition
from outreach.store.tables import Call, Mailing, Signature
from outreach.store.tallies import tallied
from outreach.store.waves import OTHERS, count_to_come

WAITING = (MessageState.QUEUED, MessageState.SENDING, MessageState.DEFERRED, MessageState.HELD)


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call in a list.

    ``waiting`` counts the replies to it that wait for a person. ``edition`` is the newest edition of its letter, or
    0 while nobody has signed off what the letter says now: until then it cannot be released.
    """

    slug: str
    title: str
    round: str
    state: str
    rehearsal: bool
    paused: bool
    deadline: str
    deadline_at: datetime
    release: str
    confirmed: int
    pending: int
    proposed: int
    late: int
    waiting: int
    edition: int


@dataclass(frozen=True, slots=True)
class MailingLine:
    """A mailing of a call: when, how far, or why not.

    ``to_come`` is to how many a second wave of invitations would go now; None for every other mailing.
    ``late_seconds``: how long after its time it was queued (0: in time).
    """

    kind: str
    occurrence: str
    revision: int
    state: str
    earliest_at: datetime
    messages: int
    waiting: int
    reason: str
    to_come: int | None = None
    late_seconds: int = 0

    @property
    def why(self) -> str:
        """Why it was not queued, or how late it was."""
        return self.reason or (f"late by {span(timedelta(seconds=self.late_seconds))}" if self.late_seconds else "")

    @property
    def progress(self) -> str:
        """How far it is, in a word or two."""
        if self.to_come is not None:
            return f"{self.state} for {self.to_come:,}"
        if self.state != MailingState.QUEUED:
            return self.state
        if not self.messages:
            return "to nobody"
        return f"{self.waiting:,} waiting" if self.waiting else "done"


def list_calls(session: Session) -> list[CallLine]:
    """All calls, the nearest deadline first."""
    return [call_line(session, call) for call in session.exec(select(Call).order_by(col(Call.deadline_at)))]


def _edition(session: Session, call: Call) -> int:
    edition = newest_edition(session, call.letter_id)
    return edition.number if edition and is_signed_off(session, call) else 0


def call_line(session: Session, call: Call) -> CallLine:
    """One call, with its signatures counted."""
    states = dict(
        session.execute(
            sa.select(col(Signature.state), sa.func.count())
            .where(col(Signature.call_id) == call.id)
            .group_by(col(Signature.state))
        ).all()
    )
    return CallLine(
        slug=call.slug,
        title=call.title,
        round=call.round.value,
        state=call.state.value,
        rehearsal=call.rehearsal,
        paused=call.paused_at is not None,
        deadline=call.deadline,
        deadline_at=call.deadline_at,
        release=call.release,
        confirmed=states.get(SignatureState.CONFIRMED, 0),
        pending=states.get(SignatureState.PENDING, 0),
        proposed=states.get(SignatureState.PROPOSED, 0),
        late=states.get(SignatureState.LATE, 0),
        edition=_edition(session, call),
        waiting=count_waiting(session, call),
    )


def mailings(session: Session, call: Call, salt: bytes) -> list[MailingLine]:
    """The call's mailings, planned and queued, in the order of time."""
    count, waiting = Counter[int](), Counter[int]()
    for one in tallied(session, [call.id or 0]):
        count[one.mailing_id] += one.messages
        waiting[one.mailing_id] += one.messages if one.state in WAITING else 0
    rows = session.exec(
        select(Mailing).where(Mailing.call_id == call.id).order_by(col(Mailing.earliest_at), col(Mailing.id))
    )
    return [
        MailingLine(
            kind=mailing.kind.value,
            occurrence="" if mailing.corrects_id else mailing.occurrence,
            revision=mailing.deadline_revision,
            state=mailing.state.value,
            earliest_at=mailing.earliest_at,
            messages=count[mailing.id or 0],
            waiting=waiting[mailing.id or 0],
            reason=mailing.reason,
            to_come=count_to_come(session, call, mailing, salt) if _is_to_come(mailing) else None,
            late_seconds=int(late_by(mailing.earliest_at, mailing.queued_at).total_seconds()),
        )
        for mailing in rows
    ]


def _is_to_come(mailing: Mailing) -> bool:
    invites_others = mailing.kind is MessageKind.INVITATION and mailing.occurrence == OTHERS
    return invites_others and mailing.state is MailingState.PLANNED


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A signature in a list, for staff."""

    id: int
    name: str
    kind: str
    state: str
    visibility: str
    submitted_at: datetime


def list_signatures(session: Session, call: Call) -> list[SignatureLine]:
    """The call's signatures, oldest first."""
    rows = session.exec(select(Signature).where(Signature.call_id == call.id).order_by(col(Signature.id)))
    return [
        SignatureLine(
            row.id or 0, row.name, row.kind.value, row.state.value, row.visibility.value, row.submitted_at
        )
        for row in rows
    ]


def find_signature(session: Session, number: int) -> Signature:
    """The signature of that number; the verbs lock it. Raises Refusal if there is none."""
    found = session.get(Signature, number) if number <= LARGEST_NUMBER else None
    if found is None:
        raise Refusal(f"There is no signature {number}; 'outreach signatures list CALL' shows them.")
    return found


def as_data(rows: list[Any]) -> list[dict[str, Any]]:
    """The rows for --json."""
    return [asdict(row) for row in rows]
