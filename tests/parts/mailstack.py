"""A real Postfix and Dovecot for the tests, started once, looked at through files.

Ask for the fixture ``mailstack``. Any address has a mailbox there, so a test takes addresses of its own.
Some behave: nobody@ bounces later (5.1.1), full@ bounces later (5.2.2), slow@ stays in the queue (4.7.1),
reject@ is refused at RCPT (550 5.7.1), grey@ is deferred at RCPT every time (451 4.7.1), and so is anyone
@always451.example; anyone @refused.example is refused at RCPT (550 5.1.1). What comes from a domain below
kept.example is kept as well, in the mailbox sent@kept.example. STARTTLS and log-in (any user,
password "secret"; or XOAUTH2 with ``access_token``) are offered.
"""

import base64
import hmac
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.parts import missing_part
from tests.parts.certificates import authority

SCRIPT = Path(__file__).with_name("mailstack.sh")
NEEDED = ("postfix", "dovecot", "setpriv")
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"  # where Debian keeps servers
_TRACE = re.compile(rb"(?:(?:Return-Path|Delivered-To|Received):[^\n]*\n(?:[ \t][^\n]*\n)*)*", re.IGNORECASE)


@dataclass(frozen=True)
class MailStack:
    """``maildirs`` holds one Maildir for each address that has got mail; ``ca_file`` is what to trust."""

    folder: Path
    smtp_port: int
    imap_port: int
    ca_file: Path

    @property
    def maildirs(self) -> Path:
        return self.folder / "mail"

    def delivered(self, address: str) -> list[bytes]:
        """Every mail of ``address``, read or not, as Dovecot keeps it: trace headers first, lines ending in LF."""
        files = [path for box in ("new", "cur") for path in (self.maildirs / address / box).glob("*")]
        return [path.read_bytes() for path in sorted(files, key=lambda path: path.name)]

    def arrived(self, address: str, count: int = 1, seconds: float = 20) -> list[bytes]:
        """The mails of ``address`` as soon as there are ``count``; TimeoutError, with the log, if not."""
        self.wait_until(lambda: len(self.delivered(address)) >= count, f"{count} mails for {address}", seconds)
        return self.delivered(address)

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = 20) -> None:
        """Look again and again: Postfix does not tell anyone when it is done."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {seconds} s for {what}; the mail log ends:\n{self.maillog()[-3000:]}")
            time.sleep(0.02)

    def access_token(self, user: str, lifetime: int = 600) -> str:
        """What a token server would give ``user``: a JWT (RFC 7519), signed as mailstack.sh has told Dovecot."""
        now = int(time.time())
        claims = {"sub": user, "iat": now - 3600, "exp": now + lifetime}
        signed = _part({"alg": "HS256", "typ": "JWT", "kid": "tests"}) + b"." + _part(claims)
        return b".".join((signed, _base64url(hmac.digest(b"a key for tests", signed, "sha256")))).decode()

    def maillog(self) -> str:
        """All that Postfix has logged."""
        log = self.folder / "data" / "maillog"
        return log.read_text("utf-8", "replace") if log.exists() else ""

    def queued(self) -> str:
        """Postfix's queue, one JSON object a line (postqueue -j)."""
        return self._postfix("postqueue", "-j")

    def flush(self) -> None:
        """Have Postfix try everything in its queue again, now."""
        self._postfix("postqueue", "-f")

    def _postfix(self, command: str, *arguments: str) -> str:
        ours = [command, "-c", str(self.folder / "postfix"), *arguments]
        return subprocess.run(ours, check=True, capture_output=True, text=True, env={"PATH": PATH}).stdout  # noqa: S603  our own words


def _part(fields: Mapping[str, object]) -> bytes:
    return _base64url(json.dumps(fields).encode())


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def as_sent(delivered: bytes) -> bytes:
    """A delivered mail without the trace headers on top, with CR LF again: what the client wrote."""
    return delivered[_TRACE.match(delivered).end() :].replace(b"\n", b"\r\n")  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def mailstack() -> Iterator[MailStack]:
    """The running stack; it ends with the test session."""
    if os.name != "posix" or os.geteuid() != 0 or not all(shutil.which(each, path=PATH) for each in NEEDED):
        missing_part("postfix, dovecot, root")
    folder = Path(tempfile.mkdtemp(prefix="outreach-mail-"))
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        authority().write_server_files(folder)
        smtp, lmtp, imap, sasl = _free_ports(4)
        undo.callback(_script, "stop", folder)
        _script("start", folder, smtp, lmtp, imap, sasl)
        yield MailStack(folder, smtp, imap, authority().ca_file)


def _script(*arguments: object) -> None:
    # Servers inherit what is open here: with a pipe, this would wait for as long as they live.
    said = Path(str(arguments[1])) / f"{arguments[0]}.log"
    with said.open("wb") as log:
        ours = [str(SCRIPT), *map(str, arguments)]
        done = subprocess.run(ours, stdout=log, stderr=log, check=False, env={"PATH": PATH})  # noqa: S603  our own words
    if done.returncode:
        raise RuntimeError(f"mailstack.sh {arguments[0]} failed:\n{said.read_text('utf-8', 'replace')}")


def _free_ports(count: int) -> list[int]:
    """Ports nobody listens on, all found before any is given back, so that they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
