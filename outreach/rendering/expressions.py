"""What may stand between braces: names, filters from a list, comparisons; each with its type and what it proves."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from jinja2 import nodes

from outreach.domain.errors import Problem
from outreach.rendering.lexicon import Lexicon
from outreach.rendering.vocabulary import ITEM_FIELDS, WordType


class Shape(NamedTuple):
    """The type of an expression; ``of`` is what a list holds. None as a type: a number."""

    type: WordType | None
    of: WordType | None = None


TEXT = Shape(WordType.TEXT)
FLAG = Shape(WordType.FLAG)
NUMBER = Shape(None)

FILTERS = ("capitalize", "default", "first", "join", "last", "length", "lower", "trim", "truncate", "upper")
_SAME_TRUTH = frozenset(FILTERS) - {"default", "length", "join"}
_LONGEST_TRUNCATION = 1000

Scope = Mapping[str, Shape]


def _line(node: nodes.Node) -> int:
    """The node's line; some of Jinja2's statements have none of their own, but what is in them has."""
    return node.lineno or min(map(_line, node.iter_child_nodes()), default=0)


def path_of(node: nodes.Node) -> str | None:
    """The dotted name that a node spells, None if it is anything else."""
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=inner, attr=attr):
            before = path_of(inner)
            return None if before is None else f"{before}.{attr}"
    return None


@dataclass(slots=True)
class Expressions:
    """Reads expressions in the words of one sort of text and collects what is wrong with them."""

    lexicon: Lexicon
    problems: list[Problem] = field(default_factory=list)

    def complain(self, node: nodes.Node, sentence: str) -> Shape:
        """Note a problem on the node's line; the answer is a type that raises no further complaint."""
        self.problems.append(Problem(_line(node), sentence))
        return TEXT

    def shape(self, node: nodes.Node, scope: Scope) -> Shape:  # noqa: PLR0911  one for each sort of expression
        """The type of an expression; anything outside the grammar becomes a problem."""
        match node:
            case nodes.Name() | nodes.Getattr():
                return self._name(node, scope)
            case nodes.Const(value=bool()):
                return FLAG
            case nodes.Const(value=str() as text):
                return TEXT if _can_be_written(text) else self.complain(node, _UNWRITABLE)
            case nodes.Const(value=int() | float()):
                return NUMBER
            case nodes.Filter():
                return self._filter(node, scope)
            case nodes.Not(node=inner):
                self.shape(inner, scope)
                return FLAG
            case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
                self.shape(left, scope)
                self.shape(right, scope)
                return FLAG
            case nodes.Compare():
                return self._comparison(node, scope)
        return self.complain(node, _outside(node))

    def _name(self, node: nodes.Node, scope: Scope) -> Shape:
        path = path_of(node)
        if path is None:
            return self.complain(node, "only a plain dotted name like contact.name may stand here.")
        root, _, rest = path.partition(".")
        if root in scope:
            return self._loop_name(node, path, rest, scope[root])
        word = self.lexicon.word(path)
        if word is None:
            return self.complain(node, self.lexicon.why_unknown(path))
        return Shape(word.type, word.of)

    def _loop_name(self, node: nodes.Node, path: str, rest: str, shape: Shape) -> Shape:
        if not rest:
            return shape
        if shape.type is WordType.ITEM and rest in ITEM_FIELDS:
            return Shape(ITEM_FIELDS[rest])
        fields = " or ".join(ITEM_FIELDS) if shape.type is WordType.ITEM else "nothing"
        return self.complain(node, f"there is no “{path}”; after the dot comes {fields}.")

    def _comparison(self, node: nodes.Compare, scope: Scope) -> Shape:
        left = self.shape(node.expr, scope)
        if len(node.ops) != 1:
            return self.complain(node, "compare two things at a time, joined with “and”.")
        operator, other = node.ops[0].op, node.ops[0].expr
        if operator in {"in", "notin"} and isinstance(other, nodes.List | nodes.Tuple):
            if not all(isinstance(item, nodes.Const) for item in other.items):
                return self.complain(node, "a list in brackets may hold only words in quotation marks or numbers.")
            for item in other.items:
                self._alike(node, left, self.shape(item, scope))
            return FLAG
        right = self.shape(other, scope)
        if operator in {"in", "notin"}:
            if right.type not in {WordType.LIST, WordType.TEXT} or left != TEXT:
                self.complain(node, "“in” needs a text before it and a text or a list after it.")
        elif operator not in {"eq", "ne"} and (left, right) != (NUMBER, NUMBER):
            self.complain(node, "only numbers can be compared by size, such as letter.asks|length > 3.")
        elif operator in {"eq", "ne"}:
            self._alike(node, left, right)
        return FLAG

    def _alike(self, node: nodes.Node, left: Shape, right: Shape) -> None:
        """Complain where words are compared with what they are never the same as."""
        if {left, right} == {TEXT, NUMBER}:
            self.complain(node, _WORDS_AND_NUMBER)
        elif {left, right} == {TEXT, FLAG}:
            self.complain(node, _WORDS_AND_FLAG)

    def _filter(self, node: nodes.Filter, scope: Scope) -> Shape:
        if node.name not in FILTERS:
            near = difflib.get_close_matches(node.name, FILTERS, n=1, cutoff=0.6)
            hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(FILTERS)}."
            return self.complain(node, f"there is no filter “{node.name}”. {hint}")
        if node.node is None:
            return self.complain(node, _outside(node))
        given = self.shape(node.node, scope)
        if not all(_can_be_written(arg.value) for arg in node.args if isinstance(arg, nodes.Const)):
            return self.complain(node, _UNWRITABLE)
        if node.kwargs or node.dyn_args or node.dyn_kwargs or not self._arguments_fit(node):
            usage = _USAGE.get(node.name, f"the filter “{node.name}” takes nothing in parentheses.")
            return self.complain(node, usage)
        result = _RESULT[node.name](given)
        if result is None:
            return self.complain(node, f"the filter “{node.name}” does not go with what stands before it.")
        return result

    def _arguments_fit(self, node: nodes.Filter) -> bool:
        values = [arg.value if isinstance(arg, nodes.Const) else None for arg in node.args]
        match node.name, values:
            case "default", [str()] | [str(), True]:
                return True
            case "join", [] | [str()]:
                return True
            case "truncate", [int() as length]:
                return 0 < length <= _LONGEST_TRUNCATION and not isinstance(length, bool)
        return not values and node.name not in {"default", "truncate"}


