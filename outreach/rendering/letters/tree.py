"""A letter's Markdown as tokens and as a tree, from which each form of the letter is written."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it.token import Token

from outreach.ports.press import Block, BlockKind, Inline, InlineKind
from outreach.rendering.markdown import parse
from outreach.rendering.plaintext import siblings

TITLE_LEVEL = 1
_DEEPEST = 6

_CONTAINERS = {
    "bullet_list_open": BlockKind.BULLETS,
    "ordered_list_open": BlockKind.NUMBERS,
    "list_item_open": BlockKind.ITEM,
    "blockquote_open": BlockKind.QUOTE,
}


def letter_tokens(body: str) -> list[Token]:
    """The body as Markdown tokens, its headings one under another below the letter's title.

    Whatever levels the author chose, the first is 2 and none is left out on the way down, because a reader with a
    screen reader goes by them (PDF/UA-1, ISO 14289-1, 7.4; WCAG 2.2, 1.3.1).
    """
    tokens = parse(body)
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            above = [level for level in above if level < _level(token)] + [_level(token)]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(TITLE_LEVEL + len(above), _DEEPEST)}"
    return tokens


def _level(token: Token) -> int:
    return int(token.tag[1:])


def letter_tree(body: str) -> tuple[Block, ...]:
    """The body as blocks in which every text is literal."""
    return tuple(_blocks(letter_tokens(body)))


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    for group in siblings(tokens):
        block = _block(group)
        if block.kind is not BlockKind.HEADING or says_something(block.line):
            yield block


def _block(group: list[Token]) -> Block:
    first = group[0]
    match first.type:
        case "heading_open":
            return Block(BlockKind.HEADING, line_of(group[1].children or ()), number=_level(first))
        case "fence" | "code_block":
            return Block(BlockKind.CODE, (Inline(InlineKind.TEXT, first.content.rstrip("\n")),))
        case "hr":
            return Block(BlockKind.RULE)
        case kind if kind in _CONTAINERS:
            start = int(first.attrs.get("start", 1))
            return Block(_CONTAINERS[kind], inside=tuple(_blocks(group[1:-1])), number=start)
    return Block(BlockKind.PARAGRAPH, line_of(group[1].children or ()))


def says_something(line: Sequence[Inline]) -> bool:
    """Whether there is anything to read in a line; a heading without it would be announced as nothing."""
    return any(piece.text.strip() or says_something(piece.inside) for piece in line)


def line_of(children: Sequence[Token]) -> tuple[Inline, ...]:
    """A line's pieces; a link that leads nowhere is the words in it, one without words is its address."""
    return tuple(piece for group in siblings(children) for piece in _pieces(_inline(group)))


def _pieces(piece: Inline) -> tuple[Inline, ...]:
    if piece.kind is not InlineKind.LINK or (piece.url and says_something(piece.inside)):
        return (piece,)
    return (replace(piece, inside=(Inline(InlineKind.TEXT, piece.url),)),) if piece.url else piece.inside


def _inline(group: list[Token]) -> Inline:  # noqa: PLR0911  one for each sort of piece
    first = group[0]
    match first.type:
        case "strong_open":
            return Inline(InlineKind.STRONG, inside=line_of(group[1:-1]))
        case "em_open":
            return Inline(InlineKind.EMPHASIS, inside=line_of(group[1:-1]))
        case "link_open":
            return Inline(InlineKind.LINK, url=str(first.attrs.get("href", "")), inside=line_of(group[1:-1]))
        case "code_inline":
            return Inline(InlineKind.CODE, first.content)
        case "hardbreak":
            return Inline(InlineKind.BREAK)
        case "softbreak":
            return Inline(InlineKind.TEXT, " ")
    return Inline(InlineKind.TEXT, first.content)
