"""Staff say by whom an organisation is asked in a round of approval; whom nobody knew is asked at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, MailingState
from outreach.store.events import record
from outreach.store.queueing import queue_mailing
from outreach.store.tables import Affiliation, Call, Contact, Mailing, RoundMember


@dataclass(frozen=True, slots=True)
class Named:
    """Who is asked now, and whether a mail to that contact was queued."""

    contact: Contact
    asked: bool


def name_member(
    session: Session, call: Call, member: RoundMember, address: str, *, now: datetime, by: str, house: House
) -> Named:
    """Ask the organisation by the contact of that address, who speaks for it from now on.

    Whoever was asked before is asked no more. In an open round the invitation is queued, unless the contact has one
    already or may not be written to. Raises Refusal when the round is over or the address is no contact's,
    InvalidInput for what is no address.
    """
    if call.state not in (CallState.DRAFT, CallState.OPEN):
        raise Refusal(f"The round {call.slug} is {call.state.value}; nobody is asked any more.")
    digest = address_digest(parse_address(address).key, house.salt)
    contact = session.exec(select(Contact).where(Contact.address_digest == digest)).first()
    if contact is None:
        raise Refusal(f"{address} is no contact's address; 'outreach contacts import' adds contacts.")
    member.contact_id = contact.id
    session.add(member)
    session.merge(Affiliation(contact_id=contact.id or 0, organisation_id=member.organisation_id))
    session.flush()
    asked = _invite(session, call, now=now, house=house) if call.state is CallState.OPEN else 0
    record(
        session,
        at=now,
        by=by,
        verb="name_member",
        subject="call",
        subject_id=call.id,
        organisation=member.organisation_id,
        contact=contact.id,
        asked=asked,
    )
    return Named(contact, asked=bool(asked))


def _invite(session: Session, call: Call, *, now: datetime, house: House) -> int:
    """The invitation goes to whoever is a member's contact and has not had it."""
    mailing = session.exec(
        select(Mailing).where(
            Mailing.call_id == call.id,
            Mailing.kind == MessageKind.INVITATION,
            Mailing.occurrence == "",  # a later wave is for those who were not asked first
            Mailing.state == MailingState.QUEUED,
            Mailing.deadline_revision == call.deadline_revision,
        )
    ).one()
    return queue_mailing(session, call, mailing, now, now=now, house=house)
