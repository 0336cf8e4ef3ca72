"""What is left of a template for the mails of one mailing, and what it becomes for one recipient."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jinja2 import nodes

from outreach.domain.errors import Refusal
from outreach.rendering.compiled.meaning import Frame, chosen, counted, repeated
from outreach.rendering.compiled.quoting import unquoted, written
from outreach.rendering.compiled.setting import BREAK, Setting
from outreach.rendering.compiled.showing import Showing, in_html, in_text
from outreach.rendering.compiled.weaving import Choice, Counting, Place, Repetition, Weaver, Woven
from outreach.rendering.content import direction
from outreach.rendering.environment import block_html, block_text
from outreach.rendering.plaintext import tidy
from outreach.rendering.values import preparing
from outreach.rendering.vocabulary import WordType, look_up

SUBJECT = "subject_line"
"""The word by which the HTML has the subject for its title."""
_MAY_BE_UNTIDY = (b" \r\n", b"\t\r\n", b"=20\r\n", b"=09\r\n", b"=0C", b"=0D", b"=\r\n\r\n", b"\r\n\r\n\r\n")


class EmptyWord(Refusal):
    """A word that the template puts out is empty for this person; ``name`` is the word."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"“{name}” is empty for this person, and the template does not say what to write instead.")


class Trees(NamedTuple):
    """The statements of a template: subject, plain text and HTML."""

    subject: Sequence[nodes.Node]
    text: Sequence[nodes.Node]
    html: Sequence[nodes.Node]


class Filled(NamedTuple):
    """A mail's subject and bodies, quoted-printable, for one person.

    ``fresh`` is what the bodies hold beyond ``Stencil.fixed``; None when the whole was written anew.
    """

    subject: str
    text: bytes
    html: bytes
    fresh: bytes | None


@dataclass(frozen=True, slots=True)
class Body:
    """Octets with a function in each of their ``places``."""

    pieces: tuple[bytes, ...]
    places: tuple[tuple[int, Callable[[Frame], bytes]], ...]
    untidy: bool

    @classmethod
    def of(cls, setting: Setting) -> "Body":
        """What was set; where a place is, an empty piece stands."""
        places = tuple((at, piece) for at, piece in enumerate(setting.pieces) if not isinstance(piece, bytes))
        pieces = tuple(piece if isinstance(piece, bytes) else b"" for piece in setting.pieces)
        return cls(pieces, places, setting.untidy or setting.ends != {BREAK})

    def fill(self, frame: Frame) -> tuple[bytes, list[bytes]]:
        """The whole, and what was put into the places."""
        pieces = [*self.pieces]
        fresh = [fill(frame) for _, fill in self.places]
        for (at, _), octets in zip(self.places, fresh, strict=True):
            pieces[at] = octets
        return b"".join(pieces), fresh


@dataclass(frozen=True, slots=True)
class Stencil:
    """``known``: the words that are decided, in ``rich`` as the HTML has whole texts.

    ``required`` and ``others`` are the words still to be given, and how each is taken; ``blocks`` are those of
    them that are whole texts.
    """

    known: Frame
    rich: Frame
    required: Mapping[str, Callable[[Mapping[str, Any]], Any]]
    others: Mapping[str, Callable[[Mapping[str, Any]], Any]]
    blocks: tuple[str, ...]
    language: str
    subject: Callable[[Frame], str]
    text: Body
    html: Body

    @property
    def fixed(self) -> tuple[bytes, ...]:
        """What stands in every mail's bodies."""
        return self.text.pieces + self.html.pieces

    def fill(self, values: Mapping[str, Any]) -> Filled:
        """The mail with the words that are still to be given, as ``Template.render`` takes them."""
        frame = {**self.known}
        for name, take in self.required.items():
            frame[name] = take(values)
        for name in self.required:
            if not frame[name]:
                raise EmptyWord(name)
        for name, take in self.others.items():
            frame[name] = take(values)
        rich = frame
        if self.rich or self.blocks:
            whole = {name: block_html(frame[name], self.language) for name in self.blocks}
            rich = {**frame, **self.rich, **whole}
            frame.update({name: block_text(frame[name]) for name in self.blocks})
        subject = self.subject(frame).strip()
        if not subject:
            raise EmptyWord("subject")
        rich[SUBJECT] = subject
        html, shown = self.html.fill(rich)
        text, said = self.text.fill(frame)
        if self.text.untidy and (tidied := _tidied(text)) is not text:
            return Filled(subject, tidied, html, None)
        return Filled(subject, text, html, b"".join(said + shown))


