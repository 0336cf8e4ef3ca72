"""Staff have looked at a signature about which there were doubts, or ask its signatory about them."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import SignatureState
from outreach.store.events import record
from outreach.store.tables import Call, Signature
from outreach.usecases.queue_message import queue_for_signature

PROVED = (SignatureState.CONFIRMED, SignatureState.LATE, SignatureState.MERGED)
"""Its mailbox has answered: what else was typed beside an address is nobody's word, and troubles nobody."""


def check_signature(session: Session, signature: Signature, *, now: datetime, by: str) -> None:
    """It may be printed as it is: its doubts are settled until the name changes."""
    signature.checked_at, signature.checked_by = now, by
    session.add(signature)
    record(session, at=now, by=by, verb="check_signature", subject="signature", subject_id=signature.id)


def ask_signatory(
    session: Session, signature: Signature, question: str, *, now: datetime, house: House, by: str
) -> None:
    """Send the signatory a question about the entry (Markdown), with the link at which it can be mended.

    Raises Refusal when there is nothing to ask, or nobody who could be asked.
    """
    if not question.strip():
        raise Refusal("A question must ask something.")
    if signature.state not in PROVED:
        raise Refusal(
            f"Signature {signature.id} is {signature.state.value}; "
            "only what a mailbox has confirmed is asked about."
        )
    call = session.get_one(Call, signature.call_id)
    queued = queue_for_signature(
        session,
        call,
        signature,
        MessageKind.SIGNATURE_QUESTION,
        now=now,
        house=house,
        at=now,
        more={"question": {"text": question.strip()}},
    )
    if not queued:
        raise Refusal(f"No mailbox is known for signature {signature.id}, so nobody can be asked by mail.")
    record(session, at=now, by=by, verb="ask_signatory", subject="signature", subject_id=signature.id)
