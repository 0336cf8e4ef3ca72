"""Tables from people's disks: of every encoding and line end, damaged, hostile, and our own given back."""

import gzip
import os
import tracemalloc
import zipfile
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.adapters.tables import read_table, unguard, write_csv, write_xlsx
from outreach.domain.errors import InvalidInput, Refusal

FORMULAS = [
    '=HYPERLINK("http://evil","x")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "=cmd|'/C calc'!A0",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "  =1+1",
    "'=1+1",
    "''=1+1",
]
PLAIN = [
    "O'Brien",
    "'quoted'",
    "a=b",
    "007",
    "a,b;c",
    'say "x"',
    "two\nlines",
    "",
    "0041225550102",
    "12345678901234567890",
    "_x0041_",
]


def saved(folder: Path, content: str | bytes, name: str = "contacts.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sheet(folder: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    path = folder / "contacts.xlsx"
    book.save(path)
    return path


def cells_of(path: Path) -> list[tuple[str, ...]]:
    table = read_table(path)
    rows = list(table.rows)
    assert [row.problem for row in rows] == [""] * len(rows)
    return [table.header, *(row.cells for row in rows)]


TEXT = "email,name\r\nrosa@y.example,Rosa Peña\r\njozef@y.example,Józef «Ж»\r\n"
EXPECTED = [("email", "name"), ("rosa@y.example", "Rosa Peña"), ("jozef@y.example", "Józef «Ж»")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_in_every_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    assert cells_of(saved(tmp_path, TEXT.encode(encoding))) == EXPECTED


def test_windows_1252_is_read_with_a_notice(tmp_path: Path) -> None:
    path = saved(tmp_path, "email;name\nrosa@y.example;Peña – Œuvre\n".encode("cp1252"))
    table = read_table(path)
    assert [row.cells[1] for row in table.rows] == ["Peña – Œuvre"]
    assert "Windows-1252" in table.notices[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_and_line_end_is_found_out(tmp_path: Path, end: str, separator: str) -> None:
    text = TEXT.replace("\r\n", end).replace(",", separator)
    assert cells_of(saved(tmp_path, text)) == EXPECTED
    assert cells_of(saved(tmp_path, text.encode("utf-16"))) == EXPECTED


def test_separators_inside_cells_do_not_mislead(tmp_path: Path) -> None:
    text = 'email;name;tags\na@y.example;"Peña, Rosa, Dr";x,y\nb@y.example;Ng, Ada;z,w\n'
    assert cells_of(saved(tmp_path, text))[1:] == [
        ("a@y.example", "Peña, Rosa, Dr", "x,y"),
        ("b@y.example", "Ng, Ada", "z,w"),
    ]
    text = "email,aliases\na@y.example,x;y;z\nb@y.example,v;w;u\n"
    assert cells_of(saved(tmp_path, text))[1] == ("a@y.example", "x;y;z")


def test_a_separator_that_excel_declared_is_obeyed(tmp_path: Path) -> None:
    table = read_table(saved(tmp_path, "sep=;\r\nemail;name\r\na@y.example;A,B\r\n"))
    assert (table.header, [(row.number, row.cells) for row in table.rows]) == (
        ("email", "name"),
        [(2, ("a@y.example", "A,B"))],
    )


def test_a_table_of_one_column_is_a_table(tmp_path: Path) -> None:
    assert cells_of(saved(tmp_path, "email\na@y.example\nb@y.example")) == [
        ("email",),
        ("a@y.example",),
        ("b@y.example",),
    ]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = '\nemail,name\na@y.example,"two\nlines"\n\n,\nb@y.example,B\n'
    table = read_table(saved(tmp_path, text))
    assert [(row.number, row.cells[1]) for row in table.rows] == [(3, "two\nlines"), (6, "B")]


def test_a_row_with_too_many_cells_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    text = "email,name\na@y.example,A\nb@y.example,B,extra\nc@y.example\nd@y.example,D,\n"
    rows = list(read_table(saved(tmp_path, text)).rows)
    assert [(row.number, bool(row.problem), bool(row.oddity)) for row in rows] == [
        (2, False, False),
        (3, True, False),
        (4, False, True),
        (5, False, False),
    ]
    assert rows[1].problem == "has 3 cells, but the header names 2"
    assert rows[2].cells == ("c@y.example", "")


def test_an_open_quotation_mark_costs_its_own_row_only(tmp_path: Path) -> None:
    text = 'email,name\na@y.example,"A\nb@y.example,B\nc@y.example,C\n'
    rows = list(read_table(saved(tmp_path, text)).rows)
    assert [(row.number, row.cells[:1], "quotation mark" in row.problem) for row in rows] == [
        (2, (), True),
        (3, ("b@y.example",), False),
        (4, ("c@y.example",), False),
    ]


def test_a_quotation_mark_opened_before_thousands_of_rows_costs_its_own_row_only(tmp_path: Path) -> None:
    text = 'email,name\na@y.example,"A\n' + "".join(f"p{number}@y.example,P\n" for number in range(20_000))
    rows = list(read_table(saved(tmp_path, text)).rows)
    assert len(rows) == 20_001
    assert [row.number for row in rows if row.problem] == [2]


def test_a_stray_quotation_mark_is_reported(tmp_path: Path) -> None:
    rows = list(read_table(saved(tmp_path, 'email,name\na@y.example,"A" Org\nb@y.example,The "B" Org\n')).rows)
    assert "quotation mark" in rows[0].problem
    assert rows[1].cells[1] == 'The "B" Org'


def test_a_cell_longer_than_a_spreadsheet_holds_is_reported(tmp_path: Path) -> None:
    text = f"email,name\na@y.example,{'x' * 32_768}\nb@y.example,{'x' * 200_000}\nc@y.example,{'x' * 32_767}\n"
    rows = list(read_table(saved(tmp_path, text)).rows)
    assert [bool(row.problem) for row in rows] == [True, True, False]
    assert "32,767 are the most" in rows[0].problem


def test_a_line_without_end_is_reported_and_the_next_row_is_read(tmp_path: Path) -> None:
    text = f"email,name\na@y.example,{'x,' * 4_500_000}\nb@y.example,B\n"
    rows = list(read_table(saved(tmp_path, text)).rows)
    assert [(bool(row.problem), row.cells) for row in rows] == [(True, ()), (False, ("b@y.example", "B"))]


def test_nul_characters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="NUL"):
        read_table(saved(tmp_path, b"email,na\0me\na@y.example,A\n"))
    late = "email,name\n" + "a@y.example,A\n" * 500 + "b@y.example,B\0\n"
    problems = [(row.number, row.problem) for row in read_table(saved(tmp_path, late)).rows if row.problem]
    assert problems == [(502, "holds a NUL character")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n\n , ,\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"rosa@y.example,Rosa\nidris@y.example,Idris\n", "is an address. The first row must name"),
        (b"email,Name,NAME \n", 'column C: "NAME" is the name of column B too'),
        (b'email,"=1+1"\n', "column B.*is a formula"),
        (b"email,@SUM(1)\n", "is a formula"),
        ((",".join(f"c{n}" for n in range(501))).encode(), "501 columns; 500 are the most"),
        (b'email,"name\n', "quotation mark"),
        (b"\x81\x8d\x8f", "in no encoding that is known"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "old Excel file"),
        (b"\n<!DOCTYPE html><table><tr><td>email", "web page"),
        (gzip.compress(b"email\n" * 100_000), "gzip: unpack it first"),
        (b"PK\x03\x04 not really", "damaged"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        read_table(saved(tmp_path, content))


def test_the_kind_of_a_file_is_seen_from_its_content_not_its_name(tmp_path: Path) -> None:
    book = sheet(tmp_path, ["email"], ["a@y.example"])
    assert cells_of(book.rename(tmp_path / "contacts.csv")) == [("email",), ("a@y.example",)]
    assert cells_of(saved(tmp_path, "email\na@y.example\n", "contacts.xlsx")) == [("email",), ("a@y.example",)]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(InvalidInput, match="cannot be read"):
            read_table(path)


def test_an_archive_that_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("contacts.csv", "email\n")
    with pytest.raises(InvalidInput, match="archive"):
        read_table(tmp_path / "x.zip")


def test_a_million_rows_are_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w") as stream:
        stream.write("email,name\n")
        stream.writelines(f"person{number}@y.example,Person {number}\n" for number in range(1_000_000))
    tracemalloc.start()
    table = read_table(path)
    count = sum(1 for _ in islice(table.rows, 50_000))  # tracing is slow: the rest is read without it
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count + sum(1 for _ in table.rows) == 1_000_000
    assert peak < 16_000_000
    assert table.expected_rows == pytest.approx(1_000_000, abs=2)


def test_a_sheet_is_read_as_its_cells_show(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        [],
        ["email", "a", "b", "c", "d", "e"],
        ["x@y.example", 123, 5.25, True, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4)],  # noqa: DTZ001  a sheet has no zone
        [],
        ["y@y.example", "007", 1e20, 0.1 + 0.2, time(5, 6), None],
    )
    table = read_table(path)
    assert table.header == ("email", "a", "b", "c", "d", "e")
    assert [(row.number, row.cells[1:]) for row in table.rows] == [
        (3, ("123", "5.25", "TRUE", "2026-01-02", "2026-01-02 03:04:00")),
        (5, ("007", "100000000000000000000", "0.3", "05:06:00", "")),
    ]


def test_only_the_first_visible_sheet_with_rows_is_read_and_that_is_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("hidden", "contacts", "other"):
        book.create_sheet(name).append(["email", name])
    book["hidden"].sheet_state = "hidden"
    book.save(tmp_path / "many.xlsx")
    table = read_table(tmp_path / "many.xlsx")
    assert table.header == ("email", "contacts")
    assert 'Only the sheet "contacts" is read' in table.notices[0]


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        read_table(sheet(tmp_path))


def test_one_cell_in_the_last_corner_does_not_take_all_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "email"
    book.worksheets[0]["XFD1048576"] = "x"
    book.save(tmp_path / "corner.xlsx")
    with pytest.raises(InvalidInput, match="16,384 columns; 500"):
        read_table(tmp_path / "corner.xlsx")
    book.worksheets[0]["XFD1048576"].value = None
    book.worksheets[0]["AZ1048576"] = "x"
    book.save(tmp_path / "corner.xlsx")
    with pytest.raises(InvalidInput, match="too many at once"):
        read_table(tmp_path / "corner.xlsx")


def with_part(path: Path, part: str, *blocks: bytes) -> Path:
    """The workbook with one more part."""
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(part, "w", force_zip64=True) as stream,
    ):
        for block in blocks:
            stream.write(block)
    return path


def test_a_file_that_would_unpack_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = with_part(sheet(tmp_path, ["email"]), "xl/media/x.bin", *[bytes(1 << 20)] * 513)
    with pytest.raises(InvalidInput, match="unpack to more than 512 MB"):
        read_table(path)


def test_a_long_text_repeated_in_every_cell_does_not_take_all_memory(tmp_path: Path) -> None:
    path = with_part(
        sheet(tmp_path, ["email"]), "xl/sharedStrings.xml", b"<sst><si><t>", b"x" * 32_000, b"</t></si></sst>"
    )
    cells = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % number for number in range(1, 200_000))
    with pytest.raises(InvalidInput, match="repeats very long texts"):
        read_table(with_part(path, "xl/worksheets/sheet2.xml", cells))


