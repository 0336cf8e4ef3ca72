"""The mailbox confirms a signature."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import confirmed_state, signing_ended
from outreach.domain.states import SIGNATURE_MOVES, CallState, SignatureState, move
from outreach.store.events import record
from outreach.store.tables import Call, Signature
from outreach.usecases.queue_message import queue_for_signature


def confirm_signature(session: Session, signature: Signature, *, now: datetime, house: House) -> SignatureState:
    """What the signature is now: confirmed, or late.

    It is late if it was submitted after the deadline or an earlier closing, or if the letter is out. Confirming
    twice changes nothing. A withdrawn or rejected one stays what it is, and so does every one of a call that was
    cancelled.
    """
    session.flush()
    # The call first, as in signing: nobody closes or releases it meanwhile, and it is judged by what it is now.
    call = session.get_one(Call, signature.call_id)
    session.refresh(call, with_for_update={"read": True})
    session.refresh(signature, with_for_update=True)  # a second click waits for the first, and finds it done
    if signature.state is not SignatureState.PENDING or call.state is CallState.CANCELLED:
        return signature.state
    ended = signing_ended(call.deadline_at, call.closed_at)
    confirmed = confirmed_state(signature.submitted_at, ended, call.state)
    signature.state = move(signature.state, confirmed, SIGNATURE_MOVES)
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
