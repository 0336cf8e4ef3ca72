"""What a person is told when something cannot be done."""

from dataclasses import dataclass


class Refusal(Exception):  # noqa: N818  a refusal is an expected answer, not a defect
    """A verb declines; nothing was changed. ``reasons`` are sentences that a coordinator can act on."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class InvalidInput(Refusal):
    """What was given cannot be understood; the sentence names the place, the value and what is allowed."""


class Busy(Refusal):
    """Somebody else is at it: nothing was changed, and the same may work in a moment."""


class Unreachable(Refusal):
    """The database server has gone away, or has not come up: nothing was changed, and it may come back."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a text or a row: where (``line``, from 1; 0 for the whole) and what."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}" if self.line else self.sentence
