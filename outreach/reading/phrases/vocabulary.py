"""One language's phrases: what people write when they sign, decline, ask, or want no more mail.

Each language is a text file beside this module. ``[group]`` opens one of the groups below, a line is a phrase, an
indented line goes on with the one above, ``NAME = ...`` is a piece that other lines take in as ``{NAME}``, "#"
begins a remark. How phrases are written stands at ``sentences.pattern``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Final

Phrases = tuple[str, ...]

_PIECE: Final = re.compile(r"([A-Z]+) = (.+)")
_TAKEN_IN: Final = re.compile(r"\{([A-Z]+)\}")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's phrases, in the groups that signals and rules ask for."""

    code: str
    """ISO 639-1."""
    common: Phrases
    """Words that hardly a text does without, to tell the language."""
    stop: Phrases
    """Texts that, alone, ask for no more mail."""
    opt_out: Phrases
    """Phrases within a sentence that do."""
    stays: Phrases
    """Wishes to go on getting mail, whatever else is said of lists."""
    keep: Phrases
    """What looks like it and is not: "don't unsubscribe me", "to unsubscribe, click here"."""
    withdraws: Phrases
    """Phrases that take a signature back."""
    yes: Phrases
    """Whole sentences that agree."""
    signs: Phrases
    """Phrases that sign."""
    requests: Phrases
    """Phrases that sign even in a question: "could you add us?"."""
    would: Phrases
    """Phrases that only want to sign."""
    sign: Phrases
    """The verb, and what stands for it, in any form."""
    neither: Phrases
    """That somebody says neither yes nor no."""
    declines: Phrases
    """Phrases that refuse."""
    conditions: Phrases
    """Phrases that bind a signature to something."""
    met: Phrases
    """That what was asked for has been done, which is no condition any more."""
    changes: Phrases
    """Phrases that want another text."""
    powerless: Phrases
    """That somebody may not decide, which is no refusal next to who may."""
    forwards: Phrases
    """Phrases that pass it on, or name somebody else."""
    asks: Phrases
    """Questions without their mark."""
    receipts: Phrases
    """An official's words for "it has arrived"."""
    answers: Phrases
    """An official's words for what the State or house thinks and does."""
    offices: Phrases
    """What an official's signature holds."""
    later: Phrases
    """Words that make a signature one for another time."""
    closings: Phrases
    """Lines that begin a signature block."""

    @property
    def whole_words(self) -> bool:
        """Whether phrases are whole words; in Arabic "and", "by" and "the" are written into the word."""
        return self.code != "ar"


def load(code: str) -> Vocabulary:
    """The language's phrases from its file. Raises ValueError for a group that does not exist."""
    return Vocabulary(code, **groups(code, [field.name for field in fields(Vocabulary) if field.name != "code"]))


def groups(file: str, names: Iterable[str]) -> dict[str, Phrases]:
    """The phrases of each group in a file beside this module. Raises ValueError for a group of no such name."""
    text = (files(__package__) / f"{file}.txt").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {name: [] for name in names}
    pieces: dict[str, str] = {}
    group = ""
    for line in _whole_lines(text):
        if line.startswith("[") and line.endswith("]") and line[1:-1].isidentifier():
            group = line[1:-1]
        elif not group and (piece := _PIECE.fullmatch(line)):
            pieces[piece.group(1)] = _filled(piece.group(2), pieces)
        elif group in found:
            found[group].append(_filled(line, pieces))
        else:
            raise ValueError(f"{file}.txt has a line in no known group: {line[:60]}")
    return {name: tuple(lines) for name, lines in found.items()}


def _whole_lines(text: str) -> list[str]:
    """The lines without remarks, indented ones joined to the one above."""
    lines: list[str] = []
    for line in text.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" ") and lines:
            lines[-1] += line.strip()
        else:
            lines.append(line.rstrip())
    return lines


def _filled(line: str, pieces: dict[str, str]) -> str:
    return _TAKEN_IN.sub(lambda found: pieces[found.group(1)], line)
