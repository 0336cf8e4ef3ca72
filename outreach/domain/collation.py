"""The order of a list of names: the one that readers of any language are used to, as Unicode has settled it."""

from functools import cache, lru_cache

from pyuca import Collator  # type: ignore[import-untyped]  # the library has no types of its own

KEPT = 65_536
"""As many keys are kept as the longest list is likely to have names."""


@lru_cache(maxsize=KEPT)
def collation_key(name: str) -> tuple[int, ...]:
    """What names are sorted by: the sort key of the Unicode Collation Algorithm (UTS #10) with its default table.

    Base letters come first, then accents, then case; punctuation and spaces count, and stand before digits, those
    before letters. Names that the table holds for equal follow their code points, so that no two names tie
    and the order never depends on how the list came in.
    """
    # Every level of the key ends in a 0 and no weight is 0, so that the code points begin at the same place.
    return (*_collator().sort_key(name), *map(ord, name))


@cache
def _collator() -> Collator:
    """Reading the table takes most of a second and is done once."""
    return Collator()