_WORDS_AND_FLAG = "words are never the same as “true” or “false”; write the name by itself, or “not” before it."
_WORDS_AND_NUMBER = (
    'words are never the same as a number; write the number in quotation marks, such as "5", and without them only'
    " beside “length”."
)
_UNWRITABLE = "a text in quotation marks holds half a character, which nobody could read."


def _can_be_written(value: object) -> bool:
    """Whether a constant is text in any encoding; an escape can make half a character of one."""
    return not (isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value))


_USAGE = {
    "default": 'write the filter as default("words to use when it is empty").',
    "join": 'write the filter as join(", ").',
    "truncate": f"write the filter as truncate(80), with a number up to {_LONGEST_TRUNCATION}.",
}


def _on_text(shape: Shape) -> Shape | None:
    return TEXT if shape == TEXT else None


def _one_of(shape: Shape) -> Shape | None:
    return Shape(shape.of) if shape.type is WordType.LIST else _on_text(shape)


def _joined(shape: Shape) -> Shape | None:
    return TEXT if shape == Shape(WordType.LIST, WordType.TEXT) else None


def _counted(shape: Shape) -> Shape | None:
    return NUMBER if shape.type in {WordType.TEXT, WordType.LIST} else None


_RESULT: dict[str, Callable[[Shape], Shape | None]] = {
    **dict.fromkeys(("capitalize", "default", "lower", "trim", "truncate", "upper"), _on_text),
    "first": _one_of,
    "last": _one_of,
    "join": _joined,
    "length": _counted,
}


def _outside(node: nodes.Node) -> str:  # noqa: PLR0911  one for each sort of expression
    match node:
        case nodes.Call():
            return "nothing can be called in a template; write the name without parentheses."
        case nodes.Getitem():
            return "square brackets are not known in a template; write a dotted name like contact.name."
        case nodes.BinExpr() | nodes.UnaryExpr() | nodes.Concat():
            return "a template does not reckon or join; place the values beside one another."
        case nodes.CondExpr():
            return "write {% if ... %}...{% else %}...{% endif %} instead of an “if” inside the braces."
        case nodes.Const():
            return "“none” is not known in a template; an empty name is simply not true."
        case nodes.Test():
            return "“is” is not known in a template; a name by itself is true when it is not empty."
    return f"“{type(node).__name__.lower()}” is not known in a template, only names, filters and comparisons."


class Truths(NamedTuple):
    """The names that are surely not empty when an expression is true, and those when it is false."""

    when_true: frozenset[str]
    when_false: frozenset[str]


_NOTHING: frozenset[str] = frozenset()


def truths(node: nodes.Node) -> Truths:  # noqa: PLR0911  one for each sort of expression
    """What an ``if`` with this test proves about the names in it."""
    match node:
        case nodes.Name() | nodes.Getattr():
            return Truths(frozenset({path_of(node) or ""}), _NOTHING)
        case nodes.Filter(name=name, node=nodes.Node() as inner) if name in _SAME_TRUTH | {"length", "join"}:
            return truths(inner)
        case nodes.Not(node=inner):
            return Truths(*reversed(truths(inner)))
        case nodes.And(left=left, right=right):
            one, two = truths(left), truths(right)
            return Truths(one.when_true | two.when_true, one.when_false & two.when_false)
        case nodes.Or(left=left, right=right):
            one, two = truths(left), truths(right)
            return Truths(one.when_true & two.when_true, one.when_false | two.when_false)
        case nodes.Compare(expr=expr, ops=[nodes.Operand(op="eq", expr=nodes.Const(value=str() as word))]) if word:
            return Truths(truths(expr).when_true, _NOTHING)
    return Truths(_NOTHING, _NOTHING)


def words_of(node: nodes.Node) -> frozenset[str]:
    """The names an expression puts out, without those that have a ``default``."""
    match node:
        case nodes.Filter(name="default" | "length"):
            return _NOTHING
        case nodes.Filter(node=nodes.Node() as inner):
            return words_of(inner)
        case nodes.Name() | nodes.Getattr():
            return frozenset({path_of(node) or ""})
    return _NOTHING
