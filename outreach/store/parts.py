"""Long tables part by part, so that what a statement keeps in memory does not grow with the list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Part:
    """The rows whose numbers are above ``after`` and not above ``until``."""

    after: int
    until: int

    def of(self, number: Any) -> sa.ColumnElement[bool]:
        """The condition on a column of such numbers."""
        return sa.and_(number > self.after, number <= self.until)


def parts_of(session: Session, number: Any, size: int) -> Iterator[Part]:
    """All rows of a table, by the column of its numbers, in their order, in parts of ``size`` at most."""
    first, last = session.execute(sa.select(sa.func.min(number), sa.func.max(number))).one()
    for after in range(first - 1, last, size) if last else ():
        yield Part(after, min(after + size, last))
