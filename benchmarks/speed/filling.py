"""Fills a workspace: one person is invited as the product does it, and all the others are made like her."""

import sqlalchemy as sa
from large.builder import Builder, Size, counts_again, in_haste, without_indexes

from outreach.store.database import Database, open_database
from speed.campaign import FIRST, GIVEN, TOWNS, call, house
from tests import make

EMAIL = f"'person' || i || '@town' || (i % {TOWNS}) || '.example'"
NUMBERED = ("organisation", "contact", "message")


def invite_one(url: str) -> None:
    """A new workspace with a launched call and one invitation in the outbox."""
    database = open_database(url)
    with database.changing() as session:
        settled = house(database)
        make.contact(session, settled, **FIRST)
        make.launched(session, settled, **call())
    database.close()


def invite_more(url: str, count: int) -> None:
    """So many invitations instead of the one."""
    database = open_database(url)
    if database.is_sqlite:
        database.close()
        sa.event.listen(database.engine, "connect", in_haste)
    if count > 1:
        _multiply(database, count)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if database.is_sqlite else "VACUUM ANALYZE")
    database.close()


def _multiply(database: Database, count: int) -> None:
    builder = Builder(database, Size())
    dropped = without_indexes(builder)
    digest, given = f"substr({builder.hexadecimal('i')}, 1, 32)", builder.pick(GIVEN, "i")
    body = "'Harbour Lamp ' || i"
    who = {"address": EMAIL, "address_digest": digest, "domain": f"'town' || (i % {TOWNS}) || '.example'"}
    named = {"name": f"{given} || ' ' || i", "given_name": given, "organisation_id": "i"}
    words = {FIRST["organisation"]: body, FIRST["name"]: named["name"], FIRST["given_name"]: given}
    values = _replaced({**words, FIRST["address"]: EMAIL}, is_sqlite=builder.is_sqlite)
    organisation = {"id": "i", "name": body, "name_key": f"lower({body})"}
    _copied(builder, "organisation", organisation, count)
    _copied(builder, "contact", {"id": "i", **who, **named}, count)
    _copied(builder, "affiliation", {"contact_id": "i", "organisation_id": "i"}, count)
    _copied(builder, "contact_tag", {"contact_id": "i"}, count)
    _copied(builder, "message", {"id": "i", "contact_id": "i", **who, "values": values}, count)
    builder.run(*dropped, "DELETE FROM message_tally")
    if not builder.is_sqlite:
        builder.run("ANALYZE")  # it takes the tables for empty, and would join them row by row
    counts_again(builder)
    if not builder.is_sqlite:
        builder.run(*(f"SELECT setval('{table}_id_seq', {count})" for table in NUMBERED))


def _replaced(words: dict[str, str], *, is_sqlite: bool) -> str:
    """The first person's values as JSON, with somebody else's words."""
    said = 'CAST("values" AS text)'
    for old, new in words.items():
        said = f"replace({said}, '{old}', {new})"
    return said if is_sqlite else f"CAST({said} AS json)"


def _copied(builder: Builder, table: str, changed: dict[str, str], count: int) -> None:
    """Rows 2 to ``count`` are as the first, but for what is changed: SQL expressions of the number ``i``."""
    with builder.database.engine.connect() as connection:
        columns = [column["name"] for column in sa.inspect(connection).get_columns(table)]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    builder.run(
        f"INSERT INTO {table} ({names}) "
        f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
        f"SELECT {values} FROM n, (SELECT * FROM {table} LIMIT 1) AS the_first"
    )
