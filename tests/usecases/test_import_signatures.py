"""Lists of signatures brought in from files: what counts, what was there already, and what no list can do."""

import csv
import random
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlmodel import Session, col, select

from outreach.adapters.signature_files import read_signatures
from outreach.adapters.table_rows import Row
from outreach.adapters.tables import write_csv, write_xlsx
from outreach.domain.contact_reports import MOST_REFUSED
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.lists.signature_columns import map_header
from outreach.domain.lists.signature_reports import ImportReport
from outreach.domain.signatures import Origin, SignatureKind, Visibility
from outreach.domain.states import CallState, SignatureState
from outreach.store.database import Database
from outreach.store.editions import list_now
from outreach.store.tables import Contact, Event, Organisation, Signature
from outreach.usecases.import_signatures import import_signatures
from tests import make
from tests.usecases.world import IDRIS, World

PRINTED = make.ROOT / "tests/data/signatories-2025-as-printed.txt"
NAMES = make.ROOT / "tests/data/signatories-2025.txt"
PUBLIC, ADDRESSEE, COUNTED = Visibility
LATER = make.NOON + timedelta(days=60)
"""After the deadline."""

Given = tuple[str, str, str, str, str]


def took(world: World, *lines: str, **more: Any) -> ImportReport:
    """Rows from lines of CSV, the first the header."""
    header, *rows = csv.reader(lines, skipinitialspace=True)
    found = (Row(number, tuple(cells)) for number, cells in enumerate(rows, 2))
    return imported(world, found, map_header(header), **more)


def took_file(world: World, path: Path, **more: Any) -> ImportReport:
    found = read_signatures(path)
    return imported(world, found.rows, found.header, file_name=path.name, **more)


def imported(world: World, rows: Any, header: Any, **more: Any) -> ImportReport:
    values = {"file_name": "list.csv", "visibility": PUBLIC, "now": make.NOON, "by": "Rosa", **more}
    return import_signatures(world.session, world.call, rows, header, house=world.house, **values)


def counted(done: ImportReport) -> tuple[int, int, int, int]:
    return done.added, done.late, done.known, done.refused


def signed(world: World) -> list[Given]:
    """Every signature: kind, name, state, visibility, organisation."""
    return [
        (
            one.kind.value,
            one.name,
            one.state.value,
            one.visibility.value,
            world.session.get_one(Organisation, one.organisation_id).name if one.organisation_id else "",
        )
        for one in world.signatures()
    ]


