"""The room of the signatures: the desk of a call, one signature, and what staff decide about it."""

from outreach.web.console.signatures.adding import add
from outreach.web.console.signatures.changing import correct
from outreach.web.console.signatures.deciding import accept
from outreach.web.console.signatures.door import room
from outreach.web.console.signatures.importing import choose
from outreach.web.console.signatures.listing import listed
from outreach.web.console.signatures.showing import signature

__all__ = ["accept", "add", "choose", "correct", "listed", "room", "signature"]
