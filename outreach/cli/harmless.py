"""What strangers wrote, shown without anything that a terminal would take for a command."""

import json
import re
import unicodedata
from typing import Any

_JOINERS = "\u200c\u200d"
"""Scripts need them inside words."""
_SHOWN = "\n\t"


def harmless(text: str) -> str:
    """The text with a mark in the place of controls and of what turns the writing direction (UAX #9, 2)."""
    return "".join("\ufffd" if _is_command(letter) else letter for letter in text)


def json_text(value: Any, *, indent: int | None = None) -> str:
    """The value as JSON in which nothing is a command and nothing but the indentation breaks a line; none is lost.

    What cannot be shown is escaped (RFC 8259, 7).
    """
    written = json.dumps(value, ensure_ascii=False, default=str, indent=indent)
    return re.sub(r"[^\x20-\x7e\n]", lambda found: _escaped(found.group()), written)


def _is_command(letter: str) -> bool:
    if letter in _SHOWN or letter in _JOINERS:
        return False
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _escaped(letter: str) -> str:
    if not _is_command(letter):
        return letter
    octets = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{octets[at : at + 2].hex()}" for at in range(0, len(octets), 2))
