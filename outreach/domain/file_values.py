"""Reads single values of a TOML table, or says in a sentence what is wrong with the one under that key."""

from collections.abc import Mapping
from typing import Any

from outreach.domain.errors import InvalidInput
from outreach.domain.names import NAME_LIMIT, clean_line


def text_in(table: Mapping[str, Any], key: str) -> str:
    """The text under a key, without the space around it. InvalidInput when there is none."""
    value = table.get(key, "")
    if not isinstance(value, str):
        raise InvalidInput(f"{key} must be text, not {value!r}.")
    if not clean_line(value):
        raise InvalidInput(f"{key} is missing.")
    return value.strip()


def texts_in(table: Mapping[str, Any], key: str, *, needed: bool = False) -> tuple[str, ...]:
    """The list of texts under a key, each as one line; empty if there is none. InvalidInput for anything else."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and clean_line(item) for item in value):
        raise InvalidInput(f'{key} must be a list of texts such as ["one", "two"], not {value!r}.')
    if needed and not value:
        raise InvalidInput(f"{key} is missing; name at least one.")
    return tuple(one_line(key, item) for item in value)


def one_line(place: str, text: str, limit: int = NAME_LIMIT) -> str:
    """The text as one clean line; InvalidInput when it is longer: nobody would notice that its end is missing."""
    line = clean_line(text, len(text) + 1)
    if clean_line(text, limit) != line:
        raise InvalidInput(f'{place}: "{line[:40]}..." is too long; {limit} characters are the most.')
    return line


def flag_in(table: Mapping[str, Any], key: str, *, default: bool) -> bool:
    """The yes or no under a key. InvalidInput for anything else."""
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise InvalidInput(f"{key} must be true or false, not {value!r}.")
    return value


def table_in(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The table under a key; empty if there is none. InvalidInput for anything else."""
    value = table.get(key, {})
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{key} must be a table ([{key}]), not {value!r}.")
    return value
