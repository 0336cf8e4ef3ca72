"""What a call's file may say, and what a coordinator is told when it says something else."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.audiences import Audience
from outreach.domain.call_files import (
    LetterFile,
    call_table,
    is_written_in,
    read_call_table,
    read_letter,
    write_letter,
)
from outreach.domain.correspondence import LetterKind
from outreach.domain.errors import InvalidInput
from tests import make

TABLE: dict[str, Any] = {
    "slug": "migrants-day",
    "title": "A call for International Migrants Day",
    "letter": "migrants-day",
    "default_language": "en",
    "languages": ["en", "fr"],
    "organisers": ["Lantern Coast Network"],
    "deadline": "2015-12-17 17:00 America/Los_Angeles",
    "release": "2015-12-18 09:00 America/Los_Angeles",
    "reminders": ["7d", "24h"],
    "last_call": "3h",
    "thank_you": False,
    "audience": {"tags": ["migration"], "countries": ["be"]},
    "background": [{"title": "Why now", "url": "https://lanterncoast.example/why"}],
}
CONTACT = "Rosa Lind, Lantern Coast Network, +32 2 555 01 99, press@lanterncoast.example"


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in TABLE.items() if name != key}


def refusal(**changes: Any) -> str:
    with pytest.raises(InvalidInput) as raised:
        read_call_table({**TABLE, **changes})
    return str(raised.value)


def test_a_complete_file_is_read_as_it_stands() -> None:
    call = read_call_table(TABLE)
    assert call.deadline.instant() == datetime(2015, 12, 18, 1, 0, tzinfo=UTC)
    assert [str(offset) for offset in call.reminders] == ["7d", "24h"]
    assert (call.audience.tags, call.audience.countries) == (("migration",), ("BE",))
    assert (call.thank_you, call.languages) == (False, ("en", "fr"))


def test_what_was_read_can_be_written_and_read_again() -> None:
    call = read_call_table(TABLE)
    assert read_call_table(call_table(call)) == call


def test_a_follow_up_names_the_letter_it_follows_and_whom_the_press_may_ask() -> None:
    waves = {"first_signed": ["open-ports"], "others_after": "3d"}
    call = read_call_table({**TABLE, "follows": "open-ports", "press_contacts": [CONTACT], "audience": waves})
    assert (call.kind, call.follows, call.press_contacts) == (LetterKind.FOLLOW_UP, "open-ports", (CONTACT,))
    assert (call.audience.first_signed, call.audience.others_after) == (("open-ports",), "3d")
    assert read_call_table(call_table(call)) == call


def test_a_letter_is_open_unless_its_file_says_otherwise() -> None:
    assert read_call_table(TABLE).kind is LetterKind.OPEN
    assert read_call_table({**TABLE, "kind": "private", "follows": "open-ports"}).kind is LetterKind.PRIVATE


def test_the_sample_call_survives_the_round_trip() -> None:
    call = make.call_file()
    again = read_call_table(call_table(call))
    assert call_table(again) == call_table(call)


@pytest.mark.parametrize("key", ["slug", "title", "letter", "organisers", "deadline"])
def test_what_is_missing_is_named(key: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{key} is missing"):
        read_call_table(without(key))


@pytest.mark.parametrize("key", ["release", "reminders", "last_call", "thank_you", "audience", "background"])
def test_the_rest_may_be_left_out(key: str) -> None:
    read_call_table(without(key))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"remindrs": ["7d"]}, "remindrs is not known in a call's file. Did you mean reminders?"),
        ({"colour": "red"}, "Allowed are: slug, title"),
        ({"slug": "Migrants Day"}, "small letters, digits and single hyphens"),
        ({"slug": "a" * 61}, "60 at most"),
        ({"slug": 5}, "slug must be text, not 5"),
        ({"title": "\u200b"}, "title is missing"),
        ({"title": ["a"]}, "title must be text"),
        ({"organisers": []}, "organisers is missing"),
        ({"organisers": "Lantern"}, "organisers must be a list of texts"),
        ({"organisers": ["\u200b"]}, "organisers must be a list of texts"),
        ({"default_language": "ar"}, "default_language is 'ar', which is not one of languages"),
        ({"languages": ["en", "english"]}, "languages: 'english' is not known"),
        ({"languages": ["xx"], "default_language": "xx"}, "languages: 'xx' is not known"),
        ({"deadline": "2015-12-17 17:00"}, "deadline: .*names no time zone"),
        ({"deadline": "2015-12-17 17:00 CET"}, "deadline: "),
        ({"deadline": "17.12.2015 17:00 Europe/Brussels"}, "deadline: .*year-month-day"),
        ({"release": "2015-12-16 09:00 Europe/Brussels"}, "release .* is before the deadline"),
        ({"release": 5}, "release must be text"),
        ({"reminders": ["7 weeks"]}, "reminders: .*is no offset"),
        ({"reminders": [7]}, "reminders must be a list of texts"),
        ({"reminders": ["7d", "7D"]}, "reminders: 7d stands there twice"),
        ({"last_call": 3}, "last_call must be texts"),
        ({"thank_you": "yes"}, "thank_you must be true or false"),
        ({"audience": ["migration"]}, "audience must be a table"),
        ({"audience": {"tag": ["migration"]}}, "audience.tag is not known; did you mean tags?"),
        ({"audience": {"zodiac": ["x"]}}, "allowed are already_invited"),
        ({"audience": {"tags": "migration"}}, "audience.tags must be a list of texts"),
        ({"audience": {"already_invited": ["a.csv"]}}, "audience.already_invited must be text"),
        ({"audience": {"exclude": ["vera at harbour"]}}, "audience.exclude: "),
        ({"kind": "secret"}, "kind must be one of open, private, follow-up, response, not 'secret'"),
        ({"kind": ["open"]}, "kind must be one of"),
        ({"kind": "follow-up"}, "follows does not name the letter"),
        ({"follows": ["a"]}, "follows must be text"),
        ({"press_contacts": "Rosa"}, "press_contacts must be a list of texts"),
        ({"press_contacts": ["R" * 201]}, "press_contacts: .* is too long"),
        ({"audience": {"first_signed": ["a"]}}, "go together"),
        ({"audience": {"others_after": "3d"}}, "go together"),
        ({"audience": {"first_signed": ["a"], "others_after": "later"}}, "must be a length of time"),
        ({"audience": {"first_signed": ["a"], "others_after": "3d 09:00"}}, "must be a length of time"),
        ({"audience": {"first_signed": ["a"], "others_after": "0d"}}, "must be a length of time"),
        ({"background": "https://lanterncoast.example"}, "background must be"),
        ({"background": 5}, "background must be"),
        ({"background": {"title": "x", "url": "https://a.example"}}, "background must be"),
        ({"background": [{"title": "x"}]}, "must have a title and a url"),
        ({"background": [{"title": "x", "url": "http://a.example"}]}, "must begin with https://"),
        ({"background": [{"title": "x", "url": "javascript:alert(1)"}]}, "must begin with https://"),
        ({"background": [{"title": "", "url": "https://a.example"}]}, "title is missing"),
    ],
)
def test_what_is_wrong_is_a_sentence_that_names_the_key(changes: dict[str, Any], said: str) -> None:
    sentence = refusal(**changes)
    assert re.search(said, sentence), sentence


@given(
    st.dictionaries(
        st.sampled_from([*TABLE, "other"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
            max_leaves=4,
        ),
        max_size=3,
    )
)
def test_whatever_a_file_says_it_is_read_or_refused(changes: dict[str, Any]) -> None:
    try:
        read_call_table({**TABLE, **changes})
    except InvalidInput as refused:
        assert str(refused)  # noqa: PT017  either way is right


def test_a_language_is_one_that_dates_can_be_written_in() -> None:
    assert [code for code in ("en", "ar", "ckb", "EN", "pt-br", "tli", "xx", "") if is_written_in(code)] == [
        "en",
        "ar",
        "ckb",
    ]


LETTER = """---
title: Safe passage
addressee: the member States
ask: Search and rescue
ask: No pushbacks
---

