"""What a row's number can be."""

import pytest

from outreach.domain.row_numbers import LARGEST_NUMBER, row_number


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("7", 7), ("007", 7), (str(LARGEST_NUMBER), LARGEST_NUMBER)]
)
def test_a_number_that_a_row_can_have_is_read(text: str, number: int) -> None:
    assert row_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.0", " 1", "١", "²", "one", str(LARGEST_NUMBER + 1), "9" * 5000]
)
def test_what_no_row_can_have_is_none(text: str) -> None:
    assert row_number(text) is None
