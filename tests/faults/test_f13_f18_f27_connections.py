"""F13 to F18, F27, F28: connections that break inside a mail, answers lost or late, servers that are slow."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from outreach.domain.states import MessageState
from tests.faults.harbour import ADDRESSES, Harbour, assert_whole, ended, harbour
from tests.faults.smtp_sink import smtp_sink
from tests.parts.answers import Answer, Dialogue
from tests.parts.servers import After, Drip, Drop, Hang, InTurn, Reset, Taken, serving


def run(each: Harbour) -> dict[MessageState, int]:
    """One real worker, from start to end; how many rows are in each state."""
    assert ended(each.start("worker", "--until-idle")) == 0, each.log
    found: dict[MessageState, int] = {}
    for one in each.rows():
        found[one.state] = found.get(one.state, 0) + 1
    return found


@pytest.mark.parametrize("then", [Drop(), Reset(), Hang()], ids=["close", "reset", "silence"])
def test_f13_a_connection_that_breaks_inside_the_text_defers(
    url: str, tmp_path: Path, stack: ExitStack, then: Answer
) -> None:
    """The texts are large, so that they cannot all be on their way with their dots when it breaks."""
    server = stack.enter_context(serving({"BODY": InTurn(*[After(600, then)] * 3)}))
    each = harbour(stack, tmp_path, url, server, smtp={"timeout_seconds": 0.5})
    rows = run(each)
    # A text as short as these has left with its dot before the server cuts it: that leaves a doubt, and no copy.
    assert set(rows) <= {MessageState.SENT, MessageState.DEFERRED, MessageState.UNKNOWN}
    assert rows[MessageState.SENT] == each.arrived().total()
    found = assert_whole(each)
    assert found["sent"] + found.get("unknown", 0) == len(ADDRESSES)


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
