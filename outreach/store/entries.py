"""An entry as a signature's columns, and back: what is printed, who may see it, who stands behind it."""

from typing import Any

from outreach.domain.entries import Entry, printed_line
from outreach.store.tables import Signature


def entry_of(signature: Signature) -> Entry:
    """What is printed of a signature, and who stands behind it, as its signatory wishes it."""
    return Entry(
        kind=signature.kind,
        name=signature.name,
        visibility=signature.wider or signature.visibility,
        acronym=signature.acronym,
        country=signature.country,
        website=signature.website,
        signer_name=signature.signer_name,
        signer_title=signature.signer_title,
        affiliation=signature.affiliation,
    )


def entry_columns(entry: Entry) -> dict[str, Any]:
    """An entry as the columns of a signature."""
    return {
        "kind": entry.kind,
        "visibility": entry.visibility,
        "name": entry.name,
        "acronym": entry.acronym,
        "country": entry.country,
        "website": entry.website,
        "signer_name": entry.signer_name,
        "signer_title": entry.signer_title,
        "affiliation": entry.affiliation,
    }


def line_of(signature: Signature) -> str:
    """The line that stands under the letter for a signature."""
    return printed_line(entry_of(signature))
