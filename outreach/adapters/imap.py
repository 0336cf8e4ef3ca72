"""IMAP (RFC 9051): sessions to the mailbox where answers arrive, with TLS and log-in kept as promised."""

import base64
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from outreach.adapters.imap_session import ImapSession
from outreach.adapters.imap_trouble import Refused, Troubles, checked, refusal_in
from outreach.adapters.imap_wire import ImapWire
from outreach.config.forms import LOOPBACK
from outreach.domain.errors import Refusal
from outreach.ports.mailbox import MailboxTrouble

__all__ = ["AccessTokens", "ImapAccount", "ImapMailbox"]

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class AccessTokens(Protocol):
    """Where OAuth2 access tokens come from (adapters/oauth.py)."""

    def token(self) -> str:
        """One that should be good. Raises Refusal, with ``needs_person``, when there is none to be had."""
        ...

    def refused(self, token: str) -> None:
        """A server did not take this one: do not give it again."""
        ...


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where and as whom mails are read. Raises ValueError, in a sentence, for what must not be.

    ``security``: "tls" and "starttls" both require a certificate valid for ``host``; "none" is for this machine
    only. ``ca_file``: the authorities to trust instead of the system's. ``password`` is asked at each log-in;
    ``tokens`` instead of it when ``auth`` is "xoauth2". ``idle_seconds``: how long one IDLE lasts before it is
    renewed; RFC 2177 sets 29 minutes, and many a router forgets a silent connection after ten.
    """

    host: str
    port: int = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str = ""
    password: Callable[[], str] | None = field(default=None, repr=False)
    auth: Literal["password", "xoauth2"] = "password"
    tokens: AccessTokens | None = field(default=None, repr=False)
    folders: tuple[str, ...] = ("INBOX",)
    ca_file: Path | None = None
    timeout_seconds: float = 60.0
    idle_seconds: float = 540.0

    def __post_init__(self) -> None:
        if not self.host or " " in self.host or _CONTROLS.search(self.host):
            raise ValueError(
                "The mailbox server's host name is empty or contains a space: give it as in imap.example.org."
            )
        if self.security == "none" and self.host.lower() not in LOOPBACK:
            raise ValueError(
                f"Mails from {self.host} must be encrypted: set security to tls or starttls. "
                "none is allowed to this machine only (localhost, 127.0.0.1, ::1)."
            )
        if not self.username or _CONTROLS.search(self.username):
            raise ValueError("Reading a mailbox needs a user name, without control characters.")
        if self.auth == "xoauth2" and not self.tokens:
            raise ValueError("Logging in with XOAUTH2 needs a source of access tokens.")
        if self.auth == "password" and not self.password:
            raise ValueError("Logging in needs a password.")
        if not self.folders or not all(self.folders):
            raise ValueError("Name at least one folder of the mailbox to read, as in INBOX.")

    def tls_context(self) -> ssl.SSLContext:
        """TLS that wants a certificate valid for the host's name; ssl.SSLError if ``ca_file`` cannot be used."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as problem:
            raise ssl.SSLError(0, f"{self.ca_file} holds no certificates that can be read") from problem


class ImapMailbox:
    """A Mailbox on an IMAP server."""

    def __init__(self, account: ImapAccount) -> None:
        self._account = account

    @contextmanager
    def open(self) -> Iterator[ImapSession]:
        """A session that is encrypted and logged in as the account says; MailboxTrouble if there is none."""
        account = self._account
        troubles = Troubles(account.host, account.port)
        with troubles.opening():
            wire = _connected(account)
        try:
            _LogIn(account, wire, troubles).done()
        except BaseException:
            wire.shutdown()
            raise
        session = ImapSession(wire, account.folders, account.idle_seconds, troubles)
        try:
            yield session
        finally:
            session.close()


def _connected(account: ImapAccount) -> ImapWire:
    tls = None if account.security == "none" else account.tls_context()
    at_once = tls if account.security == "tls" else None
    wire = ImapWire(account.host, account.port, account.timeout_seconds, at_once)
    if tls and not at_once:
        try:
            wire.encrypt(tls)
        except BaseException:
            wire.shutdown()
            raise
    return wire


class _LogIn:
    """One log-in; a wrong password is one attempt, a stale token is tried once anew."""

    def __init__(self, account: ImapAccount, wire: ImapWire, troubles: Troubles) -> None:
        self._account, self._wire, self._troubles = account, wire, troubles

    def done(self) -> None:
        """Log in, and learn what the server can do for those who are."""
        if self._account.auth == "xoauth2":
            self._with_token()
        else:
            self._with_password()
        with self._troubles.told("does not say what it can do"):
            self._wire.ask_capabilities()

    def _with_password(self) -> None:
        account, wire = self._account, self._wire
        password = account.password() if account.password else ""
        plain = f"\0{account.username}\0{password}"
        self._troubles.hide([password, base64.b64encode(plain.encode()).decode()])
        if _CONTROLS.search(password):
            raise self._troubles.trouble("takes no password with control characters in it", lasting=True)
        advice = "Check the user name and the password; some accounts want a password for this program alone."
        with self._troubles.told(f"did not let {account.username} in", advice, lasting=True):
            if "AUTH=PLAIN" in wire.capabilities:
                wire.authenticate("PLAIN", _once(plain.encode()))
            elif "LOGINDISABLED" in wire.capabilities:
                raise Refused("it offers no way to log in with a password")
            else:
                checked(wire.log_in(account.username, password))

    def _with_token(self) -> None:
        if "AUTH=XOAUTH2" not in self._wire.capabilities:
            raise self._troubles.trouble("does not offer XOAUTH2. Check the way to log in", lasting=True)
        first = self._token()
        if not self._taken(first, last=False):
            self._forget(first)
            second = self._token()
            self._taken(second, last=True)

    def _taken(self, token: str, *, last: bool) -> bool:
        """Whether the server takes the token; False only for a refusal that another token may overcome."""
        line = f"user={self._account.username}\x01auth=Bearer {token}\x01\x01"
        self._troubles.hide([token, base64.b64encode(line.encode()).decode()])
        advice = "Grant this program access to the mailbox anew."
        with self._troubles.told(f"did not let {self._account.username} in", advice, lasting=True):
            try:
                self._wire.authenticate("XOAUTH2", _once(line.encode()))
            except self._wire.error as problem:
                refusal = refusal_in(problem)
                if last or refusal is None or not refusal.lasts(usually=True):
                    raise
                return False
        return True

    def _token(self) -> str:
        try:
            return self._account.tokens.token() if self._account.tokens else ""
        except Refusal as refusal:
            lasting = bool(getattr(refusal, "needs_person", True))
            raise MailboxTrouble(*refusal.reasons, needs_person=lasting) from refusal

    def _forget(self, token: str) -> None:
        if self._account.tokens:
            self._account.tokens.refused(token)


def _once(answer: bytes) -> Callable[[bytes], bytes]:
    """A SASL client that says one thing; to what the server says about a failure, it answers nothing."""
    answers = [answer]
    return lambda _challenge: answers.pop() if answers else b""
