"""What a Maildir alone shows: names without order, files under others' hands, and things that are no mail."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.adapters.maildir import MaildirMailbox, _number
from outreach.ports.mailbox import Arrival, MailboxTrouble
from tests.parts.boxes import MaildirBox

ONE, TWO, THREE = (b"Subject: %d\n\nWe sign.\n" % count for count in (1, 2, 3))
ALL = 10**9


@pytest.fixture
def box(tmp_path: Path) -> MaildirBox:
    """An empty Maildir."""
    return MaildirBox(tmp_path / "mail")


def _read(box: MaildirBox) -> list[Arrival]:
    with box.mailbox().open() as session:
        return [*session.fetch("INBOX", session.numbers("INBOX"), largest=ALL)]


def test_line_ends_are_left_as_they_are(box: MaildirBox) -> None:
    mixed = b"Subject: mixed\r\n\n\rone\ntwo\r\nthree\x00"
    box.deliver(mixed)
    box.deliver(b"")
    assert [(each.content, each.size) for each in _read(box)] == [(mixed, len(mixed)), (b"", 0)]


def test_a_mail_keeps_its_number_while_others_flag_and_move_it(box: MaildirBox) -> None:
    box.deliver(ONE, name="1790000000.M1P1.here,S=22,W=24")
    with box.mailbox().open() as session:
        numbers = [*session.numbers("INBOX")]
        box.mark_all_read()
        assert session.numbers("INBOX") == numbers
    assert numbers == ["1790000000.M1P1.here,S=22,W=24"]


def test_a_mail_whose_name_sorts_before_those_known_is_not_lost(box: MaildirBox) -> None:
    box.deliver(ONE, name="1790000009.first")
    with box.mailbox().open() as session:
        (known,) = session.numbers("INBOX")
        box.deliver(TWO, name="1790000001.late-clock")
        box.deliver(THREE, name="no-second-at-all")
        new = [each for each in session.numbers("INBOX", after=known) if each != known]
        assert [each.content for each in session.fetch("INBOX", new, largest=ALL)] == [THREE, TWO]


def test_mails_are_listed_by_the_second_in_their_names_not_letter_by_letter(box: MaildirBox) -> None:
    for name in ("1790000010.a", "999999999.b", "1790000009.c"):
        box.deliver(ONE, name=name)
    with box.mailbox().open() as session:
        assert session.numbers("INBOX") == ["999999999.b", "1790000009.c", "1790000010.a"]


def test_mails_that_another_program_flags_all_the_time_are_found(box: MaildirBox) -> None:
    for _ in range(50):
        box.deliver(ONE)
    over = threading.Event()

    def flag() -> None:
        while not over.is_set():
            for path in sorted((box.path / "cur").iterdir()):
                base, _, flags = path.name.partition(":2,")
                path.rename(path.with_name(f"{base}:2,{'' if flags else 'S'}"))

    box.mark_all_read()
    flagging = threading.Thread(target=flag)
    flagging.start()
    try:
        with box.mailbox().open() as session:
            numbers = [path.name.partition(":")[0] for path in (box.path / "cur").iterdir()]
            found = [each.content for each in session.fetch("INBOX", sorted(set(numbers)), largest=ALL)]
    finally:
        over.set()
        flagging.join()
    assert found == [ONE] * len(set(numbers))


def test_what_is_no_mail_is_left_alone(box: MaildirBox) -> None:
    box.deliver(ONE)
    (box.path / "tmp" / "1790000000.half").write_bytes(b"Subj")
    (box.path / "new" / ".hidden").write_bytes(TWO)
    (box.path / "new" / "folder").mkdir()
    (box.path / "new" / "link").symlink_to("/etc/hostname")
    os.mkfifo(box.path / "new" / "pipe")
    (box.path / "dovecot-uidlist").write_bytes(b"3 V1")
    assert [each.content for each in _read(box)] == [ONE]


def test_a_file_that_turns_into_something_else_is_named_and_keeps_no_other_back(box: MaildirBox) -> None:
    box.deliver(ONE, name="1790000001.a")
    box.deliver(TWO, name="1790000002.b")
    box.deliver(THREE, name="1790000003.c")
    came = list[Arrival]()
    with box.mailbox().open() as session:
        arrivals = session.fetch("INBOX", session.numbers("INBOX"), largest=ALL)
        came.append(next(arrivals))
        (box.path / "new" / "1790000002.b").unlink()
        (box.path / "new" / "1790000002.b").symlink_to("/etc/hostname")
        with pytest.raises(MailboxTrouble, match=r"1790000002\.b") as caught:
            came += arrivals
    assert [each.content for each in came] == [ONE, THREE]
    assert caught.value.needs_person


def test_a_mail_is_never_moved_over_another(box: MaildirBox) -> None:
    box.make("Done")
    box.deliver(ONE, name="1790000001.same")
    (box.folder("Done") / "cur" / "1790000001.same:2,").write_bytes(TWO)
    with box.mailbox().open() as session:
        session.move("INBOX", ["1790000001.same"], "Done")
    assert sorted(path.read_bytes() for path in (box.folder("Done") / "cur").iterdir()) == [ONE, TWO]


def test_a_folder_made_for_mails_is_one_that_mail_servers_know(box: MaildirBox) -> None:
    box.deliver(ONE)
    with box.mailbox().open() as session:
        session.move("INBOX", session.numbers("INBOX"), "Réponses/2026")
    made = box.path / ".R&AOk-ponses.2026"
    assert sorted(path.name for path in made.iterdir()) == ["cur", "maildirfolder", "new", "tmp"]


def test_moving_into_the_same_folder_moves_nothing(box: MaildirBox) -> None:
    box.deliver(ONE)
    before = box.marks()
    with box.mailbox().open() as session:
        session.move("INBOX", session.numbers("INBOX"), "inbox")
    assert box.marks() == before


@pytest.mark.parametrize("folder", ["../other", "..", "a//b", "/etc", "a/", "."])
def test_a_folders_name_does_not_lead_out_of_the_mailbox(box: MaildirBox, folder: str) -> None:
    with pytest.raises(MailboxTrouble) as caught:
        MaildirMailbox(box.path, (folder,)).open().__enter__()
    assert caught.value.needs_person


def test_a_path_that_is_no_maildir_needs_a_person(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(MailboxTrouble, match="no Maildir") as caught:
            MaildirMailbox(path).open().__enter__()
        assert caught.value.needs_person


def test_a_maildir_in_which_nobody_has_read_yet_is_read(box: MaildirBox) -> None:
    (box.path / "cur").rmdir()
    box.deliver(ONE)
    assert [each.content for each in _read(box)] == [ONE]


@given(
    st.binary(min_size=1, max_size=60).filter(lambda name: not set(name) & set(b"/\x00") and name[0] != ord("."))
)
def test_any_file_name_has_a_number_that_is_plain_text_and_its_own(name: bytes) -> None:
    number = _number(os.fsdecode(name))
    assert number.isascii()
    assert number.isprintable()
    base = name.split(b":")[0]
    if b"2," not in name:
        assert number == _number(os.fsdecode(base))
        assert number != _number(os.fsdecode(b"x" + base))
