"""Gives back the signatures of a call as a table that can be imported again."""

from collections.abc import Iterator
from typing import Final

from sqlmodel import Session, col, select

from outreach.domain.lists.signature_columns import Field
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.store.chunks import CHUNK
from outreach.store.tables import Call, Contact, Signature

EXPORTED: Final = (
    Field.KIND,
    Field.ORGANISATION,
    Field.ACRONYM,
    Field.NAME,
    Field.TITLE,
    Field.AFFILIATION,
    Field.COUNTRY,
    Field.WEBSITE,
    Field.EMAIL,
    Field.VISIBILITY,
    Field.STATE,
    Field.SUBMITTED,
    Field.EVIDENCE,
)
"""The columns of an export."""


def export_rows(
    session: Session, call: Call, *, private: bool
) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    """The header of a table of the call's signatures, and its rows, one by one in the order in which they came.

    Without ``private`` only those whose name is public: a table is easily passed on.
    """
    return tuple(field.value for field in EXPORTED), _exported(session, call, private=private)


def _exported(session: Session, call: Call, *, private: bool) -> Iterator[tuple[str, ...]]:
    last = 0
    statement = (
        select(Signature, Contact.address)
        .outerjoin(Contact, col(Contact.id) == col(Signature.contact_id))
        # In an expression, or SQLite would put all the letter's signatures in order for each few hundred of them.
        .where(col(Signature.letter_id).op("+")(0) == call.letter_id)
        .order_by(col(Signature.id))
        .limit(CHUNK)
    )
    if not private:
        statement = statement.where(Signature.visibility == Visibility.PUBLIC)
    while rows := session.exec(statement.where(col(Signature.id) > last)).all():
        for signature, address in rows:
            yield _row(signature, address or "")
        last = rows[-1][0].id or 0


def _row(signature: Signature, address: str) -> tuple[str, ...]:
    of_organisation = signature.kind is SignatureKind.ORGANISATION
    return (
        signature.kind.value,
        signature.name if of_organisation else "",
        signature.acronym,
        signature.signer_name if of_organisation else signature.name,
        signature.signer_title,
        signature.affiliation,
        signature.country,
        signature.website,
        address,
        signature.visibility.value,
        signature.state.value,
        signature.submitted_at.isoformat(),
        signature.evidence,
    )
