"""What a template may say of whom a mail is for, gathered by the database for a whole mailing at once."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from outreach.domain.signatures import Visibility
from outreach.store.statements import json_object
from outreach.store.tables import Contact, Organisation, Signature


def recipient_values() -> Any:
    """What a template may say of its recipient, as a JSON object over Contact, Organisation and Signature."""
    return json_object(
        "contact",
        json_object(
            "name",
            col(Contact.name),
            "given_name",
            col(Contact.given_name),
            "organisation",
            sa.func.coalesce(col(Organisation.name), ""),
            "role",
            col(Contact.role),
            "email",
            col(Contact.address),
            "country",
            col(Contact.country),
            "source",
            col(Contact.source),
            "custom",
            col(Contact.custom),
        ),
        "signature",
        json_object(
            "name",
            _if_public(Signature.name),
            "acronym",
            _if_public(Signature.acronym),
            "title",
            _if_public(Signature.signer_title),
            "affiliation",
            _if_public(Signature.affiliation),
            "kind",
            sa.func.coalesce(sa.cast(col(Signature.kind), sa.String), ""),
            "visibility",
            sa.func.coalesce(sa.cast(col(Signature.visibility), sa.String), ""),
            "revision",
            sa.func.coalesce(col(Signature.revision), 1),
        ),
    )


def _if_public(column: Any) -> Any:
    """A signatory's words if they are public: what is not stands in no mail, so not in its row either."""
    return sa.case((col(Signature.visibility) == Visibility.PUBLIC, col(column)), else_="")
