"""Short answers: what they may say, and what becomes of what nobody knows."""

from typing import Any

import pytest

from outreach.rendering.answers import MISSING, check_answer, filled_answer, title_of
from outreach.rendering.templates import TemplateError
from tests import make

KNOWN: dict[str, Any] = {
    "contact": {"name": "Idris Belhaj", "given_name": "Idris", "organisation": "Harbour House"},
    "call": {"title": "Safe *passage*", "organisers": "A and B"},
    "letter": {"title": "Open letter", "addressee": "the ministers"},
    "deadline": {"here": "Friday 26 February 2027", "passed": False},
    "links": {"letter": "https://lanterncoast.example/letters/safe-passage"},
    "sender": {"organisation": "Lantern Coast Network"},
}
UNKNOWN: dict[str, Any] = {
    name: {word: False if word == "passed" else "" for word in words} for name, words in KNOWN.items()
}


@pytest.mark.parametrize("key", make.answers(), ids=".".join)
def test_every_sample_can_be_used_whatever_is_known(key: tuple[str, str]) -> None:
    source = make.answers()[key]
    assert check_answer(source) == []
    assert title_of(source)
    for values in (KNOWN, UNKNOWN):
        text = filled_answer(source, values)
        assert text
        assert not [sign for sign in ("{{", "{%", "#") if sign in text]


def test_each_sample_is_there_in_every_language() -> None:
    names = {name for name, _ in make.answers()}
    assert set(make.answers()) == {(name, language) for name in names for language in ("en", "fr", "es", "ar")}


def test_what_was_filled_in_is_literal_and_what_is_unknown_is_seen() -> None:
    source = "# Hello\n\nAbout {{ call.title }}: {{ links.letter }}"
    assert filled_answer(source, KNOWN).startswith(r"About Safe \*passage\*: <https://lanterncoast.example/")
    assert filled_answer(source, UNKNOWN) == f"About {MISSING}: {MISSING}"


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("Hello", "the first line"),
        ("# {{ call.title }}\n\nHello", "the first line"),
        ("# A\n\n{{ contact.password }}", "contact.password"),
        ("# A\n\n{{ ''.__class__ }}", "line 3"),
        ("# A\n\n{% for x in y %}", "line 3"),
        ("# A\n\n\u202eHello", "control character"),
    ],
)
def test_a_wrong_one_says_where(source: str, wrong: str) -> None:
    assert wrong in "\n".join(map(str, check_answer(source)))
    with pytest.raises(TemplateError):
        filled_answer(source, KNOWN)
