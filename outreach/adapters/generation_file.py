"""The file of a workspace's folder that says how far its database had come. No backup should hold it."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from outreach.domain.generations import Mark, read_mark

FILE: Final = ".outreach-generation"
HEAD: Final = (
    "# How far the database had come when the worker last looked. It must not be copied or restored with backups:\n"
    "# by it the worker sees that a database is older than this folder, and must not send what has left already.\n"
)


class GenerationFile:
    """A FolderMark in a file that its owner alone may read."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def read(self) -> Mark | None:
        """What stands in it; None if it is missing, or is none of ours."""
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        return read_mark("".join(line for line in text.splitlines() if not line.startswith("#")))

    def write(self, mark: Mark) -> str:
        """Put it on the disk beside the old one, then in its place: a power cut leaves one of the two."""
        try:
            number, name = tempfile.mkstemp(prefix=f"{FILE}.", dir=self._path.parent)  # 0600
        except OSError as problem:
            return problem.strerror or str(problem)
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(f"{HEAD}{mark.text}\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except OSError as problem:
            with suppress(OSError):
                Path(name).unlink()
            return problem.strerror or str(problem)
        return ""
