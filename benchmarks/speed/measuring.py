"""Runs contenders side by side: each once a round, in an order that rotates, for a few seconds."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from results import median

from speed.installing import NotInstalledError
from speed.ledgers import Ledgers
from speed.senders import FailedError, Run, Sender, run_together
from speed.stopwatch import Order

FEWEST, MOST = 40, 100_000
ENOUGH_TO_SHARE = 5_000
"""So many mails at least for several workers: who joins another waits two seconds until that one knows of it."""
LONG_ENOUGH = 0.5
"""The part of the time that a run should take from which on it says how fast a sender is."""
NOT_A_NUMBER = float("nan")


@dataclass(frozen=True, slots=True)
class Pace:
    """How many rounds; how many seconds a run should take, or how many mails each sends if it is not 0."""

    rounds: int
    seconds: float
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Contender:
    """A sender with its way to a sink. ``ledgers``: where outreach finds its people; ``workers``: its processes."""

    label: str
    sender: Sender
    port: int
    connections: int
    ca: str = ""
    ledgers: Ledgers | None = None
    workers: int = 1


@dataclass(slots=True)
class Series:
    """The runs of a contender, or why there are none."""

    contender: Contender
    count: int = 0
    runs: list[Run] = field(default_factory=list)
    trouble: str = ""

    @property
    def rate(self) -> float:
        """Mails per second, in the median run."""
        return median(run.rate for run in self.runs)

    @property
    def cpu(self) -> float:
        """CPU seconds for one mail, in the median run."""
        return median(run.cpu_per_mail for run in self.runs)

    @property
    def rss_mib(self) -> float:
        """Peak memory in MiB, of all its processes, in the median run."""
        return median(run.rss_kib / 1024 for run in self.runs)

    def figures(self) -> dict[str, Any]:
        """All that was measured."""
        runs = [asdict(run) for run in self.runs]
        medians = {"rate": self.rate, "cpu_per_mail": self.cpu, "rss_mib": self.rss_mib} if runs else {}
        return {"connections": self.contender.connections, **medians, "trouble": self.trouble, "runs": runs}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where runs have their files: the list of people, the templates, and a folder for each run."""

    folder: Path
    pace: Pace

    @property
    def people(self) -> Path:
        """The list of all who could be written to."""
        return self.folder / "people.jsonl"

    @property
    def texts(self) -> Path:
        """The templates."""
        return self.folder / "texts.json"

    def run(self, contender: Contender, count: int) -> Run:
        """One run of so many mails."""
        folder = self.folder / "run"
        database = contender.ledgers.fresh(count) if contender.ledgers else ""
        named = {"people": str(self.people), "texts": str(self.texts), "ca": contender.ca, "database": database}
        try:
            return run_together(
                contender.sender,
                [
                    Order(contender.port, count, contender.connections, str(folder / str(number)), **named)
                    for number in range(contender.workers)
                ],
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def measured(self, title: str, contenders: Sequence[Contender]) -> dict[str, Series]:
        """All rounds; a contender that fails takes no further part, and its series says why."""
        series = {one.label: Series(one) for one in contenders}
        for one in series.values():
            self._attempt(one, self._fit)
        for number in range(self.pace.rounds):
            turned = number % len(contenders)
            for contender in (*contenders[turned:], *contenders[:turned]):
                one = series[contender.label]
                if not one.trouble:
                    self._attempt(one, lambda one: one.runs.append(self.run(one.contender, one.count)))
                last = f"{one.runs[-1].rate:,.0f} a second" if one.runs else one.trouble
                print(f"{title}, round {number + 1}: {contender.label}, {last}", file=sys.stderr)
        return series

    def _attempt(self, one: Series, what: Any) -> None:
        try:
            what(one)
        except NotInstalledError as trouble:
            one.trouble = f"could not be installed: {trouble}"
        except FailedError as trouble:
            one.trouble = f"failed: {trouble}"

    def _fit(self, one: Series) -> None:
        """Find how many mails it sends in the time that a run should take."""
        fewest = FEWEST if one.contender.workers == 1 else ENOUGH_TO_SHARE
        count = self.pace.messages or fewest
        run = self.run(one.contender, count)
        while not self.pace.messages and run.seconds < LONG_ENOUGH * self.pace.seconds and count < MOST:
            count = min(MOST, max(2 * count, round(min(100 * count, run.rate * self.pace.seconds))))
            run = self.run(one.contender, count)
        fitting = float(f"{run.rate * self.pace.seconds:.2g}")
        one.count = self.pace.messages or min(MOST, max(fewest, round(fitting)))
