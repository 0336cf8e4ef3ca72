"""F13 to F18, F27, F28: connections that break inside a mail, answers lost or late, servers that are slow."""

import asyncio
import socket
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col

from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.store.tables import Message
from tests import make
from tests.faults.harbour import ADDRESSES, CONNECTIONS, Harbour, assert_whole, ended, forty_days_ahead, harbour
from tests.faults.smtp_sink import smtp_sink
from tests.parts.answers import Answer, Dialogue
from tests.parts.servers import After, Drip, Drop, Hang, InTurn, Reset, ScriptedServer, Taken, serving
from tests.worker.setting import invite


def run(each: Harbour) -> dict[MessageState, int]:
    """One real worker, from start to end; how many rows are in each state."""
    assert ended(each.start("worker", "--until-idle")) == 0, each.log
    found: dict[MessageState, int] = {}
    for one in each.rows():
        found[one.state] = found.get(one.state, 0) + 1
    return found


def invite_by_a_long_text(each: Harbour, addresses: tuple[str, ...]) -> None:
    """They are invited by a mail of 200 kB, which leaves in several writes."""
    more = "\n\n" + "We have read the whole of it, " * 3000
    texts = {
        key: source + more if key[0] is MessageKind.INVITATION else source
        for key, source in make.call_file().texts.items()
    }
    now, deadline = datetime.now(UTC), forty_days_ahead()
    with each.opened() as app:
        invite(app.database, app.house, addresses, now=now, deadline=deadline, release=None, texts=texts)
    each.everybody = list(addresses)


def take_little(server: ScriptedServer) -> None:
    """Whatever the server has not read stays with its client: no system keeps much of it on the way."""
    door = server._server.sockets[0]
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)  # a client's own buffer grows with this


def stop_reading(server: ScriptedServer, dialogue: Dialogue) -> None:
    """The server takes nothing more from one client, and says nothing."""
    for connection in list(server._open.values()):
        if connection._state is dialogue:
            connection._writer.transport.pause_reading()  # type: ignore[attr-defined]


@pytest.mark.parametrize("then", [Drop(), Reset(), Hang()], ids=["close", "reset", "silence"])
def test_f13_a_connection_that_breaks_inside_the_text_defers(
    url: str, tmp_path: Path, stack: ExitStack, then: Answer
) -> None:
    """The texts are so large that their dots are not yet written when the server is heard of no more."""
    cuts = iter([After(600, then)] * 3)

    def cut(dialogue: Dialogue) -> Answer | None:
        if (answer := next(cuts, None)) and isinstance(then, Hang):
            stop_reading(server, dialogue)
        return answer

    server = stack.enter_context(serving({"BODY": cut}))
    take_little(server)
    each = harbour(stack, tmp_path, url, server, addresses=(), smtp={"timeout_seconds": 2.0})
    invite_by_a_long_text(each, ADDRESSES)
    assert run(each) == {MessageState.SENT: len(ADDRESSES) - 3, MessageState.DEFERRED: 3}
    assert each.arrived().total() == len(ADDRESSES) - 3
    waiting = each.rows(col(Message.state) == MessageState.DEFERRED)
    assert {(one.reason, one.detail.partition(":")[0], one.copies) for one in waiting} == {
        ("connection lost", "body", 0)
    }
    assert assert_whole(each) == {"sent": len(ADDRESSES)}, "each of them once: no copies"


@pytest.mark.parametrize("then", [Drop(), Reset(), Hang()], ids=["close", "reset", "silence"])
def test_f13_a_short_text_has_left_with_its_dot_and_is_in_doubt_where_the_connection_breaks_inside_it(
    url: str, tmp_path: Path, stack: ExitStack, then: Answer
) -> None:
    """Up to 64 KiB a text and its dot are one write (decision 8): how much of it was read, nobody can know here."""
    server = stack.enter_context(serving({"BODY": InTurn(*[After(600, then)] * 3)}))
    each = harbour(stack, tmp_path, url, server, smtp={"timeout_seconds": 0.5})
    assert run(each) == {MessageState.SENT: len(ADDRESSES) - 3, MessageState.UNKNOWN: 3}
    assert each.arrived().total() == len(ADDRESSES) - 3
    assert assert_whole(each) == {"unknown": 3, "sent": len(ADDRESSES) - 3}, "held for a person: no copies"