def with_sheet(book: Path, content: bytes, name: str = "worksheets/sheet1.xml") -> Path:
    """A copy of the book whose sheet is that content, kept under that name."""
    path = book.with_name("other.xlsx")
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            if part != "xl/worksheets/sheet1.xml":
                new.writestr(part, old.read(part).replace(b"worksheets/sheet1.xml", name.encode()))
        new.writestr(f"xl/{name}", content)
    return path


@pytest.mark.parametrize(
    "place",
    [
        b'<row r="2"><c r="xfd1000000" t="inlineStr"><is><t>z</t></is></c></row>',
        b'<row r="2"><c\tr="ZZZ999999" t="inlineStr"><is><t>z</t></is></c></row>',
        b'<row r="2"><c r = "ZZZ999999" t="inlineStr"><is><t>z</t></is></c></row>',
        b'<row r="2"><c x=">" r="ZZZ999999" t="inlineStr"><is><t>z</t></is></c></row>',
        b'<row r="4000000000"><c t="inlineStr"><is><t>z</t></is></c></row>',
    ],
)
def test_a_far_corner_is_seen_however_its_place_is_written(tmp_path: Path, place: bytes) -> None:
    book = sheet(tmp_path, ["email"], ["a@b.example"])
    sheets = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    far = with_sheet(book, sheets + place + b"</sheetData></worksheet>")
    with pytest.raises(InvalidInput, match=r"500 are the most|too many at once"):
        read_table(far)


