"""Whether a template says only what templates may say, and all that its kind of message must say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes

from outreach.domain.errors import Problem
from outreach.domain.kinds import KINDS, MessageKind
from outreach.rendering.expressions import FILTERS, Expressions, Scope, Shape, path_of, truths, words_of
from outreach.rendering.lexicon import Lexicon, MailLexicon
from outreach.rendering.opaque import Opaque, make_opaque, unbalanced_lines
from outreach.rendering.source import Source, split_source
from outreach.rendering.structure import Layout, lay_out
from outreach.rendering.vocabulary import VOCABULARY, Word, WordType, look_up

__all__ = ["FILTERS", "VOCABULARY", "Examined", "Word", "WordType", "check", "examine", "required_words"]

_STOCK = Environment(autoescape=True, keep_trailing_newline=True)
_NONE: frozenset[str] = frozenset()
_MUST_SHOW: Mapping[MessageKind, set[str]] = {
    MessageKind.CONFIRMATION: {"links.confirm"},
    MessageKind.CONFIRMATION_REMINDER: {"links.confirm"},
    MessageKind.LETTER_CHANGED: {"links.confirm", "amendment.text"},
    MessageKind.SIGNATURE_CHANGED: {"links.signature"},
    MessageKind.SIGNATURE_QUESTION: {"links.signature", "question.text"},
    MessageKind.KEPT_LATE: {"links.signature"},
    MessageKind.ERRATUM: {"erratum.text"},
    MessageKind.ANSWER: {"answer.text"},
    MessageKind.ALERT: {"alert.what"},
    MessageKind.ACCESS: {"access.link"},
    MessageKind.DELIVERY: {"letter.text"},
    MessageKind.ENQUIRY: {"letter.title"},
}
"""What a mail of that kind is for, so that it must stand in it whatever else does."""
_ENOUGH_IN_SUBJECT = frozenset({"letter.title"})
"""What the subject may say alone."""


class Uses(NamedTuple):
    """Names that are put out: somewhere; in every case; and where nothing shows that they are not empty."""

    somewhere: frozenset[str] = _NONE
    always: frozenset[str] = _NONE
    unguarded: frozenset[str] = _NONE

    def then(self, other: "Uses") -> "Uses":
        """The uses of two pieces of a text, one after the other."""
        return Uses(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))

    def or_else(self, other: "Uses") -> "Uses":
        """The uses of two pieces of which one is shown."""
        return Uses(self.somewhere | other.somewhere, self.always & other.always, self.unguarded | other.unguarded)


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known about a template after reading it.

    ``required`` are the names that must not be empty for anyone. ``subject`` and ``layout`` (the body as
    Markdown tokens) are None when the problems do not let it be read to the end.
    """

    problems: tuple[Problem, ...]
    required: frozenset[str]
    used: frozenset[str]
    subject: Opaque | None = None
    layout: Layout | None = None


def check(source: str, kind: MessageKind) -> list[Problem]:
    """All that is wrong with a template, by line of the file; an empty list when it can be used."""
    return list(_read(source, kind)[0])


def required_words(source: str, kind: MessageKind) -> frozenset[str]:
    """The words that a template uses unguarded: a mail in which one is empty does not go."""
    return _read(source, kind)[1]


@lru_cache(maxsize=512)
def _read(source: str, kind: MessageKind) -> tuple[tuple[Problem, ...], frozenset[str]]:
    """Kept, because the same templates are looked at when a call is made, shown, edited and launched."""
    examined = examine(source, kind)
    return examined.problems, examined.required


