"""Whether our own mail server found the sender's domain authentic (RFC 8601)."""

import re

from outreach.reading.mail import ReceivedMail, header_text

_HIDDEN = re.compile(r'"[^"]*"|\([^()]*\)')
"""Quoted texts and comments: a stranger may have written what stands in them."""
_FROM = re.compile(r"\bheader\.from=<?([^\s;>]+)")


def is_authenticated(mail: ReceivedMail, authserv_id: str) -> bool:
    """Whether the topmost Authentication-Results is our server's and says that DMARC passed for the From domain.

    Anybody can write such a header; ours is the one on top (RFC 8601, 5), and only if it bears our server's name.
    """
    if not authserv_id:
        return False
    said = header_text(mail.message.get("Authentication-Results", "")).lower()
    server, *results = (part.strip() for part in _HIDDEN.sub("", said).split(";"))
    if server.split(" ")[0] != authserv_id.lower():
        return False
    passed = next((result for result in results if re.match(r"dmarc=pass\b", result)), "")
    domain = _FROM.search(passed)
    return domain is not None and domain[1].rpartition("@")[2] == mail.sender.address.rpartition("@")[2]
