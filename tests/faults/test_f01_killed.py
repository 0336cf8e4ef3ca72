"""F1: workers killed at random moments. Nothing is lost, nobody gets a third copy, nor a second where it shows."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.bootstrap import Outreach
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.states import MessageState
from outreach.store.database import Database
from outreach.store.stopping import stopped
from outreach.store.tables import Contact, ContactTag, Message
from outreach.usecases.start_mail import start_mail
from tests import make
from tests.faults.harbour import Harbour, assert_whole, ended, forty_days_ahead, harbour
from tests.faults.relay import Relay, kept_in, logged_by, relaying
from tests.faults.sink import RecordingSink, recording
from tests.parts.mailstack import MailStack

CONNECTIONS = 8
SLOTS = 2
PAST_THE_DOT = 1
"""For each connection: the next mail's text waits until what came of this one is on disk."""
EARLY_KILLS = 0.1
"""Of all kills so many come at any moment from the start of the process on, the others while mails leave."""
READ = [("sqlite", "log"), ("postgresql", "Sent folder")]
"""What of the relay is read, beside which database."""


@dataclass
class Figures:
    """What a kill loop has come to.

    ``read``: what of the relay was read, to settle doubts by proof. ``copies``: second copies that somebody got.
    ``unknown``: mails still in doubt at the end, ``of_those_taken`` how many of them the server had.
    ``most_in_doubt``: the most rows that one kill left in sending. ``most_past_the_dot``: the most of them that the
    server had taken. ``stops``: how often workers stopped all mail, because three of them had died and nothing was
    settled in between.
    """

    database: str
    read: str = "nothing"
    kills: int = 0
    messages: int = 0
    copies: int = 0
    unknown: int = 0
    of_those_taken: int = 0
    most_in_doubt: int = 0
    most_past_the_dot: int = 0
    stops: int = 0
    seconds: int = 0


