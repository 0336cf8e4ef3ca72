"""A row of a table of signatures: whose it is, what is printed, and what is wrong with it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.contact_rows import RowProblems
from outreach.domain.entries import Entry
from outreach.domain.lists.signature_columns import PRINTED, SignatureHeader, map_header
from outreach.domain.lists.signature_rows import (
    NAME_OF_INDIVIDUAL,
    SAYS_NOTHING,
    Reading,
    SignatureRow,
    parse_signature,
)
from outreach.domain.names import clean_line
from outreach.domain.signatures import SignatureKind, Visibility

PUBLIC, ADDRESSEE, COUNTED = Visibility
ORGANISATION, INDIVIDUAL = SignatureKind


def read(
    cells: dict[str, str], *, visibility: Visibility = PUBLIC, kind: SignatureKind | None = None
) -> SignatureRow | RowProblems:
    reading = Reading(visibility, "Europe/Brussels", kind)
    return parse_signature(2, list(cells.values()), map_header(list(cells)), reading)


def good(cells: dict[str, str], kind: SignatureKind | None = None) -> SignatureRow:
    found = read(cells, kind=kind)
    assert isinstance(found, SignatureRow), found
    return found


def wrong(cells: dict[str, str]) -> dict[str, str]:
    found = read(cells)
    assert isinstance(found, RowProblems), found
    return {problem.field: problem.reason for problem in found.problems}


def test_a_row_with_an_organisation_is_the_organisations_and_names_its_signer() -> None:
    cells = {
        "Organisation": "Harbour Lamp",
        "Name": "Idris Belhaj",
        "Acronym": "HL",
        "Country": "Kenya",
        "Website": "harbourlamp.example",
        "Title": "Director",
        "Email": "idris@harbourlamp.example",
        "Timestamp": "2026-04-13 15:00",
        "Visibility": "addressee",
        "Evidence": "by telephone",
    }
    found = good(cells)
    assert found.entry == Entry(
        kind=ORGANISATION,
        name="Harbour Lamp",
        visibility=ADDRESSEE,
        acronym="HL",
        country="KE",
        website="https://harbourlamp.example",
        signer_name="Idris Belhaj",
        signer_title="Director",
    )
    assert found.at == datetime(2026, 4, 13, 13, tzinfo=UTC)
    assert (found.address, found.evidence) == ("idris@harbourlamp.example", "by telephone")


def test_a_row_without_one_is_an_individuals() -> None:
    found = good({"Organisation": "n/a", "Name": "Ana Sousa", "Title": "Dr", "Affiliation": "Porto"}).entry
    assert found == Entry(
        kind=INDIVIDUAL, name="Ana Sousa", visibility=PUBLIC, signer_title="Dr", affiliation="Porto"
    )


def test_what_the_row_says_of_its_kind_goes_first() -> None:
    cells = {"Organisation": "Harbour Lamp", "Name": "Ana Sousa", "Signing as": "As an individual"}
    found = good(cells).entry
    assert (found.kind, found.name, found.affiliation) == (INDIVIDUAL, "Ana Sousa", "Harbour Lamp")
    assert good({**cells, "Signing as": "On behalf of my organization"}).entry.name == "Harbour Lamp"
    assert "write organisation or individual" in wrong({**cells, "Signing as": "friend"})["kind"]


def test_one_column_for_either_name_gives_the_individuals_with_a_warning() -> None:
    cells = {"Name of organisation (or your name)": "Ana Sousa", "Name": "", "Signing as": "Individual"}
    found = good(cells)
    assert (found.entry.kind, found.entry.name, found.entry.affiliation) == (INDIVIDUAL, "Ana Sousa", "")
    assert [warning.reason for warning in found.warnings] == [NAME_OF_INDIVIDUAL]


def test_a_lone_column_of_names_is_what_the_person_says() -> None:
    assert good({"Name": "Harbour Lamp"}, kind=ORGANISATION).entry.kind is ORGANISATION
    assert good({"Name": "Ana Sousa"}).entry.kind is INDIVIDUAL


def test_a_name_out_of_a_printed_list_is_an_organisations_unless_the_person_says_other() -> None:
    def kind(said: SignatureKind | None) -> SignatureKind:
        found = parse_signature(7, ["11.11.11"], PRINTED, Reading(PUBLIC, "UTC", said))
        assert isinstance(found, SignatureRow)
        return found.entry.kind

    assert (kind(None), kind(INDIVIDUAL)) == (ORGANISATION, INDIVIDUAL)


@pytest.mark.parametrize(
    "name",
    [
        "=HYPERLINK(Lamp)",
        "+1 Lamp",
        "'Ohana",
        "Pop No'j (Guatemala)",
        "LAMP",
        "Ligne à Éclairer",
        "الفنار",
        "@Lamp",
    ],
)
def test_a_name_is_byte_for_byte_the_cells(name: str) -> None:
    assert good({"Organisation": f"  {name} "}).entry.name == name


def test_nobody_is_named_whose_cell_says_nothing_about_it() -> None:
    found = good({"Organisation": "Harbour Lamp", "May we publish your name?": " "})
    assert found.entry.visibility is COUNTED
    assert [warning.reason for warning in found.warnings] == [SAYS_NOTHING]


def test_everything_that_is_wrong_with_a_row_is_said_with_its_field() -> None:
    found = wrong(
        {
            "Organisation": "Call +49 30 1234567",
            "Country": "Atlantis",
            "Email": "a@b.example; c@d.example",
            "Visibility": "ask me",
            "Timestamp": "3/4/2026",
        }
    )
    assert list(found) == ["visibility", "organisation", "country", "email", "submitted"]
    assert "3 April 2026 or 4 March 2026" in found["submitted"]
    assert found["visibility"] == "can be understood in two ways: write public, addressee or counted"


def test_a_row_without_any_name_is_refused() -> None:
    assert wrong({"Organisation": "", "Name": " ", "Country": "KE"}) == {
        "name": "is empty: the row names neither an organisation nor a person"
    }


def test_what_was_taken_back_does_not_come_in_again_and_a_state_of_a_country_is_no_matter() -> None:
    assert "does not count" in wrong({"Organisation": "Harbour Lamp", "State": "withdrawn"})["state"]
    assert good({"Organisation": "Harbour Lamp", "State": "California"}).entry.name == "Harbour Lamp"


def test_a_form_that_asks_for_no_address_gives_none() -> None:
    assert good({"Organisation": "Harbour Lamp", "Email": "anonymous"}).address == ""


def test_a_short_row_is_read_as_far_as_it_goes() -> None:
    header: SignatureHeader = map_header(["Organisation", "Country"])
    found = parse_signature(2, ["Harbour Lamp"], header, Reading(PUBLIC, "UTC"))
    assert isinstance(found, SignatureRow)


COLUMNS = (
    "Organisation|Name|Acronym|Country|Website|Title|Affiliation|Email|Visibility|Kind|Submitted|Evidence|State"
)
HEADER = map_header(COLUMNS.split("|"))
SEEDS = st.sampled_from(
    ["Yes", "no", "individual", "2026-01-02 10:00 PM", "٣/٤/٢٠٢٦", "1/2/2026 +99:99", "withdrawn"]
)


@given(st.lists(st.text(max_size=30) | SEEDS, max_size=13))
def test_whatever_stands_in_the_cells_a_row_is_taken_or_told_what_is_wrong(cells: list[str]) -> None:
    found = parse_signature(2, cells, HEADER, Reading(COUNTED, "America/Los_Angeles"))
    if isinstance(found, SignatureRow):
        assert found.entry.name in {clean_line(cell, len(cell) + 1) for cell in cells}
    else:
        assert found.problems
