"""How long every page of the console takes with a million contacts, three million mails, fifty thousand replies.

The workspace is built once in a folder and kept there: an SQLite file, and a PostgreSQL server that a wheel
carries (``--folder``). QUICK=1 builds a twentieth; without a folder that is done, too, and thrown away. Each page
is asked for once to warm up, with nothing kept in memory before, and then again and again, one after the other,
through the real ASGI application in this process: no network, no proxy, and nobody else at the console. What it
waits is the time until the whole page is there (of a stream or a file to fetch: its first piece); the database's
own work on PostgreSQL is in it. What it computes is the processor time of this process, in which SQLite's work is
and PostgreSQL's is not. The first time is shown as well: it compiles statements and templates, and fills the
console's memory of what it counted last.

    python benchmarks/console_pages.py --folder ~/outreach-bench
    python benchmarks/console_pages.py --folder ~/outreach-bench --only sqlite --match silent --times 50
"""

import argparse
import asyncio
import json
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from large.builder import Size
from large.life import NOW, ROSA, live
from large.pages import Asked, asked, missing
from large.rows import build
from large.servers import databases
from large.visiting import Answer, ask
from sqlmodel import select

from outreach.adapters.files import FileTransport
from outreach.bootstrap import Outreach
from outreach.store.database import Database, open_database
from outreach.store.tables import Contact, Sitting, User
from outreach.store.users import digest_of
from outreach.web.app import build_app
from outreach.web.console.app import plates
from tests import make

LIMIT = 200.0
TOKEN = "the benchmark's"
AGAIN, MOST_SECONDS = b'http-equiv="refresh"', 120
"""A page that says it will load itself again is waited for: what is computed beside it is not its own time."""
QUICK = bool(os.environ.get("QUICK"))
PATIENCE = 15.0
"""Seconds for one page: of a slower one fewer visits are made, one at least."""


def opened(folder: Path, kind: str, url: str, size: Size) -> Outreach:
    """The workspace with all its rows, built if it is not there."""
    database = open_database(url)
    house = make.house(database)
    app = Outreach(folder, house, database, FileTransport(folder / "out"), make.TurnedClock(NOW))
    with database.reading() as session:
        there = session.exec(select(User.id).limit(1)).first() is not None
        if not there and session.exec(select(Contact.id).limit(1)).first() is not None:
            raise SystemExit(f"{url} was left half built; remove it.")
    if not there:
        began = time.perf_counter()
        build(database, size)
        database.close()
        live(app)
        print(f"{kind}: built in {time.perf_counter() - began:.0f} s", flush=True)
    _seat(database)
    return app


def _seat(database: Database) -> None:
    with database.changing() as session:
        rosa = session.exec(select(User).where(User.address == ROSA)).one()
        if session.exec(select(Sitting).where(Sitting.digest == digest_of(TOKEN))).first() is None:
            ends = NOW + timedelta(days=30)
            session.add(
                Sitting(
                    digest=digest_of(TOKEN),
                    user_id=rosa.id or 0,
                    complete=True,
                    since=NOW,
                    seen_at=NOW,
                    ends_at=ends,
                )
            )


def measured(loop: asyncio.AbstractEventLoop, web: Any, line: Asked, times: int) -> dict[str, Any]:
    """What one page takes."""
    first = ask(loop, web, line.path, f"outreach={TOKEN}", line.form)
    for _ in range(MOST_SECONDS):
        if AGAIN not in first.body:
            break
        time.sleep(1)
        first = replace(ask(loop, web, line.path, f"outreach={TOKEN}", line.form), wall=first.wall)
    answers, began = list[Answer](), time.perf_counter()
    while len(answers) < times and (not answers or time.perf_counter() - began < PATIENCE):
        answers.append(ask(loop, web, line.path, f"outreach={TOKEN}", line.form))
    walls, cpus = sorted(one.wall for one in answers), sorted(one.cpu for one in answers)
    place = math.ceil(len(walls) * 0.95) - 1
    return {
        "page": line.name,
        "door": line.door,
        "code": first.code,
        "bytes": first.size,
        "times": len(answers),
        "first": round(first.wall, 1),
        "median": round(statistics.median(walls), 1),
        "p95": round(walls[place], 1),
        "cpu": round(statistics.median(cpus), 1),
        "cpu_p95": round(cpus[place], 1),
    }


