"""How fast a full mailbox is taken in, and in how much memory, beside a plain script, as a Markdown table.

Taking in means: read from a Maildir, stored and committed, then matched, understood and acted upon, each mail
exactly once. The plain script is what one would write in an afternoon: the standard library's Maildir and parser,
an insert into SQLite for each mail, a commit at the end; it understands nothing. The mails are the samples of
tests/mail with other names in them. Every run has a process of its own, so that its memory can be measured.
"""

import argparse
import json
import mailbox
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from email.utils import make_msgid
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "tests" / "mail"


def fill(folder: Path, count: int) -> None:
    """So many mails in a Maildir, no two alike."""
    for each in ("tmp", "new", "cur"):
        (folder / each).mkdir(parents=True)
    samples = [path.read_bytes() for path in sorted(SAMPLES.glob("*/*.eml"))]
    for number in range(count):
        mark = f"X-Number: {number} {make_msgid(domain='harbourlight.example')}\n".encode()
        (folder / "new" / f"{1_790_000_000 + number}.M{number}P1.here").write_bytes(
            mark + samples[number % len(samples)]
        )


def ours(box: Path, folder: Path) -> int:
    """The whole intake; how many mails were processed."""
    from outreach.adapters.clock import SystemClock
    from outreach.adapters.files import FileTransport
    from outreach.adapters.house_texts import read_house_texts
    from outreach.adapters.maildir import MaildirMailbox
    from outreach.bootstrap import Outreach
    from outreach.config.house import House
    from outreach.config.settings import Settings
    from outreach.store.database import open_database
    from outreach.worker.intake import Intake

    database = open_database(f"sqlite:///{folder / 'outreach.db'}")
    house = House(Settings(), database.salt, database.link_key, read_house_texts(folder))
    app = Outreach(folder, house, database, FileTransport(folder / "outbox"), SystemClock())
    return Intake(app, MaildirMailbox(box)).once().processed


def plain(box: Path, folder: Path) -> int:
    """A plain script; how many mails were stored."""
    connection = sqlite3.connect(folder / "plain.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE mail (sender, subject, content)")
    stored = 0
    for message in mailbox.Maildir(box, create=False):
        connection.execute(
            "INSERT INTO mail VALUES (?, ?, ?)", (str(message["From"]), str(message["Subject"]), bytes(message))
        )
        stored += 1
    connection.commit()
    connection.close()
    return stored


WAYS = {"outreach": ours, "plain script": plain}


def run_one(way: str, count: int) -> None:
    """In a process of its own: seconds, and the most memory in megabytes, as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        box = Path(folder, "mail")
        fill(box, count)
        began = time.perf_counter()
        assert WAYS[way](box, Path(folder)) == count
        seconds = time.perf_counter() - began
        print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def measured(way: str, count: int) -> tuple[float, float]:
    command = [sys.executable, __file__, "--one", way, "--count", str(count)]
    seconds, memory = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return count / seconds, memory


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--count", type=int, default=5000, help="mails in the mailbox")
    options.add_argument("--runs", type=int, default=3, help="runs of each, in turn")
    options.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        run_one(given.one, given.count)
        return
    few = max(given.count // 5, 1)
    cases = [("outreach", given.count), ("outreach", few), ("plain script", given.count)]
    found: dict[tuple[str, int], list[tuple[float, float]]] = {case: [] for case in cases}
    for _ in range(given.runs):  # side by side, so that a busy moment of the machine meets all of them
        for case in cases:
            found[case].append(measured(*case))
    floor = statistics.median(speed for speed, _ in found["plain script", given.count])
    print(f"| taken in, median of {given.runs} | mails/s | ratio | most memory |")
    print("|---|---:|---:|---:|")
    for (way, count), figures in found.items():
        speed = statistics.median(one for one, _ in figures)
        memory = statistics.median(one for _, one in figures)
        print(f"| {way}, {count:,} mails | {speed:,.0f} | {speed / floor:.2f} | {memory:,.0f} MB |")


if __name__ == "__main__":
    main()
