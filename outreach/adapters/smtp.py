"""SMTP submission (RFC 6409): sessions to the coalition's mail account, with TLS and log-in kept as promised."""

import asyncio
import ipaddress
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import aiosmtplib
from aiosmtplib.auth import auth_login_encode, auth_plain_encode, auth_xoauth2_encode

from outreach.adapters.smtp_session import SmtpSession
from outreach.adapters.smtp_timeouts import SmtpTimeouts
from outreach.adapters.smtp_wire import clean, reply_of
from outreach.domain.outcomes import NoSession, Phase, Reply
from outreach.ports.transport import MailSession

__all__ = ["SmtpAccount", "SmtpSession", "SmtpTimeouts", "SmtpTransport"]

_CONTROLS_OR_SPACE = re.compile(r"[\x00-\x20\x7f]")
_UNKNOWN_MECHANISM = 504  # RFC 4954, 4
_PASSWORD_MECHANISMS = ("plain", "login", "cram-md5")


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where and as whom mails are submitted. Raises ValueError, in a sentence, for what must not be.

    ``security``: "starttls" and "tls" both require a certificate valid for ``host``; "none" is for this machine
    only. ``ca_file``: the authorities to trust instead of the system's. An empty ``username`` means no log-in.
    ``token`` gives a fresh OAuth2 access token when ``auth`` is "xoauth2". An empty ``hello`` means this
    machine's own name; an empty ``source_address`` lets the system choose.
    """

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    auth: Literal["password", "xoauth2"] = "password"
    token: Callable[[], Awaitable[str]] | None = field(default=None, repr=False)
    ca_file: Path | None = None
    hello: str = ""
    timeouts: SmtpTimeouts = field(default_factory=SmtpTimeouts)
    source_address: str = ""

    def __post_init__(self) -> None:
        if not self.host or _CONTROLS_OR_SPACE.search(self.host):
            raise ValueError(
                "The mail server's host name is empty or contains a space: give it as in smtp.example.org."
            )
        if self.security == "none" and not _is_this_machine(self.host):
            raise ValueError(
                f"Mails to {self.host} must be encrypted: set security to starttls or tls. "
                "none is allowed to this machine only (localhost, 127.0.0.1, ::1)."
            )
        if _CONTROLS_OR_SPACE.search(self.hello) or not self.hello.isascii():
            raise ValueError(f"The name for EHLO must be a host name in ASCII without spaces, not {self.hello!r}.")
        if self.auth == "xoauth2" and not (self.token and self.username):
            raise ValueError("Logging in with XOAUTH2 needs a user name and a source of access tokens.")

    def tls_context(self) -> ssl.SSLContext:
        """TLS that wants a certificate valid for the host's name; ssl.SSLError if ``ca_file`` cannot be used."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as problem:
            raise ssl.SSLError(0, f"{self.ca_file} holds no certificates that can be read") from problem


class SmtpTransport:
    """A MailTransport that submits to ``account`` for real."""

    rehearsal = False

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account

    async def open(self) -> MailSession | NoSession:
        """A session that is greeted, encrypted and logged in as the account says, or why there is none."""
        opening = _Opening(self._account)
        try:
            return await opening.session()
        except MemoryError:
            opening.abandon()
            raise
        except Exception as problem:  # noqa: BLE001  the port promises a value for whatever happens
            opening.abandon()
            return opening.explained(problem)
        except BaseException:
            opening.abandon()
            raise


