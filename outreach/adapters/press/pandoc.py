"""Hands a manuscript to pandoc as a syntax tree, so that nothing in it is ever parsed; a document comes back."""

import json
import os
from collections.abc import Iterable
from typing import Any, Final
from unicodedata import bidirectional

from outreach.adapters.press.child import run
from outreach.ports.press import (
    Block,
    BlockKind,
    Inline,
    InlineKind,
    Manuscript,
    NumberedName,
    PressTrouble,
    Section,
)
from outreach.rendering.content import direction_of

Tree = dict[str, Any]

_API: Final = [1, 23, 1]
_FEW: Final = 8
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u200e", "\u200f"

LETTERHEAD: Final = "Letterhead"
TITLE: Final = "Title"
MARK: Final = "Mark"
ADDRESSEE: Final = "Addressee"
COLOPHON: Final = "Colophon"
COUNT: Final = "Count"
SIGNATORY: Final = "Signatory"
SENDER: Final = "Sender"
CONTACT: Final = "SenderContact"
ADDRESS: Final = "InsideAddress"
BESIDE: Final = "BesideAddress"
REFERENCE: Final = "Reference"
SUBJECT: Final = "Subject"
COPY: Final = "CopyTo"


def convert(manuscript: Manuscript, form: str, seconds: float) -> bytes:
    """The document as pandoc writes it, without our page and styles. PressTrouble: it cannot, or takes too long.

    Pandoc runs in its sandbox: it reads its input and nothing else.
    """
    import pypandoc  # type: ignore[import-untyped]

    tree = json.dumps(document(manuscript)).encode()
    path = os.fspath(pypandoc.get_pandoc_path())
    done = run([path, "--sandbox", "--from=json", f"--to={form}", "--output=-"], tree, seconds)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise PressTrouble(f"The {form} document could not be made: {said or 'pandoc ended without a word'}.")
    return done.stdout


def in_columns(manuscript: Manuscript) -> bool:
    """Whether the list is long enough for two columns."""
    return sum(len(section.names) for section in manuscript.sections) > _FEW


def document(manuscript: Manuscript) -> Tree:
    """The manuscript in pandoc's types. The paragraphs that look otherwise carry the name of their style."""
    meta = {"lang": manuscript.language, "dir": manuscript.direction}
    colophon = [_styled(COLOPHON, _inlines(line)) for line in manuscript.ending]
    signed = [
        _header(1, [_string(manuscript.list_heading)]),
        *_lines(COUNT, (manuscript.count, *manuscript.notes)),
        *(block for section in manuscript.sections for block in _section(section, manuscript)),
    ]
    copies = _lines(COPY, manuscript.paper.copies, manuscript.direction) if manuscript.paper else []
    blocks = [
        *_above(manuscript),
        *_blocks(manuscript.body),
        *([*signed, *copies, *colophon] if manuscript.paper else [*colophon, *signed]),
    ]
    return {
        "pandoc-api-version": _API,
        "meta": {key: _node("MetaString", value) for key, value in meta.items()},
        "blocks": blocks,
    }


def _above(manuscript: Manuscript) -> Iterable[Tree]:
    """What stands above the body."""
    paper, mark = manuscript.paper, _lines(MARK, (manuscript.mark,))
    if paper is None:
        yield from _lines(LETTERHEAD, (manuscript.author,))
        yield _styled(TITLE, [_string(manuscript.title)])
        yield from (*mark, *_lines(ADDRESSEE, manuscript.heading))
        return
    for style, lines in (
        (SENDER, paper.letterhead[:1]),
        (CONTACT, (" · ".join(paper.letterhead[1:]),)),
        (ADDRESS, paper.address),
        (BESIDE, (paper.date, paper.number)),
        (REFERENCE, paper.references),
    ):
        yield from _lines(style, lines, manuscript.direction)
    yield _styled(SUBJECT, [_string(manuscript.title)])
    yield from mark
    if paper.salutation:
        yield _node("Para", [_string(paper.salutation)])


