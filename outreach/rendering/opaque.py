"""Placeholders and statements made opaque, so that Markdown cannot tear them, and put back afterwards."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jinja2 import Environment

from outreach.domain.errors import Problem
from outreach.rendering.vocabulary import WordType

_STOCK = Environment(autoescape=True, keep_trailing_newline=True)
_ENDS = {"endif": "if", "endfor": "for"}


class Role(StrEnum):
    """What an opaque piece does: it opens, parts or closes a statement, or holds the place of a value."""

    OPENS = "opens"
    PARTS = "parts"
    CLOSES = "closes"
    TEXT = "text"
    URL = "url"
    BLOCK = "block"

    @property
    def is_statement(self) -> bool:
        """Whether the piece is an ``if``, ``for``, ``else`` or the end of one."""
        return self in {Role.OPENS, Role.PARTS, Role.CLOSES}


@dataclass(frozen=True, slots=True)
class Piece:
    """One placeholder or statement: the word that stands for it, what is between its braces, its line."""

    token: str
    role: Role
    code: str
    line: int

    @property
    def keyword(self) -> str:
        """The statement's first word (``if``, ``endfor`` ...)."""
        return self.code.split(maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A text in which every placeholder and statement is one word of letters and digits.

    No other word of the text begins with ``nonce``; ``pattern`` finds the opaque ones.
    """

    text: str
    pieces: Mapping[str, Piece]
    nonce: str
    pattern: re.Pattern[str]

    def put_back(self, text: str, write: Callable[[Piece], str]) -> str:
        r"""Template source from a text with opaque words.

        ``write`` gives the source of each piece. Braces that the author's own words bring (or that Markdown
        makes of ``{\{`` or ``&#123;``) are quoted, so that they can never become a placeholder.
        """
        parts = self.pattern.split(text)
        return "".join(
            write(self.pieces[part]) if index % 2 else part.replace("{", "{{ '{' }}")
            for index, part in enumerate(parts)
        )


def make_opaque(source: str, first_line: int, types: Sequence[WordType | None], whole: str | None = None) -> Opaque:
    """The source with opaque words; ``types`` are those of its placeholders, in their order."""
    nonce = _nonce(whole or source)
    remaining = iter(types)
    pieces: dict[str, Piece] = {}
    tokens: dict[str, str] = {}
    text = []
    for lexeme in _lexemes(source):
        if lexeme.begin == "data":
            text.append(lexeme.code)
            continue
        role = _role_of_statement(lexeme) if lexeme.begin == "block_begin" else _role_of_value(next(remaining))
        # The same link is the same word each time, so that a link whose text is its own address is known for one.
        name = lexeme.code.strip() if role is Role.URL else str(len(pieces))
        token = tokens.setdefault(name, f"{nonce}{len(pieces)}z")
        pieces.setdefault(token, Piece(token, role, lexeme.code.strip(), first_line + lexeme.line - 1))
        text.append(token)
    return Opaque("".join(text), pieces, nonce, re.compile(rf"({nonce}\d+z)"))


def _nonce(source: str) -> str:
    """Letters and digits that do not occur in the source and depend on nothing else."""
    nonce = hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()
    while f"x{nonce[:12]}x" in source.lower():
        nonce = hashlib.sha256(nonce.encode()).hexdigest()
    return f"x{nonce[:12]}x"


def _role_of_value(word: WordType | None) -> Role:
    return Role(word.value) if word in {WordType.URL, WordType.BLOCK} else Role.TEXT


def _role_of_statement(lexeme: "_Lexeme") -> Role:
    keyword = lexeme.code.split(maxsplit=1)[0]
    if keyword in _ENDS:
        return Role.CLOSES
    return Role.PARTS if keyword in {"else", "elif"} else Role.OPENS


@dataclass(frozen=True, slots=True)
class _Lexeme:
    begin: str
    code: str
    line: int
    marks: str = ""


def _lexemes(source: str) -> Iterator[_Lexeme]:
    """The source as Jinja2's lexer cuts it: data, and whatever stands between a pair of delimiters."""
    inside: _Lexeme | None = None
    for line, kind, value in _STOCK.lex(source):
        if kind.endswith("_begin"):
            inside = _Lexeme(kind, "", line, value)
        elif inside is None:
            yield _Lexeme("data", value, line)
        elif kind == inside.begin.replace("_begin", "_end"):
            yield _Lexeme(inside.begin, inside.code, inside.line, inside.marks + value)
            inside = None
        else:
            inside = _Lexeme(inside.begin, inside.code + value, inside.line, inside.marks)


def unbalanced_lines(source: str, first_line: int) -> list[Problem]:
    """Statements that stand where they could tear the text.

    Each line must close what it opens, or hold one statement and nothing else.
    """
    problems: list[Problem] = []
    by_line: dict[int, list[_Lexeme]] = {}
    for lexeme in _lexemes(source):
        if lexeme.begin == "data":
            continue
        line = first_line + lexeme.line - 1
        by_line.setdefault(lexeme.line, []).append(lexeme)
        if sentence := _form(lexeme):
            problems.append(Problem(line, sentence))
    lines = source.split("\n")
    for number, lexemes in by_line.items():
        statements = [lexeme for lexeme in lexemes if lexeme.begin == "block_begin"]
        alone = len(lexemes) == 1 and lines[number - 1].strip() == f"{{%{lexemes[0].code}%}}"
        if statements and not alone and not _balanced(statements):
            problems.append(
                Problem(
                    first_line + number - 1,
                    "close on this line what it opens, or give each {% ... %} a line of its own.",
                )
            )
    return problems


def _form(lexeme: _Lexeme) -> str | None:
    if lexeme.begin in {"raw_begin", "comment_begin"}:
        return "comments and “raw” are not allowed in a template."
    if "\n" in lexeme.code:
        return "keep what stands between the braces on one line."
    if set(lexeme.marks) - set("{}%"):
        return "write the braces without + or -; blank lines look after themselves."
    return None


def _balanced(statements: Sequence[_Lexeme]) -> bool:
    open_: list[str] = []
    for statement in statements:
        keyword = statement.code.split(maxsplit=1)[0]
        if keyword in _ENDS:
            if not open_ or open_.pop() != _ENDS[keyword]:
                return False
        elif keyword in {"else", "elif"}:
            if not open_:
                return False
        else:
            open_.append(keyword)
    return not open_
