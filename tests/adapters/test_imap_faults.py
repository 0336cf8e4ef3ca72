"""Whatever an IMAP server does, no mail is lost or marked, and the sentence says whether it passes by itself."""

from typing import Any

import pytest

from outreach.adapters.imap import ImapAccount, ImapMailbox
from outreach.ports.mailbox import Arrival, MailboxTrouble
from tests.parts.answers import Answer, Cut, Drip, Drop, Flood, Hang, InTurn, Reset
from tests.parts.certificates import authority
from tests.parts.imap_server import OFFERS, ImapServer

ONE, TWO, THREE = (b"Subject: %d\r\n\r\nWe sign.\r\n" % count for count in (1, 2, 3))
ALL = 10**9


def _mailbox(server: ImapServer, **changes: Any) -> ImapMailbox:
    given: dict[str, Any] = {"security": "none", "username": "user", "password": lambda: "secret", **changes}
    return ImapMailbox(ImapAccount(**{"host": "localhost", "port": server.port, "timeout_seconds": 10, **given}))


def _secured(server: ImapServer, security: str, **changes: Any) -> ImapMailbox:
    return _mailbox(server, security=security, **{"ca_file": authority().ca_file, **changes})


def _read(server: ImapServer, largest: int = ALL, **changes: Any) -> list[Arrival]:
    with _mailbox(server, **changes).open() as session:
        session.folders()
        return [*session.fetch("INBOX", session.numbers("INBOX"), largest=largest)]


def _trouble(server: ImapServer, **changes: Any) -> MailboxTrouble:
    with pytest.raises(MailboxTrouble) as caught:
        _read(server, **changes)
    return caught.value


def _filled(server: ImapServer, *contents: bytes) -> None:
    for content in contents or (ONE, TWO, THREE):
        server.folder("INBOX").add(content)


# A server that leaves, or will not now.

ENDS: dict[str, Answer] = {
    "a close": Drop(),
    "a reset": Reset(),
    "half a line": Cut(b"* 1 EXI"),
    "a goodbye": "* BYE [UNAVAILABLE] maintenance",
    "half a mail": Cut(b"* 1 FETCH (UID 1 BODY[] {900}\r\nFrom: "),
}
VERBS = ("GREETING", "CAPABILITY", "AUTHENTICATE", "SELECT", "NOOP", "SEARCH", "FETCH")


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("verb", VERBS)
def test_a_server_that_leaves_is_trouble_that_passes(verb: str, end: Answer) -> None:
    with ImapServer({verb: end}) as server:
        _filled(server)
        trouble = _trouble(server)
    assert not trouble.needs_person
    assert f"localhost:{server.port}" in trouble.reasons[0]


@pytest.mark.shows("F45")
def test_what_came_before_the_connection_was_lost_is_given_and_the_rest_is_there_the_next_time() -> None:
    large = b"Subject: large\r\n\r\n" + b"x" * 2_000_000
    with ImapServer({"FETCH": InTurn(None, None, Cut(b"* 2 FETCH (UID 2 BODY[] {2000018}\r\nSub"))}) as server:
        _filled(server, ONE, large)
        came = list[Arrival]()
        with pytest.raises(MailboxTrouble), _mailbox(server).open() as session:
            came += session.fetch("INBOX", session.numbers("INBOX"), largest=ALL)
        with _mailbox(server).open() as session:
            came += session.fetch("INBOX", session.numbers("INBOX", after="1"), largest=ALL)
        assert [each.content for each in came] == [ONE, large]


def test_mails_are_given_as_they_come_and_not_after_the_last() -> None:
    large = b"Subject: large\r\n\r\n" + b"x" * 2_000_000
    with ImapServer({"FETCH": InTurn(None, None, Drop())}) as server:
        _filled(server, ONE, large)
        with _mailbox(server).open() as session:
            arrivals = session.fetch("INBOX", session.numbers("INBOX"), largest=ALL)
            assert next(arrivals).content == ONE
            with pytest.raises(MailboxTrouble):
                next(arrivals)


NOT_NOW = {
    "unavailable": "{tag} NO [UNAVAILABLE] Backend is down",
    "in use": "{tag} NO [INUSE] Somebody else is at it",
    "too many": "{tag} NO [ALERT] Too many simultaneous connections. (Failure)",
    "too much": "{tag} NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)",
    "rate": "{tag} NO [LIMIT] LOGIN Rate limit hit",
    "throttled log-in": "{tag} NO [AUTHENTICATIONFAILED] Too many failed attempts, try again later",
    "Exchange": "{tag} BAD User is authenticated but not connected.",
}


