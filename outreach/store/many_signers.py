"""Who of many signers is known already, in a few statements for a few hundred of them."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.signatures import SignatureKind
from outreach.store.tables import Alias, Contact, Organisation, Signature


@dataclass(frozen=True, slots=True)
class KnownSigners:
    """What the database knows of them: organisations by each of their name keys, contacts by address digest.

    ``given`` are signatures under the letter by kind and key; ``signed_organisations`` and ``signed_contacts`` have
    one; all whatever its state.
    """

    organisations: dict[str, Organisation]
    contacts: dict[str, Contact]
    signed_organisations: frozenset[int]
    signed_contacts: frozenset[int]
    given: dict[tuple[SignatureKind, str], Signature]


def known_signers(
    session: Session,
    letter_id: int,
    *,
    name_keys: Collection[str],
    digests: Collection[str],
    signer_keys: Collection[str],
) -> KnownSigners:
    """What is known of signers with these names and addresses.

    The organisations stay locked, in the order of their ids: their signatures are confirmed one after the other.
    """
    organisations = _organisations(session, name_keys)
    contacts = {
        contact.address_digest: contact
        for contact in session.exec(select(Contact).where(col(Contact.address_digest).in_(digests)))
    }
    bodies = {one.id for one in organisations.values()}
    people = {one.id for one in contacts.values()}
    given = select(Signature).where(
        col(Signature.letter_id) == letter_id,
        sa.or_(
            col(Signature.organisation_id).in_(bodies),
            col(Signature.contact_id).in_(people),
            col(Signature.signer_key).in_(signer_keys),
        ),
    )
    signatures = session.exec(given).all()
    return KnownSigners(
        organisations=organisations,
        contacts=contacts,
        signed_organisations=frozenset(one.organisation_id for one in signatures if one.organisation_id),
        signed_contacts=frozenset(one.contact_id for one in signatures if one.contact_id),
        given={(one.kind, one.signer_key): one for one in signatures},
    )


def _organisations(session: Session, name_keys: Collection[str]) -> dict[str, Organisation]:
    """By name before alias, as ``find_organisation`` does."""
    aliases = session.execute(
        sa.select(col(Alias.name_key), col(Alias.organisation_id)).where(col(Alias.name_key).in_(name_keys))
    ).all()
    wanted = sa.or_(
        col(Organisation.name_key).in_(name_keys), col(Organisation.id).in_({row[1] for row in aliases})
    )
    found = session.exec(
        select(Organisation).where(wanted).order_by(col(Organisation.id)).with_for_update(key_share=True)
    ).all()
    by_id = {one.id: one for one in found}
    return {
        **{key: by_id[organisation_id] for key, organisation_id in aliases},
        **{one.name_key: one for one in found if one.name_key in name_keys},
    }
