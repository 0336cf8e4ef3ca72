"""What is to be reached, and whether it was."""

from dataclasses import dataclass

from results import Section, table

from speed.measuring import Series


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio of ours to another's; ``least`` is None for one that is only reported."""

    what: str
    least: float | None
    ratio: float

    def row(self) -> tuple[str, str, str, str]:
        """Its line in the table."""
        measured = "not measured" if self.ratio != self.ratio else f"{self.ratio:.2f}"
        if self.least is None:
            return self.what, "reported", measured, ""
        return self.what, f">= {self.least:g}", measured, "yes" if self.ratio >= self.least else "no"


def ratio(of: float, to: float) -> float:
    """Not a number where there is nothing to compare to."""
    return of / to if to else float("nan")


def rates(what: str, least: float | None, ours: Series, other: Series) -> Goal:
    """How many times as many mails per second as another."""
    return Goal(what, least, ratio(ours.rate, other.rate))


def savings(what: str, least: float, ours: Series, other: Series) -> Goal:
    """How many times the CPU seconds for a mail another takes."""
    return Goal(what, least, ratio(other.cpu, ours.cpu))


def told(goals: list[Goal]) -> Section:
    """The table of goals."""
    text = table(("goal", "asked", "measured", "reached"), [goal.row() for goal in goals])
    return Section("Goals of sending", text, [{"goal": g.what, "least": g.least, "ratio": g.ratio} for g in goals])
