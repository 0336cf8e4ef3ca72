"""How long the reads behind the console's first page and a call's page take, as a Markdown table.

Each is asked again and again of a database that benchmarks/console_pages.py built; the funnel once as it is counted
anew, and once as the console keeps it. Milliseconds until the read has its answer, in one process.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlmodel import Session, select

from outreach.config.house import House
from outreach.config.settings import Settings
from outreach.domain.pacing import Pace
from outreach.domain.users import Held, Role
from outreach.queries.call_list import listed_calls
from outreach.queries.call_progress import Funnels, funnel, sending
from outreach.queries.call_timeline import timeline
from outreach.queries.home import home
from outreach.queries.prospects import prospects
from outreach.queries.signature_curve import curve
from outreach.queries.silent import silent
from outreach.store.database import Database, open_database
from outreach.store.tables import Call

NOW = datetime(2027, 2, 22, 12, 0, tzinfo=UTC)
HELD = (Held(Role.COORDINATOR),)
Read = Callable[[Session, Call], object]


def reads(house: House) -> dict[str, Read]:
    """Every read, by the name that it has in the table."""
    kept = Funnels()
    pace = Pace(60, 3600, 86400, 60)
    middle = "100000-500000"

    def beneath(session: Session, call: Call) -> object:
        return prospects(session, call, kept.of(session, call))

    def first_page(session: Session, _call: Call) -> object:
        return home(session, HELD, 1, now=NOW, today=date(2027, 2, 22), house=house)

    return {
        "home": first_page,
        "list of calls": lambda session, _: listed_calls(session, None),
        "funnel, counted anew": funnel,
        "funnel, as the console asks for it": kept.of,
        "sending": lambda session, call: sending(session, call, now=NOW, pace=pace),
        "curve of signatures": lambda session, call: curve(session, call, now=NOW),
        "timeline": timeline,
        "what deeds would do": beneath,
        "silent, first page": silent,
        "silent, in the middle": lambda session, call: silent(session, call, after=middle),
        "silent, searched": lambda session, call: silent(session, call, search="harbour lamp 77"),
    }


def measured(database: Database, read: Read, times: int, slug: str) -> tuple[float, float]:
    """The median and the 95th percentile in milliseconds, the first time left out, which compiles the statement."""
    taken = []
    for _ in range(times + 1):
        with database.reading() as session:
            call = session.exec(select(Call).where(Call.slug == slug)).one()
            began = time.perf_counter()
            read(session, call)
            taken.append((time.perf_counter() - began) * 1000)
    taken = sorted(taken[1:])
    return statistics.median(taken), taken[min(int(len(taken) * 0.95), len(taken) - 1)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("urls", nargs="*", help="of databases that benchmarks/console_pages.py built")
    options.add_argument("--times", type=int, default=40, help="how often each is asked")
    options.add_argument("--call", default="large", help="of which call")
    given = options.parse_args()
    if not given.urls:
        print("Give the URLs of databases that benchmarks/console_pages.py built.")
        return
    names = " | ".join(f"{sa.make_url(url).get_backend_name()}, median | p95" for url in given.urls)
    print(f"| read, ms | {names} |")
    print("|---|" + "---:|" * (2 * len(given.urls)))
    databases = [open_database(url) for url in given.urls]
    tables = [reads(House(Settings(), one.salt, one.link_key)) for one in databases]
    for name in tables[0]:
        figures = [
            measured(one, table[name], given.times, given.call)
            for one, table in zip(databases, tables, strict=True)
        ]
        print(
            f"| {name} | " + " | ".join(f"{median:.1f} | {high:.1f}" for median, high in figures) + " |", flush=True
        )


if __name__ == "__main__":
    main()
