"""The numbers of rows, as people type them and as addresses of pages name them."""

from typing import Final

LARGEST_NUMBER: Final = 2**31 - 1
"""What a database can be asked for: PostgreSQL's integer."""


def row_number(text: str) -> int | None:
    """The number that a text names, from 0 to LARGEST_NUMBER; None for anything else, however long."""
    plain = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_NUMBER))
    return int(text) if plain and int(text) <= LARGEST_NUMBER else None
