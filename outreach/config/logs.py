"""Where the log goes: one JSON object a line on standard error, without addresses, names or tokens."""

import logging
import sys

import structlog


def write_logs_to_stderr(level: int = logging.WARNING) -> None:
    """Write what happens to standard error; whoever runs the process keeps it."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
