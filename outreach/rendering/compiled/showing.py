"""How a value is shown in the plain text, in the HTML, and in the subject, as text and as what is sent."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from markupsafe import escape

from outreach.rendering.compiled.meaning import Frame, Value
from outreach.rendering.compiled.quoting import SOFT, column_after, laid, one_break, quoted
from outreach.rendering.content import isolate

ROOM: Final = 40
"""Octets that are kept for a name in its line; a longer one gets lines of its own."""
_PLAIN: Final = re.compile(r"(?!F(?:rom|ro?\Z|\Z))[ !#-%(-;?-~]{0,40}").fullmatch
"""Short, printable, and written in a mail's text and in its HTML as it is."""
_PLAIN_LINK: Final = re.compile(r"h[!#-%(-;?-~]{0,70}").fullmatch


class Form(Enum):
    """How a value stands in a text: as it is (a link, a whole text, a number), or apart from what is around it."""

    AS_IT_IS = auto()
    SHOWN = auto()


@dataclass(frozen=True, slots=True)
class Showing:
    """One of the three. ``inside`` gives a value as text; ``around`` is what stands around one that is shown.

    ``as_typed``: a short value in plain ASCII letters is its own ``inside``.
    """

    inside: Callable[[Any, Form], str]
    around: tuple[str, str] = ("", "")
    as_typed: bool = True

    def written(self, value: Any, form: Form) -> str:
        """The value with what stands around it."""
        before, after = self.around if form is Form.SHOWN else ("", "")
        return f"{before}{self.inside(value, form)}{after}"

    def setter(self, value: Value, form: Form, column: int, room: int) -> Callable[[Frame], bytes]:
        """The function that writes a value behind ``column`` octets at most, in ``room`` octets or on own lines."""
        inside = self.inside

        def long_way(given: Any) -> bytes:
            octets = quoted(inside(given, form))
            if b"\n" not in octets and len(octets) <= room:
                return octets
            lines = laid(octets, column)
            return lines if column_after(lines, column) <= column + room else lines + SOFT

        plainly = _PLAIN_LINK if room > ROOM else _PLAIN
        if not self.as_typed and form is Form.SHOWN:
            return lambda frame: long_way(value(frame))

        def short_way(frame: Frame) -> bytes:
            given = value(frame)
            text = given if given.__class__ is str else str(given)
            return text.encode() if plainly(text) else long_way(given)

        return short_way


def in_html() -> Showing:
    """Every value is escaped, and isolated from the direction around it."""

    def inside(value: Any, form: Form) -> str:
        return one_break(str(escape(str(value) if form is Form.SHOWN else value)))

    return Showing(inside, ("<bdi>", "</bdi>"))


def in_text(direction: str) -> Showing:
    """The plain text and the subject of a template whose language is written in that direction."""
    rtl = direction == "rtl"

    def inside(value: Any, form: Form) -> str:
        return isolate(str(value), rtl=rtl) if form is Form.SHOWN else str(value)

    return Showing(inside, as_typed=not rtl)
