"""F9 to F12: whatever a server answers to a verb, or does instead, at every verb there is."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach.domain.states import MessageState
from outreach.store.accounts import look_at
from outreach.store.tables import Message
from tests.faults.answering import WAITING, for_the_recipients, of_verb, place, run_with, the_waits_are_over
from tests.faults.harbour import ADDRESSES, Harbour, assert_whole, ended, harbour
from tests.faults.smtp_sink import smtp_sink
from tests.parts.answers import Answer
from tests.parts.servers import Drop, InTurn, ScriptedServer, serving

ACCOUNT_PHASES = ("GREETING", "EHLO", "STARTTLS", "AUTH", "MAIL")


def at_every_verb_of_the_opening(each: Harbour, answer: Answer, *, person: tuple[str, ...] = ()) -> None:
    """Refused or left before any recipient was named: everybody waits, nobody is blamed."""
    if not each.is_sqlite:
        return  # what a server says before any recipient is named is the same on every database
    for verb in ACCOUNT_PHASES:
        rows = run_with(each, **{verb: answer})
        assert {one.state for one in rows} <= WAITING, verb
        # Only a connection that is lost at MAIL is an attempt: the mail was named.
        assert {one.attempts for one in rows} <= ({0, 1} if verb == "MAIL" and isinstance(answer, Drop) else {0})
        with each.opened() as app, app.database.changing() as session:
            account = look_at(session)
            if not (verb == "MAIL" and isinstance(answer, Drop)):
                assert account.rests(datetime.now(UTC)), verb
                assert account.needs_person is (verb in person), verb
        the_waits_are_over(each)
    assert each.arrived().total() == 0


def test_f09_a_transient_refusal_at_any_verb_defers_with_backoff_and_jitter(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = place(stack, tmp_path, url)
    at_every_verb_of_the_opening(each, "451 4.3.0 later")
    rows = run_with(each, **for_the_recipients("451 4.3.0 later"))
    assert {one.state for one in rows} == {MessageState.DEFERRED}
    assert {(one.attempts, one.copies) for one in rows} == {(1, 0)}
    waits = [one.due_at - (one.settled_at or one.due_at) for one in rows]
    assert timedelta(minutes=5) <= min(waits) < max(waits) <= timedelta(minutes=6.25)
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


def test_f10_a_permanent_refusal_fails_the_recipient_it_is_about_or_lets_the_account_rest(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = place(stack, tmp_path, url)
    at_every_verb_of_the_opening(each, "550 5.3.0 no", person=("STARTTLS", "AUTH"))
    rows = run_with(each, **for_the_recipients("550 5.1.1 no such person"))
    assert {(one.state, one.reason) for one in rows} == {(MessageState.FAILED, "person")}
    assert assert_whole(each) == {"failed": len(ADDRESSES)}
    assert each.arrived().total() == 0


def test_f10_five_people_refused_for_policy_in_a_row_are_about_us(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    with smtp_sink(tmp_path, "-f", "RCPT", "-B", "550 5.7.1 we do not like you") as sink:
        each = harbour(stack, tmp_path, sqlite_url, sink, limits={"connections": 1})
        rows = run_with_sink(each)
        # One more was on its way behind the fifth.
        assert sum(one.state is MessageState.FAILED for one in rows) in {5, 6}
        assert sum(one.state in WAITING for one in rows) >= len(ADDRESSES) - 6
    with smtp_sink(tmp_path, port=sink.port):
        found = assert_whole(each)
    assert found["sent"] == len(ADDRESSES) - found["failed"]


def run_with_sink(each: Harbour) -> list[Message]:
    assert ended(each.start("worker", "--until-idle")) == 0, each.log
    return each.rows()


def test_f11_a_server_that_closes_at_any_verb_defers(url: str, tmp_path: Path, stack: ExitStack) -> None:
    each = place(stack, tmp_path, url)
    at_every_verb_of_the_opening(each, "421 4.3.2 closing")
    rows = run_with(each, **for_the_recipients("421 4.3.2 closing"))
    assert {one.state for one in rows} == {MessageState.DEFERRED}
    assert {one.copies for one in rows} == {0}
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "."])
def test_f11_smtp_sink_says_421_and_hangs_up(sqlite_url: str, tmp_path: Path, stack: ExitStack, verb: str) -> None:
    with smtp_sink(tmp_path, "-Q", verb) as sink:
        each = harbour(stack, tmp_path, sqlite_url, sink)
        rows = run_with_sink(each)
        assert {one.state for one in rows} <= WAITING
        assert {one.copies for one in rows} == {0}
    sink.forget()  # it keeps what it has refused, too
    with smtp_sink(tmp_path, port=sink.port):
        assert assert_whole(each) == {"sent": len(ADDRESSES)}


def test_f12_a_connection_dropped_at_any_verb_is_no_copy_before_the_dot_and_in_doubt_after_it(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = place(stack, tmp_path, url)
    at_every_verb_of_the_opening(each, Drop())
    rows = run_with(each, **for_the_recipients(Drop()))
    for verb in ("RCPT", "DATA"):
        assert {one.state for one in of_verb(rows, verb)} == {MessageState.DEFERRED}
        assert {one.copies for one in of_verb(rows, verb)} == {0}
    assert {(one.state, one.copies) for one in of_verb(rows, "DOT")} == {(MessageState.UNKNOWN, 1)}
    assert assert_whole(each) == {"sent": 8, "unknown": 4}


def test_f12_smtp_sink_hangs_up_at_the_dot_without_a_word(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    with smtp_sink(tmp_path, "-q", ".") as sink:
        each = harbour(stack, tmp_path, sqlite_url, sink)
        rows = run_with_sink(each)
        assert {one.state for one in rows} == {MessageState.UNKNOWN}
        assert {one.copies for one in rows} == {1}
    each.configure(mail={"when_unknown": "again"})
    with smtp_sink(tmp_path, port=sink.port):
        assert assert_whole(each, copies=len(ADDRESSES)) == {"sent": len(ADDRESSES)}


def test_f12_a_pool_whose_connections_end_one_after_the_other_goes_on(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """What waits behind a mail that is lost is not in doubt, and goes over the next connection."""
    server: ScriptedServer = stack.enter_context(
        serving({"RCPT": InTurn(Drop(), None, Drop(), None, "421 4.3.2 no")})
    )
    each = harbour(stack, tmp_path, sqlite_url, server)
    rows = run_with_sink(each)
    assert {one.state for one in rows} <= {MessageState.SENT, MessageState.DEFERRED}
    assert assert_whole(each) == {"sent": len(ADDRESSES)}
