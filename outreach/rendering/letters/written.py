"""A letter's Markdown put together piece by piece: what is put in is text, whatever signs it holds."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from outreach.rendering.content import isolate
from outreach.rendering.letters.escaping import escape_markdown

_NUMBER: Final = re.compile(r"[ \t>]*\d{1,9}")
_AFTER_A_NUMBER: Final = re.compile(r"[.)](?=\s|$)")
_IN_ADDRESSES: Final = "!#$%&'()*+,/:;=?@[]~"


@dataclass(slots=True)
class Written:
    """The Markdown so far. ``rtl`` is the direction of the letter."""

    rtl: bool = False
    _pieces: list[str] = field(default_factory=list)
    _line: str = ""
    _value_ended: bool = False

    def author(self, markdown: str) -> None:
        """Add what the author wrote. After a figure that begins the line it makes no list."""
        if self._value_ended and _AFTER_A_NUMBER.match(markdown) and _NUMBER.fullmatch(self._line):
            markdown = f"\\{markdown}"
        self._add(markdown)

    def value(self, text: str) -> None:
        """Add a text that is shown as it is."""
        literal = re.sub(r"^[.)]|&$", r"\\\g<0>", escape_markdown(text))
        self._add(isolate(literal, rtl=self.rtl))
        self._value_ended = True

    def link(self, address: str) -> None:
        """Add an address: where a link leads to, the words of a link, or a link to itself."""
        if self._line.endswith("["):
            self.value(address)
        else:
            self._add(f"<{quote(address, safe=_IN_ADDRESSES)}>")

    def markdown(self) -> str:
        """All of it."""
        return "".join(self._pieces)

    @property
    def indent(self) -> str:
        """The blanks that stand on the line, if nothing else does."""
        return "" if self._line.strip() else self._line

    @property
    def ends_with_space(self) -> bool:
        """Whether a word that follows stands apart from what is there."""
        return not self._line or self._line[-1].isspace()

    def _add(self, markdown: str) -> None:
        if markdown:
            self._pieces.append(markdown)
            _, broken, last = markdown.rpartition("\n")
            self._line = last if broken else self._line + last
            self._value_ended = False
