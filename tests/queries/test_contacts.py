"""Contacts as they are read back: the export that gives back what came in, the list, and one person's card."""

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from outreach.adapters.contact_files import read_contacts
from outreach.adapters.tables import write_csv, write_xlsx
from outreach.domain.errors import InvalidInput
from outreach.queries.contacts import contact_card, list_contacts
from outreach.queries.export_contacts import export_rows
from outreach.store.database import Database, open_database
from outreach.usecases.import_contacts import import_contacts
from outreach.usecases.opt_out import EVERYTHING, opt_out
from tests import make

SAMPLE = make.ROOT / "contacts/contacts.csv"
HEADER = (
    "email,name,given_name,organisation,acronym,aliases,organisation_country,website,role,country,language,"
    "time_zone,tags,source,basis,custom.note,custom.region"
)
AWKWARD = [
    '=HYPERLINK("http://evil","x")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "=cmd|'/C calc'!A0",
    "＝1+1",
    "'=1+1",
    "''=1+1",
    "O'Brien & Søns «Ж» 人权",
    '"; DROP TABLE contacts;--',
    "007",
    "0041225550102",
    "12345678901234567890",
    "{{ contact.email }}",
    "a,b|c",
    "منظمة حقوق الإنسان",
]


def filled(session: Session, database: Database, path: Path) -> None:
    table = read_contacts(path)
    house = make.house(database)
    import_contacts(session, table.rows, table.header, now=make.NOON, by="Rosa", house=house)


def exported(session: Session, path: Path) -> bytes:
    write = write_xlsx if path.suffix == ".xlsx" else write_csv
    write(path, *export_rows(session))
    return path.read_bytes()


def another(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'another.db'}")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def awkward(path: Path) -> Path:
    """A table in which every cell of free text is one that a spreadsheet or a template might take for more."""
    lines = [
        (
            f"p{number}@y.example",
            text,
            text,
            f"{text} {number}",
            "",
            "",
            "",
            "",
            text,
            "",
            "",
            "",
            "",
            text,
            "",
            text,
            "",
        )
        for number, text in enumerate(AWKWARD)
    ]
    write_csv(path, HEADER.split(","), lines)
    return path


def test_the_export_of_the_sample_gives_back_what_came_in(database: Database, tmp_path: Path) -> None:
    with database.changing() as session:
        filled(session, database, SAMPLE)
        exported(session, tmp_path / "export.csv")
    came, went = rows_of(SAMPLE), rows_of(tmp_path / "export.csv")
    for row in [*came, *went]:
        row["tags"] = ";".join(sorted(row["tags"].split(";")))
    assert {row.pop("website") for row in went} == {""}
    said = [{**row, "time_zone": row["time_zone"] or went[place]["time_zone"]} for place, row in enumerate(came)]
    assert went == said
    assert list(went[0]) == list(came[0])


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("source", [lambda _: SAMPLE, awkward], ids=["sample", "awkward"])
def test_an_export_changes_nothing_here_and_makes_the_same_export_in_an_empty_workspace(
    database: Database, tmp_path: Path, source: Callable[[Path], Path], suffix: str
) -> None:
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    with database.changing() as session:
        filled(session, database, source(tmp_path / "source.csv"))
        exported(session, first)
        before = [*export_rows(session)[1]]
    with database.changing() as session:
        table = read_contacts(first)
        done = import_contacts(
            session, table.rows, table.header, now=make.NOON, by="Rosa", house=make.house(database)
        )
        assert (done.added, done.changed, done.refused, done.organisations_changed) == (0, 0, 0, 0)
    other = another(tmp_path)
    with other.changing() as session:
        filled(session, other, first)
        assert [*export_rows(session)[1]] == before
        exported(session, second)
    other.close()
    if suffix == ".csv":
        assert second.read_bytes() == first.read_bytes()


def test_cells_that_look_like_formulas_come_back_as_they_were(database: Database, tmp_path: Path) -> None:
    with database.changing() as session:
        filled(session, database, awkward(tmp_path / "source.csv"))
        header, rows = export_rows(session)
        names = [dict(zip(header, row, strict=True))["name"] for row in rows]
    assert names == AWKWARD


