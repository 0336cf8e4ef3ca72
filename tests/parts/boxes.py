"""Real mailboxes to read from, on Dovecot or in a Maildir, with the hands of others on them."""

import imaplib
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from imap_tools.utils import encode_folder

from outreach.adapters.imap import ImapAccount, ImapMailbox
from outreach.adapters.maildir import MaildirMailbox
from outreach.ports.mailbox import Mailbox
from tests.parts.mailstack import MailStack

_names = itertools.count(1)


class Box(Protocol):
    """A mailbox as its owner and other programs see it."""

    def mailbox(self, *folders: str) -> Mailbox:
        """Our way into it."""
        ...

    def deliver(self, content: bytes, folder: str = "INBOX") -> None:
        """A mail arrives; its lines end in CR LF."""
        ...

    def marks(self, folder: str = "INBOX") -> list[str]:
        """All that programs keep about each mail."""
        ...

    def mark_all_read(self) -> None:
        """A person reads along."""
        ...

    def delete_all(self, folder: str = "INBOX") -> None:
        """A person clears up."""
        ...

    def make(self, folder: str) -> None:
        """A folder."""
        ...

    def make_anew(self, folder: str) -> None:
        """The folder goes with all its mails, and another of the same name comes."""
        ...


class DovecotBox:
    """An account of its own on the real Dovecot."""

    def __init__(self, stack: MailStack) -> None:
        self.stack, self.username = stack, f"box{os.getpid()}-{next(_names)}@readers.example"

    def account(self, *folders: str, **changes: Any) -> ImapAccount:
        given: dict[str, Any] = {"security": "starttls", "ca_file": self.stack.ca_file, "timeout_seconds": 20.0}
        given |= {"password": lambda: "secret", "username": self.username, "folders": folders or ("INBOX",)}
        return ImapAccount(**{"host": "localhost", "port": self.stack.imap_port, **given, **changes})

    def mailbox(self, *folders: str) -> Mailbox:
        return ImapMailbox(self.account(*folders))

    def deliver(self, content: bytes, folder: str = "INBOX") -> None:
        with self._other() as client:
            assert client.append(_quoted(folder), "", "", content)[0] == "OK"

    def marks(self, folder: str = "INBOX") -> list[str]:
        with self._other(folder) as client:
            flags = client.fetch("1:*", "(UID FLAGS)")[1]
        # Which session first saw a mail (\Recent) is no mark of anybody's.
        return [
            each.decode().replace("\\Recent", "").replace("( ", "(") for each in flags if isinstance(each, bytes)
        ]

    def mark_all_read(self) -> None:
        with self._other("INBOX") as client:
            client.store("1:*", "+FLAGS", "(\\Seen)")

    def delete_all(self, folder: str = "INBOX") -> None:
        with self._other(folder) as client:
            client.store("1:*", "+FLAGS", "(\\Deleted)")
            client.expunge()

    def make(self, folder: str) -> None:
        with self._other() as client:
            assert client.create(_quoted(folder))[0] == "OK"

    def make_anew(self, folder: str) -> None:
        with self._other() as client:
            client.delete(_quoted(folder))
            assert client.create(_quoted(folder))[0] == "OK"

    @contextmanager
    def _other(self, folder: str | None = None) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.stack.imap_port, 20) as client:
            client.login(self.username, "secret")
            if folder:
                client.select(_quoted(folder))
            yield client


class MaildirBox:
    """A Maildir in ``path``, into which others deliver as maildir(5) tells them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._make(path)

    def mailbox(self, *folders: str) -> Mailbox:
        return MaildirMailbox(self.path, folders or ("INBOX",))

    def deliver(self, content: bytes, folder: str = "INBOX", name: str = "") -> None:
        name = name or f"{1_790_000_000 + next(_names)}.M{next(_names)}P1.here"
        (self.folder(folder) / "tmp" / name).write_bytes(content)
        (self.folder(folder) / "tmp" / name).rename(self.folder(folder) / "new" / name)

    def marks(self, folder: str = "INBOX") -> list[str]:
        return [f"{path} {path.stat().st_mtime_ns}" for path in self._files(folder)]

    def mark_all_read(self) -> None:
        for path in self._files("INBOX"):
            path.rename(self.path / "cur" / f"{path.name.partition(':')[0]}:2,S")

    def delete_all(self, folder: str = "INBOX") -> None:
        for path in self._files(folder):
            path.unlink()

    def make(self, folder: str) -> None:
        self._make(self.folder(folder))

    def make_anew(self, folder: str) -> None:
        self.folder(folder).rename(self.path / "gone")
        self._make(self.folder(folder))

    def folder(self, name: str) -> Path:
        return self.path if name == "INBOX" else self.path / f".{name}"

    def _make(self, path: Path) -> None:
        for each in ("tmp", "new", "cur"):
            (path / each).mkdir(parents=True)

    def _files(self, folder: str) -> list[Path]:
        return sorted(path for each in ("new", "cur") for path in (self.folder(folder) / each).iterdir())


def _quoted(folder: str) -> str:
    return str(encode_folder(folder), "ascii")
