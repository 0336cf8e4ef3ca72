"""Contacts brought in from a file: what goes in, what is refused and said, and what no import can do."""

import csv
import random
import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from outreach.adapters.contact_files import read_contacts
from outreach.adapters.table_rows import Row
from outreach.config.house import House
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.contact_columns import map_header
from outreach.domain.contact_reports import MOST_REFUSED, Imported
from outreach.domain.errors import Busy, InvalidInput
from outreach.domain.names import name_key
from outreach.queries.export_contacts import export_rows
from outreach.store.audiences import NO_BASIS
from outreach.store.contact_words import Wanted, matching
from outreach.store.database import Database, open_database
from outreach.store.named_organisations import TAKEN
from outreach.store.preflight import preflight
from outreach.store.tables import (
    Alias,
    Contact,
    ContactTag,
    Event,
    Organisation,
    Suppression,
    SuppressionReason,
)
from outreach.usecases.import_contacts import import_contacts
from outreach.usecases.opt_out import EVERYTHING, opt_out
from tests import make

SAMPLE = make.ROOT / "contacts/contacts.csv"
LATER = make.NOON + timedelta(days=1)


def table(*lines: str) -> tuple[list[Row], list[str]]:
    """Rows from lines of CSV, the first the header; cells are trimmed."""
    header, *rows = csv.reader(lines, skipinitialspace=True)
    return [Row(number, tuple(cells)) for number, cells in enumerate(rows, 2)], header


def took(session: Session, house: House, *lines: str, **more: Any) -> Imported:
    rows, header = table(*lines)
    values = {"now": make.NOON, "by": "Rosa", "house": house, **more}
    return import_contacts(session, rows, map_header(header), **values)


def took_file(session: Session, house: House, path: Path, **more: Any) -> Imported:
    found = read_contacts(path)
    values = {"now": make.NOON, "by": "Rosa", "house": house, **more}
    return import_contacts(session, found.rows, found.header, **values)


def person(session: Session, house: House, address: str) -> Contact:
    digest = address_digest(parse_address(address).key, house.salt)
    return session.exec(select(Contact).where(Contact.address_digest == digest)).one()


def everything(session: Session) -> list[tuple[str, ...]]:
    header, rows = export_rows(session)
    return [header, *rows]


def counted(done: Imported) -> tuple[int, int, int, int]:
    return done.added, done.changed, done.unchanged, done.refused


