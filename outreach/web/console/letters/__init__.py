"""The room of a call's letter to officials: to whom it goes, looked at before, authorised, delivered, on record."""

from outreach.web.console.letters import (
    after,
    attaching,
    authorising,
    checking,
    choosing,
    delivering,
    editions,
    listing,
    noting,
    whom,
)
from outreach.web.console.letters.door import room

__all__ = [
    "after",
    "attaching",
    "authorising",
    "checking",
    "choosing",
    "delivering",
    "editions",
    "listing",
    "noting",
    "room",
    "whom",
]
