"""The process that those of the tests are forked from: it has read the program, and been a worker once.

What is read and compiled when a worker first starts takes most of its time until the first mail leaves. A worker
that is forked from here begins where another has ended, and knows nothing of its database or its mails.
"""

import gc
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from outreach.bootstrap import open_workspace
from outreach.config.logs import write_logs_to_stderr
from outreach.domain.deadlines import parse_wall_clock
from outreach.worker.work import work
from tests.faults.nursery import run_command
from tests.faults.sink import recording
from tests.worker.setting import invite

__all__ = ["run_command"]

CONFIG = """
[workspace]
name = "Lantern Coast"
postal_address = "4 Old Harbour Steps, Brussels"

[sender]
address = "calls@lanterncoast.coop"

[mail]
transport = "smtp"

[smtp]
security = "none"
port = {port}
"""


def rehearse() -> None:
    """One mail leaves, from a workspace that is gone afterwards."""
    write_logs_to_stderr(logging.WARNING)
    with TemporaryDirectory() as name, recording(Path(name, "taken")) as sink:
        Path(name, "config.toml").write_text(CONFIG.format(port=sink.port), encoding="utf-8")
        app, now = open_workspace(Path(name)), datetime.now(UTC)
        try:
            deadline = parse_wall_clock(f"{now + timedelta(days=40):%Y-%m-%d} 17:00 Europe/Brussels")
            invite(app.database, app.house, ["idris@harbour.example"], now=now, deadline=deadline, release=None)
            uvloop.run(work(app, until_idle=True))
        finally:
            app.database.close()
        assert sink.taken == 1
    gc.collect()
    gc.freeze()  # a child that looked through what it has from here would copy all of it


rehearse()
