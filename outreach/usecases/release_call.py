"""Release publishes the letter at its time, and tells all who signed."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CALL_MOVES, CallState, MailingState, move
from outreach.store.events import record
from outreach.store.tables import Call, Mailing
from outreach.usecases.queue_due_mailings import queue_now


def release_call(session: Session, call: Call, *, now: datetime, by: str, house: House) -> int:
    """Release a closed call; how many signatories are told. Raises Refusal when it is not closed."""
    if call.state is not CallState.CLOSED:
        raise Refusal(f"The call {call.slug} is {call.state.value}; only a closed one can be released.")
    call.state = move(call.state, CallState.RELEASED, CALL_MOVES)
    call.released_at = now
    session.add(call)
    session.flush()
    mailing = session.exec(
        select(Mailing).where(
            Mailing.call_id == call.id,
            Mailing.kind == MessageKind.RELEASED,
            Mailing.state == MailingState.PLANNED,
        )
    ).first()
    if mailing is None:  # the release had no time when the call was launched
        mailing = Mailing(
            call_id=call.id or 0,
            kind=MessageKind.RELEASED,
            deadline_revision=call.deadline_revision,
            earliest_at=now,
            created_at=now,
        )
        session.add(mailing)
        session.flush()
    told = queue_now(session, call, mailing, now=now, house=house)
    record(session, at=now, by=by, verb="release_call", subject="call", subject_id=call.id, told=told)
    return told


def release_due_calls(session: Session, *, now: datetime, by: str, house: House) -> int:
    """Release every closed call whose release time has come; how many."""
    due = session.exec(
        select(Call).where(Call.state == CallState.CLOSED, col(Call.release_at) <= now).with_for_update()
    ).all()
    for call in due:
        release_call(session, call, now=now, by=by, house=house)
    return len(due)
