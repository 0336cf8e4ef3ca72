"""What a list costs from its import to its export, at three sizes, beside bare statements that write the same rows.

Each step is a process of its own, so that its peak of memory is its own. SQLite, with synchronous=FULL. The bare
statements are ``executemany`` of the imported rows into a table without any index, and into the same tables with
their indexes and triggers; and ``INSERT ... SELECT`` of the queued rows, committed, in a copy of the database and
with as much of it in memory: into the same table, emptied before, as a launch finds it, and once more, as a
reminder does. How a step grows is told by the exponent between the smallest and the largest list: 1 is in step
with the list, 2 its square. That and the ratios are of processor time, without the sink's: a busy machine
lengthens it less. Figures are medians, of a million contacts those of one run.
"""

import argparse
import asyncio
import math
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import results
import sqlalchemy as sa
from import_contacts import write_table
from speed.campaign import ClockFromNoon, house
from speed.sinks import own_sink
from speed.stopwatch import _peak_kib

from outreach.adapters.contact_files import read_contacts
from outreach.adapters.tables import write_csv
from outreach.bootstrap import Outreach, build_transport
from outreach.domain.audiences import Audience
from outreach.queries.call_progress import funnel
from outreach.queries.calls import call_line, mailings
from outreach.queries.export_contacts import export_rows
from outreach.queries.export_signatures import export_rows as signature_rows
from outreach.queries.outbox import as_data, counts, lines
from outreach.store.audiences import count_by_reason
from outreach.store.bulk import with_room
from outreach.store.database import Database, open_database
from outreach.store.tables import Call, Contact, Signature
from outreach.usecases.import_contacts import import_contacts
from outreach.usecases.launch_call import launch_call
from outreach.usecases.queue_due_mailings import queue_due_mailings
from outreach.usecases.ring import ring
from outreach.worker.work import work
from tests import make

SIZES, QUICK = (10_000, 100_000, 1_000_000), (1_000, 10_000)
RUNS, ONCE = 3, 1_000_000
"""So often each size is measured; from ``ONCE`` on, once."""
SENT = 5_000
"""So many mails are sent, however long the queue is."""
CALL = 1
SENT_ALL = (
    "UPDATE message SET state = 'sent', settled_at = queued_at, sent_at = queued_at, attempts = 1, copies = 1"
)
COPY = "copy.db"
OWN = ("id", "contact_id", "organisation_id", "signer_key", "mailbox_digest")
"""What each signature has of its own."""
COPIED = ("organisation", "contact", "affiliation", "contact_tag")


def imported(database: Database, folder: Path) -> None:
    """The table of contacts, into an empty workspace."""
    found = read_contacts(folder / "list.csv")
    with database.changing() as session:
        import_contacts(session, found.rows, found.header, now=make.NOON, by="Rosa", house=make.house(database))


def imported_again(database: Database, folder: Path) -> None:
    """The same table, of which everything is known."""
    imported(database, folder)


def counted(database: Database, _folder: Path) -> None:
    """How many get the invitation, and why the others do not."""
    with database.reading() as session:
        count_by_reason(session, session.get_one(Call, CALL), database.salt)


def launched(database: Database, _folder: Path) -> None:
    """The call, with a row for each invitation."""
    with database.changing() as session:
        launch_call(session, session.get_one(Call, CALL), now=make.NOON, by="Rosa", house=house(database))


def rung(database: Database, _folder: Path) -> None:
    """A ring of the scheduler, while everything waits."""
    with database.changing() as session:
        ring(session, now=make.NOON + timedelta(minutes=1), house=house(database))


def sent(database: Database, folder: Path) -> None:
    """Some of the mails, by the engine into a sink."""
    with own_sink() as port:
        settled = house(database, port=port)
        app = Outreach(folder, settled, database, build_transport(settled.settings, folder), ClockFromNoon())
        asyncio.run(work(app, until_idle=True))


def reminded(database: Database, _folder: Path) -> None:
    """A row for each reminder, all having been invited."""
    with database.reading() as session:
        first = "SELECT MIN(earliest_at) FROM mailing WHERE kind = 'reminder'"
        at = datetime.fromisoformat(session.execute(sa.text(first)).scalar_one()).replace(tzinfo=UTC)
    with database.changing() as session:
        queue_due_mailings(session, now=at + timedelta(minutes=1), house=house(database))


def shown(database: Database, _folder: Path) -> None:
    """What ``outreach outbox`` shows."""
    with database.reading() as session:
        counts(session)


def standing(database: Database, _folder: Path) -> None:
    """What ``outreach calls show`` shows, and the call's page: where everybody stands who was invited."""
    with database.reading() as session:
        call = session.get_one(Call, CALL)
        call_line(session, call)
        mailings(session, call, database.salt)
        funnel(session, call)


