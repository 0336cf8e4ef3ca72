"""The mailbox confirms a signature."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import confirmed_state
from outreach.domain.states import SIGNATURE_MOVES, SignatureState, move
from outreach.store.events import record
from outreach.store.tables import Call, Signature
from outreach.usecases.queue_message import queue_for_signature


def confirm_signature(session: Session, signature: Signature, *, now: datetime, house: House) -> SignatureState:
    """What the signature is now: confirmed, or late if it was submitted after the deadline.

    Confirming twice changes nothing. A withdrawn or rejected one stays what it is.
    """
    if signature.state is not SignatureState.PENDING:
        return signature.state
    call = session.get_one(Call, signature.call_id)
    signature.state = move(
        signature.state, confirmed_state(signature.submitted_at, call.deadline_at), SIGNATURE_MOVES
    )
    if signature.state is SignatureState.CONFIRMED:
        signature.confirmed_at = now
        queue_for_signature(session, call, signature, MessageKind.RECEIPT, now=now, house=house)
    else:
        signature.late_at = now
    session.add(signature)
    record(
        session,
        at=now,
        by=f"contact {signature.contact_id}",
        verb="confirm_signature",
        subject="signature",
        subject_id=signature.id,
        state=signature.state.value,
    )
    return signature.state
