"""How a letter gets onto paper: a manuscript, worded and in order, goes to the press and comes back as a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from outreach.domain.errors import Refusal


class PrintFormat(StrEnum):
    """What the press makes."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    BOOK = "book"
    """The signature book, a PDF to be printed and delivered by hand: a title page, the letter, the names."""


class InlineKind(StrEnum):
    """What a piece of a line is."""

    TEXT = "text"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    LINK = "link"
    BREAK = "break"


class BlockKind(StrEnum):
    """What a piece of a page is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    ITEM = "item"
    QUOTE = "quote"
    CODE = "code"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Inline:
    """A piece of a line. ``text`` is literal, never markup; ``url`` is a link's; ``inside`` what it holds."""

    kind: InlineKind
    text: str = ""
    url: str = ""
    inside: tuple["Inline", ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page. ``number`` is a heading's level, or the first number of a list."""

    kind: BlockKind
    line: tuple[Inline, ...] = ()
    inside: tuple["Block", ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class NumberedName:
    """A line of the list, and its number there. ``direction`` is the line's own: ``ltr`` or ``rtl``."""

    number: int
    line: str
    direction: str


@dataclass(frozen=True, slots=True)
class Section:
    """Names under a heading; the heading may be empty."""

    heading: str
    names: tuple[NumberedName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressedPaper:
    """What a letter carries that is delivered to one office; each text is one line, or "" for none.

    ``letterhead`` begins with the name of whoever writes. ``address`` is the block that shows in a window envelope.
    ``number`` is our own reference, ``references`` are the letters that this one answers or follows. ``fold_marks``
    are printed on paper only.
    """

    letterhead: tuple[str, ...]
    address: tuple[str, ...]
    date: str
    number: str
    references: tuple[str, ...]
    salutation: str
    copies: tuple[str, ...]
    fold_marks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """All that is printed of a letter, in the letter's language, in the order of the fields.

    ``worded_in`` is the language of what the program itself says, for the few letters whose language it does not
    speak. ``running`` stands at the foot of every page, ``mark`` at the head of every page of what is not public
    yet. ``ending`` closes the letter; the list comes last. ``cover`` are the further lines of a book's title page.
    ``paper`` is there when the letter is delivered: it is printed in the place of ``author`` and ``heading``, its
    copies come below the list, and ``ending`` after them.
    What is not in here cannot be printed.
    """

    title: str
    language: str
    direction: str
    worded_in: str
    author: str
    running: str
    mark: str
    heading: tuple[str, ...]
    body: tuple[Block, ...]
    ending: tuple[tuple[Inline, ...], ...]
    list_heading: str
    count: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    numbered: bool
    cover: tuple[str, ...]
    paper: AddressedPaper | None = None


class PressTrouble(Refusal):
    """The press could not make the file; the sentence says why, and what to do."""


class Press(Protocol):
    """Makes files of manuscripts."""

    def typeset(self, manuscript: Manuscript, form: PrintFormat) -> bytes:
        """The file's content; the same manuscript gives the same bytes.

        Raises PressTrouble: no font has a letter of some name, or the press takes too long or is not there.
        """
        ...


class SerialPress(Press, Protocol):
    """A press that makes many files one after another faster than each by itself."""

    def typeset_many(self, manuscripts: Iterable[Manuscript], form: PrintFormat) -> Iterator[bytes | PressTrouble]:
        """What comes of each, in their order and one at a time: the file's content, or why it cannot be made.

        One that cannot be made keeps none of the others.
        """
        ...
