"""Long lists a few hundred at a time, so that each statement handles many rows and memory stays flat."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

CHUNK: Final = 500
"""Rows for each statement: more would hardly be faster, and SQLite bears 32,766 parameters in one statement."""

Item = TypeVar("Item")


def in_chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """The items in lists of ``size``, the last one shorter; nothing for no items."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