@pytest.mark.shows("F45")
@pytest.mark.parametrize("answer", NOT_NOW.values(), ids=NOT_NOW)
@pytest.mark.parametrize("verb", ["AUTHENTICATE", "SELECT", "SEARCH", "FETCH"])
def test_a_server_that_will_not_now_is_trouble_that_passes(verb: str, answer: str) -> None:
    with ImapServer({verb: answer}) as server:
        _filled(server)
        trouble = _trouble(server)
    assert not trouble.needs_person


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "Invalid credentials"),
        ("{tag} NO LOGIN failed.", "LOGIN failed"),
        ("{tag} NO [ALERT] Application-specific password required", "Application-specific"),
        ("{tag} NO [EXPIRED] Your password has expired", "expired"),
        ("{tag} BAD Invalid SASL argument", "Invalid SASL"),
    ],
)
def test_a_log_in_that_is_refused_needs_a_person_and_is_tried_once(answer: str, words: str) -> None:
    with ImapServer({"AUTHENTICATE": answer}) as server:
        trouble = _trouble(server)
        assert server.verbs().count("AUTHENTICATE") == 1
    assert trouble.needs_person
    assert words in trouble.reasons[0]
    assert "Check the user name" in trouble.reasons[0]


def test_a_server_that_repeats_the_password_is_not_quoted_with_it() -> None:
    with ImapServer({"AUTHENTICATE": "{tag} NO wrong: secret and AHVzZXIAc2VjcmV0"}) as server:
        said = str(_trouble(server))
    assert "secret" not in said
    assert "AHVzZXIAc2VjcmV0" not in said


def test_nobody_listening_is_trouble_that_passes() -> None:
    with ImapServer() as server:
        pass
    trouble = _trouble(server)
    assert not trouble.needs_person
    assert "out of reach" in trouble.reasons[0]


def test_silence_and_dribble_end_after_the_time_limit() -> None:
    for answer in (Hang(), Drip("* 1 FETCH (UID 1 FLAGS ())" * 9, 0.02)):
        with ImapServer({"FETCH": answer}) as server:
            _filled(server)
            assert not _trouble(server, timeout_seconds=0.3).needs_person


# Garbage.

GARBAGE: dict[str, Answer] = {
    "prose": b"hello there\r\n",
    "SMTP": b"220 smtp.example ESMTP\r\n",
    "HTTP": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "zeros": Cut(bytes(1000)),
    "high bytes": Cut(b"* \xff\xfe\xfd {12\r\n"),
    "a line without end": Flood(b"x" * 1000),
    "lines without end": Flood(b"* OK " + b"more " * 50 + b"\r\n"),
    "a literal of a terabyte": Cut(b"* 1 FETCH (UID 1 BODY[] {1099511627776}\r\n"),
    "a literal of absurd length": Cut(b"* 1 FETCH (UID 1 BODY[] {" + b"9" * 5000 + b"}\r\n"),
    "a tag of somebody else": b"ZZZZ1 OK done\r\n",
    "a line end alone": Cut(b"\r\n"),
    "bare line feeds": Cut(b"* OK hello\n"),
}


@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE)
@pytest.mark.parametrize("verb", ["GREETING", "CAPABILITY", "SELECT", "SEARCH", "FETCH"])
def test_garbage_is_trouble_that_passes_and_is_not_swallowed_whole(verb: str, answer: Answer) -> None:
    with ImapServer({verb: answer}) as server:
        _filled(server)
        trouble = _trouble(server)
    assert not trouble.needs_person
    assert len(str(trouble)) < 600


def test_numbers_that_are_none_are_trouble() -> None:
    with ImapServer({"SEARCH": "* SEARCH one 2\n{tag} OK done"}) as server:
        assert not _trouble(server).needs_person


# Servers that do less, or otherwise.


def test_responses_that_nobody_asked_for_are_not_taken_for_mails() -> None:
    noise = b"* 2 FETCH (FLAGS (\\Seen))\r\n* 9 FETCH (UID 99 BODY[] {3}\r\nbad)\r\n* 1 FETCH (UID 1 FLAGS ())\r\n"
    sizes = b"* 1 FETCH (RFC822.SIZE 5 UID 1)\r\n{tag} OK done\r\n"
    body = b"* 1 FETCH (BODY[] {5}\r\nhello UID 1)\r\n{tag} OK done\r\n"
    with ImapServer({"FETCH": InTurn(noise + sizes, noise + body)}) as server:
        _filled(server, ONE)
        (arrival,) = _read(server)
    assert (arrival.place.number, arrival.content) == ("1", b"hello")