def test_f01_workers_killed_a_hundred_times_lose_nothing_and_nobody_gets_a_third_copy(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    kills = 60 if url.startswith("sqlite") else 40
    _kill_loop(url, tmp_path, stack, kills=kills, messages=20 * kills)


@pytest.mark.torture
def test_f01_workers_killed_a_thousand_times_while_twenty_thousand_mails_leave(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    _kill_loop(url, tmp_path, stack, kills=1_000, messages=20_000)


@pytest.mark.parametrize(("url", "witness"), READ, indirect=["url"])
def test_f01_where_the_relay_can_be_read_workers_killed_again_and_again_leave_no_second_copy(
    url: str, tmp_path: Path, stack: ExitStack, mailstack: MailStack, witness: str
) -> None:
    """A real Postfix; its log, or the folder in which it keeps what it took, says what became of mails in doubt."""
    _kill_loop_with_the_relay_read(url, tmp_path, stack, mailstack, witness, kills=10, messages=240)


@pytest.mark.torture
@pytest.mark.parametrize(("url", "witness"), READ, indirect=["url"])
def test_f01_where_the_relay_can_be_read_workers_killed_two_hundred_times_leave_no_second_copy(
    url: str, tmp_path: Path, stack: ExitStack, mailstack: MailStack, witness: str
) -> None:
    _kill_loop_with_the_relay_read(url, tmp_path, stack, mailstack, witness, kills=200, messages=6_000)


def _kill_loop_with_the_relay_read(
    url: str, folder: Path, stack: ExitStack, mailstack: MailStack, witness: str, *, kills: int, messages: int
) -> None:
    relay = stack.enter_context(relaying(mailstack, longest=0.02, seed=kills))
    settings = kept_in(mailstack) if witness == "Sent folder" else logged_by(mailstack)
    # All databases of these tests have the same key, so that one's Message-IDs are the other's as well.
    sender = {"address": f"calls@n{kills}.{witness[0].lower()}{url[0]}.kept.example"}
    figures = _killed_again_and_again(
        url, folder, stack, relay, kills=kills, messages=messages, read=witness, sender=sender, **settings
    )
    assert figures.copies == 0


def _kill_loop(url: str, folder: Path, stack: ExitStack, *, kills: int, messages: int) -> None:
    sink = stack.enter_context(recording(folder / "taken", longest=0.02, seed=kills))
    _killed_again_and_again(url, folder, stack, sink, kills=kills, messages=messages)


def _killed_again_and_again(
    url: str,
    folder: Path,
    stack: ExitStack,
    sink: RecordingSink | Relay,
    *,
    kills: int,
    messages: int,
    read: str = "nothing",
    **sections: Mapping[str, Any],
) -> Figures:
    """Until so many workers were killed and so many mails have left; what was in doubt goes out once more."""
    begun, chance = time.monotonic(), random.Random(kills)  # noqa: S311  spreads the kills
    figures = Figures("PostgreSQL" if url.startswith("postgresql") else "SQLite", read, messages=messages)
    each = harbour(
        stack,
        folder,
        url,
        sink,
        addresses=(),
        limits={"connections": CONNECTIONS},
        schedule={"ring_seconds": 1.0},
        **{**sections, "mail": {"when_unknown": "again", **sections.get("mail", {})}},
    )
    # What waits for its proof, a minute at least, does not leave again between two kills.
    reserve = 0 if read == "nothing" else SLOTS * CONNECTIONS * kills
    with each.opened() as app:
        each.everybody = _invited(app, messages)
        while figures.kills < kills:
            share = max(messages - reserve - sink.taken, 0) / (kills - figures.kills)
            before = sink.so_far()
            process = each.start("worker")
            early = figures.kills % round(1 / EARLY_KILLS) == 0
            if early:
                time.sleep(chance.uniform(0, 0.6))
            else:
                _wait_until_mails_left(each, sink, chance.uniform(0.1, 1.8 * share), app.database, figures)
                time.sleep(chance.uniform(0, 0.01))
            os.kill(process.pid or 0, signal.SIGKILL)
            assert ended(process) == -signal.SIGKILL, each.log
            each.processes.clear()
            figures.kills += 1
            each.wait_until(lambda: sink.open == 0, "the sink to hear that nobody is there any more")
            _count_the_doubtful(app.database, sink.so_far() - before, figures)
    _settled(each, figures)
    figures.seconds = round(time.monotonic() - begun)
    _report(figures)
    return figures


def _wait_until_mails_left(
    each: Harbour, sink: RecordingSink | Relay, many: float, database: Database, figures: Figures
) -> None:
    enough, look = sink.taken + many, time.monotonic() + 2

    def left() -> bool:
        nonlocal look
        if time.monotonic() > look:
            look += 2
            _go_on(database, figures)
        return sink.taken >= enough

    each.wait_until(left, "mails to leave")


def _count_the_doubtful(database: Database, taken: Counter[str], figures: Figures) -> None:
    """After one kill: how many rows are in sending, and how many of those mails the server has."""
    with database.reading() as session:
        rows = make.messages(session, col(Message.state) == MessageState.SENDING)
    past = sum(one.address in taken for one in rows)
    assert len(rows) <= SLOTS * CONNECTIONS
    assert past <= PAST_THE_DOT * CONNECTIONS
    figures.most_in_doubt = max(figures.most_in_doubt, len(rows))
    figures.most_past_the_dot = max(figures.most_past_the_dot, past)


def _go_on(database: Database, figures: Figures) -> None:
    """Somebody has looked, and lets mail leave again."""
    with database.changing() as session:
        if stopped(session):
            start_mail(session, now=datetime.now(UTC), by="Rosa")
            figures.stops += 1


def _settled(each: Harbour, figures: Figures) -> None:
    """The rest goes out; then the invariants, and what is still in doubt."""
    is_read = figures.read != "nothing"
    found = assert_whole(each, copies=0 if is_read else PAST_THE_DOT * CONNECTIONS * figures.kills, finish=is_read)
    arrived = each.arrived()
    doubtful = each.rows(col(Message.state) == MessageState.UNKNOWN)
    assert set(found) <= {"sent", "unknown"}
    assert sum(found.values()) == figures.messages
    assert all(one.copies == 2 for one in doubtful), "it could go once more"
    figures.unknown = len(doubtful)
    figures.of_those_taken = sum(arrived[one.address] > 0 for one in doubtful)
    figures.copies = sum(count - 1 for count in arrived.values())
    assert found["sent"] == figures.messages - figures.unknown


def _report(figures: Figures) -> None:
    folder = make.ROOT / "build"
    folder.mkdir(exist_ok=True)
    said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in asdict(figures).items())
    with (folder / "kill-loop.txt").open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M} {said}\n")


def _invited(app: Outreach, many: int) -> list[str]:
    """So many people, invited to a call whose deadline is forty days away."""
    now = datetime.now(UTC)
    addresses = [f"member{number}@{number % 40}.harbour.example" for number in range(many)]
    with app.database.changing() as session:
        known(session, app.house.salt, addresses)
        make.launched(session, app.house, now=now, deadline=forty_days_ahead(), release=None)
    return addresses


def known(session: Session, salt: bytes, addresses: list[str]) -> None:
    first = make.NOON
    people = [
        {
            "address": address,
            "address_digest": address_digest(parse_address(address).key, salt),
            "domain": address.partition("@")[2],
            "name": "Idris Belhaj",
            "basis": "member",
            "country": "BE",
            "language": "en",
            "time_zone": "Europe/Brussels",
            "created_at": first,
            "updated_at": first,
        }
        for address in addresses
    ]
    session.execute(sa.insert(Contact), people)
    ids = session.execute(sa.select(col(Contact.id))).scalars()
    session.execute(sa.insert(ContactTag), [{"contact_id": number, "tag": "migration"} for number in ids])
