"""Keeps the files of released letters, so that a crowd does not have each made anew."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from outreach.ports.press import Press
from outreach.rendering.publication import Publication
from outreach.usecases.render_letter import LetterFormat, written_as

MOST_BYTES: Final = 64 * 1024 * 1024
"""So much is kept, and always what was asked for of one letter in one language."""
MOST_LETTERS: Final = 64
MOST_AT_THE_PRESS: Final = 4
"""One file is made at a time, for the press takes a whole processor; so many visitors may be there with it."""

Files = dict[LetterFormat, bytes]


@dataclass(slots=True)
class Shelf:
    """The files that were asked for last: all formats of a letter in one language stand and go together.

    What is kept is given out at once, whoever waits for the press.
    """

    press: Press
    most_bytes: int = MOST_BYTES
    kept: OrderedDict[Publication, Files] = field(default_factory=OrderedDict)
    looking: threading.Lock = field(default_factory=threading.Lock)
    printing: threading.Lock = field(default_factory=threading.Lock)
    room: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_AT_THE_PRESS))

    def file(self, letter: Publication, form: LetterFormat) -> bytes | None:
        """The letter as that file; None when so many wait for files to be made that nobody else may.

        What has changed is another letter, so nothing old is ever given out. Raises PressTrouble when it cannot be
        made.
        """
        content = self._found(letter, form)
        if content is not None:
            return content
        if not self.room.acquire(blocking=False):
            return None
        try:
            with self.printing:
                # Whoever was there before may have wanted the same.
                return self._found(letter, form) or self._made(letter, form)
        finally:
            self.room.release()

    def _found(self, letter: Publication, form: LetterFormat) -> bytes | None:
        with self.looking:
            files = self.kept.get(letter)
            if files is None:
                return None
            self.kept.move_to_end(letter)
            return files.get(form)

    def _made(self, letter: Publication, form: LetterFormat) -> bytes:
        content = written_as(letter, form, self.press)
        with self.looking:
            self.kept.setdefault(letter, {})[form] = content
            self.kept.move_to_end(letter)
            while len(self.kept) > 1 and self._is_full():
                self.kept.popitem(last=False)
        return content

    def _is_full(self) -> bool:
        held = sum(len(content) for files in self.kept.values() for content in files.values())
        return held > self.most_bytes or len(self.kept) > MOST_LETTERS
