"""Facts about States and institutions come in from tables, each with the day since when it is so."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlmodel import Session, select

from outreach.adapters.official_files import read_facts
from outreach.adapters.table_rows import Row
from outreach.domain.addressing import FactNow
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials.columns import map_facts
from outreach.domain.officials.fact_rows import FactRow
from outreach.domain.officials.reports import ImportedFacts
from outreach.store.database import Database
from outreach.store.officials import about_posts
from outreach.store.tables import Event, Fact
from outreach.usecases.import_facts import import_facts
from outreach.usecases.record_fact import record_fact
from outreach.usecases.remove_fact import remove_fact
from tests import make, officials

HEADER = "state,institution,fact,value,date,source"
LATER = make.NOON + timedelta(days=1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.changing() as session:
        session.info["house"] = make.house(database)
        yield session


@pytest.fixture
def desk(sqlite: Database) -> Iterator[Session]:
    with sqlite.changing() as session:
        session.info["house"] = make.house(sqlite)
        yield session


def imports(session: Session, rows: Any, columns: Any, *, by: str = "Rosa") -> ImportedFacts:
    house = session.info["house"]
    return import_facts(session, rows, columns, now=make.NOON, by=by, house=house, source_file="facts.csv")


def takes(session: Session, *lines: str, by: str = "Rosa") -> ImportedFacts:
    header, *rows = csv.reader(lines)
    return imports(session, [Row(at, tuple(cells)) for at, cells in enumerate(rows, 2)], map_facts(header), by=by)


def known(session: Session) -> list[tuple[str, str, str, str, str]]:
    found = session.exec(select(Fact)).all()
    return sorted((one.state, one.institution, one.name, one.value, one.since.isoformat()) for one in found)


def counted(done: ImportedFacts) -> tuple[int, int, int, int]:
    return done.added, done.changed, done.unchanged, done.refused


def test_a_row_becomes_a_fact_that_a_letter_can_ask_for(session: Session) -> None:
    post = officials.post(session)
    done = takes(session, HEADER, "Chile,,ratified,yes,2005-03-21,the depositary")
    assert counted(done) == (1, 0, 0, 0)
    assert about_posts(session, [post], date(2027, 1, 1))[post.id or 0].facts == {
        "ratified": FactNow("yes", date(2005, 3, 21))
    }


def test_the_same_file_again_changes_nothing_and_another_value_is_named(session: Session) -> None:
    lines = (HEADER, "CL,,ratified,no,1990-12-18,", "CL,,ratified,yes,2005-03-21,")
    assert counted(takes(session, *lines)) == (2, 0, 0, 0)
    before = [one.model_dump() for one in session.exec(select(Fact))]
    assert counted(takes(session, *lines, by="Ana")) == (0, 0, 2, 0)
    assert [one.model_dump() for one in session.exec(select(Fact))] == before
    done = takes(session, HEADER, "CL,,ratified,yes,1990-12-18,", by="Ana")
    assert counted(done) == (0, 1, 0, 0)
    assert [str(one) for one in done.changes] == [
        "row 2: CL, ratified since 1990-12-18: it was 'no', it is 'yes'",
    ]
    assert [one.by for one in session.exec(select(Fact).where(Fact.since == date(1990, 12, 18)))] == ["Ana"]


def test_of_two_rows_about_one_fact_the_later_counts_and_both_are_named(session: Session) -> None:
    done = takes(session, HEADER, "CL,,ratified,no,2005-03-21,", "CL,,ratified,yes,2005-03-21,")
    assert counted(done) == (1, 1, 0, 0)
    assert known(session) == [("CL", "", "ratified", "yes", "2005-03-21")]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("Yes", "yes"),
        ("OUI", "yes"),
        ("sí", "yes"),
        ("Si", "yes"),
        ("TRUE", "yes"),
        ("نعم", "yes"),
        ("No", "no"),
        ("non", "no"),
        ("FALSE", "no"),
        ("with reservations", "with reservations"),
        ("no longer", "no longer"),
        ("=1+1", "=1+1"),
        ("{{ official.name }}", "{{ official.name }}"),
    ],
)
def test_yes_and_no_are_understood_and_other_words_are_kept(desk: Session, word: str, value: str) -> None:
    imports(desk, [Row(2, ("CL", "f", word, "2005-03-21"))], map_facts(["state", "fact", "value", "date"]))
    assert [one.value for one in desk.exec(select(Fact))] == [value]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Atlantis,,ratified,yes,2005-03-21,", "row 2, state: is no State that is known"),
        (",,ratified,yes,2005-03-21,", "row 2, state: is empty: a fact is about a State or an institution"),
        ("CL,Some Council,ratified,yes,2005-03-21,", "row 2, institution: stands beside a State"),
        ("CL,,Ratified It,yes,2005-03-21,", "digits and _, a letter first, 60 at most, for example ratified_it"),
        ("CL,,2ratified,yes,2005-03-21,", "row 2, fact: is no name that a letter can use"),
        ("CL,,not,yes,2005-03-21,", "row 2, fact: has a meaning of its own in letters"),
        ("CL,,values,yes,2005-03-21,", "row 2, fact: has a meaning of its own in letters"),
        ("CL,,ratified,,2005-03-21,", "row 2, value: is empty: write yes, no, or words"),
        ("CL,,ratified,yes,,", "row 2, date: is empty: a fact needs the day"),
        ("CL,,ratified,yes,21/03/2005,", "row 2, date: is no day as it is written here"),
        ("CL,,ratified,yes,2099-01-01,", "row 2, date: lies before 1800 or more than 10 years ahead"),
        (f"CL,,ratified,{'x' * 300},2005-03-21,", "row 2, value: is longer than 200 characters"),
    ],
)
def test_a_bad_row_is_left_out_and_named(desk: Session, line: str, said: str) -> None:
    done = takes(desk, HEADER, line, "KE,,ratified,no,1990-12-18,")
    assert counted(done) == (1, 0, 0, 1)
    assert said in next(iter(done.refused_lines()))


def test_a_fact_of_an_institution_that_has_no_post_is_taken_and_told(desk: Session) -> None:
    officials.post(desk)
    mine, other = officials.GENEVA.upper(), "Permanent Mission of Chilli"
    done = takes(desk, HEADER, f",{mine},seat,observer,2020-01-01,", f",{other},seat,observer,2020-01-01,")
    assert done.added == 2
    ((field, first),) = [(one.field, one.first) for one in done.warnings]
    assert (field, [one.row for one in first]) == ("institution", [3])


def test_a_spreadsheet_with_dates_and_truth_values(desk: Session, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Country", "Fact", "Value", "Since"])
    book.worksheets[0].append(["Chile", "ratified", True, date(2005, 3, 21)])
    book.save(tmp_path / "facts.xlsx")
    found = read_facts(tmp_path / "facts.xlsx")
    imports(desk, found.rows, found.columns)
    assert known(desk) == [("CL", "", "ratified", "yes", "2005-03-21")]


def test_a_table_without_a_date_is_refused(desk: Session) -> None:
    with pytest.raises(InvalidInput, match="No column says since when it is so"):
        map_facts(["state", "fact", "value"])


def test_thousands_of_facts_take_a_few_statements(desk: Session) -> None:
    days = [date(2000, 1, 1) + timedelta(days=at) for at in range(3_000)]
    rows = [Row(at, ("CL", f"fact_{at % 50}", "yes", day.isoformat())) for at, day in enumerate(days)]
    columns = map_facts(["state", "fact", "value", "date"])
    assert counted(imports(desk, rows, columns)) == (3_000, 0, 0, 0)
    assert counted(imports(desk, rows, columns)) == (0, 0, 3_000, 0)


def test_one_fact_is_noted_changed_and_taken_back_and_each_is_in_the_log(session: Session) -> None:
    said = FactRow(0, "ratified", "no", date(1990, 12, 18), state="CL")
    fact, before = record_fact(session, said, now=make.NOON, by="Rosa")
    assert (fact.value, before) == ("no", "")
    again, before = record_fact(session, FactRow(0, "ratified", "yes", said.since, state="CL"), now=LATER, by="Ana")
    assert (again.id, again.value, again.by, before) == (fact.id, "yes", "Ana", "no")
    values: dict[str, Any] = {"state": "CL", "institution": "", "name": "ratified", "now": LATER, "by": "Ana"}
    with pytest.raises(Refusal, match="It is known since 1990-12-18"):
        remove_fact(session, since=date(1991, 1, 1), **values)
    remove_fact(session, since=said.since, **values)
    assert known(session) == []
    assert [one.verb for one in session.exec(select(Event))] == ["record_fact", "record_fact", "remove_fact"]
