"""Texts made literal for Markdown, so that a name is never taken for a list, a link or a heading."""

import re
from typing import Final

_ALWAYS: Final = re.compile(r"[\\`*_\[\]<~]|&(?=#?\w+;)")
_AT_THE_BEGINNING: Final = re.compile(r"(\d{1,9})([.)](?=\s|$))|()([#+\-=>|])")


def escape_markdown(text: str) -> str:
    r"""The text with a backslash before each sign that CommonMark (0.31, 2.4) would take for markup.

    It may stand anywhere in a line; a text without such signs stays as it is.
    """
    begins = _AT_THE_BEGINNING.match(text)
    if begins is None:
        return _ALWAYS.sub(_quoted, text)
    number, sign = begins[1] or "", begins[2] or begins[4]
    return f"{number}\\{sign}{_ALWAYS.sub(_quoted, text[begins.end() :])}"


def _quoted(found: re.Match[str]) -> str:
    return f"\\{found.group()}"
