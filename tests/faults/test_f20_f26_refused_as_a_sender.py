"""F20 to F26: servers that talk nonsense, are not who they should be, or want no mail of ours at the moment."""

import base64
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.states import MessageState
from outreach.store.accounts import look_at
from tests.faults.answering import (
    WAITING,
    for_the_recipients,
    of_verb,
    place,
    run_with,
    the_waits_are_over,
)
from tests.faults.harbour import ADDRESSES, Harbour, assert_whole, ended, harbour
from tests.parts.certificates import authority
from tests.parts.servers import Greylist, serving

GARBAGE = {
    "no code": b"hello there\r\n",
    "lines that disagree": b"250-yes\r\n550 no\r\n",
    "a line of a megabyte": b"250 " + b"x" * 1_000_000 + b"\r\n",
    "a NUL": b"250 o\x00k\r\n",
    "UTF-8": "désolé".encode() + b"\r\n",
}


def stays_waiting(each: Harbour, *, needs_person: bool | None = None) -> None:
    """Nobody has been written to or blamed, the account rests (for a person, or a while), and the log says so."""
    rows = each.rows()
    assert {one.state for one in rows} <= WAITING
    assert {one.attempts for one in rows} == {0}
    assert each.arrived().total() == 0
    with each.opened() as app, app.database.reading() as session:
        account = look_at(session)
    assert account.rests(datetime.now(UTC))
    assert needs_person in {None, account.needs_person}
    assert "the account rests" in each.log


def credentials_heard(each: Harbour) -> list[str]:
    """What a server that was not to be trusted was told all the same."""
    return [verb for verb in each.server.verbs() if verb in {"AUTH", "MAIL", "RCPT", "DATA"}]


@pytest.mark.parametrize("kind", GARBAGE)
def test_f20_garbage_instead_of_a_reply_ends_the_connection_and_is_no_answer_but_after_the_dot_a_doubt(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, kind: str
) -> None:
    each = place(stack, tmp_path, sqlite_url)
    for verb in ("GREETING", "EHLO", "AUTH"):
        run_with(each, **{verb: GARBAGE[kind]})
        stays_waiting(each)
        the_waits_are_over(each)
    rows = run_with(each, **for_the_recipients(GARBAGE[kind]))
    for verb in ("RCPT", "DATA"):
        assert {one.state for one in of_verb(rows, verb)} <= WAITING
        assert {one.copies for one in of_verb(rows, verb)} == {0}
    # Whoever answers the final dot with nonsense may have taken the mail.
    assert {(one.state, one.copies) for one in of_verb(rows, "DOT")} == {(MessageState.UNKNOWN, 1)}
    assert assert_whole(each) == {"sent": 8, "unknown": 4}


def test_f21_a_server_without_starttls_hears_no_password_and_no_mail(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = place(stack, tmp_path, url, tls=None)
    run_with(each)
    stays_waiting(each, needs_person=True)
    assert credentials_heard(each) == []
    each.server.tls = authority().server("localhost")
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


def test_f22_what_is_slipped_in_before_tls_begins_is_thrown_away(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = place(stack, tmp_path, sqlite_url)
    welcome = b"220 2.0.0 go ahead\r\n250-evil.example\r\n250 AUTH PLAIN\r\n235 2.7.0 welcome\r\n250 ok\r\n"
    rows = run_with(each, STARTTLS=welcome)
    # Inside TLS the server itself is heard, and takes the password and the mails.
    assert {one.state for one in rows} == {MessageState.SENT}
    assert all(heard.encrypted for heard in each.server.heard if heard.verb in {"AUTH", "MAIL", "RCPT", "DATA"})
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


@pytest.mark.parametrize("wrong", [{"expired": True}, {"names": ("elsewhere.example",)}], ids=["expired", "host"])
def test_f23_a_certificate_that_does_not_hold_is_refused_and_a_person_must_look(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, wrong: dict[str, Any]
) -> None:
    names = wrong.pop("names", ("localhost",))
    each = place(stack, tmp_path, sqlite_url, tls=authority().server(*names, **wrong))
    run_with(each)
    stays_waiting(each, needs_person=True)
    assert credentials_heard(each) == []
    each.server.tls = authority().server("localhost")
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


@pytest.mark.parametrize(
    "refusal", ["535 5.7.8 bad credentials", "535 5.7.3 token expired", "550 5.7.30 basic log-in is no more"]
)
def test_f24_a_log_in_that_is_refused_fails_nobody_and_a_person_must_look(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, refusal: str
) -> None:
    each = place(stack, tmp_path, sqlite_url)
    run_with(each, AUTH=refusal)
    stays_waiting(each, needs_person=True)
    assert each.server.verbs().count("AUTH") <= each.server.connections, "a wrong password is tried once"
    password = base64.b64encode(b"\0calls\0the-accounts-password").decode()
    assert password not in each.log
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


@pytest.mark.parametrize(
    "cap",
    [
        "550 5.4.5 Daily user sending limit exceeded",
        "452 4.5.3 Too many recipients",
        "421 4.7.28 Unusual rate of mail",
        "450 4.2.1 Receiving too fast",
    ],
)
def test_f25_a_providers_limit_makes_mails_wait_and_fails_nobody(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, cap: str
) -> None:
    each = place(stack, tmp_path, sqlite_url)
    rows = run_with(each, RCPT=cap)
    assert {one.state for one in rows} <= WAITING
    assert each.arrived().total() == 0
    assert each.server.verbs().count("RCPT") <= len(ADDRESSES), "nobody is tried twice while the limit stands"
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


def test_f26_a_server_that_greylists_is_asked_again_after_five_minutes_and_not_before(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = harbour(stack, tmp_path, url, stack.enter_context(serving({"RCPT": Greylist()})))
    assert ended(each.start("worker", "--until-idle")) == 0, each.log
    rows = each.rows()
    assert {(one.state, one.attempts) for one in rows} == {(MessageState.DEFERRED, 1)}
    assert min(one.due_at - (one.settled_at or one.due_at) for one in rows) >= timedelta(minutes=5)
    assert assert_whole(each) == {"sent": len(ADDRESSES)}
    assert {one.attempts for one in each.rows()} == {2}
