"""What a certificate and a greeting say of time."""

import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

# RFC 5322, 3.3, as Exim and others write it into their greeting.
_DATE = re.compile(r"(?:\w{3}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", re.ASCII)


def ends_at(certificate: Mapping[str, Any] | None) -> datetime | None:
    """The last moment of a certificate as ssl.getpeercert gives it; None if there is none, or it does not say."""
    said = (certificate or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(said), UTC) if said else None


def time_in(greeting: str) -> datetime | None:
    """The server's own time, if its greeting says it."""
    found = _DATE.search(greeting)
    if found is None:
        return None
    with suppress(ValueError):
        return parsedate_to_datetime(found[0]).astimezone(UTC)
    return None
