"""F42, F36: yesterday's backup, a copy of the folder, a cloned machine: nothing leaves until a person says so."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.adapters.generation_file import FILE, GenerationFile
from outreach.domain.generations import ALONE, COPIED, OLDER
from outreach.store.database import open_database
from outreach.store.generation import NAME, read_generation, write_generation
from outreach.store.stopping import stopped
from outreach.store.tables import Event, WorkspaceFact
from outreach.worker.generations import Generations
from tests import make
from tests.faults.harbour import ADDRESSES, Harbour, assert_whole, ended, harbour, launch, needs
from tests.faults.test_f02_f08_processes import Reached
from tests.parts.servers import Drip, serving
from tests.stage import RecordingTransport, stage

SLOWLY = Drip("250 2.0.0 taken", 0.02)
HERE = "sqlite:///outreach.db"
"""A URL that goes with the folder."""


def home(tmp_path: Path, migrated_file: Path, stack: ExitStack) -> Harbour:
    """A workspace whose database lies in its folder."""
    folder = tmp_path / "calls"
    folder.mkdir()
    shutil.copyfile(migrated_file, folder / "outreach.db")
    return harbour(stack, folder, HERE, stack.enter_context(serving()), limits={"connections": 1})


def served(tmp_path: Path, url: str, stack: ExitStack) -> Harbour:
    """A workspace whose database is PostgreSQL's."""
    folder = tmp_path / "calls"
    folder.mkdir()
    return harbour(stack, folder, url, stack.enter_context(serving()), limits={"connections": 1})


def copied(each: Harbour, stack: ExitStack, name: str = "copy", *, without: str = "") -> Harbour:
    """``cp -a`` of the folder, with a mail server of its own."""
    folder = each.folder.with_name(name)
    subprocess.run(["cp", "-a", str(each.folder), str(folder)], check=True)  # noqa: S603, S607
    if without:
        (folder / without).unlink()
    (folder / "worker.log").unlink(missing_ok=True)
    server = stack.enter_context(serving())
    tables = {key: dict(values) for key, values in each.tables.items()}
    made = replace(each, folder=folder, server=server, tables=tables, processes=[])
    made.configure(smtp={"port": server.port})
    stack.callback(made.end)
    return made


def in_the_middle(each: Harbour) -> None:
    """A worker is killed in the middle of the mailing."""
    each.server.on["DOT"] = reached = Reached(SLOWLY)
    process = each.start("worker")
    reached.by(each, 4)
    process.kill()
    ended(process)
    each.server.on.clear()
    assert each.states()["queued"] > 0


def runs(each: Harbour) -> None:
    """A worker does what it may, and ends."""
    assert ended(each.start("worker", "--until-idle")) == 0, each.log


def why(each: Harbour) -> str:
    """Why all mail is stopped; "" if it is not."""
    with each.opened() as app, app.database.reading() as session:
        standing = stopped(session)
    return standing.reason if standing else ""


def held_back(each: Harbour, *signs: str) -> None:
    """All of it waits, however often a worker starts, and all mail is stopped, once, for one of these reasons."""
    before, left = each.states()["queued"], each.arrived().total()
    for _ in range(2):
        runs(each)
    assert each.arrived().total() == left
    assert each.states()["queued"] == before > 0
    assert why(each) in signs
    assert "this is a copy or a restored backup, so all mail is stopped" in each.log
    with each.opened() as app, app.database.reading() as session:
        stops = session.exec(select(Event.by).where(Event.verb == "stop_mail")).all()
    assert stops == ["the worker"]


def let_go(each: Harbour) -> None:
    """A person says that mail may leave: it is recorded, the rest goes, and no later start stops anything."""
    each.command("outbox", "start")
    with each.opened() as app, app.database.reading() as session:
        last = session.exec(select(Event).order_by(col(Event.id).desc())).first()
        assert last is not None
        assert (last.verb, last.by) == ("start_mail", "Rosa")
    for _ in range(2):
        runs(each)
        assert why(each) == ""
    assert "queued" not in each.states()


def change_place(session: Session, **parts: str) -> None:
    """What the database knows of its place is another one's."""
    known = read_generation(session)
    assert known is not None
    write_generation(session, replace(known, place={**known.place, **parts}))


# Copies.


