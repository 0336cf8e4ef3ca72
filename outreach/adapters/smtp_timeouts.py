"""How long a server may take to answer (RFC 5321, 4.5.3.2)."""

from dataclasses import dataclass

from outreach.domain.outcomes import Phase


@dataclass(frozen=True, slots=True)
class SmtpTimeouts:
    """How many seconds to wait in each phase: RFC 5321, 4.5.3.2, shortened to what submission servers need."""

    connect: float = 30
    """For the connection, and once more for the greeting."""
    ehlo: float = 60
    starttls: float = 60
    auth: float = 60
    mail: float = 60
    rcpt: float = 60
    data: float = 60
    body: float = 120
    """For each 64 KiB of a text that is larger than that, not for the whole."""
    dot: float = 300
    """The longest: giving up here leaves a message of which nobody knows whether it was accepted."""
    quit: float = 5

    @classmethod
    def around(cls, seconds: float) -> "SmtpTimeouts":
        """The same patience for every verb, and five times that after the final dot."""
        verbs = dict.fromkeys(("ehlo", "starttls", "auth", "mail", "rcpt", "data", "body"), seconds)
        return cls(connect=min(seconds, 30), dot=5 * seconds, quit=min(seconds, 5), **verbs)

    def of(self, phase: Phase) -> float:
        """The seconds to wait for what ``phase`` asks."""
        name = Phase.CONNECT.value if phase is Phase.GREETING else phase.value
        return float(getattr(self, name))