@pytest.mark.parametrize("then", [Drop(), Reset(), Hang()], ids=["F15 close", "F14 reset", "F15 silence"])
def test_f14_f15_a_mail_accepted_and_the_answer_lost_is_in_doubt_and_goes_once_more_at_most(
    url: str, tmp_path: Path, stack: ExitStack, then: Answer
) -> None:
    server = stack.enter_context(serving({"DOT": InTurn(*[Taken(then)] * 3)}))
    each = harbour(stack, tmp_path, url, server, smtp={"timeout_seconds": 0.3})
    rows = run(each)
    assert rows[MessageState.UNKNOWN] == 3
    assert each.arrived().total() == rows[MessageState.SENT] + 3
    found = assert_whole(each)
    assert found == {"unknown": 3, "sent": len(ADDRESSES) - 3}, "held for a person: no copies"
    each.configure(mail={"when_unknown": "again"})
    assert assert_whole(each, copies=3) == {"sent": len(ADDRESSES)}


def test_f16_an_answer_that_comes_after_we_gave_up_is_paired_with_nothing(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """The answer to the final dot takes longer than five times a verb may; the next mail is on a new connection."""
    late = Drip("250 2.0.0 taken", 0.15)
    server = stack.enter_context(serving({"DOT": InTurn(late, None, late)}))
    each = harbour(stack, tmp_path, sqlite_url, server, smtp={"timeout_seconds": 0.2}, limits={"connections": 1})
    rows = run(each)
    assert rows[MessageState.UNKNOWN] == 2
    assert server.connections >= 3
    assert assert_whole(each) == {"unknown": 2, "sent": len(ADDRESSES) - 2}


def test_f17_a_server_that_is_slow_for_one_domain_does_not_hold_up_the_others(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    def slowly(dialogue: Dialogue) -> Answer | None:
        return Drip("250 2.1.5 ok", 0.15) if dialogue.recipient.endswith("quay.example") else None

    slow = tuple(f"member{number}@quay.example" for number in range(16))
    quick = tuple(f"member{number}@pier.example" for number in range(8))
    server = stack.enter_context(serving({"RCPT": slowly}))
    each = harbour(stack, tmp_path, sqlite_url, server, addresses=(*slow, *quick))
    each.start("worker")
    each.wait_until(lambda: set(quick) <= set(each.arrived()), "the quick domain's mails")
    assert len(server.accepted) < len(slow) + len(quick), "the slow ones are not through yet"
    server.on.clear()
    found = assert_whole(each)
    assert found["sent"] + found.get("unknown", 0) == len(slow) + len(quick)


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_f17_a_server_slower_than_a_verbs_time_out_is_given_up_before_any_doubt(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, verb: str
) -> None:
    # Without PIPELINING: with it, this server answers what comes behind a slow verb before the verb itself.
    with smtp_sink(tmp_path, "-p", "-W", f"{verb}:3") as sink:
        each = harbour(stack, tmp_path, sqlite_url, sink, addresses=ADDRESSES[:2], smtp={"timeout_seconds": 0.5})
        begun = time.monotonic()
        rows = run(each)
        assert time.monotonic() - begun < 20
        assert set(rows) <= {MessageState.QUEUED, MessageState.DEFERRED}
    sink.forget()
    with smtp_sink(tmp_path, port=sink.port):
        assert assert_whole(each) == {"sent": 2}


def test_f18_a_server_that_reads_a_byte_at_a_time_is_only_slow(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    with smtp_sink(tmp_path, "-T", "1") as sink:
        each = harbour(stack, tmp_path, sqlite_url, sink, addresses=ADDRESSES[:4], smtp={"timeout_seconds": 30.0})
        run(each)
        assert assert_whole(each) == {"sent": 4}


class Sips:
    """A script's function for BODY: whoever submits to ``domain`` is read from now and then, until ``thirsty``."""

    def __init__(self, server: ScriptedServer, domain: str) -> None:
        self._server, self._domain = server, domain
        self.thirsty = threading.Event()
        self.begun: set[str] = set()

    def __call__(self, dialogue: Dialogue) -> None:
        if dialogue.recipients[-1].endswith(self._domain):
            self.begun.add(dialogue.recipients[-1])
            (each,) = (each for each in self._server._open.values() if each._state is dialogue)
            self._sip(each._writer.transport, take=False)

    def _sip(self, transport: Any, *, take: bool) -> None:
        if transport.is_closing():
            return
        if take or self.thirsty.is_set():
            transport.resume_reading()
        else:
            transport.pause_reading()
        if not self.thirsty.is_set():
            asyncio.get_running_loop().call_later(
                0.001 if take else 0.2, lambda: self._sip(transport, take=not take)
            )


def invite_some_by_a_long_text(each: Harbour, long: tuple[str, ...], short: tuple[str, ...]) -> None:
    """The first are invited in French, by a mail of 400 kB, of which 64 are one write; the others as always."""
    texts = dict(make.call_file().texts)
    texts[MessageKind.INVITATION, "fr"] += "\n\n" + "Été après été, " * 5_500
    now, deadline = datetime.now(UTC), forty_days_ahead()
    with each.opened() as app, app.database.changing() as session:
        for address in (*long, *short):
            make.contact(session, app.house, address, language="fr" if address in long else "en")
        make.launched(session, app.house, now=now, deadline=deadline, release=None, texts=texts)
    each.everybody = [*long, *short]


def test_f18_large_mails_to_a_server_that_reads_little_of_them_at_a_time_do_not_hold_up_the_others(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """As many as there are connections: one connection takes none of them all the same."""
    large = tuple(f"member{number}@quay.example" for number in range(CONNECTIONS))
    quick = tuple(f"member{number}@{number % 4}.pier.example" for number in range(24))
    server = stack.enter_context(serving())
    take_little(server)
    server.on["BODY"] = sips = Sips(server, "quay.example")
    each = harbour(stack, tmp_path, sqlite_url, server, addresses=(), smtp={"timeout_seconds": 30.0})
    invite_some_by_a_long_text(each, large, quick)
    each.start("worker")
    # The mail behind a large one on its connection waits for it: that is one for each of these connections.
    behind = CONNECTIONS - 1
    each.wait_until(lambda: len({*quick} & {*each.arrived()}) >= len(quick) - behind, "the quick mails", 20)
    assert sips.begun, "a large one is under way"
    assert not {*large} & {*each.arrived()}, "and none is through"
    sips.thirsty.set()
    each.wait_until(lambda: each.states() == {"sent": len(large) + len(quick)}, "the large ones")
    assert {len(mail.content) > 400_000 for mail in server.accepted if mail.recipients[0] in large} == {True}
    assert assert_whole(each) == {"sent": len(large) + len(quick)}


def test_f27_a_goodbye_that_fails_changes_nothing(sqlite_url: str, tmp_path: Path, stack: ExitStack) -> None:
    with smtp_sink(tmp_path, "-q", "QUIT") as sink:
        each = harbour(stack, tmp_path, sqlite_url, sink)
        assert run(each) == {MessageState.SENT: len(ADDRESSES)}
        assert assert_whole(each) == {"sent": len(ADDRESSES)}


def test_f28_a_relay_whose_disk_is_full_lets_everybody_wait(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    with smtp_sink(tmp_path, "-b", "452 4.3.1 full", "-r", "MAIL") as sink:
        each = harbour(stack, tmp_path, sqlite_url, sink)
        assert set(run(each)) <= {MessageState.QUEUED, MessageState.DEFERRED}
        assert {one.attempts for one in each.rows()} == {0}
    with smtp_sink(tmp_path, port=sink.port):
        assert assert_whole(each) == {"sent": len(ADDRESSES)}
