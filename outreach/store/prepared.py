"""Statements that run at every turn of the engine, written once: writing one takes longer than running it."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlmodel import Session, UTCDateTime

in_json: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A list as one value. json.dumps makes an encoder anew at each call, which takes longer than its work here."""


class given(sa.ColumnElement[Any]):  # noqa: N801  it stands in statements as a function does
    """The place of a value that is given at each run, as the type of the column wants it."""

    inherit_cache = False

    def __init__(self, name: str, kind: sa.types.TypeEngine[Any] | None = None) -> None:
        self.name = name
        self.type = kind or sa.String()


@compiles(given, "sqlite")
def _named_on_sqlite(place: given, _compiler: Any, **_options: Any) -> str:
    return f":{place.name}"


@compiles(given, "postgresql")
def _named_on_postgresql(place: given, _compiler: Any, **_options: Any) -> str:
    return f"%({place.name})s"


class Prepared:
    """A statement as a database's driver takes it; the values of its ``given`` places come at each run.

    Its constants stand in its text. As parameters they would make SQLite write the whole statement anew at every
    run, because it looks at them when it chooses between partial indexes (sqlite3_bind, "expmask").
    """

    def __init__(self, statement: sa.ClauseElement, dialect: sa.Dialect) -> None:
        self._text = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        self._writers: dict[str, Callable[[Any], Any]] = {}
        for place in sa.sql.visitors.iterate(statement):
            if isinstance(place, given):
                write = place.type.dialect_impl(dialect).bind_processor(dialect)
                if write is not None:
                    self._writers[place.name] = write

    def run(self, session: Session, **values: Any) -> Sequence[Sequence[Any]]:
        """Run it in the session's transaction, after what the session has to write; the rows that came back."""
        session.flush()
        for name, write in self._writers.items():
            values[name] = write(values[name])
        return say(session.connection(), self._text, values)


def say(connection: sa.Connection, text: str, values: dict[str, Any] | None = None) -> Sequence[Sequence[Any]]:
    """Run a text as the driver takes it; the rows that came back."""
    dialect = connection.dialect
    if dialect.name != "sqlite":
        found = connection.exec_driver_sql(text, values)
        return found.all() if found.returns_rows else ()
    # What SQLAlchemy does around a statement takes longer than most of these do.
    driver: Any = dialect.loaded_dbapi
    cursor = connection.connection.cursor()
    try:
        return cursor.execute(text, values or {}).fetchall()  # type: ignore[no-any-return]
    except driver.Error as error:
        raise DBAPIError.instance(text, None, error, driver.Error, hide_parameters=True) from error
    finally:
        cursor.close()


class PreparedFor:
    """A statement of which each database gets its own wording, written when it is first needed."""

    def __init__(self, write: Callable[["Wording"], sa.ClauseElement]) -> None:
        self._write = write
        self._known: dict[str, Prepared] = {}

    def run(self, session: Session, **values: Any) -> Sequence[Sequence[Any]]:
        """Run it in the session's transaction; the rows that came back."""
        dialect = session.get_bind().dialect
        known = self._known.get(dialect.name)
        if known is None:
            known = self._known[dialect.name] = Prepared(self._write(Wording(dialect.name)), dialect)
        return known.run(session, **values)


def as_moment(kept: str | datetime | None) -> datetime | None:
    """A moment as the database's driver gives it back: SQLite's text is in UTC."""
    if kept is None:
        return None
    return datetime.fromisoformat(kept).replace(tzinfo=UTC) if isinstance(kept, str) else kept.astimezone(UTC)


class Wording:
    """How a database speaks of lists that are given, or given back, as one JSON text.

    A list in one value, whatever its length, is the same statement each time; a result in one row lets Python's
    other threads in once and not at every row.
    """

    def __init__(self, dialect: str) -> None:
        self.is_sqlite = dialect == "sqlite"

    def items(self, name: str) -> sa.TableValuedAlias:
        """The items of the JSON list that is given under ``name``; each is the column ``value``."""
        text = given(name, sa.String())
        if self.is_sqlite:
            return sa.func.json_each(text).table_valued("value", name=f"{name}_items")
        return sa.func.jsonb_array_elements(sa.cast(text, postgresql.JSONB)).table_valued(
            sa.column("value", sa.JSON), name=f"{name}_items"
        )

    def texts(self, name: str) -> sa.Select[Any]:
        """The texts in the JSON list that is given under ``name``."""
        items = self.items(name)
        return sa.select(items.c.value if self.is_sqlite else items.c.value.op("#>>")(sa.text("'{}'")))

    def is_among(self, column: Any, name: str) -> sa.ColumnElement[bool]:
        """Whether a column of whole numbers is in the JSON list that is given under ``name``.

        PostgreSQL gets an array: of a table function it knows no length, and would rather go through all rows.
        """
        if self.is_sqlite:
            return column.in_(sa.select(self.items(name).c.value))  # type: ignore[no-any-return]
        array = sa.func.translate(given(name, sa.String()), "[]", "{}")
        return column == sa.any_(sa.cast(array, postgresql.ARRAY(sa.BigInteger)))  # type: ignore[no-any-return]

    def table(self, name: str, **columns: sa.types.TypeEngine[Any]) -> sa.Subquery:
        """The rows of the JSON list of lists that is given under ``name``, as columns in that order.

        Moments are in UTC, as SQLite keeps them: 2027-01-11 12:00:00.000000.
        """
        items = self.items(name)
        cells = [
            self._cell(items.c.value, place, kind).label(column)
            for place, (column, kind) in enumerate(columns.items())
        ]
        return sa.select(*cells).subquery(name)

    def _cell(self, value: Any, place: int, kind: sa.types.TypeEngine[Any]) -> Any:
        if self.is_sqlite:
            return sa.type_coerce(sa.func.json_extract(value, sa.literal_column(f"'$[{place}]'")), kind)
        text = value.op("->>")(sa.literal_column(str(place)))
        return sa.cast(text.op("||")(sa.literal_column("'+00'")) if isinstance(kind, UTCDateTime) else text, kind)

    def one_text(self, rows: sa.Subquery) -> sa.Select[Any]:
        """All rows as one JSON text: a list of lists."""
        if self.is_sqlite:
            cells = [sa.func.json(cell) if isinstance(cell.type, sa.JSON) else cell for cell in rows.c]
            return sa.select(sa.func.json_group_array(sa.func.json_array(*cells)))
        return sa.select(sa.cast(sa.func.json_agg(sa.func.json_build_array(*rows.c)), sa.Text))
