"""Whether our own mail server found the sender's domain authentic (RFC 8601)."""

import re

from outreach.reading.mail import ReceivedMail

_PIECES = re.compile(r"\\.?|[\"()]|[^\"()\\]+", re.DOTALL)
_FROM = re.compile(r"\bheader\.from=<?([^\s;>]+)")


def is_authenticated(mail: ReceivedMail, authserv_id: str) -> bool:
    """Whether the topmost Authentication-Results is our server's and says that DMARC passed for the From domain.

    Anybody can write such a header; ours is the one on top (RFC 8601, 5), and only if it bears our server's name.
    """
    _, at, sender = mail.sender.address.rpartition("@")
    if not authserv_id or not at:
        return False
    # As it was written: an encoded word has no meaning here, and may hide what a stranger would like to be read.
    said = _outspoken(str(mail.message.get("Authentication-Results", ""))).lower()
    server, *results = (" ".join(part.split()) for part in said.split(";"))
    if server.split(" ")[0] != authserv_id.lower():
        return False
    passed = next((result for result in results if re.match(r"dmarc=pass(?![^ ])", result)), "")
    domain = _FROM.search(passed)
    return domain is not None and domain[1].rpartition("@")[2] == sender


def _outspoken(value: str) -> str:
    """The value without quoted texts and comments (RFC 5322, 3.2.2): a stranger may have written what they hold.

    Empty where a comment holds a quotation mark: who wrote it and who reads it may differ on where it ends.
    """
    kept: list[str] = []
    depth, quoted = 0, False
    for piece in _PIECES.findall(value):
        if quoted:
            quoted = piece != '"'
        elif piece == "(":
            depth += 1
        elif depth and piece == '"':
            return ""
        elif depth:
            depth -= piece == ")"
        elif piece == '"':
            quoted = True
        else:
            kept.append(piece)
    return "".join(kept)
