"""F37, F43, F44: PostgreSQL ends under a worker, a migration is killed half-way, a database is too new."""

import itertools
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from outreach.store import schema
from outreach.store.database import Database, open_database
from outreach.store.vitals import damage
from tests import make
from tests.faults.harbour import _FORKING, ADDRESSES, IN_SECONDS, Harbour, assert_whole, ended, harbour
from tests.faults.test_f02_f08_processes import Reached
from tests.parts.answers import Drip
from tests.parts.servers import serving
from tests.store.test_migrations import FIRST_ROWS, contents


def test_f37_postgresql_that_is_restarted_under_a_worker_loses_nothing(
    postgresql_url: str, postgres_admin: sa.Engine, tmp_path: Path, stack: ExitStack
) -> None:
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, postgresql_url, server)
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.05))
    process = each.start("worker")
    reached.by(each)
    restart(postgres_admin)
    server.on.clear()
    # It waits for the server, and finds out whether it is still taken for alive; if not, it ends, and says so.
    each.wait_until(lambda: not process.is_alive() or set(each.states()) <= {"sent", "unknown"}, "the rest")
    if process.is_alive():
        process.terminate()
        assert ended(process) == 0, each.log
    else:
        assert ended(process) == 1, each.log
        assert "nothing more is submitted" in each.log
        each.processes.remove(process)
    found = assert_whole(each)
    assert found["sent"] + found.get("unknown", 0) == len(ADDRESSES)
    assert found.get("unknown", 0) <= 6


def programs_of(folder: Path) -> Path:
    """The folder of PostgreSQL's programs from which the server that runs in a data folder was started."""
    return Path((folder / "postmaster.opts").read_text(encoding="utf-8").split()[0]).parent


def restart(admin: sa.Engine) -> None:
    with admin.connect() as connection:
        folder = Path(str(connection.execute(sa.text("SHOW data_directory")).scalar_one()))
    admin.dispose()
    subprocess.run(  # noqa: S603  our own words
        [
            str(programs_of(folder) / "pg_ctl"),
            "restart",
            "-w",
            "-m",
            "immediate",
            "-D",
            str(folder),
            "-l",
            str(folder / "restarted.log"),
        ],
        check=True,
        user=folder.stat().st_uid,
        stdout=subprocess.DEVNULL,
        cwd=folder,
    )


def test_f37_a_session_of_a_worker_that_is_ended_is_opened_anew(
    postgresql_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """Not the one that shows that the worker is alive: those of its threads, while they rest."""
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, postgresql_url, server)
    process = each.start("worker")
    each.wait_until(lambda: each.states() == {"sent": len(ADDRESSES)}, "all mails")
    with each.opened() as app, app.database.engine.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"
            )
        )
        connection.commit()
    time.sleep(1.5)
    process.terminate()
    assert ended(process) == 0, each.log
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


# Versions.

FIRST = "0001"
PEOPLE = 300
MADE_ANEW = {"alembic_version": {"version_num"}, "signature": {"signer_key"}}
"""The columns of the first version whose values a later one changes on purpose."""


@pytest.mark.parametrize("kills", [8, pytest.param(50, marks=pytest.mark.torture)])
def test_f43_a_migration_killed_half_way_leaves_the_old_version_or_the_new_one(
    url: str, tmp_path: Path, stack: ExitStack, kills: int
) -> None:
    """The database of the first version with rows; each kill meets its migration at another statement."""
    first = FirstVersion(url, tmp_path, stack)
    statements: list[str] = []
    with watched(statements.append):
        open_database(url).close()
    assert first.revision() == schema.HEAD
    first.assert_kept()
    at_end = len(statements) - 1 - statements[::-1].index("COMMIT")
    chance, share = random.Random(kills), at_end / (kills - 2)  # noqa: S311  spreads the kills
    for number in range(kills):
        first.put_back()
        moment = min(round(share * (number + chance.random())), at_end)  # the last two come at the commit
        stands_still = number % 2 == 0
        _killed_while_migrating(url, moment, None if stands_still else chance.uniform(0.0, 0.02))
        found = first.revision()
        assert found == FIRST or (found == schema.HEAD and not stands_still), statements[moment]
        first.assert_kept()
    open_database(url).close()
    assert first.revision() == schema.HEAD
    first.assert_kept()


class FirstVersion:
    """The database at ``url`` as the first version left it, with rows in it."""

    def __init__(self, url: str, folder: Path, stack: ExitStack) -> None:
        self._url = sa.make_url(url)
        if not url.startswith("sqlite"):
            self._url = self._url.set(drivername="postgresql+psycopg")
        self._copy = self._url.set(database=f"{self._url.database}.first")
        only_the_first = shutil.ignore_patterns("__pycache__", "000[2-9]*", "00[1-9]*")
        migrations = shutil.copytree(schema.MIGRATIONS, folder / "migrations", ignore=only_the_first)
        stack.callback(_drop, self._copy)
        _make(self._copy)
        with _reached(self._copy) as engine:
            schema.migrate(engine, migrations)
            with engine.begin() as connection:
                _fill(connection)
            look = sa.inspect(engine)
            self._all = {name: {each["name"] for each in look.get_columns(name)} for name in look.get_table_names()}
            self._untouched = {name: self._all[name] - MADE_ANEW.get(name, set()) for name in self._all}
            self._before = contents(engine, self._all)
            self._kept = contents(engine, self._untouched)
        self.put_back()

    def put_back(self) -> None:
        """Nobody has migrated it yet."""
        _make(self._url, self._copy)

    def revision(self) -> str:
        """The version that the database has now."""
        with _reached(self._url) as engine, engine.connect() as connection:
            return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())

    def assert_kept(self) -> None:
        """It is whole and has every row that it had; the old version has nothing of the new one."""
        with _reached(self._url) as engine:
            assert damage(Database(engine), 60) == ""
            if self.revision() == FIRST:
                assert {*sa.inspect(engine).get_table_names()} == {*self._all}
                assert contents(engine, self._all) == self._before
            else:
                found = contents(engine, self._untouched)
                found["workspace_fact"] = [
                    row for row in found["workspace_fact"] if "log_head" not in row
                ]  # it is new
                assert found == self._kept


