"""What every sender's process does alike: make ready, wait for the word, send, say what it took.

It is imported by rivals with a Python of their own, and so needs nothing but the standard library.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """What a sender's process is asked to do.

    ``people``: a file of JSON objects, one a line, of which the first ``count`` are written to. ``texts``: a JSON
    object of templates. ``folder``: for its own files. ``ca``: whom to trust, for TLS; "" for none.
    ``database``: where the ledger of outreach is.
    """

    port: int
    count: int
    connections: int
    folder: str
    people: str = ""
    texts: str = ""
    ca: str = ""
    database: str = ""

    @classmethod
    def given(cls) -> "Order":
        """The order on the command line."""
        return cls(**json.loads(sys.argv[1]))

    def at(self, port: int) -> "Order":
        """The same, for another port."""
        return replace(self, port=port)

    def read_people(self) -> list[dict[str, str]]:
        """Those who are written to."""
        with Path(self.people).open(encoding="utf-8") as lines:
            return [json.loads(line) for line, _ in zip(lines, range(self.count), strict=False)]

    def read_texts(self) -> dict[str, str]:
        """The templates: subject, text, html, and the address they come from."""
        texts: dict[str, str] = json.loads(Path(self.texts).read_text(encoding="utf-8"))
        return texts


class Stopwatch:
    """Knows when the sending began, and what the process had computed until then."""

    began = cpu = 0.0

    def start(self) -> None:
        """The sending begins now, and not when it was last said to."""
        self.began, self.cpu = time.perf_counter(), _cpu_seconds()


def timed(send: Callable[[Stopwatch], dict[str, Any] | None]) -> None:
    """Wait for the word, send, and print what it took as JSON, with whatever ``send`` adds."""
    print("ready", flush=True)
    sys.stdin.readline()
    watch = Stopwatch()
    watch.start()
    more = send(watch) or {}
    ended, cpu = time.perf_counter(), _cpu_seconds() - watch.cpu
    print(json.dumps({"began": watch.began, "ended": ended, "cpu": cpu, "rss_kib": _peak_kib(), **more}))


def _peak_kib() -> int:
    """The most memory this program has had. What getrusage tells would be its parent's, if that was larger."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return peaks[0] if peaks else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _cpu_seconds() -> float:
    """Of this process with all its threads, and of its children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)