class _Opening:
    """One attempt to open a session; knows how far it came and what must not be repeated to anyone."""

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account
        self._phase = Phase.CONNECT
        self._secrets = [account.password] if account.password else []
        self._smtp = aiosmtplib.SMTP()

    async def session(self) -> SmtpSession:
        """Connect, greet, encrypt, log in; raises whatever goes wrong."""
        account, timeouts = self._account, self._account.timeouts
        context = None if account.security == "none" else await asyncio.to_thread(account.tls_context)
        self._smtp = smtp = aiosmtplib.SMTP(
            hostname=account.host,
            port=account.port,
            local_hostname=account.hello or None,
            source_address=(account.source_address, 0) if account.source_address else None,
            use_tls=account.security == "tls",
            start_tls=False,  # taken step by step below, to know at which one it failed
            tls_context=context,
        )
        greeting = await smtp.connect(timeout=timeouts.connect)
        await self._ehlo()
        if account.security == "starttls":
            await self._encrypt()
        if account.username:
            self._phase = Phase.AUTH
            await self._log_in()
        if smtp.transport is None or smtp.transport.is_closing():
            raise ConnectionError("the server closed the connection")
        transport = cast("asyncio.Transport", smtp.transport)
        return SmtpSession(transport, smtp.esmtp_extensions, timeouts, greeting.message)

    def abandon(self) -> None:
        """Let the connection go, without waiting for the server's consent."""
        transport = self._smtp.transport
        self._smtp.close()
        if transport is not None:
            cast("asyncio.Transport", transport).abort()

    async def _ehlo(self) -> None:
        self._phase = Phase.EHLO
        await self._smtp.ehlo(timeout=self._account.timeouts.ehlo)

    async def _encrypt(self) -> None:
        self._phase = Phase.STARTTLS
        if not self._smtp.supports_extension("starttls"):
            raise ssl.SSLError(0, "it does not offer STARTTLS")
        await self._smtp.starttls(timeout=self._account.timeouts.starttls)
        await self._ehlo()  # RFC 3207, 4.2: what was said before TLS does not count

    async def _log_in(self) -> None:
        account, timeout = self._account, self._account.timeouts.auth
        if account.auth == "xoauth2":
            await self._log_in_with_token()
            return
        self._secrets += [part.decode() for part in auth_login_encode(account.username, account.password)[1:]]
        self._secrets.append(auth_plain_encode(account.username, account.password).decode())
        offered = [name for name in _PASSWORD_MECHANISMS if name in self._smtp.server_auth_methods]
        speak = {
            "plain": self._smtp.auth_plain,
            "login": self._smtp.auth_login,
            "cram-md5": self._smtp.auth_crammd5,
        }
        for name in offered:
            try:
                await speak[name](account.username, account.password, timeout=timeout)
            except aiosmtplib.SMTPAuthenticationError as refusal:
                # One wrong password is one attempt: the next way is tried only if this one does not exist.
                if refusal.code != _UNKNOWN_MECHANISM or name == offered[-1]:
                    raise
            else:
                return
        raise aiosmtplib.SMTPNotSupported("the server offers no way to log in with a password")

    async def _log_in_with_token(self) -> None:
        account, timeout = self._account, self._account.timeouts.auth
        if "xoauth2" not in self._smtp.server_auth_methods:
            raise aiosmtplib.SMTPNotSupported("the server does not offer XOAUTH2")
        async with asyncio.timeout(timeout):
            token = await _token_of(account)
        self._secrets += [token, auth_xoauth2_encode(account.username, token).decode()]
        await self._smtp.auth_xoauth2(account.username, token, timeout=timeout)

    # Saying what went wrong.

    def explained(self, problem: Exception) -> NoSession:
        """The failure as a value, without credentials, even when the server repeats them."""
        cause = problem.__cause__
        if isinstance(problem, aiosmtplib.SMTPResponseException):
            return self._refused(reply_of(problem.code, self._without_secrets(problem.message)))
        if isinstance(cause, aiosmtplib.SMTPServerDisconnected | aiosmtplib.SMTPReadTimeoutError):
            self._reached(Phase.GREETING)
        broken_promise = next((each for each in (problem, cause) if isinstance(each, ssl.SSLError)), None)
        if broken_promise:
            return self._insecure(broken_promise)
        return NoSession(self._phase, self._sentence(f"gave no session: {problem or type(problem).__name__}"))

    def _refused(self, reply: Reply) -> NoSession:
        self._reached(Phase.GREETING)
        broken_promise = self._phase is Phase.STARTTLS and reply.code >= 500  # noqa: PLR2004  RFC 5321, 4.2.1
        said = f"answered {reply.code} {reply.text}" if reply.code else f"answered with no SMTP reply: {reply.text}"
        return NoSession(self._phase, self._sentence(said), reply, security=broken_promise)

    def _insecure(self, problem: ssl.SSLError) -> NoSession:
        why = str(getattr(problem, "verify_message", "") or getattr(problem, "reason", "") or problem).rstrip(".")
        said = f"is not secure: {why}. Nothing was submitted; check the host name, its certificate and ca_file"
        return NoSession(self._phase, self._sentence(said), security=True)

    def _reached(self, phase: Phase) -> None:
        # aiosmtplib connects and reads the greeting in one step.
        if self._phase is Phase.CONNECT:
            self._phase = phase

    def _sentence(self, said: str) -> str:
        where = f"{self._account.host}:{self._account.port}"
        return clean(self._without_secrets(f"{where} {said.rstrip('.')}."))

    def _without_secrets(self, text: str) -> str:
        for secret in sorted(filter(None, self._secrets), key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


async def _token_of(account: SmtpAccount) -> str:
    if account.token is None:
        raise aiosmtplib.SMTPNotSupported("there is no source of access tokens")
    try:
        return await account.token()
    except Exception as problem:  # noqa: BLE001  whatever a token source raises
        # Only the kind: such errors like to quote the request, and the request holds secrets.
        raise ConnectionError(f"no access token could be had ({type(problem).__name__})") from None


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