def measure(app: Outreach, size: Size, match: str, skip: str, times: int) -> Iterator[dict[str, Any]]:
    """What every page takes."""
    web = build_app(app)
    loop = asyncio.new_event_loop()
    with app.database.reading() as session:
        lines = list(asked(session, size))
    if left := missing({(plate.method, plate.path) for plate in plates()}, lines):
        print(f"Not asked for: {', '.join(left)}")
    ask(loop, web, "/console/me", f"outreach={TOKEN}")
    for line in lines:
        if match in line.name and not (skip and skip in line.name):
            found = measured(loop, web, line, times)
            print(f"{found['p95']:8.0f} {found['cpu']:8.0f}  {line.name}", file=sys.stderr, flush=True)
            yield found
    loop.close()


def table(results: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """In Markdown; what is over the limit stands in bold."""
    kinds = list(results)
    yield "| page, ms | " + " | ".join(f"{kind}: first | median | p95 | cpu" for kind in kinds) + " |"
    yield "|---|" + "---:|" * (4 * len(kinds))
    for rows in zip(*results.values(), strict=True):
        cells = []
        for row in rows:
            high = f"**{row['p95']:.0f}**" if row["p95"] > LIMIT else f"{row['p95']:.0f}"
            cells.append(f"{row['first']:.0f} | {row['median']:.0f} | {high} | {row['cpu']:.0f}")
        code = "" if rows[0]["code"] in (200, 303) else f" ({rows[0]['code']})"
        yield f"| `{rows[0]['page']}`{code} | " + " | ".join(cells) + " |"


def rooms(results: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """The same in few lines: of each room how many pages were asked for, and the 95th percentile of the slowest."""
    kinds = list(results)
    yield "| room | pages | " + " | ".join(f"{kind}: p95 of the slowest, cpu" for kind in kinds) + " |"
    yield "|---|---:|" + "---:|" * len(kinds)
    names = dict.fromkeys(room_of(row["door"]) for row in results[kinds[0]])
    for name in names:
        found = [[row for row in rows if room_of(row["door"]) == name] for rows in results.values()]
        worst = [max(rows, key=lambda row: row["p95"]) for rows in found]
        told = " | ".join(f"{row['p95']:.0f}, {row['cpu']:.0f}" for row in worst)
        yield f"| {name} | {len(found[0])} | {told} |"


def room_of(door: str) -> str:
    """The room that a door leads to: the page of a call has many."""
    parts = door.removeprefix("/console").strip("/").split("/")
    if parts[:2] == ["calls", "{slug}"]:
        return " ".join(["a call", *parts[2:3]])
    return parts[0] or "home"


def summary(kind: str, rows: list[dict[str, Any]]) -> str:
    """How many pages are quick enough, and which are not."""
    slow = [row for row in rows if row["p95"] > LIMIT]
    said = "; ".join(f"{row['page']} {row['p95']:.0f}" for row in sorted(slow, key=lambda row: -row["p95"]))
    return f"{kind}: {len(rows) - len(slow)} of {len(rows)} within {LIMIT:.0f} ms at the 95th percentile. {said}"


@contextmanager
def _folder(given: str) -> Iterator[Path]:
    if given:
        yield Path(given)
    else:
        with tempfile.TemporaryDirectory(prefix="bench") as folder:
            yield Path(folder)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--folder", default="", help="where the data is, or is to be, kept")
    options.add_argument("--only", choices=["sqlite", "postgresql"], help="one database only")
    options.add_argument("--match", default="", help="pages with this in their name only")
    options.add_argument("--skip", default="", help="leave pages with this in their name out")
    options.add_argument("--times", type=int, default=20, help="how often each is asked for")
    options.add_argument("--json", default="", help="write the figures to this file, too")
    given = options.parse_args()
    size, results = Size().part(20) if QUICK or not given.folder else Size(), {}
    kinds = [given.only] if given.only else ["sqlite", "postgresql"]
    with _folder(given.folder) as folder, databases(folder, kinds) as urls:
        for kind, url in urls.items():
            app = opened(folder, kind, url, size)
            results[kind] = list(measure(app, size, given.match, given.skip, given.times))
            app.database.close()
    print("\n".join([*table(results), "", *rooms(results)]))
    for kind, rows in results.items():
        print(f"\n{summary(kind, rows)}")
    load = os.getloadavg()[0]
    print(f"\nLoad of the machine at the end: {load:.1f} on {os.cpu_count()} processors.")
    if given.json:
        Path(given.json).write_text(json.dumps({"load": load, "limit": LIMIT, "results": results}, indent=1))


if __name__ == "__main__":
    main()
