"""Release publishes the letter at its time, and tells all who signed."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.editions import CopyKind
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CALL_MOVES, CallState, MailingState, move
from outreach.store.editions import copy_went_out, is_signed_off, newest_edition
from outreach.store.events import record
from outreach.store.tables import Call, Mailing
from outreach.usecases.queue_due_mailings import queue_now
from outreach.usecases.tell_staff import tell_staff


def release_call(session: Session, call: Call, *, now: datetime, by: str, house: House) -> int:
    """Release a closed call; how many signatories are told.

    Raises Refusal when it is not closed, or while no person has signed off the list.
    """
    if call.state is not CallState.CLOSED:
        raise Refusal(f"The call {call.slug} is {call.state.value}; only a closed one can be released.")
    edition = newest_edition(session, call.letter_id)
    if edition is None or not is_signed_off(session, call):
        raise Refusal(
            f"The release of {call.slug} waits for the sign-off of its list: "
            f"'outreach letters sign-off {call.slug}' shows what it would hold."
        )
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
    copy_went_out(session, edition, CopyKind.PAGE, detail=f"/letters/{call.slug}", by=by, now=now)
    if told:
        copy_went_out(session, edition, CopyKind.MAILING, detail=f"{told} mails", by=by, now=now)
    record(
        session,
        at=now,
        by=by,
        verb="release_call",
        subject="call",
        subject_id=call.id,
        told=told,
        edition=edition.number,
    )
    return told


def release_due_calls(session: Session, *, now: datetime, by: str, house: House) -> int:
    """Release every closed call whose release time has come; how many.

    One whose list nobody has signed off waits, and staff are told so once.
    """
    due = session.exec(
        select(Call).where(Call.state == CallState.CLOSED, col(Call.release_at) <= now).with_for_update()
    ).all()
    ready = [call for call in due if is_signed_off(session, call)]
    for call in ready:
        release_call(session, call, now=now, by=by, house=house)
    for call in due:
        if call not in ready and not call.rehearsal:
            what = (
                "The time to release a letter has come, but its list is not signed off: the release waits for you."
            )
            command = f"outreach letters sign-off {call.slug}"
            tell_staff(session, what, command, about=f"unsigned:{call.id}:{call.release}", now=now, house=house)
    return len(ready)