def examine(source: str, kind: MessageKind) -> Examined:
    """Read a template to the end, or as far as its problems allow."""
    parts, problems = split_source(source)
    subject = read(parts.subject, parts.subject_line, MailLexicon(kind))
    body = read(parts.body, parts.body_line, MailLexicon(kind))
    problems += [*subject.problems, *body.problems, *_subject_problems(subject)]
    if not problems:
        problems += unbalanced_lines(parts.body, parts.body_line)
    used = subject.tested | body.tested | subject.uses.somewhere | body.uses.somewhere
    required = frozenset(name for name in subject.uses.unguarded | body.uses.unguarded if look_up(name))
    if problems:
        return Examined(_sorted(problems), required, used)
    problems += [Problem(0, sentence) for sentence in _demands(subject.uses.then(body.uses), body.uses, kind)]
    head, layout = _arrange(parts, subject.shapes, body.shapes, source)
    return Examined(_sorted([*problems, *layout.problems]), required, used, head, layout)


def _arrange(parts: Source, subject: Sequence[Shape], body: Sequence[Shape], whole: str) -> tuple[Opaque, Layout]:
    head = make_opaque(parts.subject, parts.subject_line, [shape.type for shape in subject], whole)
    opaque = make_opaque(parts.body, parts.body_line, [shape.type for shape in body], whole)
    return head, lay_out(opaque, parts.body_line)


def _sorted(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda problem: (problem.line, problem.sentence)))


@dataclass(slots=True)
class Reading:
    """What reading a text brought: types of its placeholders in order, names, problems."""

    shapes: list[Shape] = field(default_factory=list)
    outputs: list[nodes.Expr] = field(default_factory=list)
    uses: Uses = field(default_factory=Uses)
    tested: frozenset[str] = _NONE
    problems: list[Problem] = field(default_factory=list)


def read(text: str, first_line: int, lexicon: Lexicon) -> Reading:
    """Parse with stock Jinja2; the text is pushed down so that its lines have their numbers in the file."""
    reading = Reading()
    try:
        tree = _STOCK.parse("\n" * (first_line - 1) + text)
        reader = _Reader(Expressions(lexicon, reading.problems), reading)
        reading.uses = reader.read(tree.body, {}, _NONE)
    except TemplateSyntaxError as error:
        reading.problems.append(Problem(error.lineno, f"this cannot be understood: {error.message}"))
    except (RecursionError, ValueError, OverflowError):
        reading.problems.append(Problem(first_line, "this is too deep or too large to be a template."))
    return reading


def _subject_problems(subject: Reading) -> Iterator[Problem]:
    for shape, node in zip(subject.shapes, subject.outputs, strict=True):
        if shape.type in {WordType.URL, WordType.BLOCK}:
            yield Problem(node.lineno, "a link or a whole text cannot stand in the subject.")


