"""Files of signatures: what people export, save and copy, and what is said about files that cannot be used."""

import gzip
import io
import os
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from outreach.adapters.signature_files import SignatureTable, read_signatures
from outreach.adapters.tables import write_csv, write_xlsx
from outreach.domain.errors import InvalidInput
from outreach.domain.lists.signature_columns import Field
from outreach.domain.lists.submission_times import DayOrder
from tests import make

PRINTED = make.ROOT / "tests/data/signatories-2025-as-printed.txt"
NAMES = make.ROOT / "tests/data/signatories-2025.txt"


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def column(found: SignatureTable, field: Field) -> list[str]:
    return [row.cells[found.header.fields[field]] for row in found.rows]


def test_a_printed_list_gives_its_names_with_their_lines() -> None:
    found = read_signatures(PRINTED)
    rows = list(found.rows)
    assert [row.cells[0] for row in rows] == NAMES.read_text(encoding="utf-8").splitlines()
    assert (rows[0].number, found.header.place, found.expected_rows) == (1, "line", 271)


def test_what_is_doubtful_about_a_printed_list_is_said(tmp_path: Path) -> None:
    found = read_signatures(written(tmp_path / "list.txt", "1. Harbour Lamp\n2. Night Ferry\n4. Salt Road\n"))
    assert any("number 4 comes after 2" in notice for notice in found.notices)


def test_a_spreadsheet_out_of_a_google_form_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Timestamp", "Name of your organization as it should appear on the letter", "E-mail address"])
    sheet.append([datetime(2026, 4, 3, 15, 4, 5), "=Lamp", "idris@lamp.example"])  # noqa: DTZ001  as sheets keep it
    sheet["B2"].data_type = "s"
    book.save(tmp_path / "form.xlsx")
    found = read_signatures(tmp_path / "form.xlsx")
    assert [row.cells for row in found.rows] == [("2026-04-03 15:04:05", "=Lamp", "idris@lamp.example")]


def test_the_order_of_day_and_month_is_what_the_whole_column_proves(tmp_path: Path) -> None:
    path = written(tmp_path / "form.csv", "Timestamp,Organisation\n3/4/2026,Lamp\n25/12/2026,Ferry\n")
    assert read_signatures(path).header.day_order is DayOrder.DAY_FIRST


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_our_own_export_reads_back_the_same(name: str, tmp_path: Path) -> None:
    names = ("=1+1", "+1", "-2", "@SUM", "'quoted", "'=quoted", 'Lamp, "the"; Ferry', "007", "\uff1d1")
    write = write_csv if name.endswith("csv") else write_xlsx
    write(tmp_path / name, ["organisation"], [(one,) for one in names])
    assert column(read_signatures(tmp_path / name), Field.ORGANISATION) == list(names)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["list.csv", "list.txt"])
def test_usual_encodings_and_line_ends_are_read(encoding: str, line_end: str, name: str, tmp_path: Path) -> None:
    lines = ["Ligne à Éclairer", "Niño Perdido", "Lamp"]
    text = line_end.join([*(["Organisation,Country"] if name.endswith("csv") else []), *lines]) + line_end
    found = read_signatures(written(tmp_path / name, text.encode(encoding)))
    assert [row.cells[0] for row in found.rows] == lines
    assert bool(found.notices) == (encoding == "cp1252")


def test_a_table_that_was_saved_as_unicode_text_is_no_list_of_names(tmp_path: Path) -> None:
    text = "Organisation\tCountry\r\nHarbour Lamp\tKenya\r\n"
    found = read_signatures(written(tmp_path / "table.txt", text.encode("utf-16")))
    assert column(found, Field.COUNTRY) == ["Kenya"]


def damaged_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/other.xml", "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("list.csv", b"", "is empty: the first row must name the columns"),
        ("list.txt", b"\n \n", "is empty: it should hold one name on each line"),
        ("list.csv", b"Harbour Lamp,Kenya\nNight Ferry,Chad\n", "No column of names was found"),
        ("list.csv", b"=1+1,Organisation\n1,Lamp\n", "is a formula"),
        ("list.csv", b"Organisation," + b"x," * 500 + b"\nLamp\n", "columns; 500 are the most"),
        ("list.csv", b"Organisation,organisation\nLamp,Ferry\n", "is the name of column A too"),
        ("list.csv", b"ana@sousa.example,Lamp\n", "is an address. The first row must name the columns"),
        ("list.csv", gzip.compress(b"Organisation\nLamp\n", mtime=0), "is compressed with gzip: unpack it first"),
        ("list.txt", gzip.compress(b"Lamp\n", mtime=0), "is compressed with gzip: unpack it first"),
        ("list.csv", b"%PDF-1.7 ...", "is a PDF"),
        ("list.txt", b"%PDF-1.7 ...", "is a PDF"),
        ("list.txt", b"Lamp\0Ferry\n" * 3, "holds NUL characters"),
        ("list.xlsx", damaged_zip(), "is an archive or a spreadsheet of another kind"),
        ("list.xlsx", b"PK\x03\x04 cut off", "is a damaged spreadsheet"),
        ("list.xls", b"\xd0\xcf\x11\xe0 old", "is an old Excel file"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_signatures(written(tmp_path / name, content))


@pytest.mark.parametrize("name", ["none.csv", "none.txt"])
def test_a_file_that_is_not_there_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        read_signatures(tmp_path / name)


def test_a_pipe_is_no_file_that_can_be_read_twice(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "list.txt")
    with pytest.raises(InvalidInput, match="Save it as a file"):
        read_signatures(tmp_path / "list.txt")


def test_ragged_rows_are_said_and_the_others_read(tmp_path: Path) -> None:
    path = written(tmp_path / "list.csv", 'Organisation,Country\nLamp\nFerry,KE,more\nRoad,KE\n"open,KE\nSalt,KE\n')
    found = {row.number: row.problem or row.oddity for row in read_signatures(path).rows}
    assert "has 1 cells where the header names 2" in found[2]
    assert "has 3 cells, but the header names 2" in found[3]
    assert "quotation mark" in found[5]
    assert (found[4], found[6]) == ("", "")


def test_running_text_is_no_name(tmp_path: Path) -> None:
    found = read_signatures(written(tmp_path / "list.txt", f"Lamp\n{'word ' * 1000}\nFerry\n"))
    assert [bool(row.problem) for row in found.rows] == [False, True, False]
