"""The worker looks whether its database is the one that was used last, and notes in the folder how far it is."""

from typing import Final

import structlog

from outreach.bootstrap import Outreach
from outreach.domain.generations import Mark
from outreach.ports.folder_mark import FolderMark
from outreach.usecases.guard_generation import guard_generation

SECONDS: Final = 60.0
"""Between two looks while the worker runs."""

log = structlog.get_logger(__name__)


class Generations:
    """Looks when it is asked to, but not in a rehearsal: nothing leaves there."""

    def __init__(self, app: Outreach) -> None:
        self._app = app
        self._looked_at: float | None = None
        self._is_held = False

    def look(self) -> None:
        """Stop all mail if this is a copy or a restored backup; otherwise note how far the workspace is."""
        beside = self._app.folder_mark
        if beside is None or self._app.transport.rehearsal:
            return
        is_first = beside.read() is None
        self._look(beside)
        if is_first:
            self._look(beside)  # so that the database knows that there is a note

    def look_again(self) -> None:
        """The same, unless it was done a moment ago."""
        now = self._app.clock.monotonic()
        if self._looked_at is None or now - self._looked_at >= SECONDS:
            self.look()

    def _look(self, beside: FolderMark) -> None:
        self._looked_at = self._app.clock.monotonic()
        with self._app.database.changing() as session:
            found = guard_generation(session, beside.read(), now=self._app.clock.now(), house=self._app.house)
        if isinstance(found, Mark):
            self._is_held = False
            if problem := beside.write(found):
                log.warning(
                    "the folder cannot note how far the database is; a restored one goes unseen", why=problem
                )
        elif not self._is_held:
            self._is_held = True
            log.error("this is a copy or a restored backup, so all mail is stopped", why=found.sentence)