def test_who_speaks_for_several_organisations_has_a_row_for_each(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        "email,name,organisation,aliases\nrosa@y.example,Rosa,Zeta,\nrosa@y.example,,Alpha,A;Aleph\nida@y.example,Ida,,\n"
    )
    other = another(tmp_path)
    with database.changing() as session:
        filled(session, database, path)
        first = exported(session, tmp_path / "first.csv")
    with other.changing() as session:
        filled(session, other, tmp_path / "first.csv")
        assert exported(session, tmp_path / "second.csv") == first
    other.close()
    assert [(row["email"], row["organisation"], row["aliases"]) for row in rows_of(tmp_path / "first.csv")] == [
        ("rosa@y.example", "Zeta", ""),
        ("rosa@y.example", "Alpha", "A;Aleph"),
        ("ida@y.example", "", ""),
    ]


def test_an_export_of_nobody_is_a_header(database: Database) -> None:
    with database.reading() as session:
        header, rows = export_rows(session)
        assert list(rows) == []
    assert header == tuple(HEADER.split(","))[:-2]


def test_an_export_goes_on_beyond_the_first_few_hundred(database: Database) -> None:
    with database.changing() as session:
        house = make.house(database)
        for number in range(1_003):
            make.contact(session, house, f"p{number}@y.example", tags=())
    with database.reading() as session:
        assert [row[0] for row in export_rows(session)[1]] == [f"p{number}@y.example" for number in range(1_003)]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("", ["ida@y.example", "rosa@z.example"]),
        ("rosa", ["rosa@z.example"]),
        ("Z.EXAMPLE", ["rosa@z.example"]),
        ("peña", ["rosa@z.example"]),
        ("PEÑA", ["rosa@z.example"]),
        ("lamp", ["ida@y.example"]),
        ("press", ["rosa@z.example"]),
        ("%", []),
        ("nobody", []),
    ],
)
def test_contacts_are_found_by_name_address_organisation_and_tag(
    database: Database, search: str, expected: list[str]
) -> None:
    with database.changing() as session:
        house = make.house(database)
        make.contact(session, house, "rosa@z.example", name="Rosa Peña", tags=("press",))
        make.contact(session, house, "ida@y.example", name="Ida", organisation="Harbour Lamp")
        found = list_contacts(session, search)
    assert [one.address for one in found.contacts] == expected
    assert found.found == len(expected)


def test_a_list_says_how_many_there_are_beyond_its_limit(database: Database) -> None:
    with database.changing() as session:
        house = make.house(database)
        rosa = make.contact(session, house, "rosa@y.example", organisation="Harbour Lamp", tags=("b", "a"))
        make.contact(session, house, "zoe@y.example")
        opt_out(session, rosa, scope=EVERYTHING, evidence="link", now=make.NOON)
        found = list_contacts(session, limit=1)
    (line,) = found.contacts
    assert (found.found, line.address, line.organisation) == (2, "rosa@y.example", "Harbour Lamp")
    assert (line.tags, line.suppressed) == (("a", "b"), True)


def test_a_card_shows_whom_she_speaks_for_what_stops_mail_and_what_was_written(database: Database) -> None:
    with database.changing() as session:
        house = make.house(database)
        rosa = make.contact(session, house, "rosa@y.example", name="Rosa", organisation="Harbour Lamp")
        call, _ = make.launched(session, house)
        opt_out(session, rosa, scope=call.id or 0, evidence="page", now=make.NOON)
        opt_out(session, rosa, scope=EVERYTHING, evidence="one-click", now=make.NOON + timedelta(hours=1))
    with database.reading() as session:
        card = contact_card(session, "ROSA@Y.example", salt=database.salt)
    assert card is not None
    assert (card.known, card.address, card.name, card.organisations) == (
        True,
        "rosa@y.example",
        "Rosa",
        ("Harbour Lamp",),
    )
    assert (card.tags, card.basis) == (("migration",), "member")
    assert [(one.scope, one.reason, one.evidence) for one in card.suppressions] == [
        (call.slug, "opt-out", "page"),
        ("everything", "opt-out", "one-click"),
    ]
    assert {(one.call, one.kind, one.state) for one in card.messages} == {(call.slug, "invitation", "cancelled")}


def test_a_card_remembers_an_opt_out_of_somebody_who_is_no_contact_any_more(database: Database) -> None:
    with database.changing() as session:
        rosa = make.contact(session, make.house(database), "rosa@y.example", tags=())
        opt_out(session, rosa, scope=EVERYTHING, evidence="link", now=make.NOON)
        session.delete(rosa)
    with database.reading() as session:
        card = contact_card(session, "rosa@y.example", salt=database.salt)
        assert contact_card(session, "nobody@y.example", salt=database.salt) is None
        with pytest.raises(InvalidInput):
            contact_card(session, "rosa", salt=database.salt)
    assert card is not None
    assert (card.known, card.address, len(card.suppressions)) == (False, "rosa@y.example", 1)
