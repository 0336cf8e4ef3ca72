"""Names and texts: what is stripped, what stays exactly as typed, what makes two names one."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.names import clean_line, clean_text, has_contact_details, looks_like_address, name_key

KEPT = [
    '"; DROP TABLE contacts;--',
    "O'Brien & Søns «Ж» 人权",
    "<script>alert(1)</script>",
    "{{ contact.email }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    '=HYPERLINK("http://evil","x")',
    "=?utf-8?q?x=0d=0aBcc:e@e?=",
    "ʻAha Pūnana Leo",
    "Médecins du Désert\u00a0: Suisse",
    "منظمة حقوق الإنسان",
    "می\u200cخواهم",
    "ක්\u200dරියා",
    "हिन्दी",
    "ארגון זכויות",
    "የሰብአዊ መብቶች",
    "လူ့အခွင့်အရေး",
    "མི་རྟག་རྒྱུད་བསྒྲུབས",
    "Bảo vệ quyền con người",
    "💩 👩\u200d👩\u200d👧 🏳️\u200d🌈",
    "1000 Voices",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_people_write_stays_exactly_as_it_is(text: str) -> None:
    assert clean_line(text) == text
    assert clean_text(text, 1_000) == text


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029", "\t", "\x00", "\x1b", "\x1e"]
)
def test_control_characters_and_line_ends_become_one_space(end: str) -> None:
    assert clean_line(f"Org{end}X: y") == "Org X: y"
    assert clean_line(f" Org {end} {end}X{end}") == "Org X"


@pytest.mark.parametrize(
    "unseen", [*"\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u200b\u2060\ufeff\u00ad\u3164\U000e0041"]
)
def test_what_turns_or_hides_text_is_stripped(unseen: str) -> None:
    assert clean_line(f"{unseen}gp{unseen}j.exe{unseen}") == "gpj.exe"
    assert clean_line(unseen * 5) == ""


@pytest.mark.parametrize(
    "text", ["A\u200dmnesty", "\u200cOrg", "Org\u200d", "Амне\u200cсти", "a \u200d b", "\u200d\u200c"]
)
def test_joiners_are_stripped_where_no_script_needs_them(text: str) -> None:
    assert clean_line(text) == re.sub("[\u200c\u200d]", "", text).replace("  ", " ").strip()


def test_a_thousand_combining_marks_are_cut() -> None:
    assert clean_line("Z" + "\u0335" * 1_000 + "algo") == "Z" + "\u0335" * 4 + "algo"
    assert len(clean_line("Z" + "\u0489" * 1_000)) == 5
    assert len(clean_line("ན" + "ྒ" * 1_000)) == 11


def test_a_name_has_two_hundred_graphemes_at_most() -> None:
    assert clean_line("a" * 10_000) == "a" * 200
    marked = unicodedata.normalize("NFC", "q\u0301" * 10_000)
    assert clean_line(marked) == "q\u0301" * 200
    assert clean_line("ab cd", limit=3) == "ab"


def test_blank_is_nothing() -> None:
    for text in ("", "   ", "\u00a0\u3000", "\u200b\n\u202e", "\t"):
        assert clean_line(text) == ""


def test_names_come_out_composed() -> None:
    assert clean_line(unicodedata.normalize("NFD", "Éire Tíre")) == "Éire Tíre"


def test_a_lone_surrogate_can_be_stored() -> None:
    assert clean_line("a\ud800b").encode()


def test_text_keeps_its_lines_and_one_empty_line_between_paragraphs() -> None:
    assert clean_text("One\r\ntwo \r\r\n\n\n\nthree\u2028four\t five", 1_000) == "One\ntwo\n\nthree\nfour five"
    assert clean_text("a\n" * 50, 9) == "a\na\na\na\na"


@given(st.text(), st.integers(1, 40))
def test_cleaning_twice_changes_nothing(text: str, limit: int) -> None:
    line = clean_line(text, limit)
    assert clean_line(line, limit) == line
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", line)
    paragraphs = clean_text(text, limit)
    assert clean_text(paragraphs, limit) == paragraphs


def test_the_longest_texts_are_cleaned_quickly() -> None:
    started = time.perf_counter()
    for text in ("a" * 32_767, "\u200d" * 32_767, "é\u0301" * 16_000, "1 " * 16_000, "@" * 32_767, "a@a" * 10_000):
        clean_line(text)
        name_key(text)
        has_contact_details(text)
    assert time.perf_counter() - started < 1.5


@pytest.mark.parametrize(
    "text", ["AMNESTY NOW ", "Amnesty  Now", "amnesty\u00a0now", "“Amnesty Now”", "Amnesty Now.", "Ａmnesty Now"]
)
def test_names_that_differ_in_case_spaces_or_edges_are_one_organisation(text: str) -> None:
    assert name_key(text) == name_key("Amnesty Now")


@pytest.mark.parametrize(
    "text", ["Amnesty Now e.V.", "The Amnesty Now", "Ámnesty Now", "Amnesty-Now", "Аmnesty Now"]
)
def test_names_that_differ_in_more_are_two(text: str) -> None:
    assert name_key(text) != name_key("Amnesty Now")


def test_a_name_of_nothing_but_punctuation_keeps_its_own_key() -> None:
    assert name_key("!!!") == "!!!"
    assert name_key("--") != name_key("..")


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


@pytest.mark.parametrize(
    "text", ["victim@gov.example", "Evil <victim@gov.example>", "x victim＠gov．example", "a@b.co"]
)
def test_an_address_in_a_name_is_seen(text: str) -> None:
    assert looks_like_address(text)
    assert has_contact_details(text)


@pytest.mark.parametrize("text", ["Women@Work", "@ home", "Org. A @ B", "a@b. Smith"])
def test_an_at_sign_alone_makes_no_address(text: str) -> None:
    assert not looks_like_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "see https://evil.example/x",
        "HTTP://x",
        "www.win.example",
        "t.me/joinus",
        "join T.ME/x",
        "bit.ly/abc",
        "evil.com/win",
        "evil.de/win",
        "evil.shop/win",
        "call +41 22 555 01 02",
        "0041225550102",
        "(022) 555-010-203",
    ],
)
def test_links_and_phone_numbers_in_a_name_are_seen(text: str) -> None:
    assert has_contact_details(text)


@pytest.mark.parametrize(
    "text",
    [
        "350.org",
        "Change.example",
        "1000 Voices",
        "Agenda 2015-2025",
        "St.Gallen/Zürich Group",
        "e.V./gGmbH",
        "24/7",
        "Refugee 613",
    ],
)
def test_names_that_only_resemble_contact_details_pass(text: str) -> None:
    assert not has_contact_details(text)
