"""All that a worker reads, read once: the processes of these tests are forked from one that has imported this."""

import os
import signal
import sys

import psycopg
import uvloop
from sqlalchemy.dialects import postgresql, sqlite

import outreach.adapters.smtp
import outreach.cli.outbox
import outreach.cli.run
import outreach.usecases.ring
from outreach.cli import main

__all__ = ["outreach", "postgresql", "psycopg", "run_command", "sqlite", "uvloop"]


def run_command(words: list[str], log: str) -> None:
    """In a process of its own: be ``outreach WORDS`` from here on, and say into ``log`` what it says."""
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number in (1, 2):
        os.dup2(written, number)
    os.close(written)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.argv = ["outreach", *words]
    main()
