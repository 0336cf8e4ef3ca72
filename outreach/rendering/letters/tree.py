"""A letter's Markdown as tokens and as a tree, from which each form of the letter is written."""

from collections.abc import Iterator, Sequence

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
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((_level(token) for token in headings), default=TITLE_LEVEL)
    before = TITLE_LEVEL
    for token in headings:
        if token.type == "heading_open":
            before = min(_level(token) - highest + TITLE_LEVEL + 1, before + 1, _DEEPEST)
        token.tag = f"h{before}"
    return tokens


def _level(token: Token) -> int:
    return int(token.tag[1:])


def letter_tree(body: str) -> tuple[Block, ...]:
    """The body as blocks in which every text is literal."""
    return tuple(_blocks(letter_tokens(body)))


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    for group in siblings(tokens):
        yield _block(group)


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


def line_of(children: Sequence[Token]) -> tuple[Inline, ...]:
    """A line's pieces."""
    return tuple(_inline(group) for group in siblings(children))


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