def cut(trees: Trees, used: frozenset[str], required: frozenset[str], known: Frame, language: str) -> Stencil:
    """The stencil of a template of which the ``known`` words, prepared, are the same for all."""
    blocks = {name for name in used if (word := look_up(name)) and word.type is WordType.BLOCK}
    plain = {**known, **{name: block_text(known[name]) for name in blocks & known.keys()}}
    rich = {name: block_html(known[name], language) for name in blocks & known.keys()}
    textual, hyper = in_text(direction(language)), in_html()
    subject = _woven(trees.subject, textual, plain)
    title = {SUBJECT: _plain_text(subject).strip()} if all(isinstance(piece, str) for piece in subject) else {}
    return Stencil(
        known=plain,
        rich=rich,
        required={name: preparing(name) for name in sorted(required - known.keys())},
        others={name: preparing(name) for name in sorted(used - required - known.keys())},
        blocks=tuple(sorted(blocks - known.keys())),
        language=language,
        subject=_said(subject, textual),
        text=_body(_ended(_woven(trees.text, textual, plain)), textual, required),
        html=_body(_ended(_woven(trees.html, hyper, {**plain, **rich, **title})), hyper, required),
    )


def _woven(body: Sequence[nodes.Node], showing: Showing, known: Frame) -> Woven:
    return Weaver(showing, dict(known)).weave(body)


def _body(woven: Woven, showing: Showing, required: frozenset[str]) -> Body:
    setting = Setting(showing, required)
    setting.set(woven)
    return Body.of(setting)


def _ended(woven: Woven) -> Woven:
    """A text that ends in one line break."""
    if not woven:
        return ("\n",)
    *before, last = woven
    return (*before, last.rstrip("\n") + "\n") if isinstance(last, str) else (*woven, "\n")


def _plain_text(woven: Woven) -> str:
    return "".join(piece for piece in woven if isinstance(piece, str))


def _said(woven: Woven, showing: Showing) -> Callable[[Frame], str]:
    """The function that gives a text of one line."""
    parts = tuple(_saying(piece, showing) for piece in woven)
    if len(parts) == 1:
        return parts[0]
    return lambda frame: "".join([part(frame) for part in parts])


def _saying(piece: Any, showing: Showing) -> Callable[[Frame], str]:
    match piece:
        case str():
            return lambda _: piece
        case Place(value, form):
            inside = showing.inside
            return lambda frame: inside(value(frame), form)
        case Choice(branches=branches, otherwise=otherwise):
            return chosen([(test, _said(body, showing)) for test, body in branches], _said(otherwise, showing))
        case Repetition(items=items, name=name, body=body):
            return repeated(items, name, _said(body, showing), "")
        case Counting(counter=counter, to=to):
            return counted(counter, to, "")
    raise TypeError(f"nothing says {type(piece).__name__}")


def _tidied(octets: bytes) -> bytes:
    """The text as ``tidy`` leaves it; the same octets if it leaves all."""
    ended = octets.endswith(b"\r\n") and not octets.startswith(b"\r\n") and not octets.endswith(b"\r\n\r\n")
    if ended and not any(sign in octets for sign in _MAY_BE_UNTIDY):
        return octets
    said = unquoted(octets)
    tidied = tidy(said)
    return octets if tidied == said and "\r" not in said else written(tidied)
