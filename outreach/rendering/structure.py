"""The body of a template as Markdown tokens: where statements and placeholders stand, and whether they may."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from outreach.domain.errors import Problem
from outreach.rendering.links import problems_of_address, problems_of_words
from outreach.rendering.markdown import parser
from outreach.rendering.opaque import Opaque, Piece, Role
from outreach.rendering.plaintext import STATEMENT

_PIECES = "pieces"
VALUE, BLOCK_VALUE = "value", "block_value"


def _line_of_its_own(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001  the library's
    """A block rule: a line that holds one statement, or one whole text, and nothing else."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].strip()
    piece = state.env.get(_PIECES, {}).get(line)
    if piece is None or not (piece.role.is_statement or piece.role is Role.BLOCK):
        return False
    if not silent:
        state.line = start + 1
        token = state.push(STATEMENT if piece.role.is_statement else BLOCK_VALUE, "", 0)
        token.content, token.map, token.block = line, [start, state.line], True
    return True


MARKDOWN = parser()
MARKDOWN.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005  # a bad link must be seen to be named
MARKDOWN.block.ruler.before(
    "fence", "line_of_its_own", _line_of_its_own, {"alt": ["paragraph", "reference", "blockquote", "list"]}
)


class _MailHtml(RendererHTML):
    """Writes HTML in which the opaque words stand where Markdown has put them."""

    def statement(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return tokens[idx].content

    def value(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return tokens[idx].content

    def block_value(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx].content
        name = "letter" if env[_PIECES][token].code == "letter.text" else "block"
        return f'<div class="{name}">\n{token}</div>\n'


@dataclass(frozen=True, slots=True)
class Layout:
    """The body's tokens, with each placeholder and statement a token of its own, and what is wrong with them."""

    opaque: Opaque
    tokens: list[Token]
    problems: tuple[Problem, ...]


def lay_out(opaque: Opaque, first_line: int, *, in_mails: bool = True) -> Layout:
    """Parse the body; the opaque words in its running text become tokens of their own.

    ``in_mails``: the rules of mails hold as well, about pictures and about the addresses that an author typed.
    """
    tokens = MARKDOWN.parse(opaque.text, {_PIECES: opaque.pieces})
    problems = list(_problems(tokens, opaque, first_line, in_mails=in_mails))
    for token in tokens:
        if token.children:
            token.children = list(_with_pieces(token.children, opaque))
    return Layout(opaque, tokens, tuple(problems))


def write_html(tokens: Sequence[Token], opaque: Opaque) -> str:
    """The tokens as a fragment of HTML, still with the opaque words in it."""
    return _MailHtml().render(tokens, MARKDOWN.options, {_PIECES: opaque.pieces})


def _with_pieces(children: Sequence[Token], opaque: Opaque) -> Iterator[Token]:
    """Text cut at its opaque words; a bare address outside a link becomes a link to itself."""
    in_link = 0
    for child in children:
        in_link += child.nesting if child.type.startswith("link_") else 0
        if child.type != "text":
            yield child
            continue
        for index, part in enumerate(opaque.pattern.split(child.content)):
            if index % 2 == 0:
                if part:
                    yield replace(child, content=part)
            elif opaque.pieces[part].role is Role.URL and not in_link:
                yield from _link_to_itself(part)
            else:
                role = opaque.pieces[part].role
                yield Token(STATEMENT if role.is_statement else VALUE, "", 0, content=part)


def _link_to_itself(token: str) -> Iterator[Token]:
    yield Token("link_open", "a", 1, attrs={"href": token}, markup="autolink", info="auto")
    yield Token(VALUE, "", 0, content=token)
    yield Token("link_close", "a", -1, markup="autolink", info="auto")


def _problems(tokens: Sequence[Token], opaque: Opaque, first_line: int, *, in_mails: bool) -> Iterator[Problem]:
    walk = _Walk(opaque, in_mails=in_mails)
    line = first_line
    for token in tokens:
        line = first_line + token.map[0] if token.map else line
        yield from walk.visit(token, line)
        below = line
        for child in token.children or ():
            yield from walk.visit(child, below)
            below += child.type in {"softbreak", "hardbreak"}
    yield from walk.unseen()


class _Walk:
    """Goes through all tokens in order and remembers what is open."""

    def __init__(self, opaque: Opaque, *, in_mails: bool) -> None:
        self._opaque = opaque
        self._in_mails = in_mails
        self._open: list[int] = []
        self._statements: list[tuple[int, ...]] = []
        self._seen: set[str] = set()
        self._before = ""

    def visit(self, token: Token, line: int) -> Iterator[Problem]:
        if token.nesting == 1:
            self._open.append(id(token))
        elif token.nesting == -1:
            self._open.pop()
        if token.type == "link_open":
            if self._in_mails and self._before.endswith("!"):
                yield Problem(line, "pictures are not put into mails, because they tell when a mail is opened.")
            yield from self._destination(str(token.attrs.get("href", "")), line)
        elif token.type in {"text", STATEMENT, BLOCK_VALUE}:
            if self._in_mails:
                yield from problems_of_words(self._opaque.pattern.sub("{{...}}", token.content), line)
            yield from self._places(token)
        elif token.type in {"code_inline", "fence"}:
            yield from self._code(token)
        self._before = token.content if token.type == "text" else ""

    def unseen(self) -> Iterator[Problem]:
        """Pieces that Markdown took for something else than text: a link's title, the name of a reference."""
        for token, piece in self._opaque.pieces.items():
            if token not in self._seen:
                yield Problem(piece.line, f"{_spell(piece)} cannot stand in this place; put it into running text.")

    def _found(self, text: str) -> list[Piece]:
        tokens = self._opaque.pattern.findall(text)
        self._seen.update(tokens)
        return [self._opaque.pieces[token] for token in tokens]

    def _destination(self, url: str, line: int) -> Iterator[Problem]:
        pieces = self._found(url)
        if not pieces:
            if self._in_mails:
                yield from problems_of_address(url, line)
        elif url != pieces[0].token or pieces[0].role is not Role.URL:
            spelt = _spell(pieces[0])
            yield Problem(line, f"the address of a link must be one link word and nothing else, not {spelt}.")

    def _places(self, token: Token) -> Iterator[Problem]:
        for piece in self._found(token.content):
            if piece.role is Role.BLOCK and (token.type != BLOCK_VALUE or self._open):
                sentence = f"{_spell(piece)} is a whole text; give it a line of its own, outside lists."
                yield Problem(piece.line, sentence)
            if piece.role.is_statement and not self._fits(piece):
                yield Problem(
                    piece.line,
                    f"{_spell(piece)} tears apart what is around it: bold type, a link, a list item or a quotation"
                    " must begin and end on the same side of it.",
                )

    def _fits(self, piece: Piece) -> bool:
        """Whether the same is open here as where the statement began."""
        here = tuple(self._open)
        if piece.role is Role.OPENS:
            self._statements.append(here)
            return True
        if not self._statements:
            return False
        began = self._statements.pop() if piece.role is Role.CLOSES else self._statements[-1]
        return began == here

    def _code(self, token: Token) -> Iterator[Problem]:
        for piece in self._found(token.content):
            if piece.role is not Role.TEXT or not (self._in_mails or piece.code.startswith("signatories.")):
                yield Problem(piece.line, f"{_spell(piece)} cannot stand inside code.")


def _spell(piece: Piece) -> str:
    left, right = ("{%", "%}") if piece.role.is_statement else ("{{", "}}")
    return f"{left} {piece.code} {right}"