def sheet(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def sample_rows() -> list[list[str]]:
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_the_sample_contacts_go_in_and_a_second_time_change_nothing(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        first = took_file(session, house, SAMPLE)
        before = everything(session)
    with database.changing() as session:
        again = took_file(session, house, SAMPLE, now=LATER)
        assert everything(session) == before
        assert {contact.updated_at for contact in session.exec(select(Contact))} == {make.NOON}
    assert counted(first) == (73, 0, 0, 0)
    assert counted(again) == (0, 0, 73, 0)
    assert (first.organisations_added, again.organisations_added, again.organisations_changed) == (63, 0, 0)
    assert (first.without_basis, first.warnings, first.sentences()) == (0, (), ())


def test_a_contact_is_kept_as_the_row_says(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        took_file(session, house, SAMPLE)
        wanjiru = person(session, house, "wanjiru.kamau@harbourlamp.example")
        body = session.get_one(Organisation, wanjiru.organisation_id)
        tags = session.exec(select(ContactTag.tag).where(ContactTag.contact_id == wanjiru.id)).all()
        aliases = session.exec(select(Alias.name).where(Alias.organisation_id == body.id)).all()
    assert (wanjiru.name, wanjiru.given_name, wanjiru.role) == ("Wanjiru Kamau", "Wanjiru", "Coordinator")
    assert (wanjiru.country, wanjiru.language, wanjiru.time_zone) == ("KE", "en", "Africa/Nairobi")
    assert (wanjiru.source, wanjiru.basis) == ("the coalition’s public directory", "member")
    assert (wanjiru.domain, wanjiru.custom) == ("harbourlamp.example", {"region": "East Africa"})
    assert (body.name, body.acronym, body.country, aliases) == ("Harbour Lamp Kenya", "HLK", "KE", ["Harbour Lamp"])
    assert sorted(tags) == ["migration", "shelter"]


def test_a_spreadsheet_gives_the_same_contacts_as_csv(database: Database, tmp_path: Path) -> None:
    house = make.house(database)
    with database.changing() as session:
        took_file(session, house, SAMPLE)
        before = everything(session)
        again = took_file(session, house, sheet(tmp_path / "contacts.xlsx", sample_rows()))
        assert everything(session) == before
    assert counted(again) == (0, 0, 73, 0)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(database: Database) -> None:
    house = make.house(database)
    with database.changing(dry_run=True) as session:
        assert took_file(session, house, SAMPLE).added == 73
    with database.reading() as session:
        assert session.exec(select(Contact)).all() == []
        assert session.exec(select(Organisation)).all() == []
        assert session.exec(select(Event)).all() == []


def test_bad_rows_are_reported_with_number_field_value_and_reason_while_good_rows_go_in(database: Database) -> None:
    with database.changing() as session:
        done = took(
            session,
            make.house(database),
            "email,name,country",
            "rosa@y.example,Rosa,ES",
            "b@y.example; c@y.example,Two,",
            "d@localhost,Dan,Atlantis",
            "e@y.example,Eve,FR",
        )
        assert session.exec(select(Contact.address).order_by(col(Contact.id))).all() == [
            "rosa@y.example",
            "e@y.example",
        ]
    assert counted(done) == (2, 0, 0, 2)
    told = [(one.row, one.field, one.value) for refused in done.refusals for one in refused.problems]
    assert told == [
        (3, "email", "b@y.example; c@y.example"),
        (4, "email", "d@localhost"),
        (4, "country", "Atlantis"),
    ]
    assert "more than one address" in done.refusals[0].problems[0].reason
    assert done.sentences()[0] == "2 rows were left out; all others are in."


def test_a_row_that_the_table_could_not_give_is_reported_too(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("email,name,country\na@y.example,A,FR\nb@y.example,B,FR,extra\nc@y.example\n")
    with database.changing() as session:
        done = took_file(session, make.house(database), path)
    assert counted(done) == (2, 0, 0, 1)
    assert str(done.refusals[0].problems[0]) == "row 3, whole row: has 4 cells, but the header names 3"
    assert [(one.reason, one.first[0].row) for one in done.warnings] == [
        ("has … cells where the header names …; the last … are taken as empty", 4)
    ]


def test_a_file_of_nothing_but_bad_rows_is_reported_in_little_memory(sqlite: Database) -> None:
    rows = (Row(number, ("nobody",)) for number in range(2, MOST_REFUSED + 500))
    with sqlite.changing() as session:
        done = import_contacts(
            session, rows, map_header(["email"]), now=make.NOON, by="Rosa", house=make.house(sqlite)
        )
    assert done.refused == MOST_REFUSED + 498
    assert len(done.refusals) == MOST_REFUSED


def test_an_address_differs_from_another_only_by_case_and_is_kept_as_first_written(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        took(session, house, "email,name", "Foo@Example.ORG,Foo")
        done = took(session, house, "email,name", "foo@example.org,Foo")
        assert counted(done) == (0, 0, 1, 0)
        assert person(session, house, "FOO@example.org").address == "Foo@Example.ORG"
        more = took(session, house, "email", "u.ser+x@gmail.com", "user@gmail.com")
    assert more.added == 2


def test_warnings_are_counted_by_kind_with_the_first_rows_shown(database: Database) -> None:
    lines = [f"info@office{number}.example" for number in range(5)]
    with database.changing() as session:
        done = took(session, make.house(database), "email", *lines, "x@mailinator.com", "a@xn--80ak6aa92e.com")
    assert done.added == 7
    assert [(one.reason, one.count, [shown.row for shown in one.first]) for one in done.warnings] == [
        ("role address", 5, [2, 3, 4]),
        ("disposable domain", 1, [7]),
        ("look-alike domain", 1, [8]),
    ]


def test_what_is_said_of_an_organisation_without_a_name_is_not_lost_in_silence(sqlite: Database) -> None:
    with sqlite.changing() as session:
        done = took(session, make.house(sqlite), "email,acronym,website", "rosa@y.example,HLK,lamp.example")
    assert [one.field for one in done.warnings] == ["acronym", "website"]


@pytest.mark.parametrize(
    "address",
    ["calls@lanterncoast.coop", "CALLS+b7xq@lanterncoast.coop", "answers@lanterncoast.coop", "r+1@bounces.example"],
)
def test_an_address_of_our_own_is_no_contact(database: Database, address: str) -> None:
    sender = {"reply_to": "answers@lanterncoast.coop", "return_address": "r@bounces.example"}
    house = make.house(database, sender=sender)
    with database.changing() as session:
        done = took(session, house, "email", address, "rosa@lanterncoast.coop")
    assert counted(done) == (1, 0, 0, 1)
    assert "of this workspace itself" in done.refusals[0].problems[0].reason


def test_an_empty_cell_erases_nothing_and_a_given_value_replaces(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        took(
            session,
            house,
            "email,name,role,country,language,tags,basis,source,custom.region,custom.year",
            "rosa@y.example,Rosa Peña,Lawyer,ES,es,a;b,consent,the fair,South,1999",
        )
        done = took(
            session,
            house,
            "email,name,role,country,language,tags,basis,source,custom.region,custom.year",
            "rosa@y.example,,Director,,,c,,,North,",
            now=LATER,
        )
        rosa = person(session, house, "rosa@y.example")
        row = dict(zip(*everything(session), strict=True))
    assert counted(done) == (0, 1, 0, 0)
    assert (rosa.name, rosa.role, rosa.country, rosa.language) == ("Rosa Peña", "Director", "ES", "es")
    assert (rosa.basis, rosa.source, rosa.custom) == ("consent", "the fair", {"region": "North", "year": "1999"})
    assert (row["tags"], rosa.created_at, rosa.updated_at) == ("a;b;c", make.NOON, LATER)


def test_a_new_tag_alone_is_a_change(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        took(session, house, "email,tags", "rosa@y.example,a")
        done = took(session, house, "email,tags", "rosa@y.example,b", now=LATER)
        assert person(session, house, "rosa@y.example").updated_at == LATER
    assert counted(done) == (0, 1, 0, 0)


def test_a_first_name_alone_does_not_replace_a_full_name(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        took(session, house, "email,name", "rosa@y.example,Rosa Peña")
        took(session, house, "email,first name", "rosa@y.example,Rosa", "idris@y.example,Idris")
        rosa, idris = person(session, house, "rosa@y.example"), person(session, house, "idris@y.example")
    assert (rosa.name, rosa.given_name) == ("Rosa Peña", "Rosa")
    assert (idris.name, idris.given_name) == ("Idris", "Idris")


def test_a_new_name_beside_an_old_greeting_is_pointed_out(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        took(session, house, "email,name,first name", "office@y.example,Rosa Peña,Rosa")
        done = took(session, house, "email,name", "office@y.example,Idris Belhaj")
    assert "1 row, given_name: stays, though the name is another now: mails may greet by it (row 2)." in (
        done.sentences()
    )


def test_two_rows_of_one_address_become_one_contact_and_the_later_row_wins(database: Database) -> None:
    house = make.house(database)
    lines = (
        "email,name,organisation,tags,country",
        "rosa@y.example,Rosa,Harbour Lamp,a,ES",
        "idris@y.example,Idris,Harbour Lamp,,",
        "Rosa@y.example,Rosa Peña,Tarkwa Aid,b,",
    )
    with database.changing() as session:
        done = took(session, house, *lines)
        rows = [row[:4] + row[12:13] for row in everything(session)[1:]]
        again = took(session, house, *lines, now=LATER)
        rosa = person(session, house, "rosa@y.example")
    assert (done.rows, done.added, done.joined) == (3, 2, 1)
    assert (rosa.name, rosa.country, rosa.address) == ("Rosa Peña", "ES", "rosa@y.example")
    assert rows == [
        ("rosa@y.example", "Rosa Peña", "", "Harbour Lamp", "a;b"),
        ("rosa@y.example", "Rosa Peña", "", "Tarkwa Aid", "a;b"),
        ("idris@y.example", "Idris", "", "Harbour Lamp", ""),
    ]
    assert [(one.count, one.first[0].row, one.first[0].field, one.first[0].value) for one in done.warnings] == [
        (1, 4, "name", "Rosa Peña")
    ]
    assert counted(again) == (0, 0, 2, 0)


def test_rows_of_one_address_find_each_other_however_far_apart_they_stand(database: Database) -> None:
    house = make.house(database)
    between = [f"p{number}@y.example,P,Org {number % 40},X{number}" for number in range(1_200)]
    lines = ("email,name,organisation,acronym", "rosa@y.example,Old,O,OA", *between, "rosa@y.example,New,O,OB")
    with database.changing() as session:
        first = took(session, house, *lines)
        before = everything(session)
        again = took(session, house, *lines, now=LATER)
        assert everything(session) == before
        assert person(session, house, "rosa@y.example").name == "New"
    assert (first.added, first.joined, first.organisations_added) == (1_201, 1, 41)
    assert counted(again) == (0, 0, 1_201, 0)
    assert again.organisations_changed == 0


def test_an_organisation_is_found_by_each_of_its_names(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        took(
            session,
            house,
            "email,organisation,aliases,acronym",
            "a@y.example,Harbour Lamp Kenya,Harbour Lamp; Lampe du Port,",
            "b@y.example,lampe du port,,HLK",
            "c@y.example, HARBOUR LAMP KENYA ,Taa ya Bandari,",
        )
        bodies = session.exec(select(Organisation)).all()
        assert [(one.name, one.acronym) for one in bodies] == [("Harbour Lamp Kenya", "HLK")]
        assert session.exec(select(Alias.name).order_by(col(Alias.id))).all() == [
            "Harbour Lamp",
            "Lampe du Port",
            "Taa ya Bandari",
        ]
        assert {one.organisation_id for one in session.exec(select(Contact))} == {bodies[0].id}


def test_an_alias_that_is_the_name_of_another_is_left_out_with_a_warning(database: Database) -> None:
    lines = ("email,organisation,aliases", "a@y.example,Harbour Lamp,", "b@y.example,Lamp Kenya,Harbour Lamp")
    with database.changing() as session:
        done = took(session, make.house(database), *lines)
        again = took(session, make.house(database), *lines)
        assert session.exec(select(Alias)).all() == []
    assert (done.organisations_added, again.organisations_added) == (2, 0)
    assert [(one.reason, one.first[0].row) for one in done.warnings] == [(TAKEN, 3)]
    assert counted(again) == (0, 0, 2, 0)


def test_facts_about_an_organisation_are_replaced_and_never_erased(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        header = "email,organisation,acronym,organisation country,website"
        took(session, house, header, "a@y.example,Harbour Lamp,HL,KE,www.lamp.example")
        done = took(session, house, header, "b@y.example,Harbour lamp,HLK,,")
        body = session.exec(select(Organisation)).one()
    assert (body.name, body.acronym, body.country, body.website) == (
        "Harbour Lamp",
        "HLK",
        "KE",
        "https://www.lamp.example",
    )
    assert (done.organisations_added, done.organisations_changed) == (0, 1)


def test_the_clock_of_the_country_is_taken_where_no_zone_is_given_and_moves_with_the_country(
    database: Database,
) -> None:
    house = make.house(database)
    with database.changing() as session:
        header = "email,country,time zone"
        took(session, house, header, "a@y.example,KE,", "b@y.example,KE,Europe/Paris", "c@y.example,US,")
        zones = [one.time_zone for one in session.exec(select(Contact).order_by(col(Contact.id)))]
        took(session, house, header, "a@y.example,US,", "b@y.example,US,", "c@y.example,KE,")
        moved = [one.time_zone for one in session.exec(select(Contact).order_by(col(Contact.id)))]
        again = took(session, house, header, "a@y.example,US,", "b@y.example,US,", "c@y.example,KE,")
    assert zones == ["Africa/Nairobi", "Europe/Paris", ""]
    assert moved == ["", "Europe/Paris", "Africa/Nairobi"]
    assert counted(again) == (0, 0, 3, 0)


def test_without_a_basis_people_go_in_but_nobody_can_be_invited_and_that_is_said(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        done = took(session, house, "email,tags", "rosa@y.example,migration", "idris@y.example,migration")
        seen = preflight(session, make.call(session, house), now=make.NOON, house=house)
    assert (done.added, done.without_basis) == (2, 2)
    assert "2 contacts cannot be invited" in done.sentences()[0]
    assert (seen.people, seen.left_out) == (0, {NO_BASIS: 2})


def test_a_basis_for_all_fills_where_none_is_known_and_replaces_none(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "signed@y.example", basis="", source="")
        took(session, house, "email,basis", "member@y.example,member")
        done = took(
            session,
            house,
            "email",
            "signed@y.example",
            "member@y.example",
            "new@y.example",
            default_basis="consent",
            default_source="the fair",
        )
        found = {one.address: (one.basis, one.source) for one in session.exec(select(Contact))}
    assert (done.added, done.changed, done.without_basis) == (1, 2, 0)
    assert found == {
        "signed@y.example": ("consent", "the fair"),
        "member@y.example": ("member", "the fair"),
        "new@y.example": ("consent", "the fair"),
    }


def test_a_basis_that_is_none_is_refused_before_a_row_is_read(sqlite: Database) -> None:
    with sqlite.changing() as session, pytest.raises(InvalidInput, match="consent, member"):
        took(session, make.house(sqlite), "email", "a@y.example", default_basis="because")


def test_somebody_who_only_signed_gets_a_basis_only_from_a_file_that_has_one(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "rosa@y.example", basis="")
        first = took(session, house, "email,role", "rosa@y.example,Lawyer")
        assert person(session, house, "rosa@y.example").basis == ""
        took(session, house, "email,basis", "rosa@y.example,member")
        assert person(session, house, "rosa@y.example").basis == "member"
    assert first.without_basis == 1


def test_an_opted_out_person_who_is_imported_again_gets_no_mail(database: Database) -> None:
    house = make.house(database)
    lines = ("email,name,tags,basis", "rosa@y.example,Rosa,migration,member", "ida@y.example,Ida,migration,member")
    with database.changing() as session:
        took(session, house, *lines)
        opt_out(session, person(session, house, "rosa@y.example"), scope=EVERYTHING, evidence="link", now=make.NOON)
    with database.changing() as session:
        done = took(session, house, *lines, "ROSA@y.example,Rosa,migration;new,consent", now=LATER)
        make.launched(session, house, now=LATER)
        assert [one.address for one in make.messages(session)] == ["ida@y.example"]
        assert len(session.exec(select(Suppression)).all()) == 1
    assert (done.changed, done.suppressed) == (1, {"opt-out": 1})
    assert "1 contact opted out of everything; that stays so, whatever is imported." in done.sentences()


def test_an_opt_out_holds_though_the_contact_itself_was_gone(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        digest = address_digest(parse_address("rosa@y.example").key, house.salt)
        session.add(Suppression(address_digest=digest, reason=SuppressionReason.OPT_OUT, at=make.NOON))
    with database.changing() as session:
        people = ("rosa@y.example,migration,member", "ida@y.example,migration,member")
        done = took(session, house, "email,tags,basis", *people)
        make.launched(session, house)
        assert [one.address for one in make.messages(session)] == ["ida@y.example"]
    assert (done.added, done.suppressed) == (2, {"opt-out": 1})


def test_who_opted_out_of_one_call_or_bounced_is_counted_apart(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        reasons = (SuppressionReason.OPT_OUT, SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT)
        for name, scope, reason in zip("abc", (7, 0, 0), reasons, strict=True):
            digest = address_digest(f"{name}@y.example", house.salt)
            session.add(Suppression(address_digest=digest, scope=scope, reason=reason, at=make.NOON))
        done = took(session, house, "email,basis", *(f"{name}@y.example,member" for name in "abcd"))
    assert done.suppressed == {"opt-out of a call": 1, "hard-bounce": 1, "complaint": 1}
    assert len(done.sentences()) == 3


def test_who_was_erased_on_request_is_not_taken_in_again(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        digest = address_digest("rosa@y.example", house.salt)
        session.add(Suppression(address_digest=digest, reason=SuppressionReason.ERASURE, at=make.NOON))
        done = took(session, house, "email,name", "rosa@y.example,Rosa", "ida@y.example,Ida", "rosa@y.example,R")
        assert session.exec(select(Contact.address)).all() == ["ida@y.example"]
    assert counted(done) == (1, 0, 0, 2)
    assert "was erased" in done.refusals[0].problems[0].reason


def test_an_import_leaves_one_line_in_the_log_without_personal_data(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        took(session, house, "email,name", "rosa@y.example,Rosa", "nobody,N", source_file="fair.csv")
        event = session.exec(select(Event)).one()
    assert (event.by, event.verb, event.subject) == ("Rosa", "import_contacts", "contacts")
    assert event.facts == {
        "file": "fair.csv",
        "rows": 2,
        "added": 1,
        "changed": 0,
        "refused": 1,
        "organisations_added": 0,
        "organisations_changed": 0,
        "suppressed": 0,
    }


def test_columns_that_nothing_is_read_from_are_named(sqlite: Database) -> None:
    with sqlite.changing() as session:
        done = took(session, make.house(sqlite), "email,Shoe size", "rosa@y.example,39")
    assert done.ignored == ("Shoe size",)
    assert 'Nothing was read from "Shoe size"' in done.sentences()[-1]


def test_progress_is_told_while_reading_and_while_writing(sqlite: Database) -> None:
    heard: list[tuple[str, int]] = []
    lines = ["email", *(f"p{number}@y.example" for number in range(700))]
    with sqlite.changing() as session:
        took(session, make.house(sqlite), *lines, progress=lambda stage, rows: heard.append((stage, rows)))
    assert heard == [("reading", 500), ("reading", 700), ("writing", 500), ("writing", 700)]


def test_what_the_session_knew_before_is_not_shown_as_if_it_were_still_so(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        rosa = make.contact(session, house, "rosa@y.example", name="Old")
        took(session, house, "email,name", "rosa@y.example,New")
        assert rosa.name == "New"


@settings(max_examples=12, deadline=None)
@given(seed=st.randoms(use_true_random=False))
def test_any_order_of_the_columns_gives_the_same_contacts(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, seed: random.Random
) -> None:
    header, *rows = sample_rows()
    order = list(range(len(header)))
    seed.shuffle(order)
    exports = []
    for places in (range(len(header)), order):
        path = shutil.copyfile(migrated_file, tmp_path_factory.mktemp("order") / "outreach.db")
        database = open_database(f"sqlite:///{path}")
        found = [Row(number, tuple(row[place] for place in places)) for number, row in enumerate(rows[:30], 2)]
        columns = map_header([header[place] for place in places])
        with database.changing() as session:
            import_contacts(session, found, columns, now=make.NOON, by="Rosa", house=make.house(database))
            exports.append(everything(session))
        database.close()
    assert exports[0] == exports[1]


def found_by(session: Session, word: str) -> list[int]:
    numbers = matching(session, Wanted((word,)))
    return list(session.execute(sa.select(numbers.c.contact_id)).scalars())


def test_who_was_imported_is_found_by_words_and_so_is_who_comes_after(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        took(session, house, "email, name, organisation", "rosa@y.example, Rosa Peña, Harbour Lamp")
        idris = make.contact(session, house, "idris@quay.example", name="Idris Belhaj", organisation="Quay Light")
        took(session, house, "email, name", "amal@z.example, Amal Haddad", "rosa@y.example, Rosa Lind")
        rosa, amal = (
            session.exec(select(Contact).where(Contact.address == one)).one().id
            for one in ("rosa@y.example", "amal@z.example")
        )
        assert found_by(session, "lind") == found_by(session, "harbour") == [rosa]
        assert found_by(session, "amal") == [amal]
        assert found_by(session, "quay") == [idris.id]
        assert found_by(session, "pena") == []


def test_an_import_that_fails_halfway_leaves_the_index_of_words_at_work(database: Database) -> None:
    house = make.house(database)

    def stop(stage: str, _rows: int) -> None:
        if stage == "writing":
            raise InvalidInput("enough")

    with database.changing() as session, pytest.raises(InvalidInput), session.begin_nested():
        took(session, house, "email, name", "rosa@y.example, Rosa", progress=stop)
    with database.changing() as session:
        idris = make.contact(session, house, "idris@quay.example", name="Idris Belhaj")
        assert found_by(session, "belhaj") == [idris.id]


def took_while(deed: Callable[[], None], table: str, session: Session, house: House, *lines: str) -> Imported:
    """Take lines in; the deed is done between the look at what is known and the writing of what is new."""
    deeds = [deed]

    def happens(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if deeds and "nextval" in statement and table in values.values():
            deeds.pop()()

    sa.event.listen(session.connection(), "before_cursor_execute", happens)
    return took(session, house, *lines)


def adds_contact(session: Session, house: House) -> None:
    make.contact(session, house, "anna@harbour.example", name="Anna Lind")


def adds_organisation(session: Session, house: House) -> None:
    make.contact(session, house, "vera@office.example", organisation="Harbour Lamp")


def adds_alias(session: Session, house: House) -> None:
    home = make.contact(session, house, "vera@office.example", organisation="Office Lamp").organisation_id
    session.add(Alias(organisation_id=home or 0, name="The Lamp", name_key=name_key("The Lamp")))


@pytest.mark.parametrize(
    ("adds", "table"),
    [(adds_contact, "contact"), (adds_organisation, "organisation"), (adds_alias, "organisation")],
)
def test_who_is_added_by_somebody_else_meanwhile_is_no_reason_to_break_down(
    postgresql: Database, adds: Callable[[Session, House], None], table: str
) -> None:
    house = make.house(postgresql)
    file = (
        "email, name, organisation, aliases",
        "anna@harbour.example, Anna Okafor, Harbour Lamp, The Lamp",
        "bo@harbour.example, Bo Haddad, Harbour Lamp,",
    )

    def somebody_else_adds() -> None:
        with postgresql.changing() as other:
            adds(other, house)

    with (
        pytest.raises(Busy, match=r"Nothing was changed; import it again\.$") as busy,
        postgresql.changing() as session,
    ):
        took_while(somebody_else_adds, table, session, house, *file)
    assert "anna@" not in str(busy.value)
    with postgresql.changing() as session:
        assert len(session.exec(select(Contact)).all()) == 1
        took(session, house, *file)
        assert person(session, house, "anna@harbour.example").name == "Anna Okafor"
