"""The states of calls, mailings, messages, signatures, replies and addressed letters, and the allowed moves."""

from enum import StrEnum
from typing import TypeVar


class CallState(StrEnum):
    """Where a call stands. Paused is not a state but a fact (``paused_at``): signing goes on meanwhile."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    RELEASED = "released"
    CANCELLED = "cancelled"


class MailingState(StrEnum):
    """Where a mailing stands: planned for a time, queued as messages, skipped as senseless, or cancelled."""

    PLANNED = "planned"
    QUEUED = "queued"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class MessageState(StrEnum):
    """Where one mail to one address stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class SignatureState(StrEnum):
    """Where a signature stands (see docs/developer.md for each)."""

    PROPOSED = "proposed"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    LATE = "late"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    MERGED = "merged"


class ReplyState(StrEnum):
    """Where something that came back stands: a person should look at it, or all is done that follows from it."""

    WAITING = "waiting"
    DONE = "done"


class AddresseeState(StrEnum):
    """How far a letter has come with one official. Overdue is no state but a date that has passed (``due_on``)."""

    TO_SEND = "to-send"
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CLOSED = "closed"


AnyState = TypeVar("AnyState", bound=StrEnum)

CALL_MOVES: dict[CallState, frozenset[CallState]] = {
    CallState.DRAFT: frozenset({CallState.OPEN, CallState.CANCELLED}),
    CallState.OPEN: frozenset({CallState.CLOSED, CallState.CANCELLED}),
    CallState.CLOSED: frozenset({CallState.OPEN, CallState.RELEASED, CallState.CANCELLED}),
    CallState.RELEASED: frozenset(),
    CallState.CANCELLED: frozenset(),
}

MAILING_MOVES: dict[MailingState, frozenset[MailingState]] = {
    MailingState.PLANNED: frozenset({MailingState.QUEUED, MailingState.SKIPPED, MailingState.CANCELLED}),
    MailingState.QUEUED: frozenset({MailingState.CANCELLED}),
    MailingState.SKIPPED: frozenset(),
    MailingState.CANCELLED: frozenset(),
}

MESSAGE_MOVES: dict[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset(
        {MessageState.SENDING, MessageState.HELD, MessageState.CANCELLED, MessageState.EXPIRED}
    ),
    MessageState.SENDING: frozenset(
        {
            MessageState.SENT,
            MessageState.DEFERRED,
            MessageState.FAILED,
            MessageState.UNKNOWN,
            MessageState.HELD,
            MessageState.QUEUED,  # claimed but nothing said about it: given back
        }
    ),
    MessageState.DEFERRED: frozenset(
        {
            MessageState.SENDING,
            MessageState.HELD,
            MessageState.CANCELLED,
            MessageState.EXPIRED,
            MessageState.FAILED,
        }
    ),
    MessageState.UNKNOWN: frozenset(
        {MessageState.SENT, MessageState.FAILED, MessageState.QUEUED, MessageState.HELD}
    ),
    MessageState.HELD: frozenset({MessageState.QUEUED, MessageState.CANCELLED, MessageState.EXPIRED}),
    MessageState.FAILED: frozenset({MessageState.QUEUED}),
    MessageState.SENT: frozenset(),
    MessageState.CANCELLED: frozenset({MessageState.QUEUED, MessageState.HELD}),  # what cancelled it was a mistake
    MessageState.EXPIRED: frozenset(),
}

SIGNATURE_MOVES: dict[SignatureState, frozenset[SignatureState]] = {
    SignatureState.PROPOSED: frozenset({SignatureState.PENDING, SignatureState.CONFIRMED, SignatureState.REJECTED}),
    SignatureState.PENDING: frozenset(
        {SignatureState.CONFIRMED, SignatureState.LATE, SignatureState.WITHDRAWN, SignatureState.REJECTED}
    ),
    SignatureState.CONFIRMED: frozenset(
        {
            SignatureState.PENDING,  # the letter has changed: asked again
            SignatureState.WITHDRAWN,
            SignatureState.REJECTED,
            SignatureState.MERGED,
        }
    ),
    SignatureState.LATE: frozenset({SignatureState.CONFIRMED, SignatureState.WITHDRAWN, SignatureState.REJECTED}),
    SignatureState.WITHDRAWN: frozenset({SignatureState.PENDING}),  # signed again
    SignatureState.REJECTED: frozenset({SignatureState.CONFIRMED, SignatureState.LATE, SignatureState.PENDING}),
    SignatureState.MERGED: frozenset({SignatureState.CONFIRMED, SignatureState.WITHDRAWN}),
}

REPLY_MOVES: dict[ReplyState, frozenset[ReplyState]] = {
    ReplyState.WAITING: frozenset({ReplyState.DONE}),
    ReplyState.DONE: frozenset({ReplyState.WAITING}),
}

ADDRESSEE_MOVES: dict[AddresseeState, frozenset[AddresseeState]] = {
    AddresseeState.TO_SEND: frozenset(
        {
            AddresseeState.SENT,
            AddresseeState.DELIVERED,
            AddresseeState.ACKNOWLEDGED,
            AddresseeState.ANSWERED,
            AddresseeState.CLOSED,
        }
    ),
    AddresseeState.SENT: frozenset(
        {
            AddresseeState.TO_SEND,  # it came back: nobody has it
            AddresseeState.DELIVERED,
            AddresseeState.ACKNOWLEDGED,
            AddresseeState.ANSWERED,
            AddresseeState.CLOSED,
        }
    ),
    AddresseeState.DELIVERED: frozenset(
        {AddresseeState.ACKNOWLEDGED, AddresseeState.ANSWERED, AddresseeState.CLOSED}
    ),
    AddresseeState.ACKNOWLEDGED: frozenset(
        {
            AddresseeState.ANSWERED,
            AddresseeState.CLOSED,
            # The acknowledgement was another letter's: back to where it was.
            AddresseeState.TO_SEND,
            AddresseeState.SENT,
            AddresseeState.DELIVERED,
        }
    ),
    AddresseeState.ANSWERED: frozenset(
        {
            AddresseeState.CLOSED,
            # The answer was another letter's: back to where it was.
            AddresseeState.TO_SEND,
            AddresseeState.SENT,
            AddresseeState.DELIVERED,
            AddresseeState.ACKNOWLEDGED,
        }
    ),
    AddresseeState.CLOSED: frozenset(
        {
            # Opened again.
            AddresseeState.TO_SEND,
            AddresseeState.SENT,
            AddresseeState.DELIVERED,
            AddresseeState.ACKNOWLEDGED,
            AddresseeState.ANSWERED,
        }
    ),
}


def move(state: AnyState, to: AnyState, moves: dict[AnyState, frozenset[AnyState]]) -> AnyState:
    """The new state, if the table allows the move; otherwise ValueError, which is a defect, not a refusal."""
    if to not in moves[state]:
        raise ValueError(f"no {type(state).__name__} moves from {state.value} to {to.value}")
    return to
