"""Markdown tokens as plain text that a person likes to read in a mail."""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

RULE = "-" * 30
STATEMENT = "statement"
"""The type of a token that is an ``if``, ``for``, ``else`` or the end of one."""
COUNTED = "counted"
"""Meta of an ordered list whose items come and go with statements: the template itself counts them."""

# A statement that stands between blocks gets this mark, and a line of its own, until all is put together:
# what is in front of a line (a bullet, a quotation mark) then cannot slip inside the statement.
_MARK = "\x02"
_MARKED = re.compile(f"{_MARK}([^\n]*)\n")


def siblings(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of one level, each with all that is inside it."""
    depth, group = 0, []
    for token in tokens:
        group.append(token)
        depth += token.nesting
        if depth == 0:
            yield group
            group = []


def write_text(tokens: Sequence[Token]) -> str:
    """The plain text of a whole document; it ends with one line break."""
    return tidy(_MARKED.sub(r"\1", _blocks(tokens)))


def tidy(text: str) -> str:
    """The text with at most one empty line in a row, none at its ends, and no blanks at the end of a line."""
    text = re.sub(r"[ \t\r\f]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _blocks(tokens: Sequence[Token]) -> str:
    return "".join(_block(group) for group in siblings(tokens))


def _block(group: list[Token]) -> str:  # noqa: PLR0911  one for each sort of block
    first, inside = group[0], group[1:-1]
    match first.type:
        case "paragraph_open":
            return _paragraph(group[1].children or []) + ("\n" if first.hidden else "\n\n")
        case "heading_open":
            return _inline(group[1].children or []) + "\n\n"
        case "bullet_list_open" | "ordered_list_open":
            return _list(first, inside)
        case "blockquote_open":
            return _hang(_blocks(inside).strip("\n"), "> ", "> ") + "\n\n"
        case "fence" | "code_block":
            return _hang(first.content.strip("\n"), "    ", "    ") + "\n\n"
        case "footer_open":
            return _blocks(inside)
        case "hr":
            return f"{RULE}\n\n"
        case _ if first.type == STATEMENT:
            return f"{_MARK}{first.content}\n"
    return f"{first.content}\n\n"


def _list(opening: Token, inside: Sequence[Token]) -> str:
    number = int(opening.attrs.get("start", 1))
    counter = _counter(opening) if opening.meta.get(COUNTED) else None
    text = f"{_MARK}{_raw(f'{{% set {counter} = namespace(n={number - 1}) %}}')}\n" if counter else ""
    for group in siblings(inside):
        if group[0].type == STATEMENT:
            text += _block(group)
            continue
        bullet = "- "
        if counter:
            bullet = _raw(f"{{% set {counter}.n = {counter}.n + 1 %}}{{{{ {counter}.n }}}}. ")
        elif opening.type == "ordered_list_open":
            bullet = f"{number}. "
            number += 1
        text += _item(group[1:-1], bullet, "   " if counter else " " * len(bullet))
    return text.rstrip("\n") + "\n\n"


def _counter(opening: Token) -> str | None:
    """A name for what counts the items of this list, None for a list that is not numbered."""
    if opening.type != "ordered_list_open":
        return None
    line = opening.map[0] if opening.map else 0
    return f"_count_{line}_{opening.level}"


def _item(inside: Sequence[Token], bullet: str, hanging: str) -> str:
    loose = any(token.type == "paragraph_open" and not token.hidden for token in inside)
    return _hang(_blocks(inside).strip("\n"), bullet, hanging) + ("\n\n" if loose else "\n")


def _raw(code: str) -> str:
    """Template code of our own; the private-use signs keep its braces from being quoted as an author's."""
    return code.replace("{", "\x03").replace("}", "\x04")


def unraw(source: str) -> str:
    """Template source with our own code as code."""
    return source.replace("\x03", "{").replace("\x04", "}")


def _hang(text: str, first: str, rest: str) -> str:
    """The text with ``first`` before its first line and ``rest`` before the others."""
    lines, lead = [], first
    for line in text.split("\n"):
        lines.append(line if line.startswith(_MARK) else f"{lead if line else lead.rstrip()}{line}")
        lead = lead if line.startswith(_MARK) else rest
    return "\n".join(lines)


def _paragraph(children: Sequence[Token]) -> str:
    """A paragraph; a link that is all there is in it is written as “text: address”."""
    link = lone_link(children)
    return _link(link, alone=True) if link else _inline(children)


def lone_link(children: Sequence[Token]) -> list[Token] | None:
    """The tokens of the link that is a paragraph's whole content, None if there is more or no link."""
    shown = [child for child in children if child.type != "text" or child.content.strip()]
    groups = list(siblings(shown))
    return groups[0] if len(groups) == 1 and shown[0].type == "link_open" else None


def _inline(children: Sequence[Token]) -> str:
    text = ""
    for group in siblings(children):
        match group[0].type:
            case "softbreak":
                text += " "
            case "hardbreak":
                text += "\n"
            case "strong_open" | "em_open":
                text += f"*{_inline(group[1:-1])}*"
            case "link_open":
                text += _link(group, alone=False)
            case _:
                text += group[0].content
    return text


def _link(group: Sequence[Token], *, alone: bool) -> str:
    text, url = _inline(group[1:-1]), str(group[0].attrs.get("href", ""))
    if group[0].markup == "autolink" or text in {url, url.removeprefix("mailto:")}:
        return text
    if not alone:
        return f"{text} ({url})"
    return f"{text} {url}" if text[-1:] in {":", "?", "!", ".", "…", "؟", "："} else f"{text}: {url}"
