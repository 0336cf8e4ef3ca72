"""What a workspace's folder notes of its database, beside it: it goes back with no backup of the database."""

from typing import Protocol

from outreach.domain.generations import Mark


class FolderMark(Protocol):
    """A place for one mark."""

    def read(self) -> Mark | None:
        """What was noted last; None for nothing."""
        ...

    def write(self, mark: Mark) -> str:
        """Note it in the place of what was noted before, whole or not at all; why that failed, "" if it did not."""
        ...
