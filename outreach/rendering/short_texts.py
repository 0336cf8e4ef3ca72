"""Short texts of the house that are no mails themselves: read, checked, and filled with literal Markdown."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2 import Environment, Template

from outreach.domain.errors import Problem
from outreach.rendering.environment import sandbox
from outreach.rendering.grammar import Uses, read
from outreach.rendering.letters.escaping import escape_markdown
from outreach.rendering.lexicon import ShortLexicon
from outreach.rendering.opaque import Opaque, Piece, Role, make_opaque, unbalanced_lines
from outreach.rendering.source import LONGEST

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]")
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known about a text after reading it. ``tested``: the words that it asks for in an ``if``."""

    problems: tuple[Problem, ...]
    used: frozenset[str] = _NOTHING
    uses: Uses = field(default_factory=Uses)
    tested: frozenset[str] = _NOTHING
    opaque: Opaque | None = None


def examine_short(source: str, lexicon: ShortLexicon) -> Examined:
    """Read a text to the end, or as far as its problems allow."""
    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    if len(source) > LONGEST:
        return Examined((Problem(0, f"the text has more than {LONGEST:,} characters."),))
    reading = read(source, 1, lexicon)
    problems = [*_controls(source), *reading.problems]
    if problems:
        return Examined(tuple(problems))
    opaque = make_opaque(source, 1, [shape.type for shape in reading.shapes])
    used = reading.tested | reading.uses.somewhere
    return Examined(tuple(unbalanced_lines(source, 1)), used, reading.uses, reading.tested, opaque)


def template_of(opaque: Opaque, environment: Environment) -> Template:
    """The template of an examined text, in an environment of ``literal_markdown``."""
    return environment.from_string(opaque.put_back(_closed_up(opaque), _code))


def literal_markdown(empty: Callable[[str], str]) -> Environment:
    """Values become literal Markdown; ``empty`` says what stands for one that is put out and empty, or raises."""

    def shown(value: Any, code: str) -> str:
        return empty(code) if value == "" else escape_markdown(str(value))

    def linked(url: str, code: str) -> str:
        return f"<{url}>" if url else empty(code)

    return sandbox(escaping=False, shown=shown, linked=linked)


def _controls(source: str) -> Iterator[Problem]:
    for number, line in enumerate(source.split("\n"), 1):
        if _CONTROL.search(line):
            yield Problem(number, "there is an invisible control character in this line; type the line anew.")


def _closed_up(opaque: Opaque) -> str:
    """The text in which a statement on a line of its own takes that line away."""

    def closed(found: re.Match[str]) -> str:
        return found[1] if opaque.pieces[found[1]].role.is_statement else found[0]

    return re.sub(rf"^[ \t]*{opaque.pattern.pattern}[ \t]*\n", closed, opaque.text, flags=re.MULTILINE)


def _code(piece: Piece) -> str:
    if piece.role.is_statement:
        return f"{{% {piece.code} %}}"
    shown = "linked" if piece.role is Role.URL else "shown"
    return f"{{{{ ({piece.code})|{shown}({piece.code!r}) }}}}"
