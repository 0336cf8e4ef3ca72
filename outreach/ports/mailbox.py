"""Where mail arrives: a mailbox gives what it holds, remembers nothing, and is told what is safe with us."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies: its folder, the folder's incarnation (UIDVALIDITY), its number there (UID).

    It is a cursor and no identity: a mail may be moved, and its folder made anew (RFC 9051, 2.3.1.1).
    """

    folder: str
    incarnation: str
    number: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail as it lies in the mailbox. ``size`` is its whole size; ``content`` is cut when it is too large."""

    place: Place
    content: bytes
    size: int


class Mailbox(Protocol):
    """A mailbox with one or more folders that are read."""

    def open(self) -> "AbstractContextManager[MailboxSession]":
        """A session. Raises MailboxTrouble (a Refusal) with a sentence when there is none to be had."""
        ...


class MailboxSession(Protocol):
    """An open session, used by one thread."""

    def folders(self) -> Sequence[tuple[str, str]]:
        """The folders that are read, each with its incarnation now."""
        ...

    def numbers(self, folder: str, *, after: str = "") -> Sequence[str]:
        """The numbers of the mails in the folder, oldest first; only those that came ``after`` a number."""
        ...

    def fetch(self, folder: str, numbers: Sequence[str], *, largest: int) -> Iterator[Arrival]:
        """The mails of these numbers, one at a time; one that is gone is left out. None is marked as read.

        Of a mail larger than ``largest`` bytes only its beginning is fetched.
        """
        ...

    def move(self, folder: str, numbers: Sequence[str], to: str) -> None:
        """Move mails into another folder, made if missing; those that are gone already are no error."""
        ...

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> None:
        """Until something may have arrived (IDLE, RFC 2177), ``seconds`` have passed, or ``stopped`` says so."""
        ...