def listed(database: Database, _folder: Path) -> None:
    """What ``outreach outbox list`` shows at first."""
    with database.reading() as session:
        as_data(lines(session))


def exported_signatures(database: Database, folder: Path) -> None:
    """All signatures, as a table."""
    with database.reading() as session:
        header, rows = signature_rows(session, session.get_one(Call, CALL), private=True)
        write_csv(folder / "signatures.csv", header, rows)


def exported(database: Database, folder: Path) -> None:
    """All contacts, as a table."""
    with database.reading() as session:
        header, rows = export_rows(session)
        write_csv(folder / "export.csv", header, rows)


def bare_rows(_database: Database, folder: Path) -> None:
    """The contacts' rows into a table without an index."""
    source = sqlite3.connect(folder / "outreach.db")
    rows = source.execute("SELECT * FROM contact")
    marks = ", ".join("?" * len(rows.description))
    (folder / "plain.db").unlink(missing_ok=True)
    target = _bare(folder / "plain.db")
    target.execute(f"CREATE TABLE plain ({', '.join(each[0] for each in rows.description)})")
    target.executemany(f"INSERT INTO plain VALUES ({marks})", rows)
    target.commit()


def bare_same(_database: Database, folder: Path) -> None:
    """All rows of the import into the same tables, with their indexes and triggers."""
    source = sqlite3.connect(folder / "outreach.db")
    copy = open_database(_same(folder))
    with copy.engine.execution_options(outreach_writes=True).begin() as connection:
        for table in COPIED:
            rows = source.execute(f"SELECT * FROM {table}")
            marks = ", ".join("?" * len(rows.description))
            cursor = connection.connection.cursor()
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # type: ignore[arg-type]
    copy.close()


def _same(folder: Path) -> str:
    return f"sqlite:///{folder / 'same.db'}"


def _the_same_tables(database: Database) -> None:
    open_database(_same(Path(database.engine.url.database or "").parent)).close()


def bare_select(_database: Database, folder: Path) -> None:
    """The invitations' rows into their own table, which was emptied."""
    _inserted(folder, "mailing_id")


def bare_select_more(_database: Database, folder: Path) -> None:
    """The same rows once more, as those of another mailing."""
    _inserted(folder, "(SELECT MAX(id) FROM mailing)")


def _inserted(folder: Path, mailing: str) -> None:
    copy = open_database(f"sqlite:///{folder / COPY}")
    with copy.changing() as session, with_room(session):
        connection = session.connection()
        columns = [each["name"] for each in sa.inspect(connection).get_columns("message") if each["name"] != "id"]
        rest = ", ".join(f'"{name}"' for name in columns if name != "mailing_id")
        connection.exec_driver_sql(
            f"INSERT INTO message (mailing_id, {rest}) SELECT {mailing}, {rest} FROM aside ORDER BY id"
        )
    copy.close()


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _a_call(database: Database) -> None:
    with database.changing() as session:
        make.call(session, house(database), audience=Audience())


def _copied(database: Database) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(database.engine.url.database or "")
    for file in path.parent.glob(f"{COPY}*"):
        file.unlink()
    shutil.copyfile(path, path.with_name(COPY))
    copy = open_database(f"sqlite:///{path.with_name(COPY)}")
    with copy.changing() as session:
        session.execute(sa.text("CREATE TABLE aside AS SELECT * FROM message"))
        session.execute(sa.text("DELETE FROM message"))
    copy.close()


def _one_in_ten_has_signed(database: Database) -> None:
    with database.changing() as session:
        first = make.signature(session, session.get_one(Call, CALL), session.get_one(Contact, 1), key="1")
        names = [each.name for each in sa.inspect(Signature).local_table.c if each.name not in OWN]
        shared, said = ", ".join(names), ", ".join(f"s.{name}" for name in names)
        session.execute(
            sa.text(
                f"INSERT INTO signature ({shared}, contact_id, organisation_id, signer_key, mailbox_digest) "
                f"SELECT {said}, c.id, c.organisation_id, c.id, c.address_digest "
                f"FROM signature AS s, contact AS c WHERE s.id = {first.id} AND c.id % 10 = 0"
            )
        )


def _only_some_are_due(database: Database) -> None:
    with database.changing() as session:
        session.execute(sa.text(f"UPDATE message SET due_at = '2027-02-01' WHERE id > {SENT}"))


def _all_were_sent(database: Database) -> None:
    with database.changing() as session:
        session.execute(sa.text(SENT_ALL))


