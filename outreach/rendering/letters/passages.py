"""A letter's body read between its braces: texts, words, and passages that depend on facts; or what is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes

from outreach.domain.errors import Problem
from outreach.rendering.expressions import Expressions, path_of
from outreach.rendering.letters.vocabulary import LetterLexicon
from outreach.rendering.opaque import make_opaque, unbalanced_lines
from outreach.rendering.structure import lay_out
from outreach.rendering.vocabulary import WordType

_STOCK = Environment(autoescape=True, keep_trailing_newline=True)
_BRACES = ("{{", "{%", "{#")
_DIFFERENT_LETTERS = 64


@dataclass(frozen=True, slots=True)
class Shown:
    """A word that is put out, perhaps through filters. ``link``: it is an address."""

    expression: nodes.Expr
    link: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A passage, and the condition on which it stands in the letter."""

    test: nodes.Node
    inside: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Passages of which the first whose condition is true stands in the letter, or else ``otherwise``.

    ``whole_lines``: each statement has a line of its own.
    """

    branches: tuple[Branch, ...]
    otherwise: tuple["Part", ...]
    whole_lines: bool


Part = str | Shown | Choice
"""A piece of a letter; a ``str`` is the author's own Markdown."""


@dataclass(frozen=True, slots=True)
class Passages:
    """A body read to its end, or what is wrong with it. ``words`` are all that it names, in tests too."""

    parts: tuple[Part, ...] = ()
    words: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


@lru_cache(_DIFFERENT_LETTERS)
def read_passages(body: str) -> Passages:
    """The body's pieces in their order; a body without braces is one piece, whatever is in it."""
    if not any(braces in body for braces in _BRACES):
        return Passages((body,))
    try:
        tree = _STOCK.parse(body)
        reader = _Reader()
        parts = tuple(reader.read(tree.body))
        problems = [*_comments(body), *reader.problems] or unbalanced_lines(body, 1)
        problems = problems or list(lay_out(make_opaque(body, 1, reader.types), 1, in_mails=False).problems)
    except TemplateSyntaxError as error:
        return Passages(problems=(Problem(error.lineno, f"this cannot be understood: {error.message}"),))
    except (RecursionError, ValueError, OverflowError):
        return Passages(problems=(Problem(0, "this is too deep or too large to be a letter."),))
    ordered = sorted(set(problems), key=lambda problem: (problem.line, problem.sentence))
    return Passages(parts, frozenset(reader.words), tuple(ordered))


def _comments(body: str) -> Iterator[Problem]:
    """What Jinja2 would drop without a word."""
    dropped = {"comment_begin", "raw_begin"}
    for line, kind, _ in _STOCK.lex(body):
        if kind in dropped:
            yield Problem(line, "comments and “raw” are not allowed in a letter.")


@dataclass(slots=True)
class _Reader:
    """Walks the statements of a body; ``types`` are those of its words, in their order."""

    problems: list[Problem] = field(default_factory=list)
    types: list[WordType | None] = field(default_factory=list)
    words: set[str] = field(default_factory=set)

    def read(self, body: Sequence[nodes.Node]) -> Iterator[Part]:
        for node in body:
            match node:
                case nodes.Output():
                    yield from map(self._piece, node.nodes)
                case nodes.If():
                    yield self._choice(node)
                case _:
                    self._complain(node)

    def _piece(self, node: nodes.Expr) -> Part:
        if isinstance(node, nodes.TemplateData):
            return str(node.data)
        type_ = self._type(node)
        self.types.append(type_)
        if type_ is WordType.FLAG:
            self.problems.append(Problem(node.lineno, "this is only true or false; use it in an “if”."))
        return Shown(node, link=type_ is WordType.URL)

    def _choice(self, node: nodes.If) -> Choice:
        branches = []
        for one in (node, *node.elif_):
            self._type(one.test)
            branches.append(Branch(one.test, tuple(self.read(one.body))))
        return Choice(tuple(branches), tuple(self.read(node.else_)), _begins_a_line(branches[0].inside))

    def _type(self, node: nodes.Node) -> WordType | None:
        self.words |= set(names_in(node))
        return Expressions(LetterLexicon(), self.problems).shape(node, {}).type

    def _complain(self, node: nodes.Node) -> None:
        words = {"FilterBlock": "filter", "CallBlock": "call", "AssignBlock": "set", "Assign": "set"}
        name = words.get(type(node).__name__, type(node).__name__.lower())
        self.problems.append(Problem(node.lineno, f"“{name}” is not allowed in a letter, only “if” is."))


def _begins_a_line(inside: Sequence[Part]) -> bool:
    """Whether a passage begins on the line below its condition; ``unbalanced_lines`` lets no other share a line."""
    return bool(inside) and isinstance(inside[0], str) and inside[0].lstrip(" \t").startswith("\n")


def names_in(node: nodes.Node) -> Iterator[str]:
    """All words that an expression names."""
    path = path_of(node)
    if path is not None:
        yield path
        return
    for child in node.iter_child_nodes():
        yield from names_in(child)
