"""A template in which all is decided that a mailing's shared words decide: what is left waits for the recipient."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import UndefinedError

from outreach.rendering.compiled.meaning import Frame, Value, names_in, value_of_node
from outreach.rendering.compiled.showing import Form, Showing

_SHOWN = frozenset({"shown", "shown_ltr", "shown_rtl"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a value. ``expression`` is what the template says there."""

    value: Value
    form: Form
    expression: nodes.Expr


@dataclass(frozen=True, slots=True)
class Choice:
    """What an ``if`` chooses from: tests in their order, and what stands there when none holds.

    ``conditions`` are the tests as the template says them.
    """

    conditions: tuple[nodes.Node, ...]
    branches: "tuple[tuple[Value, Woven], ...]"
    otherwise: "Woven"


@dataclass(frozen=True, slots=True)
class Repetition:
    """What a ``for`` repeats."""

    items: Value
    name: str
    body: "Woven"


@dataclass(frozen=True, slots=True)
class Counting:
    """A numbered list's counter is set, or goes one further (``to`` is None)."""

    counter: str
    to: int | None


Woven = tuple["str | Place | Choice | Repetition | Counting", ...]
_UNKNOWN = object()


@dataclass(slots=True)
class Weaver:
    """Walks a syntax tree. ``showing`` says how a known value is written; ``known`` are words and their values."""

    showing: Showing
    known: Frame
    loops: frozenset[str] = frozenset()
    bound: Frame = field(default_factory=dict)
    out: list[Any] = field(default_factory=list)

    def weave(self, body: Sequence[nodes.Node]) -> Woven:
        """What is left of these statements."""
        self._body(body)
        return _merged(self.out)

    def _body(self, body: Sequence[nodes.Node]) -> None:
        for node in body:
            match node:
                case nodes.Output(nodes=children):
                    for child in children:
                        self._output(child)
                case nodes.If():
                    self._if(node)
                case nodes.For():
                    self._for(node)
                case nodes.Assign():
                    self._assign(node)
                case _:
                    raise TypeError(f"the grammar lets no {type(node).__name__} through")

    def _output(self, node: nodes.Expr) -> None:
        if isinstance(node, nodes.TemplateData):
            self.out.append(node.data)
            return
        form = Form.AS_IT_IS
        if isinstance(node, nodes.Filter) and node.name in _SHOWN and node.node is not None:
            form, node = Form.SHOWN, node.node
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and _is_counter(node.node.name):
            node = node.node
        value = self._known(node)
        if value is not _UNKNOWN:
            self.out.append(self.showing.written(value, form))
            return
        before, after = self.showing.around if form is Form.SHOWN else ("", "")
        self.out += [before, Place(self._value(node), form, node), after]

    def _value(self, node: nodes.Node) -> Value:
        """The function for an expression; what is known of a ``for`` that is already gone through goes with it."""
        value = value_of_node(node, self.loops)
        given = {
            name: self.bound[name] for name in {path.partition(".")[0] for path in names_in(node)} & set(self.bound)
        }
        return (lambda frame: value({**frame, **given})) if given else value

    def _known(self, node: nodes.Node) -> Any:
        """The value of an expression if all in it is known; whoever renders gets the error that it ends in."""
        frame = {**self.known, **self.bound}
        if not all(path in frame or path.partition(".")[0] in self.bound for path in names_in(node)):
            return _UNKNOWN
        try:
            value = value_of_node(node, self.loops)(frame)
            str(value)
        except (UndefinedError, AssertionError, TypeError):
            return _UNKNOWN
        return value

    def _if(self, node: nodes.If) -> None:
        branches: list[tuple[nodes.Node, Sequence[nodes.Node]]] = []
        otherwise: Sequence[nodes.Node] = node.else_
        for one in (node, *node.elif_):
            held = self._known(one.test)
            if held is _UNKNOWN:
                branches.append((one.test, one.body))
            elif held:
                otherwise = one.body
                break
        if not branches:
            self._body(otherwise)
            return
        self._forget_counters(node)
        woven = tuple((self._value(test), self._apart(body)) for test, body in branches)
        self.out.append(Choice(tuple(test for test, _ in branches), woven, self._apart(otherwise)))

    def _for(self, node: nodes.For) -> None:
        name = node.target.name if isinstance(node.target, nodes.Name) else ""
        items = self._known(node.iter)
        loops, bound = self.loops, self.bound
        self.loops = loops | {name}
        if items is _UNKNOWN:
            self._forget_counters(node)
            self.bound = {key: value for key, value in bound.items() if key != name}
            self.out.append(Repetition(self._value(node.iter), name, self._apart(node.body)))
        else:
            for item in items:
                self.bound = {**bound, name: item}
                self._body(node.body)
        self.loops, self.bound = loops, bound

    def _apart(self, body: Sequence[nodes.Node]) -> Woven:
        return Weaver(self.showing, dict(self.known), self.loops, self.bound).weave(body)

    def _assign(self, node: nodes.Assign) -> None:
        """What ``plaintext`` writes to count a list: ``set c = namespace(n=0)``, and ``set c.n = c.n + 1``."""
        if isinstance(node.target, nodes.NSRef):
            counter = node.target.name
            if counter in self.known:
                self.known[counter] += 1
            else:
                self.out.append(Counting(counter, None))
        elif isinstance(node.target, nodes.Name) and isinstance(node.node, nodes.Call):
            self.known[node.target.name] = int(node.node.kwargs[0].value.as_const())

    def _forget_counters(self, node: nodes.Node) -> None:
        """A counter that goes further in only some cases is counted for each recipient from here on."""
        for assign in node.find_all(nodes.Assign):
            if isinstance(assign.target, nodes.NSRef) and assign.target.name in self.known:
                self.out.append(Counting(assign.target.name, self.known.pop(assign.target.name)))


def _is_counter(name: str) -> bool:
    return name.startswith("_count_")


def _merged(pieces: Sequence[Any]) -> Woven:
    """The pieces with neighbouring texts as one."""
    merged: list[Any] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    return tuple(merged)
