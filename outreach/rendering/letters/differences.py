"""What has changed between two drafts of a letter, word by word, as its reader sees them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from outreach.rendering.letters.tree import letter_tokens
from outreach.rendering.markdown import text_of

_PARAGRAPHS = re.compile(r"\n\s*\n")


class Change(StrEnum):
    """What has become of some words."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together and have the same fate."""

    change: Change
    text: str


def differences(before: str, after: str) -> list[tuple[Piece, ...]]:
    """The paragraphs in which two texts (Markdown) differ, in order; an empty list when they read alike.

    Paragraphs that are the same in both are left out.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    changed: list[tuple[Piece, ...]] = []
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            changed += _paired(old[first:last], new[start:end])
    return changed


def _paragraphs(markdown: str) -> list[str]:
    return [" ".join(part.split()) for part in _PARAGRAPHS.split(text_of(letter_tokens(markdown))) if part.strip()]


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Of as many paragraphs on both sides each is compared with its like; others are gone or new as a whole."""
    if len(old) == len(new):
        yield from (_words(one, other) for one, other in zip(old, new, strict=True))
        return
    yield from ((Piece(Change.GONE, one),) for one in old)
    yield from ((Piece(Change.NEW, one),) for one in new)


def _words(before: str, after: str) -> tuple[Piece, ...]:
    old, new = before.split(), after.split()
    pieces: list[Piece] = []
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.KEPT, " ".join(old[first:last])))
            continue
        if last > first:
            pieces.append(Piece(Change.GONE, " ".join(old[first:last])))
        if end > start:
            pieces.append(Piece(Change.NEW, " ".join(new[start:end])))
    return tuple(pieces)
