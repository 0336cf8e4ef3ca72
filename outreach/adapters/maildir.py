"""A Maildir (maildir(5), with Maildir++ subfolders) as the mailbox where answers arrive: read, never marked."""

import errno
import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote_from_bytes

from imap_tools.imap_utf7 import utf7_encode

from outreach.ports.mailbox import BEGINNING, Arrival, MailboxSession, MailboxTrouble, Place

T = TypeVar("T")

LOOKS, LISTINGS = 20, 3
"""How often a mail is looked for that others keep renaming, and how many listings without it say it is gone."""
LOOK_SECONDS = 0.5
"""How often a wait looks at the folders and at whether it shall end."""
POLL_SECONDS = 60.0
"""The longest wait: two changes in one tick of a file system's clock look like one."""

# A name is the unique base, then a colon (another mark where the file system has no colons) and the flags.
_INFO = re.compile(rb"(?::|[;!]2,)")
_SECONDS = re.compile(r"[0-9]{1,12}(?=\.)")
_SAFE = "!#$&'()*+,-./:;<=>?@[]^_`{|}~"
_GONE = {errno.ENOENT, errno.ESTALE}
_PASSING = {errno.EIO, errno.ESTALE, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR, errno.EAGAIN}


class MaildirMailbox:
    """A Mailbox in the folder ``path``: INBOX is the Maildir itself, any other a Maildir++ subfolder.

    A subfolder's levels may be parted by "/" or ".", and its name may be in any script. A mail's number is the
    unique base of its file's name, which stays while programs move and flag it; names have no order that could
    be relied on, so ``numbers`` gives all of them each time.
    """

    def __init__(self, path: Path, folders: tuple[str, ...] = ("INBOX",)) -> None:
        self._path, self._folders = path, folders

    @contextmanager
    def open(self) -> Iterator[MailboxSession]:
        """A session; MailboxTrouble if the folder is no Maildir."""
        session = MaildirSession(self._path, self._folders)
        session.folders()
        yield session


class MaildirSession:
    """A MailboxSession on files."""

    def __init__(self, path: Path, folders: tuple[str, ...]) -> None:
        self._path, self._folders = path, folders
        self._seen = dict[str, object]()

    def folders(self) -> Sequence[tuple[str, str]]:
        """The folders with their inode numbers; those on one file system differ, and a copy has others."""
        return [(folder, self._incarnation(folder)) for folder in self._folders]

    def numbers(self, folder: str, *, after: str = "") -> Sequence[str]:  # noqa: ARG002  see MaildirMailbox
        """The unique bases of all names, by the second that they begin with."""
        self._seen[folder] = self._state(folder)  # before listing: what comes meanwhile is news
        return sorted(self._files(folder), key=_age)

    def fetch(self, folder: str, numbers: Sequence[str], *, largest: int) -> Iterator[Arrival]:
        """The mails, one at a time, as they lie there: with whatever line ends the delivering program wrote."""
        incarnation, files = self._incarnation(folder), self._files(folder)
        withheld = list[MailboxTrouble]()
        for number in numbers:
            try:
                found = self._with_file(folder, number, files, lambda path: _content(path, largest))
            except OSError as problem:
                withheld.append(_trouble(f"The mail {number} in {self._where(folder)} cannot be read", problem))
                continue
            if found is not None:
                yield Arrival(Place(folder, incarnation, number), *found)
        if withheld:
            raise withheld[0]

    def move(self, folder: str, numbers: Sequence[str], to: str) -> None:
        """Rename the files into the other folder's cur, with their flags."""
        source, target = self._where(folder), self._where(to)
        if source == target:
            return
        with _troubled(f"Mails cannot be moved from {source} to {target}"):
            _make(target, subfolder=target != self._path)
            files = self._files(folder)
            for number in numbers:
                self._with_file(folder, number, files, lambda path: _rename(path, target / "cur"))

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> None:
        """Until a folder has changed since it was listed; looks twice a second."""
        seen = {folder: self._seen.get(folder) or self._state(folder) for folder in self._folders}
        until = time.monotonic() + min(seconds, POLL_SECONDS)
        while not stopped() and (left := until - time.monotonic()) > 0:
            if any(self._state(folder) != state for folder, state in seen.items()):
                return
            time.sleep(min(left, LOOK_SECONDS))

    def _where(self, folder: str) -> Path:
        if folder.upper() == "INBOX":
            return self._path
        levels = re.split(r"[/.]", folder)
        if not all(levels):
            raise MailboxTrouble(f"{folder!r} is no name for a folder of a mailbox.", needs_person=True)
        return self._path / os.fsdecode(b"".join(b"." + utf7_encode(level) for level in levels))

    def _incarnation(self, folder: str) -> str:
        path = self._where(folder)
        with _troubled(f"The folder {folder} cannot be read at {path}"):
            if not any((path / each).is_dir() for each in ("new", "cur")):
                raise NotADirectoryError(errno.ENOTDIR, "there is no Maildir with the folders new and cur")
            # Not the device's number, which may be another after a restart.
            return str(path.stat().st_ino)

    def _state(self, folder: str) -> object:
        """Something that is another as soon as a mail has come."""
        path = self._where(folder)
        with _troubled(f"The folder {folder} cannot be read at {path}"):
            return [_changed(path / each) for each in ("new", "cur")]

    def _files(self, folder: str) -> dict[str, Path]:
        """The files by number. new comes before cur, as mails go that way."""
        path = self._where(folder)
        with _troubled(f"The folder {folder} cannot be read at {path}"):
            return {_number(file.name): file for each in ("new", "cur") for file in _listed(path / each)}

    def _with_file(self, folder: str, number: str, files: dict[str, Path], act: Callable[[Path], T]) -> T | None:
        """What ``act`` says of the mail's file, whatever it is called by now; None if the mail is gone.

        A folder's listing may leave out a file that is renamed while it is read, so one look is not enough.
        """
        missed = 0
        for _ in range(LOOKS):
            if number in files:
                try:
                    return act(files[number])
                except OSError as problem:
                    if problem.errno not in _GONE:
                        raise
            elif (missed := missed + 1) == LISTINGS:
                break
            files.clear()
            files.update(self._files(folder))
        return None


