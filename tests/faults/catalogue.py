"""The faults, row by row: what can go wrong, and what the product does then. docs/reliability.md is made of it."""

from typing import Final, NamedTuple


class Fault(NamedTuple):
    """One row: its number, what goes wrong, what is expected, and what the product does ``instead``, if it does."""

    row: str
    what: str
    expected: str
    instead: str = ""


FAULTS: Final = (
    Fault(
        "F1",
        "kill -9 worker at random",
        "nothing lost; copies at most the open connections per kill; none where the relay can be read",
    ),
    Fault(
        "F2",
        "kill -9 at each phase: claimed, connect, EHLO, TLS, AUTH, MAIL, RCPT, DATA sent, 354 seen, body "
        "begun, dot written, reply seen, before the settling commit",
        "exactly the outcome in the table above",
    ),
    Fault(
        "F3",
        "kill -9 scheduler while enqueuing 10,000",
        "all or none per occurrence; UNIQUE holds",
    ),
    Fault(
        "F4",
        "kill -9 IMAP ingester between fetch, store, flag, move",
        "each inbound message processed exactly once",
    ),
    Fault(
        "F5",
        "SIGTERM",
        "stops claiming; finishes in-flight <= sum of timeouts; then `unknown`",
    ),
    Fault(
        "F6",
        "SIGSTOP for minutes, a second worker, SIGCONT",
        "claims stay with the stopped owner while it holds its lock; if its database session was cut "
        "meanwhile it notices before the next dot and drops the claim; copies at most the open "
        "connections",
    ),
    Fault(
        "F7",
        "two schedulers, two workers, 8 threads",
        "0 doubles",
    ),
    Fault(
        "F8",
        "connection refused / no route / DNS fail",
        "deferred; breaker opens; no attempt counted against the contact",
    ),
    Fault(
        "F9",
        "4xx at CONNECT EHLO STARTTLS AUTH MAIL RCPT DATA `.`",
        "deferred with backoff + jitter",
    ),
    Fault(
        "F10",
        "5xx at each",
        "failed for RCPT 5.1.x; account breaker for AUTH/MAIL/5.7.x",
    ),
    Fault(
        "F11",
        "421 at each",
        "deferred, connection dropped, pool shrinks",
        "a server that closes at the greeting, EHLO, STARTTLS, AUTH or MAIL lets the whole account rest, instead "
        "of being asked over fewer connections; one that closes later is met again over a new one",
    ),
    Fault(
        "F12",
        "drop without reply at each",
        "before dot: deferred; after: unknown",
    ),
    Fault(
        "F13",
        "drop mid-body (after N bytes)",
        "deferred",
        "a text of up to 64 KiB leaves in one write with its dot, and counts as handed over from then on (decision "
        "8): cut in its middle it is unknown; a longer one is deferred",
    ),
    Fault(
        "F14",
        "RST after dot",
        "unknown",
    ),
    Fault(
        "F15",
        "reply lost: server accepts, 250 never arrives",
        "unknown -> reconciled sent",
    ),
    Fault(
        "F16",
        "reply arrives after our timeout",
        "no mis-pairing with next command: connection closed",
    ),
    Fault(
        "F17",
        "slow banner / slow every verb / 1 byte per s replies",
        "per-verb timeouts; others keep flowing",
    ),
    Fault(
        "F18",
        "TCP window 1, large attachment",
        "no starvation of other lanes",
    ),
    Fault(
        "F19",
        "half-open (peer vanishes)",
        "keepalive/timeouts free the lane",
    ),
    Fault(
        "F20",
        "garbage replies: no code, 3-digit mismatch, 1 MB line, endless multiline, NUL, UTF-8",
        "treated as 4xx + disconnect, bounded memory",
        "after the final dot it is unknown: whoever answers with garbage may have taken the mail",
    ),
    Fault(
        "F21",
        "EHLO without STARTTLS while required",
        "no MAIL, no AUTH sent; held; alert",
    ),
    Fault(
        "F22",
        "STARTTLS response injection (pre-staged plaintext)",
        "discarded",
    ),
    Fault(
        "F23",
        "bad / expired / wrong-host certificate",
        "refuse; held; alert",
    ),
    Fault(
        "F24",
        "AUTH 535, token expired, 550 5.7.30",
        "breaker, no contact failed, operator told",
    ),
    Fault(
        "F25",
        "provider cap: 550 5.4.5 / 452 4.5.3 / 421 4.7.28 / 450 4.2.1",
        "pause that account/domain until window; never hard-fail contacts",
    ),
    Fault(
        "F26",
        "greylist 451 4.7.1",
        "retry >= 5 min, delivered on retry",
    ),
    Fault(
        "F27",
        "QUIT fails",
        "stays sent",
    ),
    Fault(
        "F28",
        "relay disk full (452 4.3.1)",
        "deferred, breaker",
    ),
    Fault(
        "F29",
        "our disk full at claim",
        "nothing sent",
    ),
    Fault(
        "F30",
        "disk full at mark",
        "stop; row `sending` -> unknown -> reconciled",
    ),
    Fault(
        "F31",
        "fsync EIO",
        "stop sending at once; row may or may not be there",
    ),
    Fault(
        "F32",
        "pwrite ENOSPC / short write",
        "as F29",
    ),
    Fault(
        "F33",
        "DB locked (writer holds BEGIN IMMEDIATE 30 s)",
        "busy_timeout, then deferred work; no loss; console shows it",
    ),
    Fault(
        "F34",
        "DB read-only / permission gone / file deleted / corrupted page",
        "refuse to send; clear message; restore path documented",
    ),
    Fault(
        "F35",
        "power loss (unsynced writes gone)",
        'synchronous=FULL: no committed mark lost. (WAL+NORMAL "might roll back following a power loss": '
        "would re-send up to a checkpoint.)",
    ),
    Fault(
        "F36",
        "-wal or -shm missing / stale after restore",
        "detected; generation guard holds queue",
    ),
    Fault(
        "F37",
        "PostgreSQL restart, failover, `pg_terminate_backend`, replica lag",
        "reconnect; never read queue from a replica",
    ),
    Fault(
        "F38",
        "clock +1 day, -1 day, -1 h while running",
        "no double occurrence; expired not sent; waits measured on the monotonic clock",
    ),
    Fault(
        "F39",
        "DST gap and overlap",
        "gap: fire once at the offset before the gap (RFC 5545 3.3.5); overlap: first only",
    ),
    Fault(
        "F40",
        "tz rule change after scheduling",
        "stored as wall time + zone; recomputed; operator told",
    ),
    Fault(
        "F41",
        "server down across the planned time",
        'sends late only if not expired; shows "late by"',
    ),
    Fault(
        "F42",
        "restore of yesterday's backup / cloned VM",
        "everything HELD, 0 sends",
    ),
    Fault(
        "F43",
        "migration killed half-way",
        "either version runs; no row lost",
    ),
    Fault(
        "F44",
        "downgrade / newer schema",
        "refuse to start with a clear text",
    ),
    Fault(
        "F45",
        "IMAP drop mid-FETCH, BYE, `NO [UNAVAILABLE]`, LOGIN throttled",
        "resume, backoff",
    ),
    Fault(
        "F46",
        "UIDVALIDITY changes; UIDs reused",
        "re-scan, dedup by content key, 0 reprocessed",
    ),
    Fault(
        "F47",
        "mailbox moved/renamed, \\Seen set by a human",
        "still ingested (never rely on \\Seen)",
    ),
    Fault(
        "F48",
        "message with no / duplicate / hostile Message-ID",
        "the mail's identity is the SHA-256 of its bytes in its mailbox; UID and UIDVALIDITY are only a cursor",
    ),
    Fault(
        "F49",
        "50 MB mail, 10,000 parts, 200-deep MIME, zip bomb, 10 MB header",
        "bounded time/memory, quarantined",
    ),
    Fault(
        "F50",
        "mail loop: autoresponder answers our answer",
        "<= 1 automatic reply per sender per 7 d; 0 to auto mail",
    ),
    Fault(
        "F51",
        "100,000 backscatter DSNs",
        "ingest keeps up; 0 contacts changed (no valid VERP)",
    ),
    Fault(
        "F52",
        "sign-on form flood 1,000/s from 1 and 10,000 IPs; one victim address 10,000x",
        "victim gets <= 1 mail/day; global cap; console usable",
    ),
    Fault(
        "F53",
        "web process dies during POST confirm",
        "signature confirmed or not, never half; retry works",
    ),
    Fault(
        "F54",
        "double-click / replayed POST / two tabs",
        "idempotent, 1 signature",
    ),
    Fault(
        "F55",
        "template error for 1 of 1,000 contacts",
        "that one held, 999 go",
        "that one fails, with the reason; `outreach outbox retry` sends it when the template is mended",
    ),
    Fault(
        "F56",
        "memory pressure / OOM kill",
        "as F1",
    ),
    Fault(
        "F57",
        "fd exhaustion",
        "refuses new, keeps running",
    ),
    Fault(
        "F58",
        "log disk full / log write fails",
        "sending pauses if the audit row cannot be written",
    ),
    Fault(
        "F59",
        "opt-out arrives mid-campaign",
        "0 messages claimed after the opt-out commit; in flight at most what the connections hold",
    ),
    Fault(
        "F60",
        "pause / cancel / edit mid-campaign",
        "takes effect within one claim; edited text never mixes inside one recipient",
    ),
)
