"""The page about faults says what the tests show, and every row has a test or a reason."""

from tests.faults.catalogue import FAULTS
from tests.faults.table import PAGE, page, shown


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.faults.table writes it anew"


def test_every_row_has_a_test() -> None:
    tested = {row for each in shown() for row in each.rows}
    assert {fault.row for fault in FAULTS} == tested
