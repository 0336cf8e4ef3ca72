"""The page about faults says what the tests show, and every row has a test or a reason."""

from tests.faults.catalogue import FAULTS, WITHOUT_A_TEST
from tests.faults.table import PAGE, page, shown


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.faults.table writes it anew"


def test_every_row_has_a_test_or_says_why_not() -> None:
    tested = {row for each in shown() for row in each.rows}
    assert {fault.row for fault in FAULTS} == tested | set(WITHOUT_A_TEST)