def _listed(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [
                Path(entry.path)
                for entry in entries
                if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
            ]
    except FileNotFoundError:
        return []  # some programs make new or cur with the first mail only


def _number(name: str) -> str:
    """The unique base of a file's name, as text that any database takes."""
    return quote_from_bytes(_INFO.split(os.fsencode(name), maxsplit=1)[0], safe=_SAFE)


def _age(number: str) -> tuple[int, str]:
    began = _SECONDS.match(number)
    return int(began[0]) if began else 0, number


def _changed(folder: Path) -> tuple[int, int] | None:
    try:
        state = folder.stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns


def _content(path: Path, largest: int) -> tuple[bytes, int]:
    """The mail's bytes, or its beginning, and its whole size."""
    with open(path, "rb", opener=_plain) as file:
        size = os.fstat(file.fileno()).st_size
        return file.read(size if size <= largest else min(largest, BEGINNING)), size


def _plain(path: str, flags: int) -> int:
    """Open no link, and wait for no pipe, that took the mail's place since it was listed."""
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no plain file")
    return handle


def _make(path: Path, *, subfolder: bool) -> None:
    for each in ("tmp", "new", "cur"):
        (path / each).mkdir(mode=0o700, parents=True, exist_ok=True)
    if subfolder:
        (path / "maildirfolder").touch()  # Maildir++ knows a subfolder by it


def _rename(path: Path, folder: Path) -> None:
    """Into ``folder`` under the same name, or another if that is taken: nothing is ever overwritten."""
    base, mark, flags = path.name.partition(":")
    for count in range(LOOKS):
        target = folder / f"{base}{f'_{count}' if count else ''}{mark or ':'}{flags or '2,'}"
        if not target.exists():
            path.rename(target)
            return
    raise FileExistsError(errno.EEXIST, "there is a mail of that name already")


@contextmanager
def _troubled(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise _trouble(what, problem) from problem


def _trouble(what: str, problem: OSError) -> MailboxTrouble:
    why = (problem.strerror or str(problem)).rstrip(".")
    return MailboxTrouble(f"{what}: {why}.", needs_person=problem.errno not in _PASSING)
