"""Values made fit for a template: plain text, lists, flags and links, and nothing else."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from outreach.rendering.content import single_line
from outreach.rendering.vocabulary import VOCABULARY, Word, WordType, look_up

_URL = re.compile(r"(https?://|mailto:)[^\s<>\"\\\x00-\x20\x7f-\x9f]+", re.IGNORECASE)

_OURS = re.compile(r"https?://[!#-;=?-\[\]-~]+").fullmatch
"""Links in plain ASCII, as our own are."""


def value_of(values: Mapping[str, Any], name: str) -> Any:
    """The value under a dotted name; None for a fact about the contact that nobody knows.

    ValueError: the values do not hold the word, which is a defect of whoever gave them.
    """
    value: Any = values
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            if name.startswith("contact."):
                return None
            raise ValueError(f"no value was given for “{name}”")
        value = value[part]
    return value


@lru_cache(maxsize=1024)
def preparing(name: str) -> Callable[[Mapping[str, Any]], Any]:
    """The function that takes the value of a word of mails out of given values and makes it fit."""
    word = look_up(name) or VOCABULARY[name]
    group, _, rest = name.partition(".")

    def url(values: Mapping[str, Any]) -> str:
        try:
            value = values[group][rest]
        except (KeyError, TypeError):
            value = value_of(values, name)
        return value if value.__class__ is str and _OURS(value) else _url(name, value)

    if word.type is WordType.URL:
        return url
    if word.type is not WordType.TEXT or "." in rest:
        return lambda values: fitted(name, word, value_of(values, name))

    def text(values: Mapping[str, Any]) -> str:
        try:
            value = values[group][rest]
        except (KeyError, TypeError):
            value = value_of(values, name)
        return single_line(value) if value.__class__ is str else _text(value)

    return text


def prepared(name: str, value: Any) -> Any:
    """The value of a word of mails, made fit (see fitted)."""
    return fitted(name, look_up(name) or VOCABULARY[name], value)


def fitted(name: str, word: Word, value: Any) -> Any:
    """The value as its word's type wants it; anything empty is false. ValueError: a link is none."""
    match word.type:
        case WordType.TEXT:
            return _text(value)
        case WordType.FLAG:
            return bool(value)
        case WordType.URL:
            return _url(name, value)
        case WordType.BLOCK:
            return "" if value is None else str(value).strip()
    return _list(name, word, value)


def _text(value: Any) -> str:
    return "" if value is None else single_line(str(value))


def _url(name: str, value: Any) -> str:
    """The address; only schemes that open a page or a mail, so that no value can become a script."""
    if not value:
        return ""
    if not _URL.fullmatch(str(value)):
        raise ValueError(f"the value of “{name}” is not an address that a mail can link to: {str(value)[:200]!r}")
    return str(value)


def _list(name: str, word: Word, value: Any) -> list[Any]:
    if word.of is WordType.TEXT:
        return [text for text in map(_text, value or ()) if text]
    return [
        SimpleNamespace(title=_text(item["title"]), url=_url(f"{name}, url", item["url"])) for item in value or ()
    ]
