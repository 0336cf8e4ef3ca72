"""Markdown (CommonMark, without raw HTML, images and indented code) as HTML and as readable plain text."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from outreach.rendering.plaintext import write_text

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_OVERRIDES = re.compile("[\u202a-\u202e]")
"""What turns the order of the letters after it (UAX #9, 2.1 and 2.2); isolates and marks stay."""
_SCHEMES = frozenset({"https", "http", "mailto"})


def parser() -> MarkdownIt:
    """A parser of the Markdown that is written here.

    Indented code is off because letters come with indented paragraphs, which must not turn into code; images
    are off because a mail that loads pictures tells when it was opened.
    """
    return MarkdownIt("commonmark", {"html": False}).disable(["code", "image"])


def _may_link(url: str) -> bool:
    try:
        return urlsplit(url).scheme.lower() in _SCHEMES
    except ValueError:
        return False


_LETTERS = parser()
_LETTERS.validateLink = _may_link  # type: ignore[method-assign]  # this is how the library lets it be set


def markdown_to_html(text: str) -> str:
    """A fragment of HTML in which nothing but the Markdown has a meaning.

    Links lead to https, http or mailto addresses only; anything else stays the text it was written as.
    """
    return html_of(parse(text))


def markdown_to_text(text: str) -> str:
    """Plain text that reads well in a mail; paragraphs are not wrapped. Ends with a line break."""
    return text_of(parse(text))


def parse(text: str) -> list[Token]:
    """The Markdown of a letter as tokens, for what writes it in another form."""
    return _LETTERS.parse(_readable(text))


def html_of(tokens: Sequence[Token]) -> str:
    """A fragment of HTML from such tokens."""
    return _OVERRIDES.sub("", str(_LETTERS.renderer.render(tokens, _LETTERS.options, {})))


def text_of(tokens: Sequence[Token]) -> str:
    """Plain text from such tokens."""
    return _OVERRIDES.sub("", write_text(tokens))


def _readable(text: str) -> str:
    """Line breaks of one sort, and none of the controls and lone surrogates that no mail may hold."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
