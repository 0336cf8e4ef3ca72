"""The order of a list: exactly the printed one, total, and quick enough for the longest letters."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.collation import collation_key

PRINTED = (Path(__file__).parents[1] / "data" / "signatories-2025.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_names_come_back_in_exactly_the_printed_order(seed: int) -> None:
    names = list(PRINTED)
    random.Random(seed).shuffle(names)  # noqa: S311  an order, not a secret
    assert len(names) == 271
    assert sorted(names, key=collation_key) == PRINTED


def test_accents_and_case_decide_only_between_names_that_are_otherwise_equal() -> None:
    assert sorted(["Zeta", "éa", "Eb", "ea", "Ea"], key=collation_key) == ["ea", "Ea", "éa", "Eb", "Zeta"]


def test_every_script_has_its_place() -> None:
    names = ["人权", "منظمة", "Жизнь", "Ωmega", "אגודה", "Oxfam", "11.11.11"]
    assert sorted(names, key=collation_key) == ["11.11.11", "Oxfam", "Ωmega", "Жизнь", "אגודה", "منظمة", "人权"]


def test_names_that_the_table_holds_for_equal_still_have_one_order() -> None:
    composed, decomposed = "Café", "Cafe\u0301"
    assert collation_key(composed) != collation_key(decomposed)
    assert sorted([composed, decomposed], key=collation_key) == sorted([decomposed, composed], key=collation_key)


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_two_names_tie(one: str, other: str) -> None:
    assert (collation_key(one) == collation_key(other)) == (one == other)


def test_ten_thousand_names_are_sorted_while_one_waits() -> None:
    names = [f"{name} {number}" for number in range(37) for name in PRINTED]
    started = time.perf_counter()
    sorted(names, key=collation_key)
    assert time.perf_counter() - started < 10