@pytest.mark.parametrize(
    ("written", "meant"), [(b'"He said \\"yes\\" \\\\"', b'He said "yes" \\'), (b'""', b""), (b"{0}\r\n", b"")]
)
def test_a_short_mail_may_come_as_a_quoted_string_and_an_empty_one_as_nothing(written: bytes, meant: bytes) -> None:
    body = b"* 1 FETCH (UID 1 BODY[] " + written + b")\r\n{tag} OK done\r\n"
    with ImapServer({"FETCH": InTurn(None, body)}) as server:
        _filled(server, ONE)
        (arrival,) = _read(server)
    assert arrival.content == meant


def test_a_size_that_is_only_guessed_does_no_harm() -> None:
    guess = b"* 1 FETCH (UID 1 RFC822.SIZE 3)\r\n{tag} OK done\r\n"
    with ImapServer({"FETCH": InTurn(guess, None, guess, None)}) as server:
        _filled(server, ONE)
        assert [(each.content, each.size) for each in _read(server)] == [(ONE, len(ONE))]
        assert [(each.content, each.size) for each in _read(server, largest=10)] == [(ONE[:10], len(ONE))]


def test_one_mail_that_the_server_cannot_give_keeps_no_other_back() -> None:
    def cannot(line: str) -> Answer | None:
        poison = "BODY" in line and server.folder("INBOX").named(line.split(" ")[3]).count(2)
        return "{tag} NO The message could not be converted" if poison else None

    with ImapServer({"FETCH": cannot}) as server:
        _filled(server)
        came = list[Arrival]()
        with _mailbox(server).open() as session, pytest.raises(MailboxTrouble) as caught:
            came += session.fetch("INBOX", ["1", "2", "3"], largest=ALL)
    assert [each.content for each in came] == [ONE, THREE]
    assert caught.value.needs_person
    assert "mail 2 of the folder INBOX" in caught.value.reasons[0]


def test_a_mail_that_goes_while_it_is_fetched_is_left_out_and_no_other() -> None:
    def expunged(line: str) -> Answer | None:
        if "BODY" in line and server.folder("INBOX").mails.pop(2, b""):
            return "{tag} NO [EXPUNGEISSUED] Some of the messages no longer exist"
        return None

    with ImapServer({"FETCH": expunged}) as server:
        _filled(server)
        assert [each.content for each in _read(server)] == [ONE, THREE]


def test_without_move_mails_are_copied_and_only_they_are_expunged() -> None:
    with ImapServer(offers=tuple(each for each in OFFERS if each != "MOVE")) as server:
        _filled(server)
        server.folder("INBOX").flags[3].add(r"\Deleted")  # marked by a person, and not ours to remove
        with _mailbox(server).open() as session:
            session.move("INBOX", ["1", "2"], "Done")
            assert session.numbers("INBOX") == ["3"]
        assert [*server.folder("Done").mails.values()] == [ONE, TWO]


def test_a_server_that_can_neither_move_nor_expunge_by_number_loses_nothing() -> None:
    with ImapServer(offers=("IMAP4rev1", "AUTH=PLAIN")) as server:
        _filled(server)
        with _mailbox(server).open() as session, pytest.raises(MailboxTrouble, match="neither MOVE nor UIDPLUS"):
            session.move("INBOX", ["1"], "Done")
        assert len(server.folder("INBOX").mails) == 3
        assert "COPY" not in server.verbs()


def test_a_folder_that_cannot_be_made_is_explained_with_the_servers_words() -> None:
    with ImapServer({"CREATE": "{tag} NO Invalid name, it must begin with INBOX."}) as server:
        _filled(server)
        with _mailbox(server).open() as session, pytest.raises(MailboxTrouble, match="must begin with INBOX") as no:
            session.move("INBOX", ["1"], "Done")
        assert no.value.needs_person


def test_a_folder_that_may_only_be_read_is_read() -> None:
    with ImapServer() as server:
        _filled(server, ONE)
        server.folder("INBOX").read_only = True
        assert [each.content for each in _read(server)] == [ONE]


def test_a_server_that_does_not_number_its_mails_needs_a_person() -> None:
    with ImapServer() as server:
        server.folder("INBOX").validity = None
        assert _trouble(server).needs_person


