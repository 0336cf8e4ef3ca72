"""What the rows of a table say of somebody, and what that changes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.contact_columns import map_header
from outreach.domain.contact_merging import TEXTS, changes, first_values, joined, oddities, said_in
from outreach.domain.contact_rows import ContactRow, parse_row

HEADER = map_header(
    ["email", "name", "given_name", "country", "time_zone", "tags", "basis", "source", "custom.table"]
)
CELLS = st.tuples(
    st.sampled_from(["", "Rosa Peña", "Rosa"]),
    st.sampled_from(["", "Rosa", "Wanjiru"]),
    st.sampled_from(["", "ES", "KE", "US"]),
    st.sampled_from(["", "Africa/Nairobi"]),
    st.sampled_from(["", "migration;shelter"]),
    st.sampled_from(["", "member"]),
    st.sampled_from(["", "the 2025 letter"]),
    st.sampled_from(["", "7"]),
)


@given(st.lists(CELLS, min_size=1, max_size=3), st.lists(st.integers(1, 3), unique=True, max_size=2))
def test_of_whom_nothing_was_known_all_that_is_said_is_new(
    rows: list[tuple[str, ...]], organisations: list[int]
) -> None:
    said = None
    for number, cells in enumerate(rows, 2):
        row = parse_row(number, ("rosa@harbour.example", *cells), HEADER)
        assert isinstance(row, ContactRow)
        later = said_in(row, HEADER, basis="consent", source="a form")
        said = later if said is None else joined(said, later)[0]
    assert said is not None
    blank: dict[str, Any] = {**dict.fromkeys(TEXTS, ""), "custom": {}, "organisation_id": None}
    new = changes(blank, "", said, organisations)
    assert first_values(said, organisations) == new
    assert oddities(blank, new, said) == ()
