"""Letters that pass for others: seen through, without mistaking a script for a disguise."""

import pytest

from outreach.domain.desk.lookalikes import mixes_scripts, skeleton


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("Аmnesty", "Amnesty"),
        ("ＡＭＮＥＳＴＹ", "amnesty"),
        ("Οxfam", "OXFAM"),
        ("0xfam", "Oxfam"),
        ("ɡreenpeace", "Greenpeace"),
        ("Modern Arnnesty", "Modem Amnesty"),
        ("Հarbοur", "Հarbour"),
    ],
)
def test_what_looks_alike_has_one_skeleton(disguised: str, plain: str) -> None:
    assert skeleton(disguised) == skeleton(plain)


def test_a_number_is_no_word_and_a_vowel_sign_no_accent() -> None:
    assert skeleton("1325") == "1325"
    assert skeleton("हिन्दी") != skeleton("हन्द")


@pytest.mark.parametrize("name", ["Аmnesty International", "АВС International", "Mоdern", "Ηarbour"])
def test_a_word_of_two_alphabets_is_seen(name: str) -> None:
    assert mixes_scripts(name)


@pytest.mark.parametrize(
    "name",
    ["Médecins", "Мемориал", "Memorial (Мемориал)", "NPO法人 Lakes", "منظمة Oxfam", "Human Rights Центр", "ΕΣΠ"],
)
def test_scripts_side_by_side_are_no_disguise(name: str) -> None:
    assert not mixes_scripts(name)
