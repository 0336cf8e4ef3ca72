"""What is a warning, what is a fault, and what is said of it."""

from datetime import timedelta

import pytest

from outreach.domain import health
from outreach.domain.health import Check, Finding, Level, Queue, in_order, worst
from tests.make import NOON

MINUTES, HOURS = timedelta(minutes=1), timedelta(hours=1)
GB, MB = 10**9, 10**6


def test_the_worst_level_is_that_of_all() -> None:
    levels = [health.judge_disk(size) for size in (9 * GB, GB, 0)]
    assert [one.level for one in levels] == [Level.OK, Level.WARNING, Level.FAULT]
    assert worst(levels) is Level.FAULT
    assert worst(levels[:2]) is Level.WARNING
    assert worst([]) is Level.OK


def test_findings_are_shown_in_one_order() -> None:
    found = in_order([health.judge_disk(0), health.judge_stop("")])
    assert [one.check for one in found] == [Check.STOP, Check.DISK]


@pytest.mark.parametrize(
    ("queue", "level", "says"),
    [
        (Queue(), Level.OK, "No mail is overdue"),
        (Queue(oldest_due=NOON - 5 * MINUTES), Level.OK, "due since 2027-01-11 11:55 UTC"),
        (Queue(oldest_due=NOON - HOURS, stopped=True, workers=1), Level.WARNING, "all mail is stopped"),
        (Queue(oldest_due=NOON - HOURS, rests=True, workers=1), Level.WARNING, "the account rests"),
        (Queue(oldest_due=NOON - HOURS), Level.WARNING, "no worker runs"),
        (Queue(oldest_due=NOON - 9 * HOURS, workers=1, last_left=NOON - MINUTES), Level.OK, "mails are leaving"),
        (Queue(oldest_due=NOON - HOURS, workers=1, last_left=NOON - HOURS), Level.WARNING, "nothing leaves"),
        (Queue(oldest_due=NOON - 9 * HOURS, workers=1), Level.FAULT, "nothing leaves"),
    ],
)
def test_a_queue_that_stands_still_is_told_with_its_reason(queue: Queue, level: Level, says: str) -> None:
    found = health.judge_queue(queue, NOON)
    assert found.level is level
    assert says in found.found


def test_no_worker_is_a_fault_once_something_waits() -> None:
    assert health.judge_worker(Queue()).level is Level.WARNING
    assert health.judge_worker(Queue(oldest_due=NOON)).level is Level.FAULT
    assert (
        health.judge_worker(Queue(workers=1), "process 7 on quay").found == "The worker runs (process 7 on quay)."
    )
    assert health.judge_worker(Queue(workers=3)).found == "3 workers run."


@pytest.mark.parametrize(
    ("finding", "level"),
    [
        (health.judge_doubtful(0, 0), Level.OK),
        (health.judge_doubtful(1, 0), Level.WARNING),
        (health.judge_account("", None), Level.OK),
        (health.judge_account("connect: away", NOON), Level.WARNING),
        (health.judge_account("wrong password", None), Level.FAULT),
        (health.judge_stop(""), Level.OK),
        (health.judge_stop("All mail is stopped, by Rosa."), Level.WARNING),
        (health.judge_tasks(NOON - MINUTES, NOON - HOURS, NOON), Level.OK),
        (health.judge_tasks(NOON - 11 * MINUTES, None, NOON), Level.WARNING),
        (health.judge_tasks(None, NOON - 4 * HOURS, NOON), Level.WARNING),
        (health.judge_address("http://127.0.0.1:8080", local=True, rehearsal=True), Level.OK),
        (health.judge_address("http://127.0.0.1:8080", local=True, rehearsal=False), Level.FAULT),
        (health.judge_address("https://letters.example", local=False, rehearsal=False), Level.OK),
        (health.judge_clock(NOON, None, "none"), Level.OK),
        (health.judge_clock(NOON, NOON + timedelta(seconds=4), "the database"), Level.OK),
        (health.judge_clock(NOON, NOON + timedelta(seconds=40), "the database"), Level.WARNING),
        (health.judge_clock(NOON, NOON - HOURS, "the database"), Level.FAULT),
        (health.judge_clock(NOON, NOON + 2 * MINUTES, "mx.example", Check.MAIL_CLOCK), Level.OK),
        (health.judge_database("SQLite 3", "0007", "0007"), Level.OK),
        (health.judge_database("SQLite 3", "0006", "0007"), Level.FAULT),
        (health.judge_integrity(""), Level.OK),
        (health.judge_integrity(None), Level.OK),
        (health.judge_integrity("row 3 missing"), Level.FAULT),
        (health.judge_wal(None), Level.OK),
        (health.judge_wal(9 * MB), Level.OK),
        (health.judge_wal(900 * MB), Level.WARNING),
        (health.judge_mailbox_read("none", None, NOON, rehearsal=True), Level.OK),
        (health.judge_mailbox_read("none", None, NOON, rehearsal=False), Level.WARNING),
        (health.judge_mailbox_read("imap", None, NOON, rehearsal=False), Level.WARNING),
        (health.judge_mailbox_read("imap", NOON - MINUTES, NOON, rehearsal=False), Level.OK),
        (health.judge_mailbox_read("imap", NOON - HOURS, NOON, rehearsal=False), Level.WARNING),
        (health.judge_mailbox_read("imap", NOON - 7 * HOURS, NOON, rehearsal=False), Level.FAULT),
    ],
)
def test_each_thing_has_its_level_and_what_is_wrong_has_advice(finding: Finding, level: Level) -> None:
    assert finding.level is level
    assert finding.found.endswith((".", "reason", "away", "password"))
    assert bool(finding.advice) == (level is not Level.OK)


@pytest.mark.parametrize(
    ("length", "said"),
    [(timedelta(seconds=90), "90 seconds"), (timedelta(minutes=90), "90 minutes"), (timedelta(days=3), "3 days")],
)
def test_a_length_of_time_is_said_in_one_unit(length: timedelta, said: str) -> None:
    assert health.span(length) == said
