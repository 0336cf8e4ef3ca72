"""How columns are declared: enumerations by value, JSON, and what holds personal data."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

# One naming convention, so that migrations can name what they change on every database.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

PERSONAL = {"personal": True}
"""Marks a column that holds personal data, where it is defined: erasure and exports read this mark."""


SECRET = {"secret": True}
"""Marks a column that opens something: it is never shown, exported or written to the log."""


def one_of(words: type[StrEnum], **options: Any) -> Any:
    """A column of an enumeration, stored by value as text."""
    kind = sa.Enum(words, native_enum=False, length=24, values_callable=lambda members: [m.value for m in members])
    return Field(sa_type=kind, **options)


def personal(default: Any = ..., **options: Any) -> Any:
    """A column that holds personal data."""
    return Field(default, sa_column_kwargs={"info": PERSONAL}, **options)


def secret(default: Any = ..., **options: Any) -> Any:
    """A column that opens something: a password's hash, a device's key."""
    return Field(default, sa_column_kwargs={"info": SECRET}, **options)


def json_value(default_factory: type[dict[str, Any]] | type[list[Any]], *, is_personal: bool = False) -> Any:
    """A column of JSON."""
    kwargs = {"info": PERSONAL} if is_personal else {}
    return Field(default_factory=default_factory, sa_type=sa.JSON, sa_column_kwargs=kwargs)
