"""Plain text in lines of a given width, measured as a terminal shows it."""

import re
from collections.abc import Iterator
from typing import Final

from wcwidth import wcswidth

WIDTH: Final = 76
_LEAD: Final = re.compile(r"((?:> )*(?:- |\d+\. |> )?)(.*)", re.DOTALL)
_CODE: Final = "    "


def wrap(text: str, width: int = WIDTH) -> str:
    """The text with no line wider than ``width`` where it has blanks to break at; code stays as it is.

    Lines of a list hang, lines of a quotation keep their mark.
    """
    return "\n".join(wrapped for line in text.split("\n") for wrapped in _lines(line, width))


def _lines(line: str, width: int) -> Iterator[str]:
    if line.startswith(_CODE) or wcswidth(line) <= width:
        yield line
        return
    lead, words = _LEAD.fullmatch(line).groups()  # type: ignore[union-attr]  # it matches every line
    current = lead
    for word in words.split(" "):
        longer = f"{current}{word}" if current in {lead, _hanging(lead)} else f"{current} {word}"
        if wcswidth(longer) > width and current not in {lead, _hanging(lead)}:
            yield current
            current = f"{_hanging(lead)}{word}"
        else:
            current = longer
    yield current


def _hanging(lead: str) -> str:
    """What stands before the further lines: quotation marks stay, bullets and numbers leave a gap."""
    return re.sub(r"[^> ]", " ", lead)
