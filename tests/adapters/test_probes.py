"""Looking at servers: what is seen, what is said when they fail, and that nothing is left behind there."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from outreach.adapters.imap import ImapAccount, ImapMailbox
from outreach.adapters.probes import smtp
from outreach.adapters.probes.certificates import time_in
from outreach.adapters.probes.disk import free_bytes
from outreach.adapters.probes.dns import SenderDomains, look_at_dns
from outreach.adapters.probes.mailbox import look_at_mailbox
from outreach.adapters.probes.smtp import look_at_smtp
from outreach.adapters.smtp import SmtpAccount, SmtpTimeouts
from outreach.domain.mail_health import LogIn, SenderRecords
from tests.parts.boxes import DovecotBox, MaildirBox
from tests.parts.certificates import authority
from tests.parts.dns_server import NameServer
from tests.parts.imap_server import ImapServer
from tests.parts.mailstack import MailStack
from tests.parts.servers import Hang, ScriptedServer, serving

SENDER = SenderDomains(
    "news.lanterncoast.coop", "lanterncoast.coop", ("lanterncoast.coop", "news.lanterncoast.coop"), "one"
)


def smtp_seen(server: ScriptedServer, **changes: Any) -> LogIn:
    given = {"host": "localhost", "port": server.port, "username": "user", "password": "secret"}
    given |= {"ca_file": authority().ca_file, "timeouts": SmtpTimeouts.around(1)}
    return asyncio.run(look_at_smtp(SmtpAccount(**{**given, **changes})))


# The mail account.


def test_the_mail_server_is_greeted_encrypted_and_logged_in_to_and_gets_no_mail() -> None:
    with serving(tls=authority().server()) as server:
        seen = smtp_seen(server)
        assert seen.trouble == ""
        assert seen.certificate_ends is not None
        assert timedelta(days=6) < seen.certificate_ends - datetime.now(UTC) < timedelta(days=8)
        assert [verb for verb in server.verbs() if verb != "EHLO"] == ["STARTTLS", "AUTH", "QUIT"]


@pytest.mark.parametrize(
    ("on", "account", "says"),
    [
        ({}, {"password": "wrong"}, "535"),
        ({"GREETING": "554 no"}, {}, "554"),
        ({"EHLO": Hang()}, {}, "gave no session"),
    ],
)
def test_a_mail_server_that_lets_nobody_in_is_quoted_without_the_password(
    on: Any, account: dict[str, Any], says: str
) -> None:
    with serving(on, tls=authority().server()) as server:
        seen = smtp_seen(server, **account)
    assert says in seen.trouble
    assert "wrong" not in seen.trouble


def test_a_certificate_that_has_ended_is_a_trouble() -> None:
    with serving(tls=authority().server(expired=True)) as server:
        assert "expired" in smtp_seen(server).trouble


def test_a_mail_server_that_nobody_answers_at_is_a_trouble() -> None:
    with serving() as server:
        pass
    assert f"localhost:{server.port}" in smtp_seen(server, security="none").trouble


def test_a_greeting_that_tells_the_time_is_understood() -> None:
    greeting = "220 mx.relay.example ESMTP Exim 4.98 Sun, 22 Nov 2026 12:34:36 +0100"
    assert time_in(greeting) == datetime(2026, 11, 22, 11, 34, 36, tzinfo=UTC)
    with serving({"GREETING": greeting}) as server:
        assert smtp_seen(server, security="none").told == datetime(2026, 11, 22, 11, 34, 36, tzinfo=UTC)
    assert time_in("220 mx.relay.example ESMTP ready since 31 Feb 2026 99:99:99 +0000") is None


def test_a_real_mail_server_lets_us_in(mailstack: MailStack) -> None:
    account = SmtpAccount(
        host="localhost", port=mailstack.smtp_port, username="probe@senders.example", password="secret",
        ca_file=mailstack.ca_file, timeouts=SmtpTimeouts.around(smtp.SECONDS),
    )  # fmt: skip
    assert asyncio.run(look_at_smtp(account)).trouble == ""


# The mailbox.


def imap_seen(server: ImapServer, *folders: str, **changes: Any) -> LogIn:
    given: dict[str, Any] = {"host": "localhost", "port": server.port, "username": "user"}
    given |= {"password": lambda: "secret", "ca_file": authority().ca_file, "timeout_seconds": 2.0}
    account = ImapAccount(**{**given, "security": "starttls", "folders": folders or ("INBOX",), **changes})
    return look_at_mailbox(ImapMailbox(account), f"localhost:{server.port}")


def test_the_mailbox_is_opened_with_all_its_folders_and_nothing_is_fetched() -> None:
    with ImapServer(tls=authority().server()) as server:
        server.folder("Junk")
        server.folder("INBOX").add(b"Subject: one\r\n\r\n")
        seen = imap_seen(server, "INBOX", "Junk")
        assert (seen.trouble, seen.folders) == ("", ("INBOX", "Junk"))
        assert seen.certificate_ends is not None
        assert not {"FETCH", "STORE", "SEARCH"} & set(server.verbs())


def test_a_folder_that_is_missing_and_a_wrong_password_are_said() -> None:
    with ImapServer(tls=authority().server()) as server:
        assert "Junk" in imap_seen(server, "INBOX", "Junk").trouble
        assert "did not let user in" in imap_seen(server, password=lambda: "wrong").trouble


def test_a_real_mailbox_lets_us_in(mailstack: MailStack) -> None:
    assert look_at_mailbox(DovecotBox(mailstack).mailbox(), "localhost").folders == ("INBOX",)


def test_a_maildir_is_a_mailbox_without_a_certificate(tmp_path: Path) -> None:
    seen = look_at_mailbox(MaildirBox(tmp_path / "mail").mailbox(), "mail")
    assert seen == LogIn("mail", folders=("INBOX",))


# The sender's DNS.


def dns_seen(server: NameServer, sender: SenderDomains = SENDER) -> SenderRecords:
    return asyncio.run(look_at_dns(sender, server.resolver()))


def test_dns_is_asked_for_all_that_receivers_look_up() -> None:
    zone = {
        ("lanterncoast.coop", "TXT"): ['"v=spf1 include:relay.example " "-all"', '"other"'],
        ("lanterncoast.coop", "MX"): ["20 b.relay.example.", "10 a.relay.example."],
        ("one._domainkey.news.lanterncoast.coop", "TXT"): ['"v=DKIM1; p=MIIB"'],
        ("_dmarc.lanterncoast.coop", "TXT"): ['"v=DMARC1; p=none"'],
    }
    with NameServer(zone) as server:
        seen = dns_seen(server)
    assert set(seen.spf.texts) == {"v=spf1 include:relay.example -all", "other"}
    assert seen.dkim is not None
    assert seen.dkim.texts == ("v=DKIM1; p=MIIB",)
    assert [(one.name, one.texts) for one in seen.dmarc] == [
        ("_dmarc.news.lanterncoast.coop", ()),
        ("_dmarc.lanterncoast.coop", ("v=DMARC1; p=none",)),
    ]
    assert [one.texts for one in seen.mx] == [("a.relay.example", "b.relay.example"), ()]


def test_without_a_selector_no_key_is_asked_for() -> None:
    with NameServer({}) as server:
        seen = dns_seen(server, SenderDomains("lanterncoast.coop", "lanterncoast.coop", ()))
        assert seen.dkim is None
        assert not [name for name, _ in server.asked if "domainkey" in name]


def test_a_name_server_that_fails_or_says_nothing_is_told_from_an_empty_answer() -> None:
    zone = {("news.lanterncoast.coop", "MX"): ["0 ."]}
    with NameServer(zone, silent=["_dmarc.lanterncoast.coop"], refused=["lanterncoast.coop"]) as server:
        seen = asyncio.run(look_at_dns(SENDER, server.resolver(), seconds=0.5))
    assert seen.spf.trouble == "the name servers refuse to answer"
    assert [one.trouble for one in seen.dmarc] == ["", "no answer in 0.5 seconds"]
    assert seen.mx[1].texts == (".",)


def test_a_machine_without_name_servers_says_so() -> None:
    seen = asyncio.run(look_at_dns(SENDER, None))
    assert seen.spf.trouble == "this machine has no name server"


# The disk.


def test_the_room_that_is_left_is_more_than_none(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0