Step = tuple[str, Callable[[Database, Path], None], Callable[[Database], None] | None]
STEPS: tuple[Step, ...] = (
    ("import", imported, None),
    ("  bare executemany, no index", bare_rows, None),
    ("  bare executemany, same tables", bare_same, _the_same_tables),
    ("import again", imported_again, None),
    ("audience count", counted, _a_call),
    ("launch", launched, None),
    ("  bare INSERT SELECT, emptied table", bare_select, _copied),
    ("  bare INSERT SELECT, once more", bare_select_more, None),
    ("ring", rung, None),
    (f"sending {SENT:,} of them", sent, _only_some_are_due),
    ("reminder", reminded, _all_were_sent),
    ("outbox", shown, None),
    ("the last mails, listed", listed, None),
    ("call, one in ten has signed", standing, _one_in_ten_has_signed),
    ("export of contacts", exported, None),
    ("export of signatures", exported_signatures, None),
)
BARE = {"import": ("no index", "same tables"), "launch": ("emptied",), "reminder": ("once more",)}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", help="10000 100000 1000000; QUICK=1: 1000 10000, once each")
    parser.add_argument("--runs", type=int, help="of each size below a million; 3")
    given = parser.parse_args()
    quick = bool(os.environ.get("QUICK"))
    sizes = sorted(given.rows or (QUICK if quick else SIZES))
    runs = given.runs or (1 if quick else RUNS)
    figures = {rows: _medians([_measured(rows) for _ in range(runs if rows < ONCE else 1)]) for rows in sizes}
    section = results.Section("Lists", _told(figures), figures)
    print(f"\n{section.text}\n\nKept in {results.write([section], results.machine('sqlalchemy', 'sqlcipher3'))}")


def _medians(found: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    return {
        step: {what: results.median(run[step][what] for run in found) for what in figures}
        for step, figures in found[0].items()
    }


def _measured(rows: int) -> dict[str, dict[str, float]]:
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_table(folder / "list.csv", rows)
        for step, do, before in STEPS:
            if before:
                _apart(_prepare, before, folder)
            found[step] = _apart(_measure, do, folder)
            print(f"{rows:>9,} {step:34} {found[step]['seconds']:9.2f} s {found[step]['mib']:6.0f} MiB", flush=True)
        shutil.rmtree(folder / "outbox", ignore_errors=True)
    return found


def _apart(task: Callable[..., Any], *arguments: Any) -> Any:
    """What a process of its own makes of it, which has imported everything already."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as process:
        return process.submit(task, *arguments).result()


def _prepare(before: Callable[[Database], None], folder: Path) -> None:
    database = open_database(f"sqlite:///{folder / 'outreach.db'}")
    before(database)
    database.close()


def _measure(do: Callable[[Database, Path], None], folder: Path) -> dict[str, float]:
    database = open_database(f"sqlite:///{folder / 'outreach.db'}")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    began, cpu = time.perf_counter(), time.process_time()
    do(database, folder)
    told = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "mib": _peak_kib() / 1024}
    database.close()
    return told


def _told(figures: dict[int, dict[str, dict[str, float]]]) -> str:
    sizes = list(figures)
    kinds = [f"{rows:,}: {what}" for what in ("s", "CPU s", "MiB") for rows in sizes]
    header = ["step", *kinds, "exponent", "to bare"]
    exponents = {step: _exponent(figures, step) for step, _, _ in STEPS}
    lines = [
        [
            step.replace("  ", "— "),
            *(f"{figures[rows][step]['seconds']:.2f}" for rows in sizes),
            *(f"{figures[rows][step]['cpu']:.2f}" for rows in sizes),
            *(f"{figures[rows][step]['mib']:.0f}" for rows in sizes),
            f"{exponents[step]:.2f}",
            _ratios(figures[sizes[-1]], step),
        ]
        for step, _, _ in STEPS
    ]
    ours = {step: exponent for step, exponent in exponents.items() if not step.startswith(" ")}
    worst = max(ours, key=lambda step: ours[step])
    return f"{results.table(header, lines)}\n\nGrows the most: {worst}, with an exponent of {ours[worst]:.2f}."


def _exponent(figures: dict[int, dict[str, dict[str, float]]], step: str) -> float:
    small, large = min(figures), max(figures)
    if small == large:
        return float("nan")
    return math.log(figures[large][step]["cpu"] / figures[small][step]["cpu"]) / math.log(large / small)


def _ratios(found: dict[str, dict[str, Any]], step: str) -> str:
    bare = [name for part in BARE.get(step, ()) for name in found if name.startswith(" ") and part in name]
    return ", ".join(f"{found[step]['cpu'] / found[name]['cpu']:.1f}" for name in bare)


if __name__ == "__main__":
    main()
