"""F37, F43, F44: PostgreSQL ends under a worker, a migration is killed half-way, a database is too new."""

import hashlib
import random
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from outreach.store import schema
from tests.faults.harbour import ADDRESSES, Harbour, assert_whole, ended, harbour
from tests.faults.nursery import migrate_with_pauses
from tests.faults.test_f02_f08_processes import Reached
from tests.parts.answers import Drip
from tests.parts.servers import serving


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


@pytest.mark.parametrize("kills", [6, pytest.param(50, marks=pytest.mark.torture)])
def test_f43_a_migration_killed_half_way_leaves_the_old_version_or_the_new_one(tmp_path: Path, kills: int) -> None:
    """The database of the first version with rows, migrated by processes that are killed at random moments."""
    chance = random.Random(kills)  # noqa: S311  spreads the kills
    first = tmp_path / "first.db"
    before = migrate_with_pauses(f"sqlite:///{first}", "0010", seconds=0.0)
    whole = _table_sums(first, before)
    for _ in range(kills):
        _killed_while_migrating(first, after=chance.uniform(0.0, 0.8))
        found = _revision(first)
        assert found in {"0010", schema.HEAD}
        assert _integrity(first) == "ok"
        if found == "0010":
            assert _table_sums(first, before) == whole
        else:
            first.unlink()
            migrate_with_pauses(f"sqlite:///{first}", "0010", seconds=0.0)
    engine = sa.create_engine(f"sqlite:///{first}")
    schema.bring_up_to_date(engine)
    engine.dispose()
    assert _revision(first) == schema.HEAD


def _killed_while_migrating(file: Path, *, after: float) -> None:
    from tests.faults.harbour import _FORKING

    process = _FORKING.Process(target=migrate_with_pauses, args=(f"sqlite:///{file}", "head", 0.05))
    process.start()
    process.join(after)
    process.kill()
    process.join(20)


def _revision(file: Path) -> str:
    return str(_one(file, "SELECT version_num FROM alembic_version"))


def _integrity(file: Path) -> str:
    return str(_one(file, "PRAGMA integrity_check"))


def _one(file: Path, statement: str) -> object:
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        found = connection.execute(sa.text(statement)).scalar()
    engine.dispose()
    return found


def _table_sums(file: Path, tables: list[str]) -> dict[str, str]:
    """What is in each table, as a sum over its rows."""
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        found = {
            name: hashlib.sha256(
                repr(connection.execute(sa.select(sa.text("*")).select_from(sa.table(name))).all()).encode()
            )
            for name in tables
        }
    engine.dispose()
    return {name: each.hexdigest() for name, each in found.items()}


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
