"""F3: killed while it queues many mails."""

import random
import time
from contextlib import ExitStack
from pathlib import Path

from sqlmodel import func, select

from outreach.domain.states import CallState
from outreach.store.tables import Call, Message
from tests import make
from tests.faults.harbour import Harbour, assert_whole, ended, forty_days_ahead, harbour
from tests.faults.test_f01_killed import known
from tests.parts.servers import serving

MANY = 2_000
KILLS = 6


def test_f03_a_launch_that_is_killed_while_it_queues_has_queued_all_or_nothing(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = harbour(stack, tmp_path, url, stack.enter_context(serving()), addresses=())
    addresses = [f"member{number}@{number % 9}.harbour.example" for number in range(MANY)]
    with each.opened() as app, app.database.changing() as session:
        known(session, app.house.salt, addresses)
        make.call(session, app.house, deadline=forty_days_ahead(), release=None)
    chance = random.Random(MANY)  # noqa: S311  spreads the kills
    for _ in range(KILLS):
        process = each.start("--by", "Rosa", "calls", "launch", "safe-passage", "--yes")
        time.sleep(chance.uniform(0.2, 1.2))
        process.kill()
        ended(process)
        each.processes.clear()
        if _queued(each) == (CallState.OPEN, MANY):
            break
        assert _queued(each) == (CallState.DRAFT, 0)
    if _queued(each) == (CallState.DRAFT, 0):
        each.command("calls", "launch", "safe-passage", "--yes")
    assert _queued(each) == (CallState.OPEN, MANY)
    each.everybody = addresses
    (tmp_path / "worker.log").unlink()  # a launch shows examples, with their addresses, to whoever launches
    each.configure(limits={"connections": 8})
    assert assert_whole(each, finish=False) == {"sent": MANY}


def _queued(each: Harbour) -> tuple[CallState, int]:
    with each.opened() as app, app.database.reading() as session:
        many = session.exec(select(func.count()).select_from(Message)).one()
        return session.exec(select(Call)).one().state, many
