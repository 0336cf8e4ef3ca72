"""A woven text as the octets of a body, with a function in each place that waits for the recipient."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from jinja2 import nodes

from outreach.rendering.compiled.meaning import Frame, Value, chosen, counted, names_in, repeated
from outreach.rendering.compiled.quoting import LIMIT, SOFT, column_after, laid, quoted
from outreach.rendering.compiled.showing import ROOM, Showing
from outreach.rendering.compiled.weaving import Choice, Counting, Place, Repetition, Woven
from outreach.rendering.expressions import path_of, truths
from outreach.rendering.vocabulary import WordType, look_up

Piece = bytes | Callable[[Frame], bytes]

# What the end of a text is to what follows it: an ordinary letter, a blank, one line break, two of them. More than
# two, a break after a blank, and one at the very start, are what ``tidy`` takes away.
LETTER, BLANK, BREAK, BREAKS = "x", " ", "x\n", "\n\n"
_ANY: Final = frozenset({LETTER, BLANK, BREAK, BREAKS})
_UNTIDY: Final = re.compile(r"[ \t\r\f]\n|\n\n\n|\r")


@dataclass(slots=True)
class Setting:
    """Sets one body. ``filled`` are the words that are not empty here; ``column`` is how long its line is at most.

    ``ends`` are all the ways in which the text so far may end; ``untidy``: it may hold what ``tidy`` takes away.
    """

    showing: Showing
    filled: frozenset[str]
    column: int = 0
    ends: frozenset[str] = frozenset({BREAKS})
    untidy: bool = False
    pieces: list[Piece] = field(default_factory=list)

    def set(self, woven: Woven) -> None:
        """Go on with a woven text."""
        for piece in woven:
            match piece:
                case str():
                    self._text(piece)
                case Place():
                    self._place(piece)
                case Choice():
                    self._choice(piece)
                case Repetition():
                    self._repetition(piece)
                case Counting():
                    self.pieces.append(counted(piece.counter, piece.to, b""))

    def _text(self, text: str) -> None:
        self.untidy = self.untidy or any(_UNTIDY.search(end + text) for end in self.ends)
        if text.startswith("\n") and BLANK in self.ends:
            self._put(SOFT)  # a blank must not end a line (RFC 2045, 6.7, rule 3)
        self.ends = frozenset(_end(end + text) for end in self.ends)
        self._put(laid(quoted(text), self.column))

    def _put(self, octets: bytes) -> None:
        self.column = column_after(octets, self.column)
        if self.pieces and isinstance(self.pieces[-1], bytes):
            self.pieces[-1] += octets
        else:
            self.pieces.append(octets)

    def _place(self, place: Place) -> None:
        names = list(names_in(place.expression))
        types = {word.type for name in names if (word := look_up(name))}
        room = LIMIT if WordType.URL in types or any(name.endswith(".url") for name in names) else ROOM
        if self.column + room > LIMIT and self.column:
            self._put(SOFT)
        self.pieces.append(self.showing.setter(place.value, place.form, self.column, room))
        self.column += room
        if WordType.BLOCK in types or not _stands_in_a_line(place.expression):
            self.ends, self.untidy = _ANY, True
        else:
            left = frozenset() if _is_filled(place.expression, self.filled) else self.ends
            self.ends = left | {LETTER}

    def _choice(self, choice: Choice) -> None:
        proved = self.filled
        branches: list[tuple[Value, Setting]] = []
        for condition, (test, body) in zip(choice.conditions, choice.branches, strict=True):
            known = truths(condition)
            branches.append((test, self._apart(body, proved | known.when_true)))
            proved |= known.when_false
        otherwise = self._apart(choice.otherwise, proved)
        self._after([*(body for _, body in branches), otherwise])
        self.pieces.append(chosen([(test, body.joined()) for test, body in branches], otherwise.joined()))

    def _repetition(self, repetition: Repetition) -> None:
        """The body follows itself, so it is set behind whatever it may end in."""
        body = self._apart(repetition.body, self.filled | {repetition.name})
        while body.column > self.column or not body.ends <= self.ends:
            self.column = self.column if body.column <= self.column else 2 * LIMIT
            self.ends |= body.ends
            body = self._apart(repetition.body, self.filled | {repetition.name})
        self.untidy = self.untidy or body.untidy
        self.pieces.append(repeated(repetition.items, repetition.name, body.joined(), b""))

    def _apart(self, woven: Woven, filled: frozenset[str]) -> "Setting":
        apart = Setting(self.showing, filled, self.column, self.ends)
        apart.set(woven)
        return apart

    def _after(self, settings: Sequence["Setting"]) -> None:
        self.column = max(one.column for one in settings)
        self.ends = frozenset().union(*(one.ends for one in settings))
        self.untidy = self.untidy or any(one.untidy for one in settings)

    def joined(self) -> Callable[[Frame], bytes]:
        """The function that gives the whole, with the values of a frame."""
        pieces = tuple(self.pieces)
        if len(pieces) == 1 and isinstance(pieces[0], bytes):
            whole = pieces[0]
            return lambda _: whole
        return lambda frame: b"".join([piece if isinstance(piece, bytes) else piece(frame) for piece in pieces])


def _end(text: str) -> str:
    if text.endswith("\n"):
        return BREAKS if text.endswith("\n\n") else BREAK
    return BLANK if text.endswith((" ", "\t", "\r", "\f")) else LETTER


def _stands_in_a_line(expression: nodes.Expr) -> bool:
    """Whether no word of an author's own in it brings a line break, or a blank at its ends."""
    for node in expression.find_all(nodes.Const) if not isinstance(expression, nodes.Const) else [expression]:
        text = node.value
        if isinstance(text, str) and not (text.isprintable() and text == text.strip()):
            return False
    return True


def _is_filled(expression: nodes.Node, filled: frozenset[str]) -> bool:
    match expression:
        case nodes.Filter(name="default", args=[nodes.Const(value=str() as otherwise), *_]):
            return bool(otherwise)
        case nodes.Filter(name="upper" | "lower" | "capitalize", node=nodes.Node() as inner):
            return _is_filled(inner, filled)
    return path_of(expression) in filled
