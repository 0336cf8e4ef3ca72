"""How fast contacts are imported, beside a bare ``sqlite3.executemany`` of the same cells, as a Markdown table.

The bare import checks nothing, knows no organisation and no tag, and brings nothing together: it is the floor
that the disk and the CSV reader set, not a rival. Each figure is the median of several runs in new databases.
"""

import argparse
import csv
import gc
import resource
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from outreach.adapters.contact_files import read_contacts
from outreach.config.house import House
from outreach.config.settings import Settings
from outreach.store.database import open_database
from outreach.usecases.import_contacts import import_contacts

HEADER = "email,name,given_name,organisation,acronym,organisation_country,role,country,language,tags,source,basis"
NOW = datetime(2027, 1, 11, 12, 0, tzinfo=UTC)
NAMES = ("Wanjiru Kamau", "Rosa Peña", "Idris Belhaj", "Józef Łukasik", "ليلى حداد", "Adaeze Okonkwo")
PLACES = (("KE", "en"), ("ES", "es"), ("MA", "ar"), ("FR", "fr"), ("NG", "en"))


def write_table(path: Path, rows: int) -> Path:
    """A table of invented people, five to an organisation."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER.split(","))
        for number in range(rows):
            body, name = number // 5, NAMES[number % len(NAMES)]
            country, language = PLACES[body % len(PLACES)]
            about = (f"Harbour Lamp {body}", f"HL{body}", country, "Coordinator", country, language)
            said = ("migration;shelter", "the coalition’s public directory", "member")
            writer.writerow((f"p{number}@lamp{body}.example", name, name.split()[0], *about, *said))
    return path


def ours(table: Path, folder: Path) -> tuple[float, float]:
    """Seconds for importing the table into an empty workspace, and for importing it again."""
    database = open_database(f"sqlite:///{folder / 'outreach.db'}")
    house = House(Settings(), database.salt, database.link_key)
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        with database.changing() as session:
            found = read_contacts(table)
            import_contacts(session, found.rows, found.header, now=NOW, by="benchmark", house=house)
        seconds.append(time.perf_counter() - began)
    database.close()
    return seconds[0], seconds[1]


def bare(table: Path, folder: Path) -> float:
    """Seconds for reading the table and writing its cells into one table, by their address."""
    began = time.perf_counter()
    connection = sqlite3.connect(folder / "bare.db")
    connection.execute("PRAGMA journal_mode=WAL")
    with table.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        columns = next(rows)
        connection.execute(f"CREATE TABLE contact ({', '.join(columns)}, PRIMARY KEY (email))")
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT OR REPLACE INTO contact VALUES ({marks})", rows)
    connection.commit()
    connection.close()
    return time.perf_counter() - began


def measured(table: Path, rows: int, runs: int) -> list[tuple[str, float]]:
    """The rows that are handled in a second: the first import, the same once more, and the bare one."""
    first, again, floor = [], [], []
    for _ in range(runs):  # side by side, so that a busy moment of the machine meets all three
        with tempfile.TemporaryDirectory() as folder:
            gc.collect()
            new, known = ours(table, Path(folder))
            first.append(new)
            again.append(known)
            floor.append(bare(table, Path(folder)))
    kinds = (("first import", first), ("the same file again", again), ("bare executemany", floor))
    return [(name, rows / statistics.median(seconds)) for name, seconds in kinds]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    print("| rows | what | rows/s | peak memory of the process so far |")
    print("|---:|---|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for rows in asked.rows:
            table = write_table(Path(folder) / f"{rows}.csv", rows)
            for what, speed in measured(table, rows, asked.runs):
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                print(f"| {rows:,} | {what} | {speed:,.0f} | {peak} MB |", flush=True)


if __name__ == "__main__":
    main()
