"""The proof pack, as Rosa asks for it."""

import json
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import timedelta

import pytest
from sqlmodel import col, select

from outreach.bootstrap import Outreach, open_workspace
from outreach.cli.door import Desk
from outreach.cli.proving import pack_to
from outreach.domain.states import CallState
from outreach.ports.press import Manuscript, PressTrouble, PrintFormat
from outreach.store.addressees import find_letter
from outreach.store.database import Database
from outreach.store.events import record
from outreach.store.tables import Call, Event
from outreach.usecases.sign_off import sign_off
from tests import make
from tests.cli.conftest import Terminal
from tests.cli.corresponding import wrote
from tests.cli.test_json_and_dry_run import dump


@pytest.fixture
def written(rosa: Terminal) -> Terminal:
    """The letter went to two missions, with a list of one name."""
    wrote(rosa)
    opened = open_workspace(rosa.folder)
    with opened.database.changing() as session:
        call = session.get_one(Call, 1)
        make.signature(session, call, name="Quay House")
        call.state, call.closed_at = CallState.CLOSED, opened.clock.now() - timedelta(days=61)
        sign_off(session, call, now=opened.clock.now(), by="Rosa", house=opened.house)
    opened.database.close()
    return rosa


def test_the_archive_is_whole_and_for_whoever_made_it_alone(written: Terminal) -> None:
    output = written.file("packs/proof.zip")
    said = json.loads(written.does("letters", "proof-pack", "safe-passage", "--output", output, "--json"))
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert list(output.parent.iterdir()) == [output]
    with zipfile.ZipFile(output) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert archive.read("letter/edition-1-en.pdf").startswith(b"%PDF")
        assert b"Quay House" in archive.read("letter/edition-1-en.csv")
    assert len(names) == said["files"]
    assert {"README.txt", "index.json", "log.csv", "for-the-addressee/edition-1-en.pdf"} <= set(names)


def test_the_same_record_gives_the_same_archive(written: Terminal) -> None:
    packs = [written.file(name) for name in ("one.zip", "two.zip")]
    for pack in packs:
        assert "keep it to yourselves" in written.does("letters", "proof-pack", "safe-passage", "--output", pack)
    assert packs[0].read_bytes() == packs[1].read_bytes()


def test_what_is_there_is_not_written_over_and_a_dry_run_writes_nothing(written: Terminal) -> None:
    output = written.file("proof.zip")
    output.write_bytes(b"mine")
    words = ("letters", "proof-pack", "safe-passage", "--output", output, "--public")
    assert "is there already" in written.is_refused(*words)
    before = dump(written)
    dry = written.types(*words, "--replace", "--dry-run", "--json")
    assert (json.loads(dry.stdout)["public"], dry.stderr) == (True, "Dry run: nothing was changed.\n")
    assert (output.read_bytes(), dump(written)) == (b"mine", before)
    written.does(*words, "--replace")
    assert zipfile.is_zipfile(output)


class Interrupted(Outreach):
    """A workspace in which Idris notes something each time that a page is printed."""

    @property
    def press(self) -> "NotingPress":
        return NotingPress(self.database)


@dataclass(frozen=True)
class NotingPress:
    database: Database

    def typeset(self, manuscript: Manuscript, form: PrintFormat) -> bytes:
        with self.database.changing() as session:
            record(session, at=make.NOON, by="Idris", verb="note", subject="call", subject_id=1)
        return f"{form}: {manuscript}".encode()

    def typeset_many(self, manuscripts: Iterable[Manuscript], form: PrintFormat) -> Iterator[bytes | PressTrouble]:
        return (self.typeset(one, form) for one in manuscripts)


def test_others_change_something_while_the_pack_is_printed(written: Terminal) -> None:
    opened = open_workspace(written.folder)
    app = Interrupted(*(getattr(opened, field.name) for field in fields(opened)))
    with app.database.reading() as session:
        desk = Desk(app, session, app.clock.now(), "Rosa")
        for dry_run in (True, False):
            letter = find_letter(session, "safe-passage")
            pack_to(written.file("proof.zip"), desk, letter, public=False, dry_run=dry_run)
    with app.database.reading() as session:
        noted = session.exec(select(Event.verb).where(col(Event.verb).in_(["note", "pack_proof"]))).all()
    app.database.close()
    assert noted == ["note"] * (len(noted) - 1) + ["pack_proof"]
    assert len(noted) > 2


def test_a_letter_that_is_not_there_has_no_pack(written: Terminal) -> None:
    said = written.is_refused("letters", "proof-pack", "safe-pasage", "--output", written.file("proof.zip"))
    assert "Did you mean safe-passage?" in said
    assert not written.file("proof.zip").exists()
