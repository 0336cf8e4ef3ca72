"""A mail's HTML made harmless: words and their looks stay; scripts, pictures, forms and links do not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import nh3

LONGEST: Final = 500_000
"""Characters of HTML that are shown; nobody reads more, and a stranger may send anything."""
MOST_TAGS: Final = 6_000
"""Tags that are looked at: what is never closed takes the square of its number to set right."""
MOST_LINKS: Final = 50

_TAGS: Final = {
    "a", "abbr", "address", "article", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite",
    "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "ins", "kbd", "li", "main", "mark", "ol",
    "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_ATTRIBUTES: Final = {
    "*": {"dir", "lang", "style", "align"},
    "a": {"href"},
    "font": {"color", "size"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"colspan", "rowspan", "width", "valign", "bgcolor"},
    "th": {"colspan", "rowspan", "width", "valign", "bgcolor"},
}
_STYLES: Final = {
    "background-color", "border", "border-bottom", "border-left", "border-right", "border-top", "color",
    "direction", "font-family", "font-size", "font-style", "font-weight", "line-height", "list-style-type",
    "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "padding", "padding-bottom",
    "padding-left", "padding-right", "padding-top", "text-align", "text-decoration", "vertical-align",
    "white-space",
}  # fmt: skip
_CALLS: Final = re.compile(r"url|expression|image|\\|@", re.IGNORECASE)
"""What in a style loads something, or hides that it does."""
_WITH_CONTENT: Final = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"}


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """What may be shown, and the addresses to which its links led, as text. ``cut``: there was more of it."""

    html: str
    links: tuple[str, ...]
    cut: bool = False


def safe_html(pages: Iterable[str]) -> SafeHtml:
    """The pages of a mail one below the other; nothing in it loads, runs, sends or leads anywhere."""
    whole = "\n<hr>\n".join(pages)
    shown = _first_tags(whole[:LONGEST])
    links: dict[str, None] = {}

    def kept(_tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return None if _CALLS.search(value) else value
        if attribute != "href":
            return value
        if len(links) < MOST_LINKS:
            links[value.strip()[:500]] = None
        return None

    clean = nh3.clean(
        shown,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags=_WITH_CONTENT,
        filter_style_properties=_STYLES,
        attribute_filter=kept,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )
    return SafeHtml(clean, tuple(one for one in links if one), len(shown) < len(whole))


def _first_tags(html: str) -> str:
    parts = html.split("<", MOST_TAGS)
    return html if len(parts) <= MOST_TAGS else "<".join(parts[:-1])
