"""The last look at a mail's bytes before they leave: the headers that must be there, once, and nothing else."""

import base64
import binascii
import quopri
import re

_ONCE = frozenset(
    {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language"}
)
_AT_MOST_ONCE = frozenset(
    {
        "Cc", "Reply-To", "List-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Auto-Submitted",
        "Precedence", "In-Reply-To", "References",
    }
)  # fmt: skip
_NEVER_FOLDED = frozenset({"List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID", "To", "Date"})
_MAY_BE_WIDE = frozenset({"To", "Cc"})
_LONGEST_LINE = 998
_LONGEST_PIECE = 900
"""What is longer is looked at as a whole; lines that are put together from pieces are set shorter than 76."""
_FIELD = re.compile(r"([A-Za-z-]+): (\S.*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LINE = rb"[!-~][ -~]{0,900}\r\n"
_FOLDED = _LINE + rb"(?: {1,8}[!-~][ -~]{0,900}\r\n)*"
_USUAL = re.compile(
    rb"Date: %(line)bFrom: (%(folded)b)To: %(line)b(?:Reply-To: %(line)b)?Subject: (%(folded)b)Message-ID: %(line)b"
    rb"Content-Language: %(line)b(?:List-ID: %(line)b)?(?:List-Unsubscribe: %(line)b)?"
    rb"(?:List-Unsubscribe-Post: %(line)b)?(?:Feedback-ID: %(line)b)?(?:Auto-Submitted: %(line)b)?"
    rb"(?:Precedence: %(line)b)?MIME-Version: %(line)bContent-Type: %(folded)b\r\n"
    % {b"line": _LINE, b"folded": _FOLDED}
)
"""The headers of most of our mails, their end with them: each in its place, once, and in ASCII."""
_OUR_WORD = re.compile(rb"=\?utf-8\?b\?([A-Za-z0-9+/]+=*)\?=")
_ENCODED_WORD = re.compile(r"=\?([^?]*)\?([bBqQ])\?([^? ]*)\?=")


class HeaderGuardError(ValueError):
    """The bytes are not a mail of ours: a header is missing, doubled, unexpected or broken. Nothing was sent."""


def guard(content: bytes) -> None:
    """Pass a mail that has each expected header once and no other; otherwise HeaderGuardError.

    Also refused: CR, LF or NUL that stand alone, lines of more than 998 octets (RFC 5322, 2.1.1), letters
    outside ASCII anywhere but in To and Cc (RFC 6532), and encoded words that hide a control character (RFC 2047).
    """
    ends = content.count(b"\r\n")
    if b"\x00" in content or content.count(b"\r") != ends or content.count(b"\n") != ends:
        raise HeaderGuardError("the mail holds a CR, LF or NUL that stands alone.")
    if max(map(len, content.split(b"\r\n"))) > _LONGEST_LINE:
        raise HeaderGuardError(f"the mail holds a line of more than {_LONGEST_LINE} octets.")
    head, end, _ = content.partition(b"\r\n\r\n")
    if not end:
        raise HeaderGuardError("the mail has no end of its headers.")
    names = _field_names(head.decode("utf-8", "surrogateescape").split("\r\n"))
    if missing := _ONCE - set(names):
        raise HeaderGuardError(f"the mail lacks the header {', '.join(sorted(missing))}.")
    if unexpected := set(names) - _ONCE - _AT_MOST_ONCE:
        raise HeaderGuardError(f"the mail has the unexpected header {', '.join(sorted(unexpected))}.")
    if len(names) != len(set(names)):
        raise HeaderGuardError("the mail has a header twice.")


def guard_filled(head: bytes, fresh: bytes | None, mail: bytes) -> None:
    """As ``guard``, for a mail of which all but its head and what is ``fresh`` has been looked at before.

    What stands between two pieces that are ``sound`` was looked at with them. Anything but the usual, and a mail of
    which nothing is known (None), is looked at as a whole.
    """
    if fresh is None or not _is_usual(head) or not sound(fresh):
        guard(mail)


def _is_usual(head: bytes) -> bool:
    found = _USUAL.fullmatch(head)
    if found is None:
        return False
    if b"=?" not in head:
        return True
    worded = found[1] + found[2]
    if head.count(b"=?") != worded.count(b"=?"):
        return False
    words = _OUR_WORD.findall(worded)
    try:
        hidden = "".join([binascii.a2b_base64(word, strict_mode=True).decode() for word in words])
    except ValueError:
        return False
    return b"=?" not in _OUR_WORD.sub(b"", worded) and hidden.isprintable()


def sound(piece: bytes) -> bool:
    """Whether a piece of a body is printable ASCII in whole lines, and none of them long."""
    if not piece.isascii() or not piece.decode("ascii").replace("\r\n", "").replace("\t", "").isprintable():
        return False
    return len(piece) <= _LONGEST_PIECE or max(map(len, piece.split(b"\r\n"))) <= _LONGEST_PIECE


def _field_names(lines: list[str]) -> list[str]:
    names: list[str] = []
    for line in lines:
        if line.startswith((" ", "\t")):
            if not names or names[-1] in _NEVER_FOLDED or not line.strip():
                raise HeaderGuardError(f"the mail has a folded line where none may be: {line[:80]!r}")
            value = line
        else:
            field = _FIELD.fullmatch(line)
            if field is None:
                raise HeaderGuardError(f"the mail has a line that is no header: {line[:80]!r}")
            names.append(field[1])
            value = field[2]
        _look_inside(names[-1], value)
    return names


def _look_inside(name: str, value: str) -> None:
    if (not value.isascii() and name not in _MAY_BE_WIDE) or _CONTROL.search(value.removeprefix("\t")):
        raise HeaderGuardError(f"the header {name} holds a character that may not stand there.")
    for charset, encoding, text in _ENCODED_WORD.findall(value):
        if charset.lower() != "utf-8" or _CONTROL.search(_decoded(encoding, text)):
            raise HeaderGuardError(f"the header {name} hides a character that may not stand there.")


def _decoded(encoding: str, text: str) -> str:
    try:
        octets = (
            base64.b64decode(text, validate=True) if encoding in "bB" else quopri.decodestring(text, header=True)
        )
        return octets.decode()
    except ValueError:
        return "\x00"