def _drop(url: sa.URL) -> None:
    if url.drivername == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{url.database}{suffix}").unlink(missing_ok=True)
    else:
        _at_the_server(url, f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')


def _make(url: sa.URL, like: sa.URL | None = None) -> None:
    """Make the database anew, empty or ``like`` another one."""
    _drop(url)
    if url.drivername != "sqlite":
        _at_the_server(url, f'CREATE DATABASE "{url.database}"' + (f' TEMPLATE "{like.database}"' if like else ""))
    elif like is not None:
        shutil.copyfile(str(like.database), str(url.database))


def _at_the_server(url: sa.URL, statement: str) -> None:
    with _reached(url.set(database="postgres"), isolation_level="AUTOCOMMIT") as engine, engine.connect() as server:
        server.execute(sa.text(statement))


@contextmanager
def _reached(url: sa.URL, **options: Any) -> Iterator[sa.Engine]:
    """The database, whatever its version is: nothing is migrated."""
    engine = sa.create_engine(url, **options)
    try:
        yield engine
    finally:
        engine.dispose()


def _fill(connection: sa.Connection) -> None:
    """A call under way with many people, of whom all have signed and wait for a mail."""
    for statement in FIRST_ROWS.split(";\n"):
        connection.exec_driver_sql(statement)
    metadata = sa.MetaData()
    for name in ("contact", "signature", "message"):
        table = sa.Table(name, metadata, autoload_with=connection)
        row = dict(connection.execute(sa.select(table)).mappings().one())
        connection.execute(sa.insert(table), [row | _of_person(row, number) for number in range(2, PEOPLE + 1)])
    said = {"at": make.NOON, "by": "Zoë", "verb": "sign", "subject": "signature", "facts": {"by": "Zoë"}}
    lines = [said | {"id": number, "subject_id": number} for number in range(1, PEOPLE + 1)]
    connection.execute(sa.insert(sa.Table("event", metadata, autoload_with=connection)), lines)
    facts = [{"name": name, "value": "00" * 32} for name in ("salt", "link_key")]
    connection.execute(sa.insert(sa.Table("workspace_fact", metadata, autoload_with=connection)), facts)


def _of_person(row: Mapping[str, object], number: int) -> dict[str, object]:
    """What another person's row says where it does not say the same."""
    said = dict.fromkeys(("address_digest", "signer_key"), f"d{number}") | {"address": f"member{number}@b.example"}
    numbers = dict.fromkeys(("id", "contact_id", "signature_id"), number)
    return {name: value for name, value in (said | numbers).items() if name in row}


# Processes that migrate.


@contextmanager
def watched(said: Callable[[str], object]) -> Iterator[None]:
    """Whatever this process asks a database is said before it is asked, and each commit before it comes."""

    def about_to_run(*event: Any) -> None:
        said(str(event[2]))

    def about_to_commit(_: sa.Connection) -> None:
        said("COMMIT")

    sa.event.listen(sa.Engine, "before_cursor_execute", about_to_run)
    sa.event.listen(sa.Engine, "commit", about_to_commit)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", about_to_run)
        sa.event.remove(sa.Engine, "commit", about_to_commit)


def migrate_until(url: str, moment: int, there: Any, *, stands_still: bool) -> None:
    """In a process of its own: migrate, and say ``there`` when it is about to run that statement."""
    statements = itertools.count()

    def note(_: str) -> None:
        if next(statements) == moment:
            there.send(moment)
            while stands_still:
                signal.pause()

    with watched(note):
        open_database(url).close()


def _killed_while_migrating(url: str, moment: int, seconds: float | None) -> None:
    """Killed before a statement, where it stands still; or so many ``seconds`` later, while it goes on."""
    hears, there = _FORKING.Pipe(duplex=False)
    with hears, there:
        options = {"stands_still": seconds is None}
        process = _FORKING.Process(target=migrate_until, args=(url, moment, there), kwargs=options)
        process.start()
        assert hears.poll(IN_SECONDS), "it has not come so far"
        time.sleep(seconds or 0.0)
        process.kill()
        code = ended(process)
    assert code == -signal.SIGKILL or (code == 0 and seconds is not None)


def test_f44_a_database_of_a_newer_version_is_refused_by_a_worker_too(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, url, server)
    each.change(lambda session: session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))
    process = each.start("worker", "--until-idle")
    process.join(60)
    assert process.exitcode == 1
    assert "made by a newer version of outreach" in each.log
    assert "Traceback" not in each.log
    assert each.arrived().total() == 0
    _set_back(each)
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


def _set_back(each: Harbour) -> None:
    url = sa.make_url(str(each.tables["database"]["url"]))
    engine = sa.create_engine(url if each.is_sqlite else url.set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{schema.HEAD}'"))  # noqa: S608
    engine.dispose()
