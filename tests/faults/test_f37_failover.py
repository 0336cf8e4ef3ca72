"""F37: PostgreSQL's server dies for good, and its standby takes its place; before that nobody works from it."""

import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from tests.faults.harbour import ADDRESSES, assert_whole, ended, harbour
from tests.faults.test_f02_f08_processes import Reached
from tests.faults.test_f37_f44_servers_and_versions import programs_of
from tests.parts.servers import Drip, serving

ADDRESS = "-c listen_addresses= -c unix_socket_directories={} -c hot_standby=on"


@dataclass
class Server:
    """A PostgreSQL server with its socket in a folder; ``user`` may run it, by its ``programs``."""

    folder: Path
    user: int
    programs: Path

    def copied(self, stack: ExitStack, *options: str) -> "Server":
        """A server that begins with all that this one has; with ``-R`` it follows this one."""
        user = self.user
        made = replace(self, folder=Path(tempfile.mkdtemp(prefix="pg")))
        stack.callback(shutil.rmtree, made.folder, ignore_errors=True)
        os.chown(made.folder, user, user)
        data = ["-D", str(made.data), "-h", str(self.folder), "-U", "postgres", "-c", "fast", "--no-sync", *options]
        made.run("pg_basebackup", *data)
        made.run("pg_ctl", "start", *made.place, "-o", ADDRESS.format(made.folder), "-l", str(made.folder / "log"))
        stack.callback(made.run, "pg_ctl", "stop", *made.place, "-m", "immediate", check=False)
        return made

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def place(self) -> tuple[str, ...]:
        return ("-w", "-D", str(self.data))

    def run(self, program: str, *arguments: str, check: bool = True) -> None:
        """One of PostgreSQL's own programs."""
        subprocess.run(  # noqa: S603  our own words
            [str(self.programs / program), *arguments],
            check=check,
            user=self.user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
        )


def test_f37_when_a_standby_takes_the_servers_place_the_worker_goes_on_there_and_never_before(
    postgresql_url: str, postgres_admin: sa.Engine, tmp_path: Path, stack: ExitStack
) -> None:
    url = sa.make_url(postgresql_url)
    with postgres_admin.connect() as connection:
        folder = Path(str(connection.execute(sa.text("SHOW data_directory")).scalar_one()))
    first = Server(Path(str(url.query["host"])), folder.stat().st_uid, programs_of(folder)).copied(stack)
    second = first.copied(stack, "-R")

    def at(*servers: Server) -> dict[str, str]:
        hosts = ",".join(str(one.folder) for one in servers)
        there = url.set(query={"host": hosts, "target_session_attrs": "read-write"})
        if servers == (second,):
            there = url.set(query={"host": hosts})
        return {"url": there.render_as_string(hide_password=False)}

    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, at(first)["url"], server)
    # A commit is one when both have it.
    with each.opened() as app, app.database.engine.connect() as connection:
        outside = connection.execution_options(isolation_level="AUTOCOMMIT")
        outside.execute(sa.text("ALTER SYSTEM SET synchronous_standby_names = '*'"))
        outside.execute(sa.text("SELECT pg_reload_conf()"))

    each.configure(database=at(second))
    assert ended(each.start("worker", "--until-idle")) == 1
    assert "cannot be written to" in each.log
    assert server.connections == 0, "the queue of a standby is nobody's"
    each.processes.clear()

    each.configure(database=at(first, second))
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.05))
    process = each.start("worker")
    reached.by(each, 2)
    first.run("pg_ctl", "stop", *first.place, "-m", "immediate")
    second.run("pg_ctl", "promote", *second.place)
    server.on.clear()
    each.configure(database=at(second))
    each.wait_until(lambda: set(each.states()) <= {"sent", "unknown"}, "the rest")
    process.terminate()
    assert ended(process) == 0, each.log
    found = assert_whole(each)
    assert found["sent"] + found.get("unknown", 0) == len(ADDRESSES)
    assert found.get("unknown", 0) <= 6
