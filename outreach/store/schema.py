"""The schema's version: brings an older database up to date and refuses a newer one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from outreach.domain.errors import Refusal

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0013"
"""The revision that this version of the program works with; a test holds it to the migrations folder."""


def bring_up_to_date(engine: sa.Engine) -> None:
    """Migrate the database to HEAD in one transaction. Raises Refusal when it is newer than this program."""
    found = _revision(engine)
    if found == HEAD:
        return
    if found is not None and not _is_known(found):
        raise Refusal(
            f"This database was made by a newer version of outreach (schema {found}; this version knows {HEAD}). "
            "Install the newer version; nothing was changed."
        )
    migrate(engine)


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        return str(found) if found is not None else None


def _is_known(revision: str) -> bool:
    return any(path.name.startswith(f"{revision}_") for path in (MIGRATIONS / "versions").glob("*.py"))


def migrate(engine: sa.Engine, folder: Path = MIGRATIONS) -> None:
    """Run the migrations of ``folder`` that the database lacks, in one transaction: all of them or none."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder))
    with engine.execution_options(outreach_writes=True).connect() as connection, _tables_made_anew(connection):
        if engine.dialect.name == "postgresql":  # two commands that start at once migrate one after the other
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(20260101)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _tables_made_anew(connection: sa.Connection) -> Iterator[None]:
    """A transaction in which SQLite may make a table anew that others refer to, as its manual asks.

    References are not enforced meanwhile, which can only be said before the transaction begins, and are checked
    as a whole before it ends (https://sqlite.org/lang_altertable.html, section 7).
    """
    sqlite = connection.dialect.name == "sqlite"
    driver: Any = connection.connection.driver_connection
    if sqlite:
        driver.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                raise RuntimeError(f"a migration broke a reference of the table {broken[0]}")
    finally:
        if sqlite:
            driver.execute("PRAGMA foreign_keys=ON")
