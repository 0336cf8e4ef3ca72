"""What any mailbox promises, on a real Dovecot and in a Maildir; and what a real IMAP server shows besides."""

from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.adapters.imap import ImapAccount, ImapMailbox
from outreach.ports.mailbox import BEGINNING, Arrival, Mailbox, MailboxTrouble
from tests.parts.boxes import Box, DovecotBox, MaildirBox
from tests.parts.mailstack import MailStack

ONE = b"From: idris@signers.example\r\nSubject: Re: A letter\r\n\r\nWe sign.\r\n"
TWO = (
    b"From: vera@ministry.example\r\nSubject: =?utf-8?q?R=C3=A9ponse?=\r\n\r\n"
    + "Nous répondons — 人权\r\n".encode()
)
THREE = b"Subject: \xff\xfe not text at all\r\n\r\n.\r\n..\r\n\r\n" + bytes(range(128, 256)) + b"\r\n"
ALL = 10**9


@pytest.fixture(params=["dovecot", "maildir"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Box:
    """An empty mailbox of each kind."""
    if request.param == "maildir":
        return MaildirBox(tmp_path / "mail")
    return DovecotBox(request.getfixturevalue("mailstack"))


@pytest.fixture
def dovecot(mailstack: MailStack) -> DovecotBox:
    """An empty mailbox on Dovecot."""
    return DovecotBox(mailstack)


def _read(mailbox: Mailbox, folder: str = "INBOX", largest: int = ALL) -> list[Arrival]:
    with mailbox.open() as session:
        return [*session.fetch(folder, session.numbers(folder), largest=largest)]


def _contents(mailbox: Mailbox, folder: str = "INBOX") -> list[bytes]:
    return [arrival.content for arrival in _read(mailbox, folder)]


def _trouble(mailbox: Mailbox) -> MailboxTrouble:
    with pytest.raises(MailboxTrouble) as caught, mailbox.open() as session:
        session.folders()
    return caught.value


# What every mailbox promises.


def test_mails_come_oldest_first_byte_for_byte(box: Box) -> None:
    for content in (ONE, TWO, THREE):
        box.deliver(content)
    arrivals = _read(box.mailbox())
    assert [arrival.content for arrival in arrivals] == [ONE, TWO, THREE]
    assert [arrival.size for arrival in arrivals] == [len(ONE), len(TWO), len(THREE)]


def test_reading_leaves_no_trace(box: Box) -> None:
    box.deliver(ONE)
    box.deliver(TWO)
    before = box.marks()
    _read(box.mailbox())
    _read(box.mailbox(), largest=10)
    assert box.marks() == before


def test_a_mail_that_a_person_has_read_is_read_all_the_same(box: Box) -> None:
    box.deliver(ONE)
    box.mark_all_read()
    assert _contents(box.mailbox()) == [ONE]


def test_a_mail_that_a_person_reads_between_list_and_fetch_is_found(box: Box) -> None:
    box.deliver(ONE)
    with box.mailbox().open() as session:
        numbers = session.numbers("INBOX")
        box.mark_all_read()
        assert [each.content for each in session.fetch("INBOX", numbers, largest=ALL)] == [ONE]
        assert session.numbers("INBOX") == numbers


def test_a_mail_that_arrives_while_a_session_is_open_is_listed(box: Box) -> None:
    with box.mailbox().open() as session:
        assert session.numbers("INBOX") == []
        box.deliver(ONE)
        (number,) = session.numbers("INBOX")
        box.deliver(TWO)
        assert set(session.numbers("INBOX", after=number)) - {number}


def test_a_mail_that_is_gone_is_left_out_and_the_others_come(box: Box) -> None:
    box.deliver(ONE)
    with box.mailbox().open() as session:
        gone = session.numbers("INBOX")
        box.delete_all()
        box.deliver(TWO)
        there = session.numbers("INBOX")
        fetched = [*session.fetch("INBOX", [*gone, *there], largest=ALL)]
    assert [each.content for each in fetched] == [TWO]


def test_of_a_mail_that_is_too_large_only_the_beginning_comes(box: Box) -> None:
    large = b"Subject: large\r\n\r\n" + b"word after word\r\n" * 20_000
    box.deliver(ONE)
    box.deliver(large)
    box.deliver(TWO)
    arrivals = _read(box.mailbox(), largest=100_000)
    assert [each.content for each in arrivals] == [ONE, large[:BEGINNING], TWO]
    assert [each.size for each in arrivals] == [len(ONE), len(large), len(TWO)]


def test_a_small_limit_is_the_limit_of_the_beginning_too(box: Box) -> None:
    box.deliver(ONE)
    assert _read(box.mailbox(), largest=len(ONE))[0].content == ONE
    assert _read(box.mailbox(), largest=10)[0].content == ONE[:10]


def test_many_mails_come_in_order_and_one_at_a_time(box: Box) -> None:
    contents = [b"Subject: %d\r\n\r\n" % count + b"word\r\n" * (count * 40) for count in range(130)]
    for content in contents:
        box.deliver(content)
    assert _contents(box.mailbox()) == contents


def test_mails_are_moved_into_a_folder_that_is_made_for_them(box: Box) -> None:
    box.deliver(ONE)
    box.deliver(TWO)
    with box.mailbox().open() as session:
        first, second = session.numbers("INBOX")
        session.move("INBOX", [first], "Erledigt & übrig")
        assert session.numbers("INBOX") == [second]
        session.move("INBOX", [first, second], "Erledigt & übrig")
        assert session.numbers("INBOX") == []
    assert sorted(_contents(box.mailbox("Erledigt & übrig"), "Erledigt & übrig")) == sorted([ONE, TWO])


def test_moving_keeps_what_a_person_has_marked(box: Box) -> None:
    box.deliver(ONE)
    box.mark_all_read()
    with box.mailbox().open() as session:
        session.move("INBOX", session.numbers("INBOX"), "Done")
    assert "S" in box.marks("Done")[0].partition("2,")[2] or "\\Seen" in box.marks("Done")[0]


def test_every_folder_named_is_read_and_no_other(box: Box) -> None:
    box.make("Junk")
    box.make("Trash")
    box.deliver(ONE)
    box.deliver(TWO, "Junk")
    box.deliver(THREE, "Trash")
    with box.mailbox("INBOX", "Junk").open() as session:
        names = [name for name, _ in session.folders()]
        found = {
            each.place.folder: each.content
            for name in names
            for each in session.fetch(name, session.numbers(name), largest=ALL)
        }
    assert found == {"INBOX": ONE, "Junk": TWO}


def test_a_place_names_the_folder_its_incarnation_and_the_number(box: Box) -> None:
    box.deliver(ONE)
    with box.mailbox().open() as session:
        ((folder, incarnation),) = session.folders()
        numbers = session.numbers(folder)
        (arrival,) = session.fetch(folder, numbers, largest=ALL)
    assert (arrival.place.folder, arrival.place.incarnation, arrival.place.number) == (
        folder,
        incarnation,
        numbers[0],
    )
    assert _read(box.mailbox())[0].place == arrival.place


def test_a_folder_made_anew_has_another_incarnation(box: Box) -> None:
    box.make("Answers")
    box.deliver(ONE, "Answers")
    with box.mailbox("Answers").open() as session:
        ((_, before),) = session.folders()
    box.make_anew("Answers")
    box.deliver(TWO, "Answers")
    with box.mailbox("Answers").open() as session:
        ((_, after),) = session.folders()
    assert before != after
    assert _contents(box.mailbox("Answers"), "Answers") == [TWO]


def test_a_folder_that_is_not_there_needs_a_person(box: Box) -> None:
    trouble = _trouble(box.mailbox("Nowhere"))
    assert trouble.needs_person
    assert "Nowhere" in trouble.reasons[0]


def test_waiting_ends_when_a_mail_arrives(box: Box) -> None:
    looked = 0

    def deliver_at_the_second_look() -> bool:
        nonlocal looked
        looked += 1
        if looked == 2:
            box.deliver(ONE)
        assert looked < 100, "the mail was not noticed"
        return False

    with box.mailbox().open() as session:
        assert session.numbers("INBOX") == []
        session.wait(50, deliver_at_the_second_look)
        assert len(session.numbers("INBOX")) == 1


def test_waiting_ends_at_once_for_a_mail_that_came_after_listing(box: Box) -> None:
    with box.mailbox().open() as session:
        assert session.numbers("INBOX") == []
        box.deliver(ONE)
        session.wait(50, _at_most(4))
        assert len(session.numbers("INBOX")) == 1


def test_waiting_ends_when_it_shall_and_when_the_time_is_up(box: Box) -> None:
    with box.mailbox().open() as session:
        session.numbers("INBOX")
        session.wait(50, lambda: True)
        session.wait(0.01, lambda: False)
        assert session.numbers("INBOX") == []


def _at_most(looks: int) -> Callable[[], bool]:
    """Never stopped, and a failure if that is asked too often."""
    left = [None] * looks

    def stopped() -> bool:
        assert left, "waited on and on"
        left.pop()
        return False

    return stopped


# What a real IMAP server shows besides.


def test_after_the_last_number_there_is_nothing_though_the_server_gives_the_last_again(dovecot: DovecotBox) -> None:
    dovecot.deliver(ONE)
    dovecot.deliver(TWO)
    with dovecot.mailbox().open() as session:
        first, last = session.numbers("INBOX")
        assert session.numbers("INBOX", after=first) == [last]
        assert session.numbers("INBOX", after=last) == []


def test_numbers_are_ordered_as_numbers(dovecot: DovecotBox) -> None:
    for count in range(12):
        dovecot.deliver(b"Subject: %d\r\n\r\n" % count)
    with dovecot.mailbox().open() as session:
        assert session.numbers("INBOX", after="8") == ["9", "10", "11", "12"]


def test_a_wrong_password_needs_a_person_and_is_not_repeated_in_the_sentence(dovecot: DovecotBox) -> None:
    trouble = _trouble(ImapMailbox(dovecot.account(password=lambda: "Winter2026")))
    assert trouble.needs_person
    assert "did not let" in trouble.reasons[0]
    assert "Winter2026" not in str(trouble)


class Tokens:
    """Access tokens, one after the other as they are refused."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = [*tokens]

    def token(self) -> str:
        return self._tokens[0]

    def refused(self, token: str) -> None:
        self._tokens.remove(token)


def test_an_access_token_opens_the_mailbox_and_an_expired_one_gives_way_to_it(dovecot: DovecotBox) -> None:
    dovecot.deliver(ONE)
    stale, good = (dovecot.stack.access_token(dovecot.username, lifetime) for lifetime in (-60, 600))
    assert _contents(ImapMailbox(dovecot.account(auth="xoauth2", tokens=Tokens(stale, good)))) == [ONE]


def test_somebody_elses_access_token_does_not_open_the_mailbox(dovecot: DovecotBox) -> None:
    tokens = Tokens(*(dovecot.stack.access_token("otto@readers.example", 600 + each) for each in (0, 1)))
    trouble = _trouble(ImapMailbox(dovecot.account(auth="xoauth2", tokens=tokens)))
    assert trouble.needs_person
    assert tokens.token() not in str(trouble)


def test_a_certificate_that_nobody_vouches_for_needs_a_person(dovecot: DovecotBox) -> None:
    trouble = _trouble(ImapMailbox(dovecot.account(ca_file=None)))
    assert trouble.needs_person
    assert "is not secure" in trouble.reasons[0]


def test_a_folder_is_read_where_a_person_deletes_mails_meanwhile(dovecot: DovecotBox) -> None:
    for _ in range(3):
        dovecot.deliver(ONE)
    with dovecot.mailbox().open() as session:
        numbers = session.numbers("INBOX")
        arrivals = session.fetch("INBOX", numbers, largest=ALL)
        dovecot.delete_all()
        dovecot.deliver(TWO)
        assert [each.content for each in arrivals] in ([], [ONE] * 3)  # a server may keep them until we have looked
        assert session.numbers("INBOX", after=numbers[-1])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"security": "none", "host": "imap.example.org"}, "must be encrypted"),
        ({"host": "imap.example.org \r\n"}, "host name"),
        ({"username": ""}, "user name"),
        ({"username": "rosa\r\nA1 LOGOUT"}, "user name"),
        ({"password": None}, "needs a password"),
        ({"auth": "xoauth2"}, "source of access tokens"),
        ({"folders": ()}, "at least one folder"),
    ],
)
def test_an_account_that_must_not_be_is_refused_in_a_sentence(wrong: dict[str, object], sentence: str) -> None:
    given = {"host": "imap.example.org", "username": "rosa", "password": lambda: "secret"}
    with pytest.raises(ValueError, match=sentence):
        ImapAccount(**{**given, **wrong})  # type: ignore[arg-type]
