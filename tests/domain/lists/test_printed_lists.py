"""A printed list read back: every name as printed, and a sentence about all that is doubtful."""

import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.lists.printed_lists import ReadList, read_printed_list

DATA = Path(__file__).parents[2] / "data"
NAMES = (DATA / "signatories-2025.txt").read_text(encoding="utf-8").splitlines()
PRINTED = (DATA / "signatories-2025-as-printed.txt").read_text(encoding="utf-8")


def names(read: ReadList) -> list[str]:
    return [one.name for one in read.names]


def sentences(read: ReadList) -> list[str]:
    return [str(problem) for problem in read.problems]


def test_the_list_of_2025_comes_back_byte_for_byte_in_its_order() -> None:
    read = read_printed_list(PRINTED)
    assert names(read) == NAMES
    assert [one.number for one in read.names] == list(range(1, 272))
    assert read.problems == ()


def test_every_name_knows_the_line_that_it_stands_in() -> None:
    lines = PRINTED.splitlines()
    assert all(one.name in lines[one.line - 1] for one in read_printed_list(PRINTED).names)


@pytest.mark.parametrize("between", ["\n", "\r\n", "\r", "\n\n", "\n\n\n"])
def test_a_list_without_numbers_has_one_name_on_each_line(between: str) -> None:
    read = read_printed_list("\ufeff" + between.join(NAMES) + between)
    assert names(read) == NAMES
    assert {one.number for one in read.names} == {None}
    assert read.problems == ()


@pytest.mark.parametrize(
    "mark",
    [
        "{}. ",
        "{}) ",
        "({}) ",
        "{} - ",
        "{} – ",
        "{}.\t",
        " {}.  ",
        "- {}. ",
        "• {}) ",
        "№ {}. ",
        "#{}: ",
        "{}.\n",
        "{} ",
    ],
)
def test_numbers_of_any_form_are_taken_off(mark: str) -> None:
    read = read_printed_list("\n".join(mark.format(number) + name for number, name in enumerate(NAMES, 1)))
    assert names(read) == NAMES
    assert [one.number for one in read.names] == list(range(1, 272))


def test_numbers_may_stand_close_and_in_other_digits() -> None:
    assert names(read_printed_list("1.Oxfam\n2.350.org\n3.1000 Voices")) == ["Oxfam", "350.org", "1000 Voices"]
    assert [one.number for one in read_printed_list("١. منظمة\n٢. حقوق").names] == [1, 2]


@pytest.mark.parametrize("mark", ["• ", "•", "- ", "– ", "* ", "▪\t", "\uf0b7 ", "o "])
def test_bullets_and_dashes_are_taken_off(mark: str) -> None:
    read = read_printed_list("\n".join(mark + name for name in NAMES))
    assert names(read) == NAMES
    assert read.problems == ()


@pytest.mark.parametrize(
    "name", ["11.11.11", "350.org", "1000 Voices", "10. Oktober", "50 – 50 Netzwerk", "1.5 Grad"]
)
def test_a_name_may_begin_with_digits(name: str) -> None:
    assert names(read_printed_list(f"Harbour\n{name}\nLantern\nMole\n")) == ["Harbour", name, "Lantern", "Mole"]
    assert names(read_printed_list(f"1. Harbour\n2. {name}\n3. Lantern")) == ["Harbour", name, "Lantern"]


@pytest.mark.parametrize("width", [48, 60, 80])
def test_a_line_without_number_continues_the_name_before_it(width: int) -> None:
    numbered = (f"{number}. {name}" for number, name in enumerate(NAMES, 1))
    lines = [line for name in numbered for line in textwrap.wrap(name, width, break_on_hyphens=False)]
    assert len(lines) > 275
    assert names(read_printed_list("\n".join(lines))) == NAMES


