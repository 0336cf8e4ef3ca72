"""HTML as the text that it shows, with what it quotes marked by "> " as in a plain text."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

LONGEST_HTML = 400_000
"""Characters of HTML that are looked at, images in the text not counted."""

MOST_LINES = 10_000

_IMAGES: Final = re.compile(r"""data:image/[^"'\s)>]{20,}""")
_CONDITIONAL: Final = re.compile(r"<!\[(?:if|endif)[^>]{0,80}>", re.IGNORECASE)
_RULES: Final = re.compile(r"([\w.#,\s-]{1,300})\{([^{}]{0,600})\}")
_NO_MARGIN: Final = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0(?:\.0+)?(?![.\d])")
_HIDDEN: Final = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden")
_BAR: Final = re.compile(r"border-left\s*:\s*(?!none|0|medium none)")
_OUTLOOK_BAR: Final = re.compile(r"border-top:\s*solid\s+#(?:e1e1e1|b5c4df)", re.IGNORECASE)
_INDENT: Final = re.compile(r"border\s*:\s*(?:none|0)")
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_UNSEEN: Final = _names("head style script title template object svg math noscript textarea select iframe")
_BLOCKS: Final = _names(
    "address article aside body center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section table tbody tfoot thead tr ul blockquote"
)
_APART: Final = _names("p h1 h2 h3 h4 h5 h6 figure ul ol dl pre")
_QUOTED_CLASSES: Final = _names(
    "gmail_attr moz-cite-prefix yahoo_quoted protonmail_quote moz-email-headers-table moz-forward-container "
    "zmail_extra tutanota_quote yahoo-quoted-begin"
)
_QUOTED_IDS: Final = ("yahoo_quoted", "isForwardContent", "isReplyContent", "oriMsgHtmlSeperator")
_END_IDS: Final = _names("divrplyfwdmsg appendonsend stopspelling mail-editor-reference-message-container")
_END_CLASSES: Final = _names("outlookmessageheader zmail_extra_hr")


def shown_text(html: str) -> str:
    """The text that HTML shows, a line for each block, quoted containers with "> " before each line.

    What a mail program puts under the answer as a whole (Outlook's header block and all below) is quoted too.
    Nothing is fetched. What lies deeper than the parser goes (2,048 elements) is lost, and nothing raises.
    """
    source = _CONDITIONAL.sub("", _IMAGES.sub("", html[: 20 * LONGEST_HTML]))[:LONGEST_HTML]
    octets = source.encode("utf-8", "replace")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, recover=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(octets, parser)
    except (etree.LxmlError, ValueError):
        return ""
    return "" if root is None else _Page(_tight(root)).text(root)


def _tight(root: Any) -> frozenset[str]:
    """Which of "p" and the classes have no margin by the page's own style sheet: Word's and Outlook's."""
    tight: set[str] = set()
    for style in list(root.iter("style"))[:10]:
        for found in _RULES.finditer((style.text or "")[:20_000]):
            if _NO_MARGIN.search(found.group(2)):
                tight.update(name.strip().lower() for name in found.group(1).split(","))
    return frozenset(tight)


@dataclass(slots=True)
class _Page:
    """A walk over the elements that writes lines."""

    tight: frozenset[str]
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    depth: int = 0
    verbatim: int = 0
    gap: bool = False
    ended: bool = False

    def text(self, root: Any) -> str:
        hidden: Any = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if len(self.lines) > MOST_LINES:
                break
            if hidden is not None:
                if event == "end" and element is hidden:
                    hidden = None
                    self.write(element.tail)
                continue
            if event == "start":
                if not self.ended and _ends(element):
                    self.break_line()
                    self.ended = True
                    self.depth += 1
                if _is_hidden(element):
                    hidden = element
                    continue
                self.start(element)
            else:
                self.end(element)
        self.break_line()
        return "\n".join(self.lines)

    def start(self, element: Any) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self.break_line()
            self.gap = self.gap or self.is_apart(element)
        if _is_quoted(element):
            self.depth += 1
        if tag == "pre":
            self.verbatim += 1
        if tag == "br":
            self.break_line(always=True)
        elif tag == "li":
            self.line.append("* ")
        elif tag in ("td", "th") and "".join(self.line).strip():
            self.line.append(" ")
        self.write(element.text)

    def end(self, element: Any) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            shown = self.break_line(always=tag in ("p", "div") and element.text == " " and not len(element))
            self.gap = self.gap or (self.is_apart(element) and bool(shown or self.lines))
        if _is_quoted(element):
            self.depth -= 1
        if tag == "pre":
            self.verbatim -= 1
        self.write(element.tail)

    def is_apart(self, element: Any) -> bool:
        """Whether a reader sees an empty line around the element."""
        if element.tag not in _APART or element.tag in self.tight:
            return False
        if element.tag in ("ul", "ol") and element.getparent() is not None and element.getparent().tag == "li":
            return False
        names = _classes(element)
        if any(name.startswith("mso") or f"p.{name}" in self.tight or f".{name}" in self.tight for name in names):
            return False
        return not _NO_MARGIN.search(_style(element))

    def write(self, text: str | None) -> None:
        if not text:
            return
        if not self.verbatim:
            self.line.append(_SPACES.sub(" ", text))
            return
        first, *rest = text.split("\n")
        self.line.append(first)
        for line in rest:
            self.break_line(always=True)
            self.line.append(line)

    def break_line(self, *, always: bool = False) -> bool:
        """End the line; an empty one is only written if it is meant. Whether something was written.

        A paragraph of nothing but a no-break space is how people's programs write an empty line.
        """
        whole = "".join(self.line)
        meant = always or "\u00a0" in whole
        whole = whole.replace("\u00a0", " ")
        text = whole.rstrip() if self.verbatim else _SPACES.sub(" ", whole).strip()
        self.line.clear()
        if not text and not meant:
            return False
        prefix = "> " * self.depth
        if self.gap and text and self.lines and self.lines[-1].strip("> "):
            self.lines.append(prefix if self.lines[-1].startswith(">") else "")
        self.gap = False
        self.lines.append(prefix + text)
        return True


def _ends(element: Any) -> bool:
    """Whether all that follows is the mail that was answered, by the marks of Outlook and its like."""
    name = (element.get("id") or "").lower().removeprefix("x_")
    if name in _END_IDS or not _END_CLASSES.isdisjoint(_classes(element)):
        return True
    return element.tag == "div" and _OUTLOOK_BAR.search(_style(element)) is not None


def _is_hidden(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return True
    return _HIDDEN.search(_style(element)) is not None


def _is_quoted(element: Any) -> bool:
    if element.tag == "blockquote":
        return not _is_indent(element)
    names = _classes(element)
    if not _QUOTED_CLASSES.isdisjoint(names) or any(name.endswith("yahoo_quoted") for name in names):
        return True
    if "gmail_quote" in names and element.tag == "div":
        return element.find(".//blockquote") is None
    if (element.get("id") or "").startswith(_QUOTED_IDS) or element.get("name") == "quote":
        return True
    return element.tag == "div" and _BAR.search(_style(element)) is not None


def _is_indent(element: Any) -> bool:
    """A blockquote that mail programs write for indented text of one's own."""
    if element.get("type") == "cite" or not _classes(element).isdisjoint({"gmail_quote"}):
        return False
    return _INDENT.search(_style(element)) is not None and _BAR.search(_style(element)) is None


def _classes(element: Any) -> frozenset[str]:
    return frozenset((element.get("class") or "").replace("x_", "").lower().split())


def _style(element: Any) -> str:
    return (element.get("style") or "")[:2000]
