"""A table of contacts: which column is which, and what becomes of each row."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.contact_rows import (
    COLUMNS,
    Basis,
    ContactRow,
    Field,
    RowProblems,
    RowReader,
    map_header,
    parse_row,
)
from outreach.domain.errors import InvalidInput
from outreach.domain.places import folded


def row_of(**cells: str) -> ContactRow | RowProblems:
    given = {"email": "rosa@y.example", **cells}
    return parse_row(2, list(given.values()), map_header(list(given)))


def good(**cells: str) -> ContactRow:
    found = row_of(**cells)
    assert isinstance(found, ContactRow), found
    return found


def reasons(**cells: str) -> dict[str, str]:
    found = row_of(**cells)
    assert isinstance(found, RowProblems), found
    return {problem.field: problem.reason for problem in found.problems}


def test_no_column_name_stands_for_two_fields() -> None:
    names = [(folded(name), field) for field, usual in COLUMNS.items() for name in usual]
    assert len({name for name, _ in names}) == len(set(names))


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("E-Mail", Field.EMAIL),
        ("EMAIL_ADDRESS *", Field.EMAIL),
        ("Adresse électronique", Field.EMAIL),
        ("Adresse electronique", Field.EMAIL),
        ("Correo  electrónico", Field.EMAIL),
        ("البريد الالكتروني", Field.EMAIL),
    ],
)
def test_usual_names_are_known_whatever_their_case_accents_and_punctuation(header: str, field: Field) -> None:
    assert map_header([header]).fields == {field: 0}


@pytest.mark.parametrize(
    "header",
    [
        ("Language", "Country", "Organization", "Name", "E-mail", "Tags", "Time zone"),
        ("Langue", "Pays", "Nom de l’organisation", "Nom complet", "Courriel", "Étiquettes", "Fuseau horaire"),
        ("Idioma", "País", "Organización", "Nombre completo", "Correo", "Etiquetas", "Zona horaria"),
        ("Língua", "País", "Organização", "Nome completo", "E-mail", "Etiquetas", "Fuso horário"),
        ("Sprache", "Land", "Verein", "Ansprechpartnerin", "E-Mail-Adresse", "Schlagworte", "Zeitzone"),
        ("اللغة", "البلد", "المنظمة", "الاسم", "البريد الإلكتروني", "الوسوم", "المنطقة الزمنية"),
    ],
)
def test_a_header_in_any_of_six_languages_needs_no_help(header: tuple[str, ...]) -> None:
    assert map_header(header).fields == {
        Field.LANGUAGE: 0,
        Field.COUNTRY: 1,
        Field.ORGANISATION: 2,
        Field.NAME: 3,
        Field.EMAIL: 4,
        Field.TAGS: 5,
        Field.TIME_ZONE: 6,
    }


def test_our_own_field_names_are_a_header() -> None:
    assert map_header(list(Field)).fields == {field: place for place, field in enumerate(Field)}


def test_a_file_without_addresses_is_refused_with_what_it_has_and_an_example() -> None:
    with pytest.raises(InvalidInput, match=r'"Naam", "Post".*--map "Naam=email"'):
        map_header(["Naam", "Post", ""])


def test_unknown_columns_are_reported_as_ignored_unless_they_are_named() -> None:
    assert map_header(["email", "Shoe size", ""]).ignored == ("Shoe size",)
    found = map_header(["email", "Shoe size", "Ort"], {"shoe SIZE": "custom.shoe", "Ort": "role"})
    assert (found.ignored, found.custom, found.fields[Field.ROLE]) == ((), {"shoe": 1}, 2)


def test_a_custom_header_is_taken_as_such() -> None:
    found = map_header(["email", "custom.Member since", "Custom:dues_paid"])
    assert found.custom == {"member_since": 1, "dues_paid": 2}


@pytest.mark.parametrize(
    "name", ["custom.1st", "custom.__", "custom.شيء", "custom." + "a" * 41, "custom.{{x}}é" * 9]
)
def test_a_custom_name_that_no_template_could_say_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="custom field"):
        map_header(["email", name])


def test_two_columns_for_one_field_are_refused_until_one_is_chosen() -> None:
    header = ["Email", "Name", "E-mail"]
    with pytest.raises(InvalidInput, match=r'"Email" and "E-mail".*--map "E-mail=ignore"'):
        map_header(header)
    assert map_header(header, {"E-mail": "ignore"}).fields[Field.EMAIL] == 0
    assert map_header(["Email", "Courriel pro"], {"Courriel pro": "email"}).fields == {Field.EMAIL: 1}
    with pytest.raises(InvalidInput, match="both look like role"):
        map_header(["email", "a", "b"], {"a": "role", "b": "role"})


@pytest.mark.parametrize(
    ("column", "field"), [("Nowhere", "email"), ("Email", "shoe"), ("Email", "courriel"), ("Email", "")]
)
def test_a_mapping_that_names_no_column_or_no_field_is_refused(column: str, field: str) -> None:
    with pytest.raises(InvalidInput, match="there is no"):
        map_header(["Email", "Name"], {column: field})


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (["email", "Prénom", "Nom"], ["i@y.example", "Idris", "Okello"]),
        (["email", "Name", "Vorname"], ["i@y.example", "Okello", "Idris"]),
        (["email", "Nombre", "Apellidos"], ["i@y.example", "Idris", "Okello"]),
        (["email", "First name", "Last name"], ["i@y.example", "Idris", "Okello"]),
        (["email", "First name", "Name"], ["i@y.example", "Idris", "Idris Okello"]),
    ],
)
def test_a_name_in_two_columns_is_put_together(header: list[str], cells: list[str]) -> None:
    found = parse_row(2, cells, map_header(header))
    assert isinstance(found, ContactRow)
    assert (found.name, found.given_name) == ("Idris Okello", "Idris")


def test_a_whole_row_is_read() -> None:
    found = good(
        name=" Idris  Okello\n",
        organisation="Réseau «Ж»",
        acronym="RZ",
        aliases="Netz Ж; Red Ж ;; Netz Ж",
        organisation_country="Suisse",
        website="www.reseau.example/fr",
        role="Directrice",
        country="Kenya",
        language="Français",
        tags="water; law, water",
        source="Annual meeting 2026",
        basis="Legitimate interest",
        **{"custom.since": "2019"},
    )
    assert found == ContactRow(
        row=2,
        address=found.address,
        name="Idris Okello",
        organisation="Réseau «Ж»",
        acronym="RZ",
        aliases=("Netz Ж", "Red Ж"),
        organisation_country="CH",
        website="https://www.reseau.example/fr",
        role="Directrice",
        country="KE",
        language="fr",
        inferred_zone="Africa/Nairobi",
        tags=("water", "law"),
        source="Annual meeting 2026",
        basis=Basis.LEGITIMATE_INTEREST,
        custom=(("since", "2019"),),
    )


def test_a_row_with_an_address_alone_is_good() -> None:
    found = parse_row(7, ["rosa@y.example"], map_header(["email", "name", "tags"]))
    assert isinstance(found, ContactRow)
    assert (found.row, found.name, found.tags, found.basis) == (7, "", (), "")


def test_two_addresses_in_one_cell_are_an_error_never_half_a_row() -> None:
    assert "more than one address" in reasons(email="b@y.example, c@z.example")["email"]


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    found = row_of(
        email="rosa", country="Congo", language="xx", time_zone="PST", basis="because", website="javascript:x"
    )
    assert isinstance(found, RowProblems)
    assert [problem.field for problem in found.problems] == [
        "email",
        "country",
        "time_zone",
        "website",
        "language",
        "basis",
    ]
    assert {problem.row for problem in found.problems} == {2}
    assert found.problems[1].value == "Congo"
    assert str(found.problems[1]).startswith("row 2, country: is no country")


def test_a_value_is_shown_short_and_on_one_line() -> None:
    found = row_of(country="X\u202e\r\n" + "y" * 1_000)
    assert isinstance(found, RowProblems)
    assert found.problems[0].value.startswith("X[U+202E][U+000D][U+000A]yyy")
    assert len(found.problems[0].value) < 120


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://y.example",
        "https://site.example@evil.example",
        "https://u:p@y.example",
        "just words",
        "http://[::1",
        "https://localhost",
        "//",
    ],
)
def test_a_website_is_a_plain_web_address(link: str) -> None:
    assert "web address" in reasons(organisation="Org", website=link)["website"]


def test_a_given_zone_goes_before_an_inferred_one() -> None:
    found = good(country="KE", time_zone="Europe/Zurich")
    assert (found.time_zone, found.inferred_zone) == ("Europe/Zurich", "")
    assert good(country="US").inferred_zone == ""
    assert good(organisation="Org", organisation_country="PH").inferred_zone == "Asia/Manila"


def test_an_organisation_that_looks_like_an_address_is_a_problem() -> None:
    assert "looks like an address" in reasons(organisation="victim@gov.example")["organisation"]


def test_a_person_whose_name_is_an_address_is_taken_without_the_name() -> None:
    found = good(name="Evil <victim@gov.example>")
    assert found.name == ""
    assert [(warning.field, warning.row) for warning in found.warnings] == [("name", 2)]


def test_a_role_address_is_taken_with_a_warning() -> None:
    assert "role address" in good(email="info@y.example").warnings[0].reason


def test_what_is_said_about_no_organisation_is_warned_of() -> None:
    assert [warning.field for warning in good(acronym="XY", aliases="Z").warnings] == ["acronym", "aliases"]


def test_too_long_a_value_is_a_problem_not_cut_silently() -> None:
    assert "longer than 200" in reasons(organisation="x" * 10_000)["organisation"]
    assert "longer than 40" in reasons(organisation="Org", acronym="x" * 41)["acronym"]
    assert "longer than 500" in reasons(**{"custom.note": "x" * 501})["custom.note"]
    assert "50 are the most" in reasons(tags=";".join(map(str, range(51))))["tags"]
    assert good(organisation="x" * 200 + " " * 50).organisation == "x" * 200


def test_names_with_markup_templates_and_formulas_stay_as_they_are() -> None:
    for text in ("<script>alert(1)</script>", "{{ contact.email }}", "=1+1", '"; DROP TABLE contacts;--'):
        assert good(organisation=text).organisation == text


@settings(deadline=None)  # the first row reads the lists of countries
@given(st.lists(st.text(max_size=30), max_size=18))
def test_no_row_whatever_raises(cells: list[str]) -> None:
    found = parse_row(3, ["rosa@y.example", *cells], map_header([*Field, "custom.x"]))
    assert isinstance(found, ContactRow | RowProblems)
    assert found.row == 3


CELLS = st.sampled_from(("", " ", "Rosa", "Peña", "KE", "nowhere", "fr", "a;b", "x@y.example", "member", "\u200b"))
SOME_ROWS = st.lists(st.lists(CELLS | st.text(max_size=8), max_size=18), max_size=4)


@settings(deadline=None)
@given(SOME_ROWS, st.permutations([*Field, "custom.x"]))
def test_many_rows_are_read_as_each_is_alone(rows: list[list[str]], names: list[str]) -> None:
    header = map_header(names)
    place = header.fields[Field.EMAIL]
    reader = RowReader(header)
    for number, cells in enumerate([*rows, *rows]):
        whole = [*cells[:place], f"p{number}@y.example", *cells[place:]]
        assert reader.read(number, whole) == parse_row(number, whole, header)


def test_ten_thousand_rows_take_seconds_not_minutes() -> None:
    header = map_header(["email", "name", "organisation", "country", "language", "tags"])
    started = time.perf_counter()
    for number in range(10_000):
        parse_row(
            number, [f"p{number}@y.example", f"Person {number}", f"Org {number}", "Kenya", "fr", "a;b"], header
        )
    assert time.perf_counter() - started < 10
