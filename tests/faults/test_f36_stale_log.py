"""F36: yesterday's database is put back, and today's log is left beside it: SQLite takes them for one."""

import shutil
from contextlib import ExitStack
from pathlib import Path

from tests.faults.harbour import assert_whole, ended, harbour
from tests.faults.test_f02_f08_processes import Reached
from tests.parts.servers import Drip, serving

MANY = tuple(f"member{number}@{number % 9}.harbour.example" for number in range(60))


def test_f36_yesterdays_database_beside_todays_log_sends_nothing(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """Much has left in between, of which the log knows nothing more; it does know how far the folder had come."""
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, sqlite_url, server, addresses=MANY, limits={"connections": 1})
    file, log = tmp_path / "outreach.db", tmp_path / "outreach.db-wal"
    shutil.copyfile(file, tmp_path / "yesterday")
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.01))
    process = each.start("worker")
    reached.by(each, 30)
    process.terminate()
    assert ended(process) == 0
    assert not log.exists(), "all of it is in the database, and the log begins anew"
    process = each.start("worker")
    reached.by(each, 4)
    process.kill()
    ended(process)
    server.on.clear()
    left = each.arrived()
    for one in (file, log):
        shutil.copyfile(one, tmp_path / f"todays {one.name}")

    shutil.copyfile(tmp_path / "yesterday", file)
    Path(f"{file}-shm").unlink()
    process = each.start("worker", "--until-idle")
    process.join(60)
    assert process.exitcode in {0, 1}, each.log
    assert "so all mail is stopped" in each.log or "The database is damaged" in each.log
    assert each.arrived() == left, "nothing leaves"
    each.processes.clear()

    for one in (file, log):
        shutil.copyfile(tmp_path / f"todays {one.name}", one)
    Path(f"{file}-shm").unlink(missing_ok=True)
    found = assert_whole(each)
    assert found["sent"] + found["unknown"] == len(MANY)
    assert found["unknown"] <= 2
