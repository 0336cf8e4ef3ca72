"""The list as a table (CSV), and the whole publication as data (JSON)."""

import csv
import io
import json
from typing import Any, Final

from outreach.domain.formulas import guard
from outreach.rendering.publication import ListedName, Publication

COLUMNS: Final = ("number", "name", "kind", "country")
_BYTE_ORDER_MARK: Final = "\ufeff"


def to_csv(publication: Publication) -> bytes:
    """The list as CSV (RFC 4180, UTF-8 with a byte order mark, for Excel's sake) that no spreadsheet computes.

    ``domain.formulas.unguard`` gives back the names that begin like a formula.
    """
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    table.writerows([guard(str(cell)) for cell in _row(name).values()] for name in publication.names())
    return (_BYTE_ORDER_MARK + written.getvalue()).encode()


def to_json(publication: Publication) -> bytes:
    """The publication as JSON (RFC 8259): the letter, its edition and digest, the counts and the list."""
    counts = publication.counts
    data = {
        "letter": {
            "slug": publication.slug,
            "language": publication.language,
            "title": publication.title,
            "addressee": publication.addressee,
            "asks": list(publication.asks),
            "body": publication.body,
            "organisers": list(publication.organisers),
            "dated": publication.dated,
            "url": publication.url,
            "embargo": publication.embargo,
            "press_contacts": list(publication.press_contacts),
        },
        "edition": publication.edition or None,
        "digest": publication.digest or None,
        "counts": {
            "organisations": counts.organisations,
            "individuals": counts.individuals,
            "named": counts.named,
            "unnamed": counts.unnamed,
            "all": counts.all,
        },
        "signatories": [_row(name) for name in publication.names()],
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _row(name: ListedName) -> dict[str, Any]:
    return {"number": name.number, "name": name.line, "kind": name.kind.value, "country": name.country}
