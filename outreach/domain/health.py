"""What can be wrong with a workspace, how bad it is, and what to do about it: judgements, without looking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and a person should look."""
    FAULT = "fault"
    """Something does not work that should."""


class Check(StrEnum):
    """What is looked at, in the order in which it is shown."""

    WORKER = "worker"
    STOP = "panic stop"
    ACCOUNT = "account"
    QUEUE = "queue"
    DOUBTFUL = "in doubt"
    TASKS = "tasks"
    SMTP = "SMTP log-in"
    SMTP_CERTIFICATE = "SMTP certificate"
    MAILBOX = "mailbox"
    MAILBOX_CERTIFICATE = "mailbox certificate"
    MAILBOX_READ = "mailbox read"
    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"
    MX = "MX"
    ADDRESS = "base_url"
    CLOCK = "clock"
    MAIL_CLOCK = "mail server's clock"
    DATABASE = "database"
    INTEGRITY = "integrity"
    WAL = "write-ahead log"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing, in a sentence, and what to do about it ("" if nothing)."""

    check: Check
    level: Level
    found: str
    advice: str = ""


def ok(check: Check, found: str) -> Finding:
    """Nothing is wrong."""
    return Finding(check, Level.OK, found)


def warning(check: Check, found: str, advice: str) -> Finding:
    """A person should look."""
    return Finding(check, Level.WARNING, found, advice)


def fault(check: Check, found: str, advice: str) -> Finding:
    """Something does not work."""
    return Finding(check, Level.FAULT, found, advice)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """As they are shown."""
    order = list(Check)
    return sorted(findings, key=lambda one: order.index(one.check))


def worst(findings: Iterable[Finding]) -> Level:
    """The worst level of all."""
    levels = {one.level for one in findings}
    return next((level for level in reversed(Level) if level in levels), Level.OK)


A_WHILE: Final = timedelta(minutes=15)
LONG: Final = timedelta(hours=3)
TASK_WAITS: Final = timedelta(minutes=10)
CLOCK_OFF, CLOCK_WRONG = timedelta(seconds=5), timedelta(minutes=1)
MAIL_CLOCK_OFF: Final = timedelta(minutes=5)
"""A mail server's greeting may be some minutes old where a proxy stands between."""
MEGABYTE: Final = 1_000_000
DISK_LOW, DISK_FULL = 2_000 * MEGABYTE, 300 * MEGABYTE
WAL_LARGE: Final = 500 * MEGABYTE
MAILBOX_UNREAD, MAILBOX_LOST = timedelta(minutes=15), timedelta(hours=6)


def clock(moment: datetime) -> str:
    """A moment in a sentence for operators."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def span(length: timedelta) -> str:
    """A length of time, in its largest unit that says enough."""
    seconds = int(length.total_seconds())
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}s"
    return f"{max(seconds, 0)} seconds"


@dataclass(frozen=True, slots=True)
class Queue:
    """How the outbox moves. ``oldest_due``: since when the first message waits that may go (None: none waits).

    ``last_left``: when a message was last tried.
    """

    oldest_due: datetime | None = None
    last_left: datetime | None = None
    workers: int = 0
    stopped: bool = False
    rests: bool = False


def judge_worker(queue: Queue, where: str = "") -> Finding:
    """Whether anybody submits what is due. ``where``: which process it is, where that is known."""
    if queue.workers:
        many = f"{queue.workers} workers run" if queue.workers > 1 else f"The worker runs{where and f' ({where})'}"
        return ok(Check.WORKER, f"{many}.")
    advice = "Start it: outreach run, or outreach worker; best as a service that starts again by itself."
    if queue.oldest_due is None:
        return warning(Check.WORKER, "No worker runs; nothing waits to be sent just now.", advice)
    return fault(Check.WORKER, "No worker runs: no mail leaves, nothing is closed or reminded in time.", advice)


def judge_queue(queue: Queue, now: datetime) -> Finding:
    """Whether what is due leaves, and why not."""
    if queue.oldest_due is None or queue.oldest_due > now:
        return ok(Check.QUEUE, "No mail is overdue.")
    waits = now - queue.oldest_due
    since = f"The oldest mail that may leave has been due since {clock(queue.oldest_due)}"
    if waits <= A_WHILE:
        return ok(Check.QUEUE, f"{since}.")
    for so, why, advice in (
        (queue.stopped, "all mail is stopped", "When mail may leave again: outreach outbox start"),
        (queue.rests, "the account rests", "outreach outbox show says why; then outreach outbox resume"),
        (not queue.workers, "no worker runs", "Start it: outreach run"),
    ):
        if so:
            return warning(Check.QUEUE, f"{since}: {why}.", advice)
    if queue.last_left is not None and now - queue.last_left <= A_WHILE:
        return ok(Check.QUEUE, f"{since}; mails are leaving, as fast as the limits allow.")
    advice = "Look into the worker's log, and start the worker again. The limits may also be used up for today."
    judged = fault if waits > LONG else warning
    return judged(Check.QUEUE, f"{since}, and nothing leaves.", advice)


def judge_doubtful(unknown: int, held: int) -> Finding:
    """Mails that wait for a person."""
    if not unknown and not held:
        return ok(Check.DOUBTFUL, "No mail is unknown or held.")
    return warning(
        Check.DOUBTFUL,
        f"Mails that wait for a person: {unknown:,} unknown (nobody can tell whether they left), {held:,} held.",
        "Look at them, outreach outbox list --state held, and let them go or not: outreach outbox retry",
    )


def judge_account(reason: str, until: datetime | None) -> Finding:
    """The breaker: why the account rests ("" if it does not), until when (None: until a person has looked)."""
    if not reason:
        return ok(Check.ACCOUNT, "The mail account is not resting.")
    if until is None:
        advice = "Mend what the server complains about, then: outreach outbox resume"
        return fault(Check.ACCOUNT, f"No mail leaves until a person has looked: {reason}", advice)
    advice = "It is tried again by itself; if this goes on, ask who runs the mail server."
    return warning(Check.ACCOUNT, f"No mail leaves before {clock(until)}: {reason}", advice)


def judge_stop(sentence: str) -> Finding:
    """The panic stop, in a sentence; "" if none stands."""
    if not sentence:
        return ok(Check.STOP, "Mail may leave.")
    return warning(Check.STOP, sentence, "When mail may leave again: outreach outbox start")


def judge_tasks(waiting_since: datetime | None, running_since: datetime | None, now: datetime) -> Finding:
    """Long work that people asked for: since when the oldest waits, and since when the oldest runs."""
    if waiting_since is not None and now - waiting_since > TASK_WAITS:
        found = f"A task has been waiting for {span(now - waiting_since)}."
        return warning(Check.TASKS, found, "Look whether the worker runs, and into its log.")
    if running_since is not None and now - running_since > LONG:
        found = f"A task has been running for {span(now - running_since)}."
        return warning(Check.TASKS, found, "Look into the worker's log; a worker that starts takes it up again.")
    return ok(Check.TASKS, "No task waits long.")


def judge_address(base_url: str, *, local: bool, rehearsal: bool) -> Finding:
    """Whether the links in our mails lead anywhere."""
    if local and not rehearsal:
        return fault(
            Check.ADDRESS,
            f"Mails really leave, and every link in them begins with {base_url}, which only this machine can open.",
            "Set workspace.base_url to the https address of your pages before anything is launched.",
        )
    if local:
        return ok(Check.ADDRESS, f"Links begin with {base_url}, which will do for a rehearsal.")
    return ok(Check.ADDRESS, f"Links begin with {base_url}.")


def judge_clock(ours: datetime, theirs: datetime | None, whose: str, check: Check = Check.CLOCK) -> Finding:
    """Our clock against another's; None: it does not tell, or it is the same."""
    if theirs is None:
        return ok(check, f"There is no other clock to compare with: {whose}.")
    off = abs(ours - theirs)
    tolerated = MAIL_CLOCK_OFF if check is Check.MAIL_CLOCK else CLOCK_OFF
    if off <= tolerated:
        return ok(check, f"This machine and {whose} agree on the time.")
    found = f"This machine's clock and that of {whose} differ by {span(off)}."
    judged = fault if off > max(CLOCK_WRONG, tolerated) else warning
    return judged(check, found, "Set both by NTP: deadlines are kept by the clock.")


