"""What a scripted server can do instead of the usual answer; servers.py explains each in one line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Drop:
    """End the connection without a reply."""


@dataclass(frozen=True)
class Reset:
    """End the connection with a TCP reset (RST)."""


@dataclass(frozen=True)
class Hang:
    """Say nothing more, and keep the connection."""


@dataclass(frozen=True)
class Drip:
    """Reply byte by byte, ``gap`` seconds apart."""

    text: str
    gap: float


@dataclass(frozen=True)
class Cut:
    """Write ``data``, then end the connection."""

    data: bytes


@dataclass(frozen=True)
class Flood:
    """Write ``data`` again and again."""

    data: bytes


@dataclass(frozen=True)
class Taken:
    """Accept the mail, then do ``then``: the reply that would say so is lost, or says something else."""

    then: "Answer"


@dataclass(frozen=True)
class After:
    """Read ``count`` bytes of the text, then do ``then``."""

    count: int
    then: "Answer"


Answer = str | bytes | Drop | Reset | Hang | Drip | Cut | Flood | Taken | After


@dataclass
class Dialogue:
    """What one connection has come to; given to functions in a script."""

    number: int
    line: str = ""
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)
    parameters: tuple[str, ...] = ()
    encrypted: bool = False
    user: str = ""

    @property
    def recipient(self) -> str:
        """The address in the line being answered."""
        return address_in(self.line)


Handler = Callable[[Dialogue], Answer | None]


@dataclass(frozen=True)
class Mail:
    """A mail that was accepted, its text as it was before dots were added."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    parameters: tuple[str, ...]
    connection: int


@dataclass(frozen=True)
class Heard:
    """A line from the client; the verb of a text's end is DOT."""

    connection: int
    verb: str
    line: str
    encrypted: bool


class InTurn:
    """A script's function: the given answers one after the other, whoever asks."""

    def __init__(self, *answers: Answer | None) -> None:
        self._answers = list(answers)

    def __call__(self, _dialogue: Dialogue) -> Answer | None:
        return self._answers.pop(0) if self._answers else None


class Greylist:
    """A script's function for RCPT: ``refusals`` times "later" for each pair of sender and recipient, then yes."""

    def __init__(self, refusals: int = 1, reply: str = "451 4.7.1 Greylisted, come back later") -> None:
        self._refusals, self._reply = refusals, reply
        self.seen: dict[tuple[str, str], int] = {}

    def __call__(self, dialogue: Dialogue) -> Answer | None:
        pair = (dialogue.sender or "", dialogue.recipient)
        self.seen[pair] = self.seen.get(pair, 0) + 1
        return self._reply if self.seen[pair] <= self._refusals else None


class ByRecipient:
    """A script's function for RCPT: answers by whole address or by domain."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers

    def __call__(self, dialogue: Dialogue) -> Answer | None:
        domain = dialogue.recipient.rpartition("@")[2]
        return self._answers.get(dialogue.recipient, self._answers.get(domain))


def address_in(line: str) -> str:
    """The address between the brackets of a MAIL or RCPT line."""
    return line.partition("<")[2].partition(">")[0]


def text_of(answer: Answer) -> str:
    """The reply's text, empty if the answer is not a reply."""
    match answer:
        case Drip(text):
            return text
        case bytes():
            return answer.decode("latin-1")
        case str():
            return answer
    return ""
