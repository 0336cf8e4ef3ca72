"""A task that is being done: what it works with, how it tells how far it is, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from outreach.bootstrap import Outreach
from outreach.domain.tasks import Step
from outreach.store.tables import Call, Letter, Task

Tell = Callable[[Step], None]
"""Hears how far the work is; raises Stopping when it shall end here."""


class Stopping(Exception):  # noqa: N818  it is no error to be told to stop
    """The worker was told to stop: the work is undone, and done from its start when a worker is there again."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of a task: sentences, the rows of a file that were left out, figures, and a file to fetch."""

    sentences: tuple[str, ...]
    refused: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    result_id: int | None = None
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """What a task is done with. ``file`` is its document, as a file of the same name; ``by`` who asked."""

    app: Outreach
    task: Task
    by: str
    now: datetime
    folder: Path
    file: Path | None
    tell: Tell

    def text(self, word: str) -> str:
        """A text that was given; "" if none was."""
        return str(self.task.given.get(word) or "")

    def texts(self, word: str) -> tuple[str, ...]:
        """A list of texts that was given."""
        return tuple(map(str, self.task.given.get(word) or ()))

    def says(self, word: str) -> bool:
        """Whether this was asked for."""
        return bool(self.task.given.get(word))

    @property
    def columns(self) -> dict[str, str]:
        """The fields that were named for columns of the file."""
        return {str(column): str(name) for column, name in (self.task.given.get("columns") or {}).items()}

    @property
    def source(self) -> Path:
        """The file that it reads."""
        if self.file is None:
            raise ValueError("a task that reads a file has one")
        return self.file

    def call(self, session: Session) -> Call:
        """The call that it is about."""
        return session.get_one(Call, self.task.call_id)

    def letter(self, session: Session) -> Letter:
        """The letter of that call."""
        return session.get_one(Letter, self.call(session).letter_id)

    def counting(self, total: int) -> Callable[[str, int], None]:
        """What the verbs tell their progress to: a stage, and how many of ``total`` rows it has handled."""
        return lambda stage, done: self.tell(Step(stage, done, max(total, done)))


Finish = Callable[[Session], Ending]
"""Writes what came of the work, in the transaction in which the task ends."""
Handler = Callable[[Job], Finish]
"""Does what needs no transaction, or has its own, and says how to finish."""
