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


def migrate_with_pauses(url: str, revision: str, seconds: float) -> list[str]:
    """Migrate the database to ``revision``, so slowly that a kill meets it half-way; its tables' names."""
    import time

    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config

    from outreach.store import schema

    engine = sa.create_engine(url)
    sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    sa.event.listen(engine, "before_cursor_execute", lambda *_: time.sleep(seconds))
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with engine.connect() as connection, schema._tables_made_anew(connection):
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    names = sorted(sa.inspect(engine).get_table_names())
    engine.dispose()
    return names
