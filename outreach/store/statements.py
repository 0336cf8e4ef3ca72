"""Statements that SQLite and PostgreSQL spell differently."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session, SQLModel


class json_object(sa.sql.functions.GenericFunction[Any]):  # noqa: N801  named as the SQL function
    """A JSON object from names and expressions in turn; a column of JSON stays JSON."""

    type = sa.JSON()
    inherit_cache = True
    name = "json_object"


@compiles(json_object, "postgresql")
def _on_postgresql(element: Any, compiler: SQLCompiler, **kwargs: Any) -> str:
    parts = [compiler.process(clause, **kwargs) for clause in element.clauses]
    return f"json_build_object({', '.join(parts)})"


@compiles(json_object, "sqlite")
def _on_sqlite(element: Any, compiler: SQLCompiler, **kwargs: Any) -> str:
    parts = []
    for clause in element.clauses:
        text = compiler.process(clause, **kwargs)
        is_json = isinstance(clause.type, sa.JSON) and not isinstance(clause, json_object)
        parts.append(f"json({text})" if is_json else text)
    return f"json_object({', '.join(parts)})"


def insert_missing(session: Session, table: type[SQLModel]) -> Any:
    """An INSERT that passes over rows that are there already (a unique key says which)."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).execution_options(synchronize_session=False, preserve_rowcount=True)