def test_a_name_may_go_on_after_a_page_break_with_a_running_head() -> None:
    text = (
        "Open letter, page 1\n1. Harbour\n2. Voices of the\n- 1 -\n\f"
        "Open letter, page 2\n\nNorthern Lakes\n3. Lantern\nPage 2 of 3\n\fOpen letter, page 3\n4. Mole\n5. Reed"
    )
    read = read_printed_list(text)
    assert names(read) == ["Harbour", "Voices of the Northern Lakes", "Lantern", "Mole", "Reed"]
    assert sentences(read) == [
        'Lines 1, 5, 10 repeat "Open letter, page 1", which was taken for a running head and left out.',
        "Lines 4, 9 hold only a page number and were left out.",
        'Line 7: "Northern Lakes" was joined to "Voices of the"; see whether it belongs there.',
    ]


def test_a_soft_hyphen_joins_and_another_hyphen_is_asked_about() -> None:
    read = read_printed_list(
        "1. Organi\u00ad\nsation of Ree\u00adds\n2. CCPR-\nCentre\n3. Lake -\nLand\n4. Lake/\nUSA\n5. Mole"
    )
    assert names(read) == ["Organisation of Reeds", "CCPR-Centre", "Lake - Land", "Lake/USA", "Mole"]
    assert sentences(read) == ['Line 3: "CCPR-" is broken at a hyphen; see whether the hyphen belongs there.']


def test_numbers_that_jump_or_repeat_are_named_and_nothing_is_lost() -> None:
    read = read_printed_list("1. A\n2. B\n2. C\n5. D\n3. E\n7. F\n9. G\n1. H")
    assert names(read) == list("ABCDEFGH")
    assert sentences(read) == [
        "Line 3: number 2 stands there a second time.",
        "Line 4: number 5 comes after 2; 3 to 4 cannot be found.",
        "Line 5: number 3 comes after 5.",
        "Line 6: number 7 comes after 3; 4 to 6 cannot be found.",
        "Line 7: number 9 comes after 7; 8 cannot be found.",
        "Line 8: the numbers begin again at 1 after 9.",
    ]


def test_a_name_that_lost_its_number_is_kept_where_that_number_is_missing() -> None:
    read = read_printed_list("1. A\n2. B\nHarbour\n4. C\n5. D")
    assert names(read) == ["A", "B", "Harbour", "C", "D"]
    assert sentences(read) == ['Line 3: "Harbour" has no number; it was read as a name of its own.']


def test_a_heading_and_a_closing_note_are_told_apart_from_names() -> None:
    read = read_printed_list("The undersigned:\n\n1. A\n2. B\n3.\n4. C\n\nFor more, write to us.")
    assert names(read) == ["A", "B", "C", "For more, write to us."]
    assert sentences(read) == [
        'Line 1: "The undersigned:" stands before number 1 and was left out as a heading.',
        'Line 5: no name stands after "3.".',
        'Line 8: "For more, write to us." has no number; it was read as a name of its own.',
    ]


def test_the_same_name_at_the_edge_of_two_lists_is_no_running_head() -> None:
    assert names(read_printed_list("Harbour\n\nLantern\n\nHarbour\n\nMole")) == [
        "Harbour",
        "Lantern",
        "Harbour",
        "Mole",
    ]


def test_an_empty_text_is_an_empty_list() -> None:
    assert read_printed_list("\ufeff \r\n\f\n") == ReadList((), ())


@given(st.lists(st.text(st.sampled_from("ab1.-•() \n\f\r\u00ad人é"), max_size=12), max_size=12))
def test_no_letter_is_lost_without_a_sentence(lines: list[str]) -> None:
    read = read_printed_list("\n".join(lines))
    letters = sorted(c for line in lines for c in line if c in "ab人é")
    found = [c for name in names(read) for c in name if c in "ab人é"]
    said = any("left out" in sentence for sentence in sentences(read))
    assert sorted(found) == letters or said


def test_a_long_list_and_a_hostile_one_are_read_at_once() -> None:
    started = time.perf_counter()
    read = read_printed_list("\n".join(f"{number}. {name}" for number, name in enumerate(NAMES * 40, 1)))
    read_printed_list("1" * 200_000 + "\n" + "- " * 100_000 + "\n" + " \n" * 100_000)
    assert len(read.names) == 10_840
    assert time.perf_counter() - started < 5
