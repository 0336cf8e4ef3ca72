"""What a coordinator reads when an IMAP server fails us, and whether it passes by itself (RFC 5530)."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from outreach.adapters.smtp_wire import clean
from outreach.ports.mailbox import MailboxTrouble

PASSING = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED"})
LASTING = frozenset(
    {
        "AUTHENTICATIONFAILED",
        "AUTHORIZATIONFAILED",
        "CANNOT",
        "CONTACTADMIN",
        "EXPIRED",
        "NONEXISTENT",
        "NOPERM",
        "OVERQUOTA",
        "PRIVACYREQUIRED",
        "TRYCREATE",
    }
)
# What the large servers write where RFC 5530 has a code: Gmail "[ALERT] Too many simultaneous connections",
# "Account exceeded command or bandwidth limits"; Exchange "User is authenticated but not connected".
_LATER = re.compile(
    r"too many|temporar|throttl|rate limit|bandwidth|try (?:again )?later|try again in|"
    r"unavailable|overload|busy|timed? ?out|not connected",
    re.IGNORECASE,
)
_COMMAND = re.compile(r"^(?:command: [A-Z]+ => )+")
_CODE = re.compile(r"\s*\[([A-Za-z0-9-]{1,40})[^\]]{0,400}\]\s*")

# What imaplib raises on servers that are down, refuse, or speak no IMAP.
PROBLEMS = (imaplib.IMAP4.error, OSError, ValueError, LookupError, TypeError, AttributeError)


class Refused(Exception):  # noqa: N818  the server's answer, soon a MailboxTrouble
    """The server answered NO or BAD; ``code`` is its response code, empty if it gave none."""

    def __init__(self, text: str) -> None:
        found = _CODE.match(text)
        self.code = found[1].upper() if found else ""
        self.text = text[found.end() :] if found else text
        super().__init__(self.text)

    def lasts(self, *, usually: bool) -> bool:
        """Whether it needs a person; ``usually`` is what the lack of a known code means here."""
        if self.code in PASSING or _LATER.search(self.text):
            return False
        return usually or self.code in LASTING


class Troubles:
    """Makes a MailboxTrouble of whatever goes wrong with one server, without credentials in it."""

    def __init__(self, host: str, port: int) -> None:
        self._where = f"{host}:{port}"
        self._secrets = set[str]()

    def hide(self, secrets: Iterable[str]) -> None:
        """These must not be repeated to anyone, even if the server does."""
        self._secrets.update(filter(None, secrets))

    @contextmanager
    def told(self, refused: str, advice: str = "", *, lasting: bool = False) -> Iterator[None]:
        """Raises MailboxTrouble for all PROBLEMS inside.

        ``refused`` completes "The server ..." for a refusal, ``advice`` is a sentence for one that lasts;
        ``lasting``: whether a refusal without a known code needs a person.
        """
        try:
            yield
        except Refused as answer:
            raise self._refusal(answer, refused, advice, lasting=lasting) from None
        except PROBLEMS as problem:
            said_no = refusal_in(problem)
            if said_no:
                raise self._refusal(said_no, refused, advice, lasting=lasting) from problem
            raise self._failure(problem) from problem

    @contextmanager
    def opening(self) -> Iterator[None]:
        """As ``told``, while TLS is made: a certificate that is not right lasts."""
        try:
            with self.told("does not greet us"):
                yield
        except MailboxTrouble as trouble:
            cause = trouble.__cause__
            # A server that goes down in the middle of a handshake has broken no promise.
            if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
                raise self._insecure(cause) from cause
            if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME:
                raise self.trouble("is a name that nobody knows. Check the host name", lasting=True) from cause
            raise

    def trouble(self, said: str, *, lasting: bool) -> MailboxTrouble:
        """The sentence "host:port said." as a trouble."""
        return MailboxTrouble(self._clean(f"{self._where} {said.rstrip('. ')}."), needs_person=lasting)

    def _refusal(self, answer: Refused, refused: str, advice: str, *, lasting: bool) -> MailboxTrouble:
        lasts = answer.lasts(usually=lasting)
        text = self._clean(answer.text).rstrip(". ") or answer.code or "no reason given"
        return self.trouble(f"{refused}: {text}. {advice if lasts else ''}", lasting=lasts)

    def _failure(self, problem: Exception) -> MailboxTrouble:
        words = _COMMAND.sub("", str(getattr(problem, "strerror", "") or problem or type(problem).__name__))
        reached = not isinstance(problem, imaplib.IMAP4.abort | OSError) or "unexpected" in words
        said = "answers with what is no IMAP" if reached else "is out of reach"
        return self.trouble(f"{said}: {words}", lasting=False)

    def _insecure(self, problem: ssl.SSLError) -> MailboxTrouble:
        why = str(getattr(problem, "verify_message", "") or getattr(problem, "reason", "") or problem.args[-1])
        said = (
            f"is not secure: {why.rstrip('. ')}. Nothing was read; check the host name, its certificate and ca_file"
        )
        return self.trouble(said, lasting=True)

    def _clean(self, text: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return clean(text)


def checked(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the server gave. Raises Refused unless it said OK."""
    state, data = answer
    if state != "OK":
        raise Refused(_text(data))
    return data


def refusal_in(problem: Exception) -> Refused | None:
    """The server's NO or BAD, if that is what the problem is about."""
    if type(problem) is imaplib.IMAP4.error:
        return Refused(_bad(str(problem)))
    return None


def _bad(text: str) -> str:
    """The server's words in imaplib's "SEARCH command error: BAD [b'...']"."""
    found = re.search(r"command error: BAD \[b(['\"])(.{0,1000})\1\]$", text, re.DOTALL)
    return found[2] if found else text


def _text(data: Any) -> str:
    words = data if isinstance(data, list | tuple) else [data]
    return " ".join(each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in words)
