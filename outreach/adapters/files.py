"""Rehearsal: every mail becomes an .eml file in a folder, byte for byte as it would go out, and nothing leaves."""

import asyncio
import contextlib
import errno
import os
import re
import tempfile
from pathlib import Path

from outreach.domain.outcomes import Accepted, Declined, NoSession, Outcome, Phase, Reply
from outreach.ports.transport import Envelope, Hold, MailSession

_SAFE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FileTransport:
    """A MailTransport that writes into ``folder``, which it makes when it is missing."""

    rehearsal = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def open(self) -> MailSession | NoSession:
        """A session, or NoSession with the reason why the folder cannot be written to."""
        try:
            await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            return NoSession(Phase.CONNECT, f"The folder {self._folder} cannot be used: {problem.strerror}.")
        return FileSession(self._folder)


class FileSession:
    """A MailSession that writes each envelope as ``<name>.eml``, whole or not at all, and any number at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = True

    @property
    def usable(self) -> bool:
        """False once closed."""
        return self._open

    async def submit(self, envelope: Envelope, hold: Hold | None = None) -> Outcome:
        """Accepted with the path; Declined 4xx when the disk is full or writing is not permitted.

        Raises ValueError for a name that is not letters, digits, dot, underscore and hyphen: it is ours to give.
        """
        if not _SAFE_NAME.fullmatch(envelope.name):
            raise ValueError(f"The mail's name {envelope.name!r} is not fit for a file name.")
        target = self._folder / f"{envelope.name}.eml"
        while hold is not None and (waits_for := hold()) is not None:
            await waits_for
        try:
            await asyncio.to_thread(_write_whole, target, envelope.content)
        except OSError as problem:
            return Declined(Phase.MAIL, _not_now(target, problem))
        return Accepted(Reply(250, f"written to {target}"))

    async def close(self) -> None:
        """Nothing is left to do."""
        self._open = False


def _not_now(target: Path, problem: OSError) -> Reply:
    # RFC 3463: 4.3.1 is a full mail system, 4.3.0 any other trouble of it.
    code, enhanced = (452, "4.3.1") if problem.errno in _NO_ROOM else (451, "4.3.0")
    return Reply(code, f"{enhanced} {target} could not be written: {problem.strerror}", enhanced)


def _write_whole(target: Path, content: bytes) -> None:
    """Write and flush beside the target, then rename: a reader sees the whole mail or none of it."""
    handle, beside = tempfile.mkstemp(prefix=".", suffix=".partial", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(beside).unlink()
        raise
    _flush_folder(target.parent)


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can do that for folders."""
    with contextlib.suppress(PermissionError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
