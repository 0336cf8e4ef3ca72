"""What an expression of a template comes to, as a function of the words (grammar: ``rendering/expressions.py``)."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar

from jinja2 import nodes
from jinja2.nodes import EvalContext

from outreach.rendering.environment import plain
from outreach.rendering.expressions import path_of

Frame = dict[str, Any]
"""The words of one rendering under their dotted names, what a ``for`` stands at, and how far lists are counted."""
Value = Callable[[Frame], Any]
Text = TypeVar("Text", str, bytes)

_COMPARES: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda left, right: left in right,
    "notin": lambda left, right: left not in right,
}


def names_in(node: nodes.Node) -> Iterator[str]:
    """The dotted names in an expression, as often as they stand there."""
    path = path_of(node)
    if path is not None:
        yield path
        return
    for child in node.iter_child_nodes():
        yield from names_in(child)


def value_of_node(node: nodes.Node, items: frozenset[str]) -> Value:  # noqa: PLR0911  one for each sort of expression
    """The function for an expression of the grammar; ``items`` are the names that a ``for`` gives."""
    match node:
        case nodes.Name() | nodes.Getattr():
            return _name(path_of(node) or "", items)
        case nodes.Const(value=constant):
            return lambda _: constant
        case nodes.List(items=members) | nodes.Tuple(items=members):
            listed = [member.as_const() for member in members]
            return lambda _: listed
        case nodes.Filter(name=name, node=nodes.Node() as inner, args=args):
            return _filtered(name, value_of_node(inner, items), [arg.as_const() for arg in args])
        case nodes.Not(node=inner):
            held = value_of_node(inner, items)
            return lambda frame: not held(frame)
        case nodes.And(left=left, right=right):
            one, other = value_of_node(left, items), value_of_node(right, items)
            return lambda frame: one(frame) and other(frame)
        case nodes.Or(left=left, right=right):
            one, other = value_of_node(left, items), value_of_node(right, items)
            return lambda frame: one(frame) or other(frame)
        case nodes.Compare(expr=expr, ops=[nodes.Operand(op=op, expr=right)]):
            compare, one, other = _COMPARES[op], value_of_node(expr, items), value_of_node(right, items)
            return lambda frame: compare(one(frame), other(frame))
    raise TypeError(f"the grammar lets no {type(node).__name__} through")


def _name(path: str, items: frozenset[str]) -> Value:
    root, _, rest = path.partition(".")
    if root in items and rest:
        return lambda frame: getattr(frame[root], rest)
    return operator.itemgetter(path)


def _filtered(name: str, inner: Value, args: list[Any]) -> Value:
    if name == "default":
        otherwise = args[0]
        return lambda frame: inner(frame) or otherwise
    call, context = plain().call_filter, _context()
    return lambda frame: call(name, inner(frame), args, eval_ctx=context)


@cache
def _context() -> EvalContext:
    return EvalContext(plain())


def chosen(
    branches: Sequence[tuple[Value, Callable[[Frame], Text]]], otherwise: Callable[[Frame], Text]
) -> Callable[[Frame], Text]:
    """The function of an ``if``."""

    def choose(frame: Frame) -> Text:
        for holds, body in branches:
            if holds(frame):
                return body(frame)
        return otherwise(frame)

    return choose


def repeated(items: Value, name: str, body: Callable[[Frame], Text], nothing: Text) -> Callable[[Frame], Text]:
    """The function of a ``for``."""

    def repeat(frame: Frame) -> Text:
        said = []
        for item in items(frame):
            frame[name] = item
            said.append(body(frame))
        return nothing.join(said)

    return repeat


def counted(counter: str, to: int | None, nothing: Text) -> Callable[[Frame], Text]:
    """The function that sets a list's counter, or moves it on when ``to`` is None; it gives ``nothing``."""

    def count(frame: Frame) -> Text:
        frame[counter] = frame[counter] + 1 if to is None else to
        return nothing

    return count
