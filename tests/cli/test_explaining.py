"""Mails are explained without storing anything, and fetched when Rosa does not want to wait for the worker."""

import json
from pathlib import Path
from shutil import copyfile

import pytest

from tests import inbound
from tests.cli.arriving import HOSTILE, WANJIRU, is_harmless
from tests.cli.conftest import Terminal


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    """A folder with mails: of a person, of a machine, hostile, broken, empty, and what is no mail."""
    folder = tmp_path / "mails"
    (folder / "deeper").mkdir(parents=True)
    for kind, name in (("people", "01"), ("machines", "02")):
        sample = min((inbound.MAILS / kind).glob("*.eml"))
        copyfile(sample, folder / "deeper" / f"{name}.eml")
    (folder / "03.eml").write_bytes(inbound.written("a@b.example", f"Yes, we sign!\n\n{HOSTILE}"))
    (folder / "04.eml").write_bytes(b"\x00\xff\xfe" * 1000)
    (folder / "05.eml").write_bytes(b"")
    (folder / "06.eml").write_bytes(
        b"From: \xff\xfe <a@b.example>\nSubject: \xed\xa0\x80\n\n\xed\xa0\x80 \xff hello?\n"
    )
    (folder / "read me.txt").write_text("These are mails.", encoding="utf-8")
    return folder


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def test_explaining_a_folder_prints_an_object_a_line_and_leaves_it_as_it_was(rosa: Terminal, mails: Path) -> None:
    before, workspace = everything_in(mails), everything_in(rosa.folder)
    said = [json.loads(line) for line in rosa.does("replies", "explain", mails).splitlines()]
    assert [Path(one["file"]).name for one in said] == ["03.eml", "04.eml", "05.eml", "06.eml", "01.eml", "02.eml"]
    for one in said:
        assert {"file", "kind", "rule", "confidence", "automatic"} <= one.keys()
    assert everything_in(mails) == before
    assert everything_in(rosa.folder) == workspace


def test_explaining_needs_no_workspace(tmp_path: Path, mails: Path) -> None:
    (line,) = Terminal(tmp_path).does("replies", "explain", mails / "03.eml").splitlines()
    assert json.loads(line)["kind"] == "signs"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["mails"]


def test_explaining_a_hostile_mail_harms_no_terminal_and_loses_nothing(rosa: Terminal, mails: Path) -> None:
    shown = rosa.does("replies", "explain", mails)
    assert is_harmless(shown)
    said = {Path(one["file"]).name: one for one in map(json.loads, shown.splitlines())}
    assert "You are hacked" in said["03.eml"]["new_text"]


def test_a_bounce_is_explained_with_what_it_would_do(rosa: Terminal) -> None:
    with (inbound.MAILS / "machines" / "table.csv").open(encoding="utf-8") as table:
        sample = next(line.split(",")[0] for line in table if ",bounce," in line and ",no-such-address,yes" in line)
    (said,) = map(
        json.loads, rosa.does("replies", "explain", inbound.MAILS / "machines" / f"{sample}.eml").splitlines()
    )
    assert (said["kind"], said["reason"], said["would_suppress"]) == ("bounce", "no-such-address", True)
    assert {"recipient", "status", "diagnostic"} <= said.keys()


def test_a_file_in_a_maildir_is_explained_although_its_name_says_nothing(rosa: Terminal, tmp_path: Path) -> None:
    (tmp_path / "maildir" / "cur").mkdir(parents=True)
    (tmp_path / "maildir" / "cur" / "1700000000.M1P1.host:2,S").write_bytes(
        inbound.written("a@b.example", "Unsubscribe")
    )
    (line,) = rosa.does("replies", "explain", tmp_path / "maildir").splitlines()
    assert json.loads(line)["kind"] == "opt-out"


def test_fetching_takes_in_what_lies_in_the_mailbox_and_says_how_much(launched: Terminal) -> None:
    new = launched.file("mailbox/new")
    for folder in ("cur", "new", "tmp"):
        launched.file(f"mailbox/{folder}").mkdir(parents=True)
    (new / "1.x").write_bytes(inbound.written(WANJIRU, "Who signs the letter?"))
    launched.rewrites("config.toml", 'kind = "none"', 'kind = "maildir"')
    launched.rewrites("config.toml", 'path = ""', 'path = "mailbox"')
    assert launched.does("replies", "fetch") == "Taken in: 1. Processed: 1.\n"
    assert json.loads(launched.does("replies", "fetch", "--json")) == {"stored": 0, "processed": 0}