def test_a_sheet_under_any_name_is_looked_at_before_it_is_read(tmp_path: Path) -> None:
    corner = b'<worksheet><sheetData><row r="1"><c r="ZZZ999999"/></row></sheetData></worksheet>'
    path = with_sheet(sheet(tmp_path, ["email"]), corner, "other/sheet.dat")
    with pytest.raises(InvalidInput, match="500 are the most"):
        read_table(path)


def test_the_size_that_an_archive_declares_is_not_believed(tmp_path: Path) -> None:
    megabyte = b" " * (1 << 20)
    bomb = with_part(sheet(tmp_path, ["email"]), "xl/media/x.bin", *[megabyte] * 513)
    content = bomb.read_bytes().replace((513 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(InvalidInput, match="unpack to more than 512 MB"):
        read_table(saved(tmp_path, content, "lying.xlsx"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_and_a_device_are_refused_and_nobody_waits_for_them(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name in ("pipe.csv", "zero.csv"):
        with pytest.raises(InvalidInput, match="Save it as a file"):
            read_table(tmp_path / name)


def test_a_damaged_spreadsheet_is_refused(tmp_path: Path) -> None:
    content = bytearray(sheet(tmp_path, ["email"], *([f"p{n}@y.example"] for n in range(2_000))).read_bytes())
    for place in range(3_000, len(content) - 3_000, 50):
        content[place] ^= 0xFF
    with pytest.raises(InvalidInput, match=r"damaged|cannot be read"):
        list(read_table(saved(tmp_path, bytes(content), "damaged.xlsx")).rows)


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_was_exported_comes_back_exactly(tmp_path: Path, write: Any) -> None:
    path = tmp_path / "export"
    rows = [(f"p{place}@y.example", text) for place, text in enumerate(FORMULAS + PLAIN)]
    write(path, ["email", "name"], rows)
    header, *found = cells_of(path)
    assert header == ("email", "name")
    guarded = write is write_csv
    assert [(row[0], unguard(row[1]) if guarded else row[1]) for row in found] == rows
    assert list(tmp_path.iterdir()) == [path]


def test_no_cell_of_an_exported_csv_begins_like_a_formula(tmp_path: Path) -> None:
    write_csv(tmp_path / "x.csv", ["name"], [[text] for text in FORMULAS])
    assert all(row.cells[0].startswith("'") for row in read_table(tmp_path / "x.csv").rows)
    assert (tmp_path / "x.csv").read_bytes().startswith(b'\xef\xbb\xbfname\r\n"\'=HYPERLINK(""http')


def test_no_cell_of_an_exported_sheet_is_a_formula(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "x.xlsx", ["name"], [[text] for text in FORMULAS + PLAIN])
    written = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]
    assert {cell.data_type for (cell,) in written.iter_rows()} <= {"s", "inlineStr", "n"}
    assert written["A2"].quotePrefix
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml").replace(b"<format", b"")


def test_an_apostrophe_is_taken_off_only_before_a_formula() -> None:
    assert [unguard(text) for text in ("'=1", "'O'Brien", "O'Brien", "'", "=1", "''=1")] == [
        "=1",
        "'O'Brien",
        "O'Brien",
        "'",
        "=1",
        "'=1",
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12), min_size=1)
)
def test_any_text_survives_csv(tmp_path: Path, texts: list[str]) -> None:
    write_csv(tmp_path / "any.csv", ["email", "x"], [("a@y.example", text) for text in texts])
    assert [unguard(row[1]) for row in cells_of(tmp_path / "any.csv")[1:]] == texts


def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = saved(tmp_path, "old", "export.csv")

    def rows() -> Any:
        yield ["a"]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_csv(path, ["x"], rows())
    with pytest.raises(Refusal, match="32,767"):
        write_xlsx(path, ["x"], [["y" * 40_000]])
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
