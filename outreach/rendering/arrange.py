"""The body's tokens in the order that HTML needs: one list around the items that statements repeat or leave out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from outreach.rendering.opaque import Opaque, Role
from outreach.rendering.plaintext import COUNTED, STATEMENT, lone_link, siblings
from outreach.rendering.structure import VALUE

_LISTS = frozenset({"bullet_list_open", "ordered_list_open"})
_HOLD_TEXT = frozenset({"paragraph_open", "heading_open"})
_SMALL_PRINT = frozenset({"links.opt_out", "sender.postal_address"})


@dataclass(slots=True)
class _Statement:
    """A statement with what it encloses: nodes, and the ``else`` or ``elif`` between them."""

    opening: Token
    keyword: str
    inside: "list[_Node]"
    closing: Token


_Node = list[Token] | _Statement


def arrange(tokens: Sequence[Token], opaque: Opaque) -> list[Token]:
    """The tokens with lists joined across statements, empty paragraphs avoided, buttons and small print marked."""
    _mark_buttons(tokens, opaque)
    return _small_print(_level(tokens, opaque), opaque)


def _level(tokens: Sequence[Token], opaque: Opaque) -> list[Token]:
    nodes = _nested(siblings(tokens), opaque, [])
    return list(_written(nodes, opaque))


def _nested(groups: Iterator[list[Token]], opaque: Opaque, closing: list[Token]) -> list[_Node]:
    """The nodes up to the end of the statement they are in; its last token is left in ``closing``."""
    nodes: list[_Node] = []
    for group in groups:
        piece = opaque.pieces.get(group[0].content) if group[0].type == STATEMENT else None
        if piece is None or piece.role is Role.PARTS:
            nodes.append(group)
        elif piece.role is Role.CLOSES:
            closing.append(group[0])
            return nodes
        else:
            end: list[Token] = []
            inside = _nested(groups, opaque, end)
            nodes.append(_Statement(group[0], piece.keyword, inside, end[0]))
    return nodes


def _written(nodes: Sequence[_Node], opaque: Opaque) -> Iterator[Token]:
    index = 0
    while index < len(nodes):
        run = _run(nodes[index:])
        if len(run) > 1 or (run and _repeats(run[0])):
            yield from _one_list(run, opaque)
            index += len(run)
            continue
        yield from _one(nodes[index], opaque)
        index += 1


def _one(node: _Node, opaque: Opaque) -> Iterator[Token]:
    if isinstance(node, _Statement):
        yield from (node.opening, *_written(node.inside, opaque), node.closing)
    elif len(node) > 1 and node[0].type not in _HOLD_TEXT:
        yield from (node[0], *_level(node[1:-1], opaque), node[-1])
    elif len(node) > 1:
        yield from _paragraph(node, opaque)
    else:
        yield from node


def _run(nodes: Sequence[_Node]) -> Sequence[_Node]:
    """The nodes from the first one on that are lists of one sort, or statements around such lists."""
    sort = _sort(nodes[0])
    length = 0
    while sort is not None and length < len(nodes) and _sort(nodes[length]) == sort:
        length += 1
    return nodes[:length]


def _sort(node: _Node) -> tuple[str, str] | None:
    """The type and the bullet of a list, also through statements; None for anything else."""
    if not isinstance(node, _Statement):
        return (node[0].type, node[0].markup) if node[0].type in _LISTS else None
    sorts = {_sort(inner) for inner in node.inside if isinstance(inner, _Statement) or inner[0].type != STATEMENT}
    return sorts.pop() if len(sorts) == 1 else None


def _repeats(node: _Node) -> bool:
    return isinstance(node, _Statement) and (node.keyword == "for" or any(map(_repeats, node.inside)))


def _one_list(run: Sequence[_Node], opaque: Opaque) -> Iterator[Token]:
    inside = [token for node in run for token in _items(node, opaque)]
    lists = [token for node in run for token in _ends(node)]
    lists[0].meta[COUNTED] = True
    yield from (lists[0], *inside, lists[-1])


def _items(node: _Node, opaque: Opaque) -> Iterator[Token]:
    if isinstance(node, _Statement):
        yield node.opening
        for inner in node.inside:
            yield from _items(inner, opaque)
        yield node.closing
    elif node[0].type == STATEMENT:
        yield from node
    else:
        yield from _level(node[1:-1], opaque)


def _ends(node: _Node) -> Iterator[Token]:
    if isinstance(node, _Statement):
        for inner in node.inside:
            yield from _ends(inner)
    elif node[0].type in _LISTS:
        yield from (node[0], node[-1])


def _paragraph(group: list[Token], opaque: Opaque) -> Iterator[Token]:
    """A paragraph; one that is wholly inside an ``if`` is left out with it, instead of being left empty."""
    opening, inline, closing = group
    children = inline.children or []
    nodes = _nested(iter([child] for child in children), opaque, []) if _begins_with_statement(children) else []
    match nodes:
        case [_Statement(keyword="if") as whole] if not _has_parts(whole):
            inline.children = children[1:-1]
            yield from (whole.opening, *group, whole.closing)
        case _:
            yield from (opening, inline, closing)


def _begins_with_statement(children: Sequence[Token]) -> bool:
    return bool(children) and children[0].type == STATEMENT


def _has_parts(statement: _Statement) -> bool:
    tokens = [node[0] for node in statement.inside if not isinstance(node, _Statement)]
    return any(token.type == STATEMENT for token in tokens)


def _mark_buttons(tokens: Sequence[Token], opaque: Opaque) -> None:
    """A link that stands alone in a paragraph becomes a button, except the way out, which is never shouted."""
    for group in siblings(tokens):
        children = group[1].children or [] if group[0].type == "paragraph_open" else []
        link = lone_link([child for child in children if child.type != STATEMENT])
        if link and link[0].markup != "autolink" and _name(link[0], opaque) != "links.opt_out":
            link[0].attrSet("class", "button")


def _name(link: Token, opaque: Opaque) -> str:
    piece = opaque.pieces.get(str(link.attrs["href"]))
    return piece.code if piece else ""


def _small_print(tokens: list[Token], opaque: Opaque) -> list[Token]:
    """What follows the last rule, when it holds the way out or the postal address, is wrapped to be set small."""
    depth, start = 0, None
    for index, token in enumerate(tokens):
        depth += token.nesting
        if token.type == STATEMENT:
            role = opaque.pieces[token.content].role
            depth += {Role.OPENS: 1, Role.CLOSES: -1}.get(role, 0)
        elif token.type == "hr" and depth == 0:
            start = index + 1
    if start is None or not _holds_small_print(tokens[start:], opaque):
        return tokens
    opening = Token("footer_open", "div", 1, attrs={"class": "small"}, block=True)
    return [*tokens[:start], opening, *tokens[start:], Token("footer_close", "div", -1, block=True)]


def _holds_small_print(tokens: Sequence[Token], opaque: Opaque) -> bool:
    children = [child for token in tokens for child in token.children or ()]
    words = [child.content for child in children if child.type == VALUE]
    words += [str(child.attrs["href"]) for child in children if child.type == "link_open"]
    return any(opaque.pieces[word].code in _SMALL_PRINT for word in words if word in opaque.pieces)
