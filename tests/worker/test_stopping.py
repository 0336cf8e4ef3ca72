"""The panic stop in the middle of a mailing: a real worker, a real server, and the last mails to leave."""

import asyncio
from collections import Counter

import pytest

from outreach.store.database import Database
from outreach.usecases.start_mail import start_mail
from outreach.usecases.stop_mail import stop_mail
from outreach.worker.engine import Engine
from outreach.worker.work import work
from tests import make
from tests.parts.servers import ScriptedServer, serving
from tests.stage import RecordingTransport, stage, submit
from tests.worker.setting import invite, people, states, to, until

CONNECTIONS = 4
MANY = 500
"""More than leave while somebody who stops all mail waits for the database."""


def received(server: ScriptedServer) -> list[str]:
    return [recipient for mail in list(server.accepted) for recipient in mail.recipients]


def stop(database: Database, server: ScriptedServer) -> int:
    """Somebody at another machine stops all mail; how many had left when the stop was committed."""
    with database.changing() as session:
        stop_mail(session, reason="the wrong list", now=make.NOON, by="Rosa")
    return len(server.accepted)


def test_at_most_what_is_in_flight_leaves_after_a_stop_and_the_rest_once_after_a_start(database: Database) -> None:
    house = make.house(database, limits={"connections": CONNECTIONS})
    clock = make.TurnedClock()
    invite(database, house, people(MANY))
    engines: list[Engine] = []
    with serving() as server:
        app = stage(database, house, clock, to(server))

        async def stay() -> int:
            working = asyncio.create_task(work(app, started=engines.append))
            await until(lambda: len(server.accepted) >= 50)
            left = await asyncio.to_thread(stop, database, server)
            await until(lambda: engines[0].tally.stopped is not None and engines[0]._is_idle())
            assert len(server.accepted) - left <= 2 * CONNECTIONS
            after_the_stop = len(server.accepted)
            for _ in range(3):  # it looks again, and finds nothing
                engines[0].wake()
                await asyncio.sleep(0.05)
            assert len(server.accepted) == after_the_stop
            with database.changing() as session:
                start_mail(session, now=make.NOON, by="Rosa")
            engines[0].wake()
            await until(lambda: len(server.accepted) == MANY)
            engines[0].stop()
            await working
            return after_the_stop

        assert asyncio.run(asyncio.wait_for(stay(), 60)) < MANY
        assert states(database) == {"sent": MANY}
        assert Counter(received(server)) == Counter(people(MANY))


def test_a_worker_that_starts_while_mail_is_stopped_says_so_and_submits_nothing(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    house, clock = make.house(database), make.TurnedClock()
    invite(database, house, people(3))
    with database.changing() as session:
        stop_mail(session, reason="the wrong list", now=make.NOON, by="Rosa")
    tally = submit(stage(database, house, clock, RecordingTransport(clock)))
    assert tally.submitted == 0
    assert tally.stopped is not None
    said = capsys.readouterr().out
    assert "all mail is stopped" in said
    assert "2027-01-11 12:00 UTC" in said
    assert "Rosa" not in said
