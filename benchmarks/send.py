"""How fast mails leave, side by side in one run: outreach with its whole ledger, and what one would use instead.

All of them send the same personalised mail of about eight KiB, in text and HTML, one recipient each. Each is a
process of its own. It has started, and read its list or filled its queue, before its time begins; the time of
outreach begins when it asks for its first connection, having looked for what is due and claimed its first mails.
The time ends with the last reply. Each round runs everybody once, in an order that rotates; figures are medians.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import results
from results import Section
from speed.goals import told
from speed.installing import versions
from speed.measuring import Pace
from speed.parts import PARTS
from speed.stage import prepared
from speed.tables import told_part

QUICK, FULL = Pace(rounds=2, seconds=1), Pace(rounds=5, seconds=4)


def main() -> None:
    """Run what is asked for, print the tables, keep them."""
    given = _given()
    parts = given.only.split(",") if given.only else list(PARTS)
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    usual = QUICK if os.environ.get("QUICK") else FULL
    pace = Pace(given.rounds or usual.rounds, given.seconds or usual.seconds, given.messages)
    sections, goals = [], []
    with tempfile.TemporaryDirectory() as folder:
        stage, ledgers, sizes = prepared(Path(folder), pace)
        for name in parts:
            measured = PARTS[name](stage, ledgers, given.connections)
            sections.append(told_part(measured, pace, sizes))
            goals += measured.goals
            _print(sections[-1])
    sections.append(told(goals))
    _print(sections[-1])
    about = {**results.machine("uvloop", "sqlalchemy", "jinja2"), **versions()}
    print(f"Kept in {results.write(sections, about)}")


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help=f"some of {','.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=0, help="how often each runs (5, with QUICK=1 2)")
    parser.add_argument("--seconds", type=float, default=0, help="how long a run should take (4, with QUICK=1 1)")
    parser.add_argument("--messages", type=int, default=0, help="so many in each run, however long it takes")
    parser.add_argument("--connections", type=int, default=16, help="how many are open at once (16)")
    return parser.parse_args()


def _print(section: Section) -> None:
    print(f"\n## {section.title}\n\n{section.text}\n", flush=True)


if __name__ == "__main__":
    main()
