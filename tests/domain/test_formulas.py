import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.formulas import guard, is_formula, unguard


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(1)", "＝1", " =1", "\t1", "\r1"])
def test_what_a_spreadsheet_would_compute_becomes_text(cell: str) -> None:
    assert is_formula(cell)
    assert guard(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ada", "O'Brien", "'tis", "1-1", "007"])
def test_other_texts_stay_as_they_are(cell: str) -> None:
    assert guard(cell) == unguard(cell) == cell


@given(st.text(alphabet="'=+a \t", max_size=6))
def test_unguarding_gives_back_exactly_what_was_guarded(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert not is_formula(guard(cell))
