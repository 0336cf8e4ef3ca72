"""A draft call becomes a round of approval: only organisations that signed an earlier letter are asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.correspondence import RoundKind
from outreach.domain.errors import Refusal
from outreach.domain.listings import Listing
from outreach.domain.names import name_key
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState
from outreach.store.events import record
from outreach.store.membership import aliases_of, contact_of, named, signatories_of
from outreach.store.rounds import call_of
from outreach.store.tables import Call, Letter, Organisation, RoundMember, Signature
from outreach.usecases.confirm_signature import settle_organisation


@dataclass(frozen=True, slots=True)
class Opened:
    """How many organisations the round will ask, and the names of those of which nobody knows whom to ask."""

    members: int
    nobody_to_ask: tuple[str, ...]


def open_round(
    session: Session,
    call: Call,
    earlier: Letter,
    *,
    only: Sequence[str | int] = (),
    without: Sequence[str] = (),
    now: datetime,
    by: str,
    house: House,
) -> Opened:
    """The draft asks the organisations whose confirmed signature stands under ``earlier`` (its newest edition).

    ``only`` and ``without`` name organisations, for a part of them; a number in ``only`` is a signature's, for two
    organisations may go by one acronym. Done again, it chooses anew. Raises Refusal when the call has begun, for
    who did not sign, and when nobody is left.
    """
    if call.state is not CallState.DRAFT:
        raise Refusal(f"{call.slug} is {call.state.value}; only a draft can become a round of approval.")
    chosen = _chosen(session, earlier, only, without, now=now, house=house)
    call.round = RoundKind.APPROVAL
    call.listing = {**Listing.read(call.listing).table(), "who": [SignatureKind.ORGANISATION.value]}
    call.audience = {}
    session.add(call)
    for member in session.exec(select(RoundMember).where(RoundMember.call_id == call.id)):
        session.delete(member)
    session.flush()
    members = [
        RoundMember(
            call_id=call.id or 0,
            organisation_id=body.id or 0,
            contact_id=contact_of(session, signature),
            signature_id=signature.id,
        )
        for signature, body in chosen
    ]
    session.add_all(members)
    session.flush()
    record(session, at=now, by=by, verb="open_round", subject="call", subject_id=call.id, members=len(members))
    silent = {member.organisation_id for member in members if member.contact_id is None}
    return Opened(len(members), tuple(sorted(body.name for _, body in chosen if body.id in silent)))


def _chosen(
    session: Session,
    earlier: Letter,
    only: Sequence[str | int],
    without: Sequence[str],
    *,
    now: datetime,
    house: House,
) -> list[tuple[Signature, Organisation]]:
    call = call_of(session, earlier)
    if call is None or (call.rehearsal and not house.rehearsal):
        raise Refusal(f"Nobody has signed {earlier.slug} but in a rehearsal.")
    signed = []
    for signature in signatories_of(session, earlier, call):
        settle_organisation(session, signature, now=now)
        signed.append((signature, session.get_one(Organisation, signature.organisation_id)))
    names = {body.id: [*aliases_of(session, body), *_printed(signature)] for signature, body in signed}

    def is_meant(word: str | int, signature: Signature, body: Organisation) -> bool:
        return signature.id == word if isinstance(word, int) else named(body, names[body.id], word)

    for word in (*only, *without):
        if not any(is_meant(word, *one) for one in signed):
            raise Refusal(f"{word} has not signed {earlier.slug} as an organisation.")
    chosen = [
        one
        for one in signed
        if (not only or any(is_meant(word, *one) for word in only))
        and not any(is_meant(word, *one) for word in without)
    ]
    if not chosen:
        raise Refusal(f"No organisation that signed {earlier.slug} is left to be asked.")
    return chosen


def _printed(signature: Signature) -> list[str]:
    return [name_key(signature.name), name_key(signature.acronym)]
