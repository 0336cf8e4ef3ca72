"""Staff say that two signatures are one, or that two that look alike are two."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.states import SIGNATURE_MOVES, SignatureState, move
from outreach.store.events import record
from outreach.store.signing import lock_signature
from outreach.store.tables import Call, Distinction, Signature
from outreach.usecases.sign_off import ask_for_next_edition, take_out_of_edition


def merge_signatures(
    session: Session, signature: Signature, into: Signature, *, now: datetime, house: House, by: str
) -> None:
    """Count ``signature`` as the same as ``into``, which is printed. Nobody is told; it can be undone.

    Raises Refusal unless both are confirmed and under the same letter.
    """
    if signature.id == into.id:
        raise Refusal(f"Signature {signature.id} cannot be merged with itself.")
    if signature.letter_id != into.letter_id:
        raise Refusal(f"Signatures {signature.id} and {into.id} are under two different letters.")
    for one in sorted((signature, into), key=lambda one: one.id or 0):
        lock_signature(session, one)
        if one.state is not SignatureState.CONFIRMED:
            raise Refusal(f"Signature {one.id} is {one.state.value}; only confirmed ones are merged.")
    if signature.kind is not into.kind:
        raise Refusal(f"Signatures {signature.id} and {into.id} are of an organisation and of a person.")
    signature.state = move(signature.state, SignatureState.MERGED, SIGNATURE_MOVES)
    signature.merged_into_id = into.id
    session.add(signature)
    _record(session, "merge_signatures", signature, into.id, now=now, by=by)
    take_out_of_edition(session, signature, "two signatures were merged", now=now, by=by, house=house)


def unmerge_signature(session: Session, signature: Signature, *, now: datetime, house: House, by: str) -> None:
    """Undo a merge: both count, and are said to be two. Raises Refusal when it is not merged.

    What was signed off stays as it is: staff hear that one waits for the next edition.
    """
    lock_signature(session, signature)
    if signature.state is not SignatureState.MERGED or signature.merged_into_id is None:
        raise Refusal(f"Signature {signature.id} is {signature.state.value}, not merged.")
    other = signature.merged_into_id
    signature.state = move(signature.state, SignatureState.CONFIRMED, SIGNATURE_MOVES)
    signature.merged_into_id = None
    session.add(signature)
    distinguish_signatures(session, signature, session.get_one(Signature, other), now=now, by=by)
    _record(session, "unmerge_signature", signature, other, now=now, by=by)
    call = session.get_one(Call, signature.call_id)
    ask_for_next_edition(session, call, signature, now=now, house=house)


def distinguish_signatures(session: Session, one: Signature, other: Signature, *, now: datetime, by: str) -> None:
    """Note that two signatures that look alike are two: the desk shows them no more as a pair."""
    first, second = sorted((one.id or 0, other.id or 0))
    if first == second:
        raise Refusal(f"Signature {first} cannot be told from itself.")
    if session.get(Distinction, (first, second)) is None:
        session.add(Distinction(first_id=first, second_id=second, by=by, at=now))
        _record(session, "distinguish_signatures", one, other.id, now=now, by=by)


def _record(
    session: Session, verb: str, signature: Signature, other: int | None, *, now: datetime, by: str
) -> None:
    record(session, at=now, by=by, verb=verb, subject="signature", subject_id=signature.id, other=other)
