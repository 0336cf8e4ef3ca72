"""The last look at a mail's bytes before they leave: the headers that must be there, once, and nothing else."""

import base64
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
_FIELD = re.compile(r"([A-Za-z-]+): (\S.*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
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