def _lines(style: str, lines: Iterable[str], direction: str = "") -> list[Tree]:
    """A paragraph for each line that is not empty; with a direction, one that runs against it says so."""
    return [
        _styled(
            style,
            [_name(NumberedName(0, line, direction_of(line) or "ltr"), direction) if direction else _string(line)],
        )
        for line in lines
        if line
    ]


def _section(section: Section, manuscript: Manuscript) -> Iterable[Tree]:
    if section.heading:
        yield _header(2, [_string(section.heading)])
    lines = [_styled(SIGNATORY, [_name(name, manuscript.direction)]) for name in section.names]
    if manuscript.numbered and lines:
        yield _node("OrderedList", [_numbered(section.names[0].number), [[line] for line in lines]])
    else:
        yield from lines


def _name(name: NumberedName, direction: str) -> Tree:
    """A name that runs against the letter says so, and holds the signs at its ends by a mark (UAX #9, 2.6)."""
    if name.direction == direction:
        return _string(name.line)
    left_to_right = name.direction == "ltr"
    mark = _LEFT_TO_RIGHT if left_to_right else _RIGHT_TO_LEFT
    strong = {"L"} if left_to_right else {"R", "AL"}
    before, after = ("" if bidirectional(end) in strong else mark for end in (name.line[0], name.line[-1]))
    return _node("Span", [["", [], [["dir", name.direction]]], [_string(f"{before}{name.line}{after}")]])


def _blocks(blocks: Iterable[Block]) -> list[Tree]:
    return [_block(block) for block in blocks]


def _block(block: Block) -> Tree:  # noqa: PLR0911  one for each sort of block
    match block.kind:
        case BlockKind.HEADING:
            return _header(block.number - 1, _inlines(block.line))
        case BlockKind.BULLETS:
            return _node("BulletList", [_tight(item.inside) for item in block.inside])
        case BlockKind.NUMBERS:
            return _node("OrderedList", [_numbered(block.number), [_tight(item.inside) for item in block.inside]])
        case BlockKind.QUOTE:
            return _node("BlockQuote", _blocks(block.inside))
        case BlockKind.CODE:
            return _node("CodeBlock", [["", [], []], block.line[0].text])
        case BlockKind.RULE:
            return {"t": "HorizontalRule"}
    return _node("Para", _inlines(block.line))


def _tight(blocks: Iterable[Block]) -> list[Tree]:
    """What is in an item of a list; its paragraphs stand close together."""
    return [
        _node("Plain", _inlines(one.line)) if one.kind is BlockKind.PARAGRAPH else _block(one) for one in blocks
    ]


def _inlines(line: Iterable[Inline]) -> list[Tree]:
    return [_inline(piece) for piece in line]


def _inline(piece: Inline) -> Tree:
    match piece.kind:
        case InlineKind.STRONG:
            return _node("Strong", _inlines(piece.inside))
        case InlineKind.EMPHASIS:
            return _node("Emph", _inlines(piece.inside))
        case InlineKind.LINK:
            return _node("Link", [["", [], []], _inlines(piece.inside), [piece.url, ""]])
        case InlineKind.CODE:
            return _node("Code", [["", [], []], piece.text])
        case InlineKind.BREAK:
            return {"t": "LineBreak"}
    return _string(piece.text)


def _styled(style: str, line: list[Tree]) -> Tree:
    return _node("Div", [["", [], [["custom-style", style]]], [_node("Para", line)]])


def _header(level: int, line: list[Tree]) -> Tree:
    return _node("Header", [level, ["", [], []], line])


def _numbered(first: int) -> list[Any]:
    return [first, {"t": "Decimal"}, {"t": "Period"}]


def _string(text: str) -> Tree:
    return _node("Str", text)


def _node(kind: str, content: Any) -> Tree:
    return {"t": kind, "c": content}
