"""What can come of trying to hand a message to a server, as values.

The table of outcomes stands in docs/developer.md; ``judging.judge`` reads these values and gives the verdict.
"""

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """How far the conversation had come (RFC 5321): the verb that was answered, or not answered."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    """The text was being written; the final dot had not been."""
    DOT = "dot"
    """The final dot had been written: the server may have accepted the message."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's reply: ``code`` (three digits), its ``text``, and the enhanced status (RFC 3463) if it has one."""

    code: int
    text: str
    enhanced: str = ""

    @property
    def permanent(self) -> bool:
        """Whether the server means it for good (5xx)."""
        return self.code // 100 == 5  # noqa: PLR2004  RFC 5321, 4.2.1

    @property
    def transient(self) -> bool:
        """Whether the server means: not now (4xx)."""
        return self.code // 100 == 4  # noqa: PLR2004  RFC 5321, 4.2.1


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server answered 2xx to the final dot: the message is its responsibility now (RFC 5321, 4.2.5)."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Declined:
    """The server answered 4xx or 5xx, or something that is no SMTP reply (then ``reply.code`` is 0)."""

    phase: Phase
    reply: Reply


@dataclass(frozen=True, slots=True)
class Lost:
    """End of file, reset or time-out instead of a reply. ``phase`` DOT: nobody knows whether it was accepted."""

    phase: Phase
    detail: str


@dataclass(frozen=True, slots=True)
class NoSession:
    """No session could be opened: nobody answered, or the server refused us, or TLS failed.

    ``security`` is true when a promise about TLS could not be kept (no STARTTLS, a bad certificate): a person
    must look before anything more is tried.
    """

    phase: Phase
    detail: str
    reply: Reply | None = None
    security: bool = False


@dataclass(frozen=True, slots=True)
class Unbegun:
    """The connection ended while this mail waited behind another; ``detail`` says why.

    Its text was never begun, and the server has said nothing to it.
    """

    detail: str


@dataclass(frozen=True, slots=True)
class Unsendable:
    """Nothing was said to the server about this message, because it cannot be sent as it is."""

    detail: str


Outcome = Accepted | Declined | Lost | NoSession | Unbegun | Unsendable