We, the undersigned,

call on you.
"""


def test_a_letter_is_its_front_matter_and_its_text() -> None:
    letter = read_letter(LETTER)
    assert letter == LetterFile(
        "Safe passage",
        "the member States",
        ("Search and rescue", "No pushbacks"),
        "We, the undersigned,\n\ncall on you.\n",
    )
    assert read_letter(write_letter(letter)) == letter


def test_a_letter_from_a_word_processor_reads_alike() -> None:
    assert read_letter("\ufeff" + LETTER.replace("\n", "\r\n")) == read_letter(LETTER)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: a letter begins with ---"),
        ("We call on you.", "line 1: a letter begins with ---"),
        (LETTER.replace("ask: No", "asks: No"), "line 5: .*allowed are title:, addressee: and ask:"),
        (LETTER.replace("title: Safe passage\n", ""), "exactly one title: line"),
        (LETTER.replace("ask: No pushbacks", "title: Another"), "exactly one title: line"),
        (LETTER.replace("the member States", " "), "exactly one addressee: line"),
        (LETTER.partition("We,")[0], "no text below its front matter"),
    ],
)
def test_a_letter_that_cannot_be_read_says_where(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_letter(text)


def test_an_audience_is_written_without_its_empty_keys() -> None:
    audience = Audience.read({"tags": ["migration"], "languages": ["FR"], "exclude": []})
    assert audience.table() == {"tags": ["migration"], "languages": ["fr"]}
    assert Audience.read(audience.table()) == audience


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", "w" * 201),
        ("organisers", ["Lantern Coast Network", "w" * 201]),
        ("background", [{"title": "w" * 201, "url": "https://lanterncoast.example/why"}]),
    ],
)
def test_a_text_that_is_too_long_is_refused_and_not_cut(key: str, value: Any) -> None:
    assert "200 characters are the most" in refusal(**{key: value})


@pytest.mark.parametrize("key", ["title", "addressee", "ask"])
def test_a_line_at_the_head_of_a_letter_that_is_too_long_is_refused_and_not_cut(key: str) -> None:
    head = {"title": "T", "addressee": "A", "ask": "Ask"} | {key: "w" * 501}
    lines = "".join(f"{name}: {value}\n" for name, value in head.items())
    with pytest.raises(InvalidInput, match=rf"line \d, {key}: .* 500 characters are the most"):
        read_letter(f"---\n{lines}---\n\nText.\n")