def test_the_printed_names_shuffled_come_back_in_the_printed_order_byte_for_byte(
    sqlite_world: World, tmp_path: Path
) -> None:
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    rows = [row.cells[0] for row in read_signatures(PRINTED).rows]
    random.Random(271).shuffle(rows)  # noqa: S311  any order will do
    (tmp_path / "shuffled.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = took_file(sqlite_world, tmp_path / "shuffled.txt")
    assert counted(done) == (271, 0, 0, 0)
    assert sorted(one.name for one in sqlite_world.signatures()) == sorted(lines)
    assert [one.line for one in list_now(sqlite_world.session, sqlite_world.call)] == lines


def test_the_list_as_it_comes_out_of_the_pdf_goes_in_once_however_often_it_is_given(world: World) -> None:
    assert counted(took_file(world, PRINTED)) == (271, 0, 0, 0)
    again = took_file(world, PRINTED, now=make.NOON + timedelta(days=1))
    assert counted(again) == (0, 0, 271, 0)
    assert again.known_rows[0].sentence == "line 1: the same signer has signed already, as no. 1."
    assert len(world.signatures()) == 271


def test_a_row_becomes_a_confirmed_signature_with_its_evidence(world: World) -> None:
    took(
        world,
        "Timestamp,Organisation,Name,Title,Email,Country,May we publish your name?,Evidence",
        "2027-01-10 10:00,Night Ferry,Rui Mota,Chair,rui@ferry.example,Portugal,Only the addressee,said so to Ana",
    )
    one = world.signatures()[0]
    contact = world.session.get_one(Contact, one.contact_id)
    assert (one.state, one.visibility, one.origin) == (SignatureState.CONFIRMED, ADDRESSEE, Origin.IMPORT)
    assert (one.name, one.signer_name, one.signer_title, one.country) == ("Night Ferry", "Rui Mota", "Chair", "PT")
    assert one.evidence == "list.csv, row 2: said so to Ana"
    assert one.submitted_at.isoformat() == "2027-01-10T09:00:00+00:00"
    assert (one.confirmed_at, one.letter_version) == (make.NOON, world.call.letter_version)
    assert (contact.address, contact.basis) == ("rui@ferry.example", "")


def test_a_spreadsheet_out_of_a_google_form(world: World, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        (
            "Timestamp",
            "Name of your organization as it should appear on the letter",
            "Your full name",
            "Title/Position",
            "E-mail address",
            "Country",
            "May we publish your name?",
        ),
        (
            make.NOON.replace(tzinfo=None),
            "Night Ferry",
            "Rui Mota",
            "Chair",
            "rui@ferry.example",
            "Portugal",
            "Yes",
        ),
        (make.NOON.replace(tzinfo=None), "", "Ana Sousa", "Dr", "ana@sousa.example", "Brasil", "No, thank you"),
        (make.NOON.replace(tzinfo=None), "Salt Road", "Lin Wei", "", "not an address", "", "Yes"),
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "form.xlsx")
    done = took_file(world, tmp_path / "form.xlsx")
    assert counted(done) == (2, 0, 0, 1)
    assert signed(world) == [
        ("organisation", "Night Ferry", "confirmed", "public", "Night Ferry"),
        ("individual", "Ana Sousa", "confirmed", "counted", ""),
    ]
    assert done.sentences()[0] == "2 signatures added (1 organisation, 1 individual; 1 counted)."
    (line,) = done.refused_lines()
    assert line.startswith("row 4, email: ")


def test_nobody_is_written_to_unless_receipts_are_asked_for(world: World) -> None:
    lines = ("Organisation,Email", "Night Ferry,rui@ferry.example")
    took(world, *lines)
    assert world.queued(MessageKind.RECEIPT) == []
    took(world, "Organisation,Email", "Salt Road,lin@salt.example", receipts=True)
    assert [one.address for one in world.queued(MessageKind.RECEIPT)] == ["lin@salt.example"]


def test_the_same_signer_twice_in_a_file_is_one_signature_and_said(world: World) -> None:
    done = took(
        world,
        "Organisation,Name,Email",
        "Night Ferry,Rui,rui@ferry.example",
        "NIGHT FERRY,Rui,rui@ferry.example",
        "Night Ferry,Lea,lea@elsewhere.example",
        "Night Ferry,,",
        ",Ana Sousa,ana@sousa.example",
        ",ana sousa,ana@sousa.example",
    )
    assert counted(done) == (2, 0, 4, 0)
    assert [note.sentence for note in done.known_rows] == [
        "row 3: the same signer has signed already, in row 2.",
        "row 4: the organisation has signed already, in row 2; it is counted once.",
        "row 5: the organisation has signed already, in row 2; it is counted once.",
        "row 7: the same signer has signed already, in row 6.",
    ]
    assert [one.line for one in list_now(world.session, world.call)] == ["Night Ferry", "Ana Sousa"]


def test_of_two_wishes_in_a_file_the_one_by_which_fewer_see_the_name_holds(world: World) -> None:
    done = took(world, "Name,Visibility", "Ana Sousa,public", "Ana Sousa,no")
    assert [one.visibility for one in world.signatures()] == [COUNTED]
    assert "asks for counted, which holds for both" in done.known_rows[0].sentence
    assert done.sentences()[0] == "1 signature added (0 organisations, 1 individual; 1 counted)."


def test_a_list_does_not_change_what_was_signed_before_but_says_where_it_asks_for_less(world: World) -> None:
    took(world, "Name,Visibility", "Ana Sousa,public")
    done = took(world, "Name,Visibility", "Ana Sousa,counted")
    assert [one.visibility for one in world.signatures()] == [PUBLIC]
    assert "ATTENTION: this row asks for counted, but the signature is public" in done.known_rows[0].sentence


def test_an_organisation_that_signed_by_the_form_is_counted_once(world: World) -> None:
    make.signature(world.session, world.call, world.idris, name="Harbour Light")
    done = took(world, "Organisation", "Harbour Light")
    assert counted(done) == (0, 0, 1, 0)
    assert [one.line for one in list_now(world.session, world.call)] == ["Harbour Light"]


def test_the_row_of_an_organisations_own_people_takes_the_place_of_one_without_address(world: World) -> None:
    took(world, "Organisation,Website", "Harbour Light,")
    done = took(world, "Organisation,Email", f"Harbour Light,{IDRIS}")
    assert counted(done) == (0, 0, 1, 0)
    assert "is the one that counts now" in done.known_rows[0].sentence
    counting = [one for one in world.signatures() if one.state is SignatureState.CONFIRMED]
    assert [one.contact_id for one in counting] == [world.idris.id]


def test_another_person_with_the_same_address_is_refused_not_lost(world: World) -> None:
    done = took(world, "Name,Email", "Ana Sousa,office@sousa.example", "Rui Mota,office@sousa.example")
    assert counted(done) == (1, 0, 0, 1)
    (line,) = done.refused_lines()
    assert "row 3, name: this mailbox has signed already in another name, in row 2" in line


def test_what_was_given_after_the_deadline_is_kept_as_late_with_its_row(world: World) -> None:
    header = "Organisation,Submitted"
    done = took(world, header, "Night Ferry,2027-02-26", "Salt Road,2027-02-27 10:00", now=LATER)
    assert counted(done) == (1, 1, 0, 0)
    assert done.late_rows[0].sentence.startswith("row 3: it was given after the end of signing")
    assert [one.state for one in world.signatures()] == [SignatureState.CONFIRMED, SignatureState.LATE]
    assert counted(took(world, header, "Salt Road,2027-02-27 10:00", now=LATER)) == (0, 0, 1, 0)


def test_a_list_on_paper_counts_from_the_day_that_the_person_says(world: World) -> None:
    assert counted(took(world, "Organisation", "Night Ferry", now=LATER, at=make.NOON)) == (1, 0, 0, 0)
    assert counted(took(world, "Organisation", "Salt Road", now=LATER)) == (0, 1, 0, 0)


def test_a_signature_of_tomorrow_is_refused(world: World) -> None:
    done = took(world, "Organisation,Submitted", "Night Ferry,2027-01-12 09:00")
    (line,) = done.refused_lines()
    assert line.startswith("row 2, submitted: is in the future")
    assert line.endswith('(it says "2027-01-12 09:00")')


def test_who_took_a_signature_back_does_not_come_in_again_by_a_list(world: World) -> None:
    took(world, "Organisation,Email", "Night Ferry,rui@ferry.example", "Salt Road,")
    for one in world.signatures():
        one.state = SignatureState.WITHDRAWN
    done = took(world, "Organisation,Email", "Night Ferry,rui@ferry.example", "Salt Road,", "Lamp Works,")
    assert counted(done) == (1, 0, 0, 2)
    assert "it is withdrawn" in next(done.refused_lines())


def test_a_refused_row_leaves_nothing_behind_and_the_others_go_in(world: World) -> None:
    took(world, "Organisation", "Night Ferry")
    world.signatures()[0].state = SignatureState.REJECTED
    before = len(world.session.exec(select(Contact)).all())
    done = took(
        world,
        "Organisation,Name,Email,Country",
        "Salt Road,,,Kenya",
        "Lamp Works,,,Atlantis",
        ",,x@y.example,",
        "Night Ferry,,,",
        "Old Bridge,,,Chad",
    )
    assert counted(done) == (2, 0, 0, 3)
    assert [refused.row for refused in done.refusals] == [3, 4, 5]
    assert len(world.session.exec(select(Contact)).all()) == before
    assert world.session.exec(select(Organisation).where(Organisation.name == "Lamp Works")).all() == []


def test_a_dry_run_says_the_same_and_leaves_nothing(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, IDRIS)
        call, _ = make.launched(session, house)
    found = read_signatures(PRINTED)
    with database.changing(dry_run=True) as session:
        done = import_signatures(
            session,
            session.merge(call),
            found.rows,
            found.header,
            file_name="list.txt",
            visibility=PUBLIC,
            now=make.NOON,
            house=house,
            by="Rosa",
        )
    assert done.added == 271
    with database.reading() as session:
        assert session.exec(select(Signature)).all() == []
        assert session.exec(select(Organisation)).all() == []


def test_a_call_that_is_not_open_takes_no_list(world: World) -> None:
    world.call.state = CallState.DRAFT
    world.session.flush()
    with pytest.raises(Refusal, match="nobody can sign it now"):
        took(world, "Organisation", "Night Ferry")


def test_a_letter_of_organisations_takes_no_individuals_from_a_list(world: World) -> None:
    world.call.listing = {**world.call.listing, "who": ["organisation"]}
    world.session.flush()
    done = took(world, "Organisation,Name", "Night Ferry,Rui", ",Ana Sousa")
    assert counted(done) == (1, 0, 0, 1)
    assert "is not signed by any individual" in next(done.refused_lines())


def test_the_log_says_what_was_done_and_names_nobody(world: World) -> None:
    took(world, "Name,Email", "Ana Sousa,ana@sousa.example", visibility=COUNTED, file_name="ana@sousa.example")
    events = world.session.exec(select(Event).where(col(Event.verb).in_(["import_signatures", "add_signature"])))
    logged = " ".join(str(event.facts) for event in events)
    assert "'added': 1" in logged
    assert "ana" not in logged.casefold().replace("organisation", "")
    assert world.signatures()[0].evidence == "a file, row 2"
    contacts = world.session.exec(select(Contact).where(Contact.domain == "sousa.example")).one()
    assert contacts.name == ""


def test_a_report_of_a_bad_file_stays_small_and_counts_all(world: World) -> None:
    done = took(world, "Organisation,Country", *(f"Lamp {number},Atlantis" for number in range(MOST_REFUSED + 50)))
    assert (done.refused, len(done.refusals), done.rows) == (MOST_REFUSED + 50, MOST_REFUSED, MOST_REFUSED + 50)


MIXED = (
    "Organisation,Name,Email,Visibility,Submitted",
    "Night Ferry,Rui,rui@ferry.example,public,2027-01-10 10:00",
    "night ferry,Lea,lea@ferry.example,counted,2027-01-10 11:00",
    "Harbour Light,,,public,",
    f"Harbour Light,Idris,{IDRIS},addressee,",
    ",Ana Sousa,ana@sousa.example,public,",
    ",Ana Sousa,,counted,",
    ",Ana Sousa,,public,",
    "Salt Road,,,public,2027-01-11 09:00",
    "Salt Road,Lin,lin@salt.example,addressee,",
    ",Lin Wei,lin@salt.example,public,",
)


@pytest.mark.parametrize("order", [None, 1, 2, 3, 4, 5, 6])
def test_rows_added_at_once_and_one_by_one_come_to_the_same(world: World, order: int | None) -> None:
    """With receipts every row goes alone; otherwise the first of each signer go in together."""
    header, *rows = MIXED
    if order is not None:
        random.Random(order).shuffle(rows)  # noqa: S311  any order will do

    def outcome(*, receipts: bool) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
        with world.session.begin_nested() as point:
            done = took(world, header, *rows, receipts=receipts)
            facts = sorted((*given, *more) for given, more in zip(signed(world), keys(world), strict=True))
            point.rollback()
        return {**asdict(done), "known_rows": (), "late_rows": ()}, facts

    assert outcome(receipts=False) == outcome(receipts=True)


def keys(world: World) -> list[tuple[Any, ...]]:
    return [
        (bool(one.contact_id), one.submitted_at, one.evidence, one.mailbox_digest) for one in world.signatures()
    ]


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_list_that_was_written_from_signatures_reads_back_the_same(
    sqlite: Database, name: str, tmp_path: Path
) -> None:
    columns = "organisation acronym country website name title affiliation email visibility kind submitted evidence"
    lines = [
        "=Lamp|LMP|KE|https://lamp.example|Rui|Chair||rui@lamp.example|public|organisation|TIME|on the telephone",
        "'Ohana||||||||counted|organisation|TIME|",
        "||BR||Ana Sousa|Dr|Porto|ana@sousa.example|addressee|individual|TIME|",
    ]
    rows = [tuple(line.replace("TIME", "2027-01-10T09:00:00+00:00").split("|")) for line in lines]
    write = write_csv if name.endswith("csv") else write_xlsx
    write(tmp_path / name, columns.split(), rows)
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, IDRIS)
        call, _ = make.launched(session, house)
        found = read_signatures(tmp_path / name)
        import_signatures(
            session,
            call,
            found.rows,
            found.header,
            file_name=name,
            visibility=COUNTED,
            now=make.NOON,
            house=house,
            by="Rosa",
        )
        assert [as_row(session, one) for one in session.exec(select(Signature).order_by(col(Signature.id)))] == [
            (*row[:-1], f"{name}, row {number}" + (f": {row[-1]}" if row[-1] else ""))
            for number, row in enumerate(rows, 2)
        ]


def as_row(session: Session, one: Signature) -> tuple[str, ...]:
    """As an export would write it."""
    body = one.kind is SignatureKind.ORGANISATION
    return (
        one.name if body else "",
        one.acronym,
        one.country,
        one.website,
        one.signer_name if body else one.name,
        one.signer_title,
        one.affiliation,
        session.get_one(Contact, one.contact_id).address if one.contact_id else "",
        one.visibility.value,
        one.kind.value,
        one.submitted_at.isoformat(),
        one.evidence,
    )
