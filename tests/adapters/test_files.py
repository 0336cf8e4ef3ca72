"""Rehearsed mails are files, whole and unchanged, and a folder that fails is an outcome."""

import asyncio
import resource
from pathlib import Path

import pytest

from outreach.adapters.files import FileTransport
from outreach.domain.outcomes import Accepted, Declined, NoSession, Outcome, Phase, Reply
from outreach.ports.transport import Envelope, MailTransport
from tests.adapters.mails import TEXT, envelope
from tests.parts import run


async def _written(folder: Path, *mails: Envelope) -> list[Outcome]:
    session = await FileTransport(folder).open()
    assert not isinstance(session, NoSession)
    outcomes = [await session.submit(mail) for mail in mails]
    await session.close()
    return outcomes


def test_it_is_a_rehearsal(tmp_path: Path) -> None:
    transport: MailTransport = FileTransport(tmp_path)
    assert transport.rehearsal is True


def test_a_mail_becomes_a_file_byte_for_byte(tmp_path: Path) -> None:
    content = TEXT + b".\r\n..\r\n" + "für 人权".encode()
    folder = tmp_path / "a" / "new" / "folder"
    outcomes = run(_written(folder, envelope(content, name="call-7.invitation_3.rosa")))
    target = folder / "call-7.invitation_3.rosa.eml"
    assert outcomes == [Accepted(Reply(250, f"written to {target}"))]
    assert target.read_bytes() == content
    assert list(folder.iterdir()) == [target]


def test_two_mails_may_be_written_at_a_time(tmp_path: Path) -> None:
    async def both() -> list[Outcome]:
        session = await FileTransport(tmp_path).open()
        assert not isinstance(session, NoSession)
        one, two = envelope(TEXT + b"one\r\n", name="one"), envelope(TEXT + b"two\r\n", name="two")
        return list(await asyncio.gather(session.submit(one), session.submit(two)))

    assert [type(outcome) for outcome in run(both())] == [Accepted, Accepted]
    assert {file.name: file.read_bytes()[-5:] for file in tmp_path.iterdir()} == {
        "one.eml": b"one\r\n",
        "two.eml": b"two\r\n",
    }


def test_only_the_owner_reads_what_is_written(tmp_path: Path) -> None:
    run(_written(tmp_path / "outbox", envelope(name="m1")))
    assert (tmp_path / "outbox").stat().st_mode & 0o077 == 0
    assert (tmp_path / "outbox" / "m1.eml").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", "..", "../up", "a/b", ".hidden", "a b", "a\n", "résumé", "x" * 300, "a\x00b"])
def test_a_name_not_fit_for_a_file_is_a_broken_rule(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not fit for a file name"):
        run(_written(tmp_path, envelope(name=name)))
    assert not list(tmp_path.rglob("*"))


def test_a_folder_that_cannot_be_made_is_no_session(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    none = run(FileTransport(tmp_path / "file" / "outbox").open())
    assert isinstance(none, NoSession)
    assert none.phase is Phase.CONNECT
    assert str(tmp_path) in none.detail


def test_a_folder_that_vanished_declines_for_now(tmp_path: Path) -> None:
    async def vanish() -> Outcome:
        session = await FileTransport(tmp_path / "outbox").open()
        assert not isinstance(session, NoSession)
        (tmp_path / "outbox").rmdir()
        return await session.submit(envelope())

    outcome = run(vanish())
    assert isinstance(outcome, Declined)
    assert (outcome.reply.code, outcome.reply.enhanced) == (451, "4.3.0")


def test_a_disk_without_room_declines_for_now_and_leaves_no_half_file(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        small, large = run(_written(tmp_path, envelope(name="small"), envelope(TEXT * 100, name="large")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert isinstance(small, Accepted)
    assert isinstance(large, Declined)
    assert (large.reply.code, large.reply.enhanced) == (452, "4.3.1")
    assert [file.name for file in tmp_path.iterdir()] == ["small.eml"]


def test_a_closed_session_is_not_usable(tmp_path: Path) -> None:
    async def close() -> tuple[bool, bool]:
        session = await FileTransport(tmp_path).open()
        assert not isinstance(session, NoSession)
        before = session.usable
        await session.close()
        return before, session.usable

    assert run(close()) == (True, False)
