"""The printed list of 271: read back, looked through at the desk, signed off, published the same in every form."""

import csv
import io
import json
import shutil
import unicodedata
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from outreach.domain.formulas import unguard
from tests.cli.conftest import Terminal

DATA = Path(__file__).parent.parent / "data"
PRINTED = (DATA / "signatories-2025.txt").read_text(encoding="utf-8").splitlines()
NO_SIGNATORIES = ("Personal", "US Citizen", "Advocate Sunil Kumar Manchanda")
NAMES = [name for name in PRINTED if name not in NO_SIGNATORIES]
SENTENCE = "The {{ signatories.organisations }} organisations listed below call on you."
CALL = "safe-passage"
CANARY = "ZZCANARY-7f3"
PUBLIC = ("--visibility", "public", "--as", "organisation")
ENDINGS = ("html", "pdf", "docx", "odt", "md", "txt", "csv", "json")


def bare(text: str) -> str:
    """The text in NFC and without white space, which a page breaks as it must."""
    return "".join(unicodedata.normalize("NFC", text).split())


def signatures(rosa: Terminal) -> dict[str, int]:
    listed: list[dict[str, Any]] = json.loads(rosa.does("signatures", "list", CALL, "--json"))
    return {one["name"]: one["id"] for one in listed}


@dataclass(frozen=True)
class Published:
    """The workspace, what its desk showed before the sign-off, and the letter in every form."""

    rosa: Terminal
    desk: dict[str, Any]
    files: dict[str, Path]
    said: list[str]


@pytest.fixture(scope="module")
def published(draft_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Rosa took in the list in some order, decided at her desk, signed off, and rendered each form of it."""
    folder = tmp_path_factory.mktemp("published") / "letters"
    rosa = Terminal(Path(shutil.copytree(draft_folder, folder)))
    rosa.rewrites("templates/letters/safe-passage.en.md", "Excellencies,", f"Excellencies,\n\n{SENTENCE}")
    rosa.does("calls", "edit", CALL, rosa.file("templates/calls/safe-passage.toml"))
    rosa.does("calls", "launch", CALL, "--yes")
    shuffled = sorted(PRINTED, key=lambda name: sha256(name.encode()).digest())
    rosa.file("names.txt").write_text("\n".join(shuffled), encoding="utf-8")
    rosa.does("signatures", "import", CALL, rosa.file("names.txt"), *PUBLIC)
    add = ("signatures", "add", CALL, CANARY, "--evidence", "by telephone, to Rosa", "--visibility", "counted")
    rosa.does(*add, "--address", "amal@canary.example")
    rosa.does("calls", "close", CALL)
    desk = json.loads(rosa.does("signatures", "desk", CALL, "--json"))
    numbers = signatures(rosa)
    for name in NO_SIGNATORIES:
        rosa.does("signatures", "reject", str(numbers[name]), "--reason", "no organisation")
    rosa.does("letters", "sign-off", CALL, "--yes")
    files = {ending: rosa.file(f"letter.{ending}") for ending in ENDINGS}
    render = ("letters", "render", CALL, "--edition", "1")
    said = [rosa.does(*render, "--output", file) for file in files.values()]
    files["book"] = rosa.file("book.pdf")
    rosa.does(*render, "--format", "book", "--output", files["book"])
    return Published(rosa, desk, files, said)


def test_the_printed_list_is_read_back_name_by_name_and_only_once(launched: Terminal) -> None:
    take_in = ("signatures", "import", CALL, DATA / "signatories-2025-as-printed.txt", *PUBLIC, "--json")
    first, second = (json.loads(launched.does(*take_in)) for _ in range(2))
    assert list(signatures(launched)) == PRINTED
    assert (first["added"], first["refused"]) == (271, 0)
    assert (second["added"], second["known"]) == (0, 271)


def test_the_desk_shows_what_is_no_signatory_and_merges_nothing(published: Published) -> None:
    doubtful = {one["line"]: one["doubts"] for one in published.desk["doubtful"] if one["line"] != CANARY}
    assert doubtful.pop("Personal") == doubtful.pop("US Citizen") == ["no organisation"]
    assert doubtful.pop("Advocate Sunil Kumar Manchanda") == ["person"]
    assert set(map(tuple, doubtful.values())) == {("capitals",)}
    chapters = {frozenset((one["first"]["line"], one["second"]["line"])) for one in published.desk["chapters"]}
    assert frozenset(("Amnesty International", "Amnesty International Australia")) in chapters
    assert published.desk["pairs"] == published.desk["merged"] == []


@pytest.mark.parametrize("ending", [*ENDINGS, "book"])
def test_the_letter_says_and_lists_the_same_in_every_form(published: Published, ending: str) -> None:
    text = _text_of(published.files[ending])
    assert CANARY not in text
    if ending != "csv":
        assert bare("The 268 organisations listed below") in bare(text)
    assert [name for name in NAMES if bare(name) not in bare(text)] == []
    assert not any(bare(name) in bare(text) for name in NO_SIGNATORIES[1:])


def test_a_table_and_data_hold_exactly_the_file_without_those_three(published: Published) -> None:
    rows = csv.DictReader(io.StringIO(published.files["csv"].read_text("utf-8-sig"), newline=""))
    assert [unguard(row["name"]) for row in rows] == NAMES
    data = json.loads(published.files["json"].read_text("utf-8"))
    assert [one["name"] for one in data["signatories"]] == NAMES
    assert data["counts"]["named"] == len(NAMES) == 268
    what = "268 organisations named, 1 more counted."
    assert all(what in " ".join(said.split()) for said in published.said)


def _text_of(path: Path) -> str:
    match path.suffix:
        case ".pdf":
            return " ".join(page.extract_text() for page in PdfReader(path).pages)
        case ".docx":
            return " ".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
        case ".odt":
            from lxml import etree

            with zipfile.ZipFile(path) as archive:
                return "".join(etree.fromstring(archive.read("content.xml")).itertext())
    return (
        path.read_text("utf-8").replace("&amp;", "&").replace("&#x27;", "'").replace("&#39;", "'").replace("\\", "")
    )


def test_the_kits_say_a_number_that_stays_true_and_name_nobody_private(published: Published) -> None:
    kits = published.rosa.file("kits")
    assert "268 people" in published.rosa.does("letters", "kit", CALL, "--output", kits)
    assert len(list(kits.iterdir())) == 268
    with zipfile.ZipFile(min(kits.iterdir())) as archive:
        post = archive.read("announcement.en.md").decode()
    assert "more than 250 organisations" in post
    assert "Not for publication before" in post


def test_what_was_signed_off_can_be_proved_and_what_went_out_is_known(published: Published) -> None:
    (edition,) = json.loads(published.rosa.does("letters", "editions", CALL, "--json"))
    assert (edition["number"], edition["unchanged"], edition["counts"]["organisations"]) == (1, True, 268)
    assert sum(copy["kind"] == "file" for copy in edition["copies"]) == len(ENDINGS) + 1


def test_the_private_name_is_in_no_file_of_the_workspace_but_the_database(published: Published) -> None:
    """B62."""
    rosa = published.rosa
    rosa.does("worker", "--until-idle")
    rosa.does("signatures", "export", CALL, rosa.file("export.csv"))
    rosa.does("contacts", "export", rosa.file("contacts.csv"))
    files = [path for path in rosa.folder.rglob("*") if path.is_file() and "outreach.db" not in path.name]
    assert any("receipt" in path.name for path in files), "the private signatory got a receipt"
    assert [path.name for path in files if CANARY.encode() in path.read_bytes() or CANARY in path.name] == []
