"""Where the log goes: standard error, without addresses, names or tokens.

A person at a terminal reads plain lines, a program one JSON object a line.
"""

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class Unfailing:
    """A stream whose full disk or closed pipe is nobody's trouble: the ledger tells of every mail, not the log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write, if that can be."""
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Flush, if that can be."""
        with suppress(OSError):
            self._stream.flush()


def write_logs_to_stderr(level: int = logging.WARNING) -> None:
    """Write what happens to standard error; whoever runs the process keeps it."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
            structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", Unfailing(sys.stderr))),
    )