@dataclass(slots=True)
class _Reader:
    """Walks the statements of one text."""

    expressions: Expressions
    reading: Reading

    def read(self, body: Sequence[nodes.Node], scope: Scope, guarded: frozenset[str]) -> Uses:
        uses = Uses()
        for node in body:
            uses = uses.then(self._statement(node, scope, guarded))
        return uses

    def _statement(self, node: nodes.Node, scope: Scope, guarded: frozenset[str]) -> Uses:
        match node:
            case nodes.Output():
                uses = Uses()
                for child in node.nodes:
                    if not isinstance(child, nodes.TemplateData):
                        uses = uses.then(self._output(child, scope, guarded))
                return uses
            case nodes.If():
                return self._if(node, [*node.elif_], scope, guarded)
            case nodes.For():
                return self._for(node, scope, guarded)
        word = {"FilterBlock": "filter", "CallBlock": "call", "AssignBlock": "set", "Assign": "set"}
        name = word.get(type(node).__name__, type(node).__name__.lower())
        self.expressions.complain(node, f"“{name}” is not allowed in a template, only “if” and “for” are.")
        return Uses()

    def _output(self, node: nodes.Expr, scope: Scope, guarded: frozenset[str]) -> Uses:
        shape = self.expressions.shape(node, scope)
        self.reading.shapes.append(shape)
        self.reading.outputs.append(node)
        match shape.type:
            case WordType.LIST:
                self.expressions.complain(node, 'this is a list; go through it with “for” or use join(", ").')
            case WordType.FLAG:
                self.expressions.complain(node, "this is only true or false; use it in an “if”.")
            case WordType.ITEM:
                self.expressions.complain(node, "write which part is meant: its title or its url.")
        every = frozenset(name for name in _all_names(node) if name.partition(".")[0] not in scope)
        return Uses(every, every, (words_of(node) & every) - guarded)

    def _if(self, node: nodes.If, rest: list[nodes.If], scope: Scope, guarded: frozenset[str]) -> Uses:
        """One branch after the other; an ``elif`` is an ``if`` in the ``else`` of the one before."""
        self.expressions.shape(node.test, scope)
        self.reading.tested |= {name for name in _all_names(node.test) if name.partition(".")[0] not in scope}
        proved = truths(node.test)
        shown = self.read(node.body, scope, guarded | proved.when_true)
        otherwise = guarded | proved.when_false
        if rest:
            following = rest[0]
            return shown.or_else(self._if(_with_else(following, node.else_), rest[1:], scope, otherwise))
        return shown.or_else(self.read(node.else_, scope, otherwise))

    def _for(self, node: nodes.For, scope: Scope, guarded: frozenset[str]) -> Uses:
        path = path_of(node.iter)
        shape = self.expressions.shape(node.iter, scope) if path else Shape(None)
        if path is None or shape.type is not WordType.LIST:
            lists = [name for name, word in self._words() if word.type is WordType.LIST]
            self.expressions.complain(node, f"“for” goes only through a list: {' or '.join(lists)}.")
        if node.test or node.else_ or node.recursive or scope:
            self.expressions.complain(
                node, "write “for” plainly: without if, else or recursive, and not one inside another."
            )
        self.reading.tested |= {path or ""}
        name = self._loop_variable(node.target)
        shown = self.read(node.body, {**scope, name: Shape(shape.of or WordType.TEXT)}, guarded)
        return shown._replace(always=_NONE)

    def _words(self) -> Iterator[tuple[str, Word]]:
        lexicon = self.expressions.lexicon
        return ((name, word) for name in lexicon.names() if (word := lexicon.word(name)))

    def _loop_variable(self, target: nodes.Node) -> str:
        name = target.name if isinstance(target, nodes.Name) else ""
        taken = {word.partition(".")[0] for word in self.expressions.lexicon.names()} | {"loop", ""}
        if name in taken or name.startswith("_"):
            self.expressions.complain(target, "choose another word after “for”, such as “ask” or “page”.")
        return str(name)


def _with_else(node: nodes.If, else_: list[nodes.Node]) -> nodes.If:
    return nodes.If(node.test, node.body, [], else_, lineno=node.lineno)


def _all_names(node: nodes.Node) -> Iterator[str]:
    path = path_of(node)
    if path is not None:
        yield path
        return
    for child in node.iter_child_nodes():
        yield from _all_names(child)


def _demands(whole: Uses, body: Uses, kind: MessageKind) -> Iterator[str]:
    """What a message of this kind must say, as sentences about what is missing."""
    rules = KINDS[kind]
    always = {"links.opt_out", "sender.postal_address"} if rules.bulk else set()
    always |= _MUST_SHOW.get(kind, set())
    for name in sorted(always - body.always - (whole.always & _ENOUGH_IN_SUBJECT)):
        where = "stands only where an “if” or “for” may leave it out" if name in body.somewhere else "is missing"
        yield f"{{{{ {name} }}}} {where}; every {kind} mail must show it."
    if rules.asks:
        if not {"links.organisation", "links.individual"} & body.somewhere:
            yield "{{ links.organisation }} is missing; a mail that asks for a signature must offer a link for it."
        if not {"deadline.here", "deadline.call"} & whole.somewhere:
            yield "{{ deadline.here }} is missing; a mail that asks for a signature must name the deadline."
