"""A coordinator corrects a mailing: those who got it are told, and the rest of it is held."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, MailingState
from outreach.store.events import record
from outreach.store.queueing import hold_unsent
from outreach.store.tables import Call, Mailing, Message
from outreach.usecases.authorise import authorised
from outreach.usecases.queue_due_mailings import queue_now

HELD = "held by an erratum"


@dataclass(frozen=True, slots=True)
class Corrected:
    """How many people get the correction, and how many messages of the mailing are held."""

    told: int
    held: int


def issue_erratum(
    session: Session,
    call: Call,
    text: str,
    *,
    corrects: MessageKind,
    now: datetime,
    by: str,
    house: House,
    authorised_by: str = "",
) -> Corrected:
    """Tell those who got a mailing of kind ``corrects``, under whatever deadline, what was wrong (Markdown).

    What waits is held; what is being submitted at this moment is not. 'calls edit' mends the text, 'outbox retry
    --state held' lets it go. Raises Refusal when there is no such mailing or nothing to say.
    """
    refuse_erratum(call, text)
    authorised(house, by=by, authorised_by=authorised_by)
    wrong = _newest(session, call, corrects)
    held = hold_unsent(
        session,
        now=now,
        reason=HELD,
        where=[col(Message.call_id) == call.id, col(Message.kind) == corrects, col(Message.test).is_(False)],
    )
    mailing = Mailing(
        call_id=call.id or 0,
        kind=MessageKind.ERRATUM,
        occurrence=f"{wrong.id}@{now:%Y%m%dT%H%M%S.%f}",
        deadline_revision=call.deadline_revision,
        earliest_at=now,
        corrects_id=wrong.id,
        shared={"erratum": {"text": text.strip()}},
        created_at=now,
    )
    session.add(mailing)
    session.flush()
    told = queue_now(session, call, mailing, now=now, house=house)
    record(
        session, at=now, by=by, verb="issue_erratum", subject="mailing", subject_id=wrong.id, told=told, held=held
    )
    return Corrected(told, held)


def refuse_erratum(call: Call, text: str) -> None:
    """Raises Refusal when nobody can be told, or there is nothing to say."""
    if call.state not in (CallState.OPEN, CallState.CLOSED, CallState.RELEASED):
        raise Refusal(f"The call {call.slug} is {call.state.value}; nobody has got a mailing of it.")
    if not text.strip():
        raise Refusal("An erratum must say what was wrong and what is right.")


def _newest(session: Session, call: Call, kind: MessageKind) -> Mailing:
    found = session.exec(
        select(Mailing)
        .where(Mailing.call_id == call.id, Mailing.kind == kind, Mailing.state == MailingState.QUEUED)
        .order_by(col(Mailing.id).desc())
    ).first()
    if found is None:
        raise Refusal(f"No {kind.value} of the call {call.slug} has been queued; there is nothing to correct.")
    return found
