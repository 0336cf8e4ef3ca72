"""Where mail arrives: a mailbox gives what it holds, remembers nothing, and is told what is safe with us."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from outreach.domain.errors import Refusal

BEGINNING = 64 * 1024
"""How many bytes are fetched of a mail that is too large."""


class MailboxTrouble(Refusal):
    """The mailbox cannot be read just now; the session is over, and the sentence says why.

    ``needs_person``: it will not pass by itself (a wrong password, an untrusted certificate, no such folder).
    """

    def __init__(self, *reasons: str, needs_person: bool) -> None:
        super().__init__(*reasons)
        self.needs_person = needs_person


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
        """A session. Raises MailboxTrouble when there is none to be had, and so does each of its methods."""
        ...


class MailboxSession(Protocol):
    """An open session, used by one thread."""

    def folders(self) -> Sequence[tuple[str, str]]:
        """The folders that are read, each with its incarnation now."""
        ...

    def numbers(self, folder: str, *, after: str = "") -> Sequence[str]:
        """The numbers of the mails in the folder, oldest first; only those that came ``after`` a number.

        A mailbox that cannot tell the order of arrival (a Maildir) gives all of them each time: leave out those
        that are known already, by their place.
        """
        ...

    def fetch(self, folder: str, numbers: Sequence[str], *, largest: int) -> Iterator[Arrival]:
        """The mails of these numbers, one at a time; one that is gone is left out. None is marked as read.

        Of a mail larger than ``largest`` bytes only its beginning is fetched (BEGINNING). If a mail is there but
        cannot be had, the others come first, and then the MailboxTrouble that names it.
        """
        ...

    def move(self, folder: str, numbers: Sequence[str], to: str) -> None:
        """Move mails into another folder, made if missing; those that are gone already are no error."""
        ...

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> None:
        """Until something may have arrived (IDLE, RFC 2177), ``seconds`` have passed, or ``stopped`` says so."""
        ...
