"""Signatures that are counted as one: who may see their name, and whose word that is."""

from sqlmodel import Session, col, select

from outreach.domain.addresses import same_house
from outreach.domain.signatures import Visibility, stricter
from outreach.domain.states import SignatureState
from outreach.store.signing import merged_into, speaks_for
from outreach.store.tables import Call, Contact, Signature


def members(session: Session, kept: Signature) -> list[Signature]:
    """All that were merged with a signature, by however many steps, the oldest first, as they are now."""
    merged = select(Signature).where(col(Signature.id).in_(merged_into(session, kept))).order_by(col(Signature.id))
    return list(session.exec(merged.execution_options(populate_existing=True)))


def has_a_say(session: Session, member: Signature, kept: Signature) -> bool:
    """Whether somebody whose signature was merged with another may hide the name of both.

    By our own records she belongs to the organisation, or to the house of whoever signed for it. Anybody can sign
    in the name of an organisation: that makes her neither.
    """
    if speaks_for(session, member.contact_id, member.organisation_id):
        return True
    ids = (member.contact_id, kept.contact_id)
    domains = [person.domain for one in ids if one and (person := session.get(Contact, one)) is not None]
    return len(domains) == len(ids) and same_house(*domains)


def shown_to(session: Session, kept: Signature) -> Visibility:
    """Who may see the name that is printed for all that are counted as one.

    Of the wishes of those who have a say, the one by which fewest people see it.
    """
    shown = kept.visibility
    for member in members(session, kept):
        if stricter(shown, member.visibility) is not shown and has_a_say(session, member, kept):
            shown = member.visibility
    return shown


def hidden_by_colleagues(session: Session, call: Call) -> dict[int, Visibility]:
    """The signatures of which a colleague's merged one wishes fewer people to see the name, and how few."""
    kept = select(Signature).where(
        Signature.letter_id == call.letter_id,
        Signature.state == SignatureState.CONFIRMED,
        col(Signature.id).in_(
            select(Signature.merged_into_id).where(
                Signature.letter_id == call.letter_id, Signature.state == SignatureState.MERGED
            )
        ),
    )
    found = {one.id or 0: (one.visibility, shown_to(session, one)) for one in session.exec(kept).all()}
    return {number: shown for number, (own, shown) in found.items() if shown is not own}