def test_a_server_without_plain_authentication_gets_a_plain_log_in() -> None:
    with ImapServer(offers=("IMAP4rev1",), logins={"user": "se cret"}) as server:
        _filled(server, ONE)
        assert len(_read(server, password=lambda: "se cret")) == 1
    assert "LOGIN" in server.verbs()


def test_a_server_that_disables_log_in_does_not_get_the_password() -> None:
    with ImapServer(offers=("IMAP4rev1", "LOGINDISABLED")) as server:
        trouble = _trouble(server)
        assert "secret" not in " ".join(server.heard)
    assert trouble.needs_person


def test_a_password_may_be_in_any_script_but_must_not_speak_imap() -> None:
    with ImapServer(logins={"user": "пароль"}) as server:
        assert _read(server, password=lambda: "пароль") == []
        assert _trouble(server, password=lambda: "a\r\nA1 LOGOUT").needs_person
        assert "AUTHENTICATE" not in server.verbs()[-1:]


# UIDVALIDITY.


@pytest.mark.shows("F46")
def test_a_folder_made_anew_between_two_sessions_shows_as_another_incarnation() -> None:
    with ImapServer() as server:
        _filled(server)
        (before, *_) = _read(server)
        server.folder("INBOX").anew(TWO)
        (after,) = _read(server)
    assert (before.place.number, after.place.number) == ("1", "1")
    assert before.place.incarnation != after.place.incarnation


def test_numbers_of_a_folder_that_was_made_anew_meanwhile_are_not_taken_for_others() -> None:
    with ImapServer() as server:
        _filled(server)
        server.folder("Junk")
        with _mailbox(server, folders=("INBOX", "Junk")).open() as session:
            session.folders()  # Junk is selected now
            server.folder("INBOX").anew(THREE)
            with pytest.raises(MailboxTrouble, match="anew") as caught:
                session.numbers("INBOX", after="3")
    assert not caught.value.needs_person


# IDLE.


def _stop_after(looks: int) -> Any:
    left = [None] * looks
    return lambda: not left or left.pop()


def _asked_few_times() -> Any:
    left = [None] * 4

    def stopped() -> bool:
        assert left, "waited on and on"
        left.pop()
        return False

    return stopped


def test_without_idle_a_wait_is_a_pause_that_can_be_ended() -> None:
    with ImapServer(offers=("IMAP4rev1", "AUTH=PLAIN")) as server:
        with _mailbox(server).open() as session:
            session.wait(0.01, lambda: False)
            session.wait(600, _stop_after(2))
        assert "IDLE" not in server.verbs()


def test_a_server_that_refuses_the_idle_it_offers_is_asked_once() -> None:
    with ImapServer({"IDLE": "{tag} NO not today"}) as server, _mailbox(server).open() as session:
        session.wait(0.01, lambda: False)
        session.wait(0.01, lambda: False)
        assert server.verbs().count("IDLE") == 1


def test_idle_is_renewed_before_the_server_grows_tired_of_it() -> None:
    with ImapServer() as server, _mailbox(server, idle_seconds=0.02).open() as session:
        session.wait(600, lambda: server.verbs().count("IDLE") >= 3)
        session.numbers("INBOX")
        assert server.verbs().count("DONE") == server.verbs().count("IDLE")


def test_a_mail_that_is_told_of_before_idling_begins_ends_the_wait() -> None:
    with (
        ImapServer({"SEARCH": "* SEARCH\n* 1 EXISTS\n{tag} OK done"}) as server,
        _mailbox(server).open() as session,
    ):
        assert session.numbers("INBOX") == []
        session.wait(600, _asked_few_times())
        assert "IDLE" not in server.verbs()


def test_a_mail_that_is_told_of_in_one_breath_with_idling_ends_the_wait() -> None:
    with ImapServer(told_when_idle=b"* 1 EXISTS\r\n") as server, _mailbox(server).open() as session:
        session.numbers("INBOX")
        session.wait(600, _asked_few_times())


def test_a_server_that_leaves_while_idling_is_trouble_that_passes() -> None:
    for end in (Cut(b"+ idling\r\n"), Cut(b"+ idling\r\n* BYE bored\r\n"), Drop(), Reset()):
        with ImapServer({"IDLE": end}) as server:
            with pytest.raises(MailboxTrouble) as caught, _mailbox(server).open() as session:
                session.wait(600, lambda: False)
            assert not caught.value.needs_person


