"""A table of contacts comes in by the browser: its columns named, tried by the worker, and then taken in."""

import io

import pytest
from openpyxl import Workbook
from sqlmodel import func, select

from outreach.domain.users import Role
from outreach.store.documents import keep_document
from outreach.store.tables import Contact
from outreach.worker.tasks import Tasks
from tests.web.console.seated import FROM_OUR_PAGE, Seated, seated
from tests.web.visit import Visit

IMPORT = "/console/contacts/import"
TABLE = """Courriel,Nom,Member since,Lamp
zoe@phare.example,Zoé,2019,=1+1
nonsense,Otto,2020,x
idris@harbour.example,Idris B.,,
"""
CHOSEN = {"column-0": "email", "column-1": "name", "column-2": "custom.", "column-3": "ignore", "basis": "member"}


@pytest.fixture
def rosa(here: Visit) -> Seated:
    return seated(here)


def _given(person: Seated, content: bytes, name: str = "people.csv") -> str:
    """Where the upload leads."""
    answer = person.request("POST", IMPORT, files={"file": (name, content)}, headers=FROM_OUR_PAGE)
    assert answer.status_code == 303, answer.text[-1500:]
    return answer.headers["location"]


def _worked(here: Visit) -> None:
    Tasks(here.app, "a worker").once()


def _contacts(here: Visit) -> int:
    with here.app.database.reading() as session:
        return session.exec(select(func.count()).select_from(Contact)).one()


def test_a_table_is_tried_first_and_then_taken_in(here: Visit, rosa: Seated) -> None:
    columns = _given(rosa, TABLE.encode())
    page = rosa.get(columns).text
    for said in ("Courriel", "zoe@phare.example", '<option value="email" selected>', "Zoé", "=1+1"):
        assert said in page, said
    tried = rosa.post(columns, CHOSEN).headers["location"]
    assert "waits for the worker" in rosa.get(tried).text
    _worked(here)
    shown = rosa.get(tried).text
    assert "What would be taken in" in shown
    assert "row 3, email" in shown
    assert _contacts(here) == 1
    done = rosa.post(tried).headers["location"]
    _worked(here)
    assert "It is taken in" in rosa.get(done).text
    with here.app.database.reading() as session:
        zoe = session.exec(select(Contact).where(Contact.address == "zoe@phare.example")).one()
    assert (zoe.name, zoe.basis, zoe.custom) == ("Zoé", "member", {"member_since": "2019"})
    assert _contacts(here) == 2


def test_the_rows_that_are_left_out_come_back_with_their_reasons_and_compute_nothing(
    here: Visit, rosa: Seated
) -> None:
    columns = _given(rosa, b"email,name\nnonsense,=cmd()\ngood@x.example,Good\n")
    tried = rosa.post(columns, {"column-0": "email", "column-1": "name"}).headers["location"]
    _worked(here)
    answer = rosa.get(f"{tried}/refused")
    lines = answer.text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "row,why it was left out,email,name"
    assert lines[1].startswith("2,")
    assert lines[1].endswith(",nonsense,'=cmd()")
    assert len(lines) == 2


def test_a_spreadsheet_of_twenty_thousand_rows_is_taken_in_by_the_worker(here: Visit, rosa: Seated) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Email", "Name", "Organisation", "Tags"])
    for number in range(20_000):
        sheet.append([f"p{number}@lamp.example", f"Person {number}", f"Lamp {number // 5}", "big"])
    written = io.BytesIO()
    book.save(written)
    columns = _given(rosa, written.getvalue(), "people.xlsx")
    chosen = {f"column-{place}": field for place, field in enumerate(("email", "name", "organisation", "tags"))}
    tried = rosa.post(columns, chosen).headers["location"]
    _worked(here)
    assert "<b>20,000</b> <span>new contacts" in rosa.get(tried).text
    assert _contacts(here) == 1
    done = rosa.post(tried).headers["location"]
    _worked(here)
    assert "It is taken in" in rosa.get(done).text
    assert _contacts(here) == 20_001
    assert "Person 19999" in rosa.post("/console/contacts/find", {"search": "person 19999 lamp"}).text


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.csv", b""), ("x.pdf", b"%PDF-1.7"), ("x.csv", b"a,a\n1,2\n"), ("x.xlsx", b"PK\x03\x04broken")],
)
def test_what_is_no_table_is_said_at_once_and_not_kept(
    here: Visit, rosa: Seated, name: str, content: bytes
) -> None:
    before = here.everything()
    answer = rosa.request("POST", IMPORT, files={"file": (name, content)}, headers=FROM_OUR_PAGE)
    assert (answer.status_code, here.everything() == before) == (422, True)
    assert 'role="alert"' in answer.text
    assert rosa.post(IMPORT, {}).status_code == 422


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"column-0": "ignore", "column-1": "name"}, "No column of addresses"),
        ({"column-0": "email", "column-1": "email"}, "both look like email"),
    ],
)
def test_columns_that_make_no_contact_are_said_on_the_page(
    here: Visit, rosa: Seated, chosen: dict[str, str], said: str
) -> None:
    columns = _given(rosa, TABLE.encode())
    before = here.everything()
    answer = rosa.post(columns, chosen)
    assert (answer.status_code, here.everything() == before) == (422, True)
    assert said in answer.text


def test_headings_that_say_nothing_are_named_by_hand(here: Visit, rosa: Seated) -> None:
    columns = _given(rosa, b"A,B\nzoe@phare.example,Zoe\n")
    assert rosa.get(columns).status_code == 200
    tried = rosa.post(columns, {"column-0": "email", "column-1": "name"}).headers["location"]
    _worked(here)
    assert "<b>1</b> <span>new contact</span>" in rosa.get(tried).text


def test_a_file_is_seen_by_who_gave_it_and_by_nobody_else(here: Visit, rosa: Seated) -> None:
    columns = _given(rosa, TABLE.encode())
    tried = rosa.post(columns, CHOSEN).headers["location"]
    _worked(here)
    mira = seated(here, name="Mira")
    staff = seated(here, Role.STAFF, name="Ines")
    for other in (mira, staff):
        for path in (columns, tried, f"{tried}/refused"):
            assert other.get(path).status_code == 404
        assert other.post(columns, CHOSEN).status_code == 404
        assert other.post(tried).status_code == 404
    assert staff.get(IMPORT).status_code == 404


def test_scripts_in_headings_and_cells_do_nothing(here: Visit, rosa: Seated) -> None:
    canary = "<script>alert(1)</script>"
    columns = _given(rosa, f"email,{canary}\n{canary},{canary}\n".encode(), f"{canary}.csv")
    tried = rosa.post(columns, {"column-0": "email", "column-1": "name"}).headers["location"]
    _worked(here)
    for path in (columns, tried):
        assert canary not in rosa.get(path).text


def test_the_page_of_an_import_names_no_other_file(here: Visit, rosa: Seated) -> None:
    columns = _given(rosa, b"address,full name\na@x.example,Ana\n")
    tried = rosa.post(columns, CHOSEN).headers["location"]
    with here.app.database.changing() as session:
        number = keep_document(session, "secret-scan.pdf", "", b"a scan", now=here.clock.now(), by="Idris").id
    page = rosa.get(f"{columns.rpartition('/')[0]}/{number}/tasks/{tried.rpartition('/')[2]}")
    assert page.status_code == 200
    assert "secret-scan" not in page.text