def test_f42_a_copy_of_the_folder_sends_nothing_until_a_person_says_so_and_the_original_goes_on(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    each = home(tmp_path, migrated_file, stack)
    each.server.on["DOT"] = reached = Reached(SLOWLY)
    worker = each.start("worker")
    reached.by(each, 4)
    os.kill(worker.pid or 0, signal.SIGSTOP)
    copy = copied(each, stack)
    held_back(copy, COPIED)
    os.kill(worker.pid or 0, signal.SIGCONT)
    each.wait_until(lambda: each.states() == {"sent": len(ADDRESSES)}, "the original's mails")
    worker.terminate()
    assert ended(worker) == 0, each.log
    assert why(each) == ""
    assert assert_whole(each) == {"sent": len(ADDRESSES)}
    let_go(copy)
    assert copy.arrived().total() > 0


def test_f42_a_copy_without_what_must_not_be_copied_sends_nothing_either(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    each = home(tmp_path, migrated_file, stack)
    in_the_middle(each)
    copy = copied(each, stack, without=FILE)
    held_back(copy, COPIED)
    let_go(copy)


def test_f42_a_clone_of_the_whole_machine_sends_nothing(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    """Its file is the same one, but the database was used on a machine with another id."""
    each = home(tmp_path, migrated_file, stack)
    in_the_middle(each)
    each.change(lambda session: change_place(session, machine="another"))
    held_back(each, *([COPIED] if Path("/etc/machine-id").exists() else []))
    let_go(each)


def test_f42_a_clone_of_a_postgresql_database_sends_nothing_and_the_original_goes_on(
    postgresql_url: str, postgres_admin: sa.Engine, tmp_path: Path, stack: ExitStack
) -> None:
    each = served(tmp_path, postgresql_url, stack)
    in_the_middle(each)
    clone = _taken(stack, postgres_admin, postgresql_url)
    copy = copied(each, stack)
    copy.configure(database={"url": clone})
    held_back(copy, COPIED)
    runs(each)
    assert why(each) == ""
    assert "queued" not in each.states()
    let_go(copy)


# Backups.


def test_f42_yesterdays_database_under_the_living_folder_sends_nothing(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    each = home(tmp_path, migrated_file, stack)
    file, backup = each.folder / "outreach.db", tmp_path / "backup.db"
    in_the_middle(each)
    _backed_up(file, backup)
    runs(each)
    left = each.arrived()
    for old in each.folder.glob("outreach.db*"):
        old.unlink()
    shutil.copyfile(backup, file)
    held_back(each, COPIED, OLDER)  # the new file may have got the old one's inode
    assert each.arrived() == left
    let_go(each)


def test_f42_a_backup_that_is_put_back_into_the_same_file_sends_nothing(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    each = home(tmp_path, migrated_file, stack)
    file, backup = each.folder / "outreach.db", tmp_path / "backup.db"
    in_the_middle(each)
    _backed_up(file, backup)
    runs(each)
    for _ in range(2):  # what was accepted once is known no more when the backup is put back again
        _backed_up(backup, file)
        held_back(each, OLDER)
        let_go(each)


def test_f42_a_folder_restored_without_what_must_not_be_restored_sends_nothing(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    """Even if its database has got the inode of the one that was lost."""
    each = home(tmp_path, migrated_file, stack)
    in_the_middle(each)
    (each.folder / FILE).unlink()
    held_back(each, ALONE)
    let_go(each)


def test_f42_yesterdays_postgresql_database_in_the_place_of_todays_sends_nothing(
    postgresql_url: str, postgres_admin: sa.Engine, tmp_path: Path, stack: ExitStack
) -> None:
    each = served(tmp_path, postgresql_url, stack)
    in_the_middle(each)
    backup = sa.make_url(_taken(stack, postgres_admin, postgresql_url)).database
    runs(each)
    name = sa.make_url(postgresql_url).database
    with postgres_admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{backup}"'))
    held_back(each, COPIED)
    let_go(each)


def test_f42_a_dump_that_is_put_back_into_the_same_postgresql_database_sends_nothing(
    postgresql_url: str, postgres_admin: sa.Engine, tmp_path: Path, stack: ExitStack
) -> None:
    each = served(tmp_path, postgresql_url, stack)
    in_the_middle(each)
    dump = tmp_path / "outreach.dump"
    _dumped(postgres_admin, postgresql_url, dump)
    runs(each)
    _put_back(postgres_admin, postgresql_url, dump)
    held_back(each, OLDER)
    let_go(each)


def test_f36_f42_a_database_whose_log_is_missing_sends_nothing(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    """It is as it was when its log was last written into it: all that left since would leave again."""
    each = home(tmp_path, migrated_file, stack)
    each.server.on["DOT"] = reached = Reached(SLOWLY)
    process = each.start("worker")
    reached.by(each, 4)
    process.kill()
    ended(process)
    each.server.on.clear()
    assert each.arrived().total() > 0
    (each.folder / "outreach.db-wal").unlink()
    (each.folder / "outreach.db-shm").unlink()
    assert each.states() == {"queued": len(ADDRESSES)}
    held_back(each, OLDER)


def test_f42_a_backup_that_is_put_back_under_a_running_worker_is_seen_within_a_minute(
    migrated_file: Path, tmp_path: Path
) -> None:
    """And what the folder has noted is not noted anew."""
    database = open_database(f"sqlite:///{shutil.copyfile(migrated_file, tmp_path / 'outreach.db')}")
    clock, mark = make.TurnedClock(), GenerationFile(tmp_path)
    app = replace(stage(database, make.house(database), clock, RecordingTransport(clock)), folder_mark=mark)
    generations = Generations(app)
    generations.look()
    _backed_up(tmp_path / "outreach.db", tmp_path / "backup.db")
    clock.turn(timedelta(seconds=61))
    generations.look_again()
    noted = mark.read()
    _backed_up(tmp_path / "backup.db", tmp_path / "outreach.db")
    for seconds, sign in ((59, ""), (2, OLDER)):
        clock.turn(timedelta(seconds=seconds))
        generations.look_again()
        with database.reading() as session:
            standing = stopped(session)
        assert (standing.reason if standing else "") == sign
    assert mark.read() == noted
    database.close()


# No false alarm.


def test_f42_a_folder_that_is_moved_restarted_compacted_and_backed_up_goes_on(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    each = home(tmp_path, migrated_file, stack)
    in_the_middle(each)
    each.folder = each.folder.rename(tmp_path / "moved")
    file = each.folder / "outreach.db"
    with each.opened() as app, app.database.engine.connect() as connection:
        connection.connection.cursor().execute("VACUUM")
    _backed_up(file, tmp_path / "backup.db")
    runs(each)
    assert why(each) == ""
    assert (each.folder / FILE).stat().st_mode & 0o777 == 0o600
    assert "queued" not in each.states()


def test_f42_a_workspace_of_an_earlier_version_is_taken_for_what_it_is(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, url, server, limits={"connections": 1})
    in_the_middle(each)
    (each.folder / FILE).unlink()
    each.change(lambda session: session.execute(sa.delete(WorkspaceFact).where(col(WorkspaceFact.name) == NAME)))
    runs(each)
    assert why(each) == ""
    assert "queued" not in each.states()


def test_f42_a_new_workspace_in_the_folder_of_an_old_one_sends(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    each = home(tmp_path, migrated_file, stack)
    runs(each)
    (each.folder / "outreach.db").unlink()
    with each.opened():  # makes a new one, with a salt of its own
        pass
    launch(each, ADDRESSES)
    runs(each)
    assert why(each) == ""
    assert each.states() == {"sent": len(ADDRESSES)}


def test_f42_several_machines_share_a_postgresql_database_each_with_its_own_folder(
    postgresql_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = served(tmp_path, postgresql_url, stack)
    in_the_middle(each)
    new, cloned = copied(each, stack, "new", without=FILE), copied(each, stack, "cloned")
    for one in (new, cloned, each, new):
        runs(one)
        assert why(one) == ""
    assert "queued" not in each.states()


def test_f42_what_every_machine_noted_before_a_restore_counts_no_more_once_a_person_has_decided(
    postgresql_url: str, postgres_admin: sa.Engine, tmp_path: Path, stack: ExitStack
) -> None:
    each = served(tmp_path, postgresql_url, stack)
    in_the_middle(each)
    dump = tmp_path / "outreach.dump"
    _dumped(postgres_admin, postgresql_url, dump)
    runs(each)
    second = copied(each, stack, "second")
    _put_back(postgres_admin, postgresql_url, dump)
    held_back(each, OLDER)
    let_go(each)
    runs(second)
    assert why(second) == ""


def test_f42_a_rehearsal_is_not_looked_at(migrated_file: Path, tmp_path: Path, stack: ExitStack) -> None:
    each = home(tmp_path, migrated_file, stack)
    each.configure(mail={"transport": "files"})
    runs(each)
    assert not (each.folder / FILE).exists()
    with each.opened() as app, app.database.reading() as session:
        assert read_generation(session) is None


def test_f42_a_folder_that_cannot_note_anything_is_said_and_sends(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    each = home(tmp_path, migrated_file, stack)
    (each.folder / FILE).mkdir()
    for _ in range(2):
        runs(each)
        assert why(each) == ""
    assert "the folder cannot note how far the database is" in each.log
    assert each.states() == {"sent": len(ADDRESSES)}
    assert [one.name for one in each.folder.glob(f"{FILE}*")] == [FILE]


def _backed_up(from_: Path, to: Path) -> None:
    """SQLite's own backup: into the file that is there, if one is."""
    program = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))"
    # In a process of its own: SQLite's locks are the process's, and there are two SQLites in this one.
    subprocess.run([sys.executable, "-c", program, str(from_), str(to)], check=True)  # noqa: S603


def _taken(stack: ExitStack, admin: sa.Engine, url: str) -> str:
    """A copy of a PostgreSQL database nobody is connected to; its URL."""
    name = sa.make_url(url).database
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}_taken" TEMPLATE "{name}"'))
    stack.callback(_dropped, admin, f"{name}_taken")
    return sa.make_url(url).set(database=f"{name}_taken").render_as_string(hide_password=False)


def _dropped(admin: sa.Engine, name: str) -> None:
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def _dumped(admin: sa.Engine, url: str, to: Path) -> None:
    _with_postgresql(admin, "pg_dump", "--format=custom", "--file", str(to), url)


def _put_back(admin: sa.Engine, url: str, dump: Path) -> None:
    _with_postgresql(admin, "pg_restore", "--clean", "--exit-on-error", "-d", url, str(dump))


def _with_postgresql(admin: sa.Engine, program: str, *words: str) -> None:
    """The server's own programs: those of another version refuse it."""
    with admin.connect() as connection:
        folder = connection.execute(sa.text("SELECT setting FROM pg_config() WHERE name = 'BINDIR'")).scalar_one()
    needs(str(Path(str(folder)) / program))
    subprocess.run([str(Path(str(folder)) / program), *words], check=True)  # noqa: S603  our own words
