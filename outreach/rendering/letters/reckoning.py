"""What an expression of a letter comes to: a text, a number, or whether it is so; nothing is ever called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from jinja2 import Environment, nodes
from jinja2.runtime import Undefined

from outreach.rendering.environment import sandbox
from outreach.rendering.expressions import path_of
from outreach.rendering.letters.knowledge import Values

_COMPARES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": eq,
    "ne": ne,
    "lt": lt,
    "lteq": le,
    "gt": gt,
    "gteq": ge,
    "in": lambda left, right: left in right,
    "notin": lambda left, right: left not in right,
}
_OTHER_TRUTH: Final = frozenset({"default", "length"})
"""The filters after which an expression may be true although what stands before them is not."""


@cache
def _filters() -> Environment:
    return sandbox(escaping=False)


@dataclass(slots=True)
class Reckoning:
    """Reckons in the values of one rendering; remembers which words it asked for, and which it put out."""

    values: Values
    asked: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def text(self, node: nodes.Expr) -> str:
        """What is put out; "" when it is not known."""
        return str(self._value(node, self._printed))

    def holds(self, node: nodes.Node) -> bool:
        """Whether a condition is true, read from the left only as far as that takes."""
        match node:
            case nodes.Not(node=inner):
                return not self.holds(inner)
            case nodes.And(left=left, right=right):
                return self.holds(left) and self.holds(right)
            case nodes.Or(left=left, right=right):
                return self.holds(left) or self.holds(right)
            case nodes.Compare(expr=expr, ops=[nodes.Operand(op=operator, expr=other)]):
                return _COMPARES[operator](self._value(expr, self._asked), self._value(other, self._asked))
            case nodes.Filter(name=name, node=nodes.Node() as inner) if name not in _OTHER_TRUTH:
                return self.holds(inner)
        path = path_of(node)
        return bool(self._value(node, self._asked)) and path not in self.values.untrue

    def _printed(self, path: str) -> str:
        self.shown.append(path)
        return self.values.words.get(path, "")

    def _asked(self, path: str) -> str:
        self.asked.append(path)
        return self.values.compared.get(path) or self.values.words.get(path, "")

    def _value(self, node: nodes.Node | None, look_up: Callable[[str], str]) -> Any:
        match node:
            case nodes.Const(value=value):
                return value
            case nodes.List(items=items) | nodes.Tuple(items=items):
                return [self._value(item, look_up) for item in items]
            case nodes.Filter(name="default", node=nodes.Node() as inner, args=[nodes.Const(value=otherwise), *_]):
                return self._value(inner, self._perhaps) or otherwise
            case nodes.Filter(name=name, node=nodes.Node() as inner, args=args):
                given = self._value(inner, look_up)
                result = _filters().call_filter(name, given, [self._value(arg, look_up) for arg in args])
                return "" if isinstance(result, Undefined) else result
        if isinstance(node, nodes.Not | nodes.And | nodes.Or | nodes.Compare):
            return self.holds(node)
        return look_up(path_of(node) or "") if node is not None else ""

    def _perhaps(self, path: str) -> str:
        """A word that has a ``default``, so that nobody misses it."""
        return self.values.words.get(path, "")