def judge_database(name: str, schema: str, known: str) -> Finding:
    """What the database is; ``schema`` is its revision, ``known`` the one that this program works with."""
    if schema != known:
        found = f"{name}; its schema is {schema or 'none'}, this program's is {known}."
        return fault(Check.DATABASE, found, "Use one version of the program everywhere, and start all of it again.")
    return ok(Check.DATABASE, f"{name}, schema {schema}.")


def judge_integrity(damage: str | None) -> Finding:
    """What a check of the database says: what is broken, "" for nothing, None if it was not finished in time."""
    if damage is None:
        return ok(
            Check.INTEGRITY, "No damage was found in the time given; the database is too large to check it all."
        )
    if damage:
        advice = "Stop everything, keep a copy of the file as it is, and put back a backup."
        return fault(Check.INTEGRITY, f"The database is damaged: {damage}.", advice)
    return ok(Check.INTEGRITY, "A quick check of the database found nothing.")


def judge_wal(size: int | None) -> Finding:
    """The size of SQLite's write-ahead log; None where there is none."""
    if size is None:
        return ok(Check.WAL, "PostgreSQL looks after its own.")
    found = f"The write-ahead log has {size // MEGABYTE:,} MB."
    if size > WAL_LARGE:
        return warning(Check.WAL, found, "Something reads the database without end: end it, or start again.")
    return ok(Check.WAL, found)


def judge_disk(free: int) -> Finding:
    """What is left for the database to grow into, in bytes."""
    found = f"{free // MEGABYTE:,} MB are free in the workspace's folder."
    if free < DISK_FULL:
        return fault(Check.DISK, found, "Make room at once: on a full disk nothing is queued and nobody can sign.")
    if free < DISK_LOW:
        return warning(Check.DISK, found, "Make room soon: backups and mails with files need it.")
    return ok(Check.DISK, found)


def judge_mailbox_read(kind: str, read_at: datetime | None, now: datetime, *, rehearsal: bool) -> Finding:
    """When answers and bounces were last taken in."""
    if kind == "none":
        if rehearsal:
            return ok(Check.MAILBOX_READ, "No mailbox is read, which will do for a rehearsal.")
        advice = "Set up [mailbox]: without it opt-outs by mail, bounces and answers are not seen."
        return warning(Check.MAILBOX_READ, "No mailbox is read.", advice)
    advice = "Try outreach replies fetch; it says what is wrong. Look whether the worker runs."
    if read_at is None:
        return warning(Check.MAILBOX_READ, "The mailbox has never been read.", advice)
    age = now - read_at
    found = f"The mailbox was last read at {clock(read_at)}, {span(age)} ago."
    if age > MAILBOX_LOST:
        return fault(Check.MAILBOX_READ, found, advice)
    return warning(Check.MAILBOX_READ, found, advice) if age > MAILBOX_UNREAD else ok(Check.MAILBOX_READ, found)
