"""The proof pack, as Rosa asks for it."""

import json
import stat
import zipfile
from datetime import timedelta

import pytest

from outreach.bootstrap import open_workspace
from outreach.domain.states import CallState
from outreach.store.tables import Call
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
    written.does(*words, "--replace", "--dry-run")
    assert (output.read_bytes(), dump(written)) == (b"mine", before)
    written.does(*words, "--replace")
    assert zipfile.is_zipfile(output)


def test_a_letter_that_is_not_there_has_no_pack(written: Terminal) -> None:
    said = written.is_refused("letters", "proof-pack", "safe-pasage", "--output", written.file("proof.zip"))
    assert "Did you mean safe-passage?" in said
    assert not written.file("proof.zip").exists()