# TLS.


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_with_a_good_certificate_is_read(security: str) -> None:
    with ImapServer(tls=authority().server(), implicit_tls=security == "tls") as server:
        _filled(server)
        with _secured(server, security).open() as session:
            assert session.numbers("INBOX") == ["1", "2", "3"]
            session.wait(600, _stop_after(2))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_is_not_right_is_refused_and_no_password_said(security: str) -> None:
    good, expired, another = (
        authority().server(),
        authority().server(expired=True),
        authority().server("mx.example"),
    )
    for context, ca_file in ((good, None), (expired, authority().ca_file), (another, authority().ca_file)):
        with ImapServer(tls=context, implicit_tls=security == "tls") as server:
            with pytest.raises(MailboxTrouble, match="is not secure") as caught:
                _secured(server, security, ca_file=ca_file).open().__enter__()
            assert caught.value.needs_person
            assert not {"LOGIN", "AUTHENTICATE"} & set(server.verbs())


def test_starttls_that_is_stripped_or_refused_is_refused() -> None:
    offering = "* CAPABILITY IMAP4rev1 STARTTLS\n{tag} OK done"
    stripped: list[dict[str, Any]] = [
        {},
        {"GREETING": "* PREAUTH welcome back"},
        {"CAPABILITY": offering, "STARTTLS": "{tag} NO not today"},
        {"CAPABILITY": offering, "STARTTLS": "{tag} BAD what?"},
    ]
    for script in stripped:
        with ImapServer(script) as server:
            with pytest.raises(MailboxTrouble, match="is not secure") as caught:
                _secured(server, "starttls").open().__enter__()
            assert caught.value.needs_person
            assert not {"LOGIN", "AUTHENTICATE"} & set(server.verbs())


def test_what_is_smuggled_in_before_tls_is_refused() -> None:
    smuggled = b"{tag} OK go ahead\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
    with ImapServer({"STARTTLS": smuggled}, tls=authority().server()) as server:
        with pytest.raises(MailboxTrouble, match="in plain text after STARTTLS") as caught:
            _secured(server, "starttls").open().__enter__()
        assert caught.value.needs_person


def test_a_server_that_goes_down_in_the_handshake_is_trouble_that_passes() -> None:
    with ImapServer({"GREETING": Drop()}) as server, pytest.raises(MailboxTrouble) as caught:
        _secured(server, "tls").open().__enter__()
    assert not caught.value.needs_person


def test_a_server_that_speaks_plain_text_where_tls_is_due_needs_a_person() -> None:
    with ImapServer() as server, pytest.raises(MailboxTrouble, match="is not secure") as caught:
        _secured(server, "tls").open().__enter__()
    assert caught.value.needs_person


def test_an_authority_file_that_cannot_be_read_needs_a_person() -> None:
    with ImapServer() as server, pytest.raises(MailboxTrouble, match="holds no certificates") as caught:
        _secured(server, "tls", ca_file="/nowhere.pem").open().__enter__()
    assert caught.value.needs_person


# XOAUTH2.


class Tokens:
    """Access tokens, one after the other as they are refused."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = [*tokens]

    def token(self) -> str:
        return self._tokens[0]

    def refused(self, token: str) -> None:
        self._tokens.remove(token)


def test_a_stale_token_is_replaced_by_a_fresh_one_once() -> None:
    with ImapServer(logins={"user": "fresh"}) as server:
        _filled(server, ONE)
        assert len(_read(server, auth="xoauth2", tokens=Tokens("stale", "fresh"))) == 1
        trouble = _trouble(server, auth="xoauth2", tokens=Tokens("old", "older", "oldest"))
    assert trouble.needs_person
    assert "older" not in str(trouble)
    assert server.verbs().count("AUTHENTICATE") == 4


def test_a_token_is_kept_when_the_server_is_only_busy() -> None:
    tokens = Tokens("good")
    with ImapServer({"AUTHENTICATE": "{tag} NO [UNAVAILABLE] later"}) as server:
        assert not _trouble(server, auth="xoauth2", tokens=tokens).needs_person
    assert tokens.token() == "good"


def test_a_server_that_does_not_offer_xoauth2_gets_no_token() -> None:
    with ImapServer(offers=("IMAP4rev1", "AUTH=PLAIN")) as server:
        assert _trouble(server, auth="xoauth2", tokens=Tokens("good")).needs_person
        assert "AUTHENTICATE" not in server.verbs()
