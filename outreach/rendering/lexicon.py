"""Which words a text may use: those of a kind of mail, or a list of its own."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from outreach.domain.kinds import MessageKind
from outreach.rendering.vocabulary import VOCABULARY, Word, exists_in, look_up, why_unknown


class Lexicon(Protocol):
    """The words of one sort of text."""

    def word(self, name: str) -> Word | None:
        """The word of that name, None if there is none here."""
        ...

    def why_unknown(self, name: str) -> str:
        """A sentence that says why the name cannot be used, and what might be meant."""
        ...

    def names(self) -> Iterable[str]:
        """All names, for sentences that list them."""
        ...


@dataclass(frozen=True, slots=True)
class MailLexicon:
    """The words that a mail of this kind may use."""

    kind: MessageKind

    def word(self, name: str) -> Word | None:
        """The word, if it exists in this kind of mail."""
        return look_up(name) if exists_in(name, self.kind) else None

    def why_unknown(self, name: str) -> str:
        """Why it does not exist, or not in this kind of mail."""
        return why_unknown(name, self.kind)

    def names(self) -> Iterable[str]:
        """The whole vocabulary of mails."""
        return VOCABULARY


@dataclass(frozen=True, slots=True)
class ShortLexicon:
    """A few words, all of which may be used. ``text`` says where: “an announcement”."""

    text: str
    words: Mapping[str, Word]

    def word(self, name: str) -> Word | None:
        """The word of that name."""
        return self.words.get(name)

    def why_unknown(self, name: str) -> str:
        """What there is instead."""
        group = [word for word in self.words if word.startswith(f"{name}.")]
        if group:
            return f"“{name}” is a group of names; write one of: {', '.join(group)}."
        near = difflib.get_close_matches(name, self.words, n=1, cutoff=0.6)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(self.words)}."
        return f"there is no “{name}” in {self.text}. {hint}"

    def names(self) -> Iterable[str]:
        """All of them."""
        return self.words
