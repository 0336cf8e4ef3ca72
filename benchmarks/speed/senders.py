"""The senders: what each is called, how its process is started, and what came of a run."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from speed.installing import MODULES, NotInstalledError, rivals_node, rivals_python
from speed.sinks import HERE, PATH, found
from speed.stopwatch import Order

MINUTES = 4
"""No run takes so long."""


class FailedError(Exception):
    """What a sender's process said when it did not do what it was asked."""


@dataclass(frozen=True, slots=True)
class Sender:
    """``command``: how its process is started, without the order. Raises NotInstalledError if it cannot be."""

    name: str
    command: Callable[[], list[str]]
    keeps_ledger: bool = False
    """Whether it finds its people in a database of outreach, and not in a list."""


@dataclass(frozen=True, slots=True)
class Run:
    """So many mails in so many seconds, with the CPU seconds and the peak memory of the sender's processes."""

    count: int
    seconds: float
    cpu: float
    rss_kib: int

    @property
    def rate(self) -> float:
        """Mails per second."""
        return self.count / self.seconds

    @property
    def cpu_per_mail(self) -> float:
        """CPU seconds for one mail."""
        return self.cpu / self.count


@cache
def _command(module: str) -> list[str]:
    return [rivals_python(), "-m", f"speed.rivals.{module}"]


def _smtp_source() -> list[str]:
    if found("smtp-source") is None:
        raise NotInstalledError("smtp-source comes with Debian's package postfix")
    return [sys.executable, "-m", "speed.rivals.smtp_source"]


def _nodemailer() -> list[str]:
    return [rivals_node(), "speed/rivals/nodemailer_pool.cjs"]


OURS = Sender("outreach", lambda: [sys.executable, "-m", "speed.ours"], keeps_ledger=True)
SMTPLIB = Sender("smtplib loop", lambda: _command("smtplib_loop"))
MAILMERGE = Sender("mailmerge", lambda: _command("mailmerge_loop"))
POST_OFFICE = Sender("django-post_office", lambda: _command("post_office_queue"))
NODEMAILER = Sender("nodemailer", _nodemailer)
SMTP_SOURCE = Sender("smtp-source", _smtp_source)
OBVIOUS = Sender("obvious design", lambda: _command("obvious_design"))
RIVALS = (SMTP_SOURCE, NODEMAILER, POST_OFFICE, SMTPLIB, MAILMERGE, OBVIOUS)


def run_together(sender: Sender, orders: list[Order]) -> Run:
    """A process of the sender for each order, all at once, from the first mail of any to the last reply to any."""
    processes = [_Process(sender, order) for order in orders]
    try:
        for process in processes:
            process.wait_until_ready()
        for process in processes:
            process.begin()
        told = [process.told() for process in processes]
    finally:
        for process in processes:
            process.end()
    count = orders[0].count
    states = [each["states"] for each in told if "states" in each]
    if states and sum(each.get("sent", 0) for each in states) != count:
        raise FailedError(f"of {count} mails: {states}")
    seconds = max(each["ended"] for each in told) - min(each["began"] for each in told)
    return Run(count, seconds, sum(each["cpu"] for each in told), sum(each["rss_kib"] for each in told))


class _Process:
    """A sender's process."""

    def __init__(self, sender: Sender, order: Order) -> None:
        folder = Path(order.folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._said = folder / "stderr"
        found_there = {"PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent}", "NODE_PATH": str(MODULES)}
        environment = {**os.environ, "PATH": PATH, **found_there}
        command = [*sender.command(), json.dumps(asdict(order))]
        with self._said.open("wb") as stderr:
            self._process = subprocess.Popen(
                command,
                cwd=HERE,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        self._watch = threading.Timer(MINUTES * 60, self._process.kill)
        self._watch.start()

    def wait_until_ready(self) -> None:
        self._line()

    def begin(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._line())
        return told

    def end(self) -> None:
        self._watch.cancel()
        if self._process.poll() is None and self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            last = self._said.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            raise FailedError(last[0] if last else "its process ended without a word")
        return line
