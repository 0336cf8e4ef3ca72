"""The members of an approval round: who they are, by whom each is asked, and as what it would sign."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.entries import Entry
from outreach.domain.names import name_key
from outreach.domain.signatures import SignatureKind, Visibility, stricter
from outreach.domain.states import SignatureState
from outreach.store.editions import counting, newest_edition
from outreach.store.families import shown_to
from outreach.store.tables import (
    Affiliation,
    Alias,
    Call,
    Contact,
    EditionEntry,
    Letter,
    Organisation,
    RoundAnswer,
    RoundMember,
    Signature,
)
from outreach.store.wanted import DEAD_ADDRESS, OPTED_OUT, dead_address, opted_out

_FIRST = (
    SignatureState.CONFIRMED,
    SignatureState.LATE,
    SignatureState.PROPOSED,
    SignatureState.PENDING,
    SignatureState.WITHDRAWN,
    SignatureState.REJECTED,
)
"""Of several signatures of one organisation, the one that says most of where it stands."""


def members_of(session: Session, call: Call) -> list[tuple[RoundMember, Organisation]]:
    """All members of a round, in the order of their names."""
    statement = (
        select(RoundMember, Organisation)
        .join(Organisation, col(Organisation.id) == col(RoundMember.organisation_id))
        .where(RoundMember.call_id == call.id)
        .order_by(col(Organisation.name_key))
    )
    return list(session.exec(statement))


def members_asked_by(session: Session, call: Call, contact_id: int) -> list[RoundMember]:
    """The members that the round asks by that contact: one, or several that one mailbox speaks for."""
    return [member for member, _ in members_of(session, call) if member.contact_id == contact_id]


def named(organisation: Organisation, aliases: Sequence[str], word: str) -> bool:
    """Whether a coordinator who writes ``word`` means this organisation: by name, acronym or alias."""
    keys = {organisation.name_key, name_key(organisation.acronym), *aliases} - {""}
    return name_key(word) in keys


def aliases_of(session: Session, organisation: Organisation) -> list[str]:
    """The other names of an organisation, as they are compared."""
    return list(session.exec(select(Alias.name_key).where(Alias.organisation_id == organisation.id)))


def signatories_of(session: Session, letter: Letter, call: Call) -> list[Signature]:
    """The confirmed signatures of organisations under a letter: those in its newest edition, if there is one."""
    edition = newest_edition(session, letter.id or 0)
    statement = select(Signature).where(*counting(call, letter), Signature.kind == SignatureKind.ORGANISATION)
    if edition is not None:
        inside = sa.select(col(EditionEntry.signature_id)).where(col(EditionEntry.edition_id) == edition.id)
        statement = statement.where(col(Signature.id).in_(inside))
    return list(session.exec(statement.order_by(col(Signature.id))))


def contact_of(session: Session, signature: Signature) -> int | None:
    """Who is asked for the organisation that signed: whoever signed for it, otherwise its only contact."""
    if signature.contact_id is not None:
        return signature.contact_id
    speakers = session.exec(
        select(Affiliation.contact_id).where(Affiliation.organisation_id == signature.organisation_id)
    ).all()
    return speakers[0] if len(speakers) == 1 else None


def may_be_written_to(session: Session, contact: Contact, call: Call) -> bool:
    """Whether nothing forbids a mail of the round to that contact."""
    return why_not(session, contact, call) == ""


def why_not(session: Session, contact: Contact, call: Call) -> str:
    """Why the contact gets no mail of the round: a dead address, an opt-out; "" if it may."""
    digest = sa.literal(contact.address_digest)
    reason = sa.case((dead_address(digest), DEAD_ADDRESS), (opted_out(digest, call.id), OPTED_OUT), else_="")
    return str(session.execute(sa.select(reason)).scalar_one())


def entry_of_member(session: Session, member: RoundMember) -> Entry:
    """As what the organisation signs: as it signed the earlier letter, and seen by nobody who did not see it there.

    One that signed none before is shown to the addressee only, until it says otherwise on its own page.
    """
    earlier = session.get(Signature, member.signature_id) if member.signature_id else None
    if earlier is None:
        body = session.get_one(Organisation, member.organisation_id)
        return Entry(
            kind=SignatureKind.ORGANISATION,
            name=body.name,
            visibility=Visibility.ADDRESSEE,
            acronym=body.acronym,
            country=body.country,
            website=body.website,
        )
    return Entry(
        kind=SignatureKind.ORGANISATION,
        name=earlier.name,
        visibility=stricter(earlier.visibility, shown_to(session, earlier)),
        acronym=earlier.acronym,
        country=earlier.country,
        website=earlier.website,
        signer_name=earlier.signer_name,
        signer_title=earlier.signer_title,
    )


def signature_of_member(session: Session, member: RoundMember) -> Signature | None:
    """The signature under the round's letter that says where the organisation stands; None if it has none."""
    given = session.exec(
        select(Signature)
        .where(
            Signature.call_id == member.call_id,
            Signature.organisation_id == member.organisation_id,
            Signature.kind == SignatureKind.ORGANISATION,
            Signature.state != SignatureState.MERGED,
        )
        .order_by(col(Signature.id))
        .execution_options(populate_existing=True)
    ).all()
    return min(given, key=lambda one: _FIRST.index(one.state), default=None)


def newest_answer(session: Session, member: RoundMember) -> RoundAnswer | None:
    """What the organisation said last; None while it has said nothing."""
    return session.exec(
        select(RoundAnswer)
        .where(RoundAnswer.call_id == member.call_id, RoundAnswer.organisation_id == member.organisation_id)
        .order_by(col(RoundAnswer.id).desc())
    ).first()
