"""Against a real Postfix that delivers into a real Dovecot."""

import asyncio
import re
from typing import Any

import pytest

from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.domain.outcomes import Accepted, Declined, NoSession, Outcome, Phase
from outreach.ports.transport import Envelope
from tests.adapters.mails import PATIENT
from tests.parts import run
from tests.parts.mailstack import MailStack, as_sent

HEADERS = (
    b"From: Rosa <rosa@coalition.example>\r\n"
    b"Date: Tue, 20 Oct 2026 09:00:00 +0000\r\n"
    b"Message-ID: <one@coalition.example>\r\n"
    b"Subject: =?utf-8?q?Une_lettre_=C3=A0_signer?=\r\n"
    b"List-Unsubscribe: <https://coalition.example/out/"
    + b"t0ken" * 30
    + b">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
)
QUOTED = HEADERS + b"Content-Transfer-Encoding: quoted-printable\r\n\r\nWe sign =E2=80=94 all of us=\r\n.\r\n"
EIGHT_BIT = HEADERS + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + "Nous signons — 人权, العدالة\r\n".encode()
DOTTED = HEADERS + b"\r\n.\r\n..\r\n.a line\r\n...\r\nand the end\r\n.\r\n"
LARGE = HEADERS + b"\r\n" + b"A line of the letter, word after word.\r\n" * 50_000


def _mail(recipient: str, content: bytes = QUOTED, sender: str = "rosa@coalition.example") -> Envelope:
    return Envelope(sender=sender, recipient=recipient, content=content, name="m1")


def _account(mailstack: MailStack, **changes: Any) -> SmtpAccount:
    given: dict[str, Any] = {"host": "localhost", "security": "none", "hello": "here.example", "timeouts": PATIENT}
    return SmtpAccount(port=mailstack.smtp_port, **{**given, "ca_file": mailstack.ca_file, **changes})


async def _submitted(mailstack: MailStack, *mails: Envelope, **changes: Any) -> list[Outcome]:
    session = await SmtpTransport(_account(mailstack, **changes)).open()
    assert not isinstance(session, NoSession), session
    outcomes = [await session.submit(mail) for mail in mails]
    await session.close()
    return outcomes


@pytest.mark.parametrize(
    ("recipient", "content"),
    [
        ("quoted@signers.example", QUOTED),
        ("eight-bit@signers.example", EIGHT_BIT),
        ("dotted@signers.example", DOTTED),
        ("large@signers.example", LARGE),
    ],
)
def test_a_mail_arrives_byte_for_byte(mailstack: MailStack, recipient: str, content: bytes) -> None:
    (outcome,) = run(_submitted(mailstack, _mail(recipient, content)))
    assert isinstance(outcome, Accepted)
    assert (outcome.reply.code, outcome.reply.enhanced) == (250, "2.0.0")
    (delivered,) = mailstack.arrived(recipient)
    assert as_sent(delivered) == content


@pytest.mark.parametrize(
    "login", [{}, {"username": "user", "password": "secret"}], ids=["without log-in", "with log-in"]
)
def test_a_mail_travels_encrypted(mailstack: MailStack, login: dict[str, str]) -> None:
    recipient = f"encrypted-{len(login)}@signers.example"
    (outcome,) = run(_submitted(mailstack, _mail(recipient), security="starttls", **login))
    assert isinstance(outcome, Accepted)
    (delivered,) = mailstack.arrived(recipient)
    received = re.search(rb"by mx\.stack\.example \(Postfix\) with (\w+)", delivered)
    assert received is not None
    assert received[1] == (b"ESMTPSA" if login else b"ESMTPS")


def test_a_wrong_password_is_no_session(mailstack: MailStack) -> None:
    account = _account(mailstack, security="starttls", username="user", password="wrong")
    none = run(SmtpTransport(account).open())
    assert isinstance(none, NoSession)
    assert (none.phase, none.reply and none.reply.code, none.security) == (Phase.AUTH, 535, False)
    assert "wrong" not in none.detail


def test_a_certificate_from_an_authority_nobody_trusts_is_refused(mailstack: MailStack) -> None:
    none = run(SmtpTransport(_account(mailstack, security="starttls", ca_file=None)).open())
    assert isinstance(none, NoSession)
    assert (none.phase, none.security) == (Phase.STARTTLS, True)


def test_refusals_at_rcpt_are_told_apart_and_the_session_goes_on(mailstack: MailStack) -> None:
    recipients = (
        "reject@signers.example",
        "grey@signers.example",
        "anyone@always451.example",
        "anyone@refused.example",
        "after-the-refused@signers.example",
    )
    *declined, last = run(_submitted(mailstack, *map(_mail, recipients)))
    seen = [(each.phase, each.reply.code, each.reply.enhanced) for each in declined if isinstance(each, Declined)]
    assert seen == [
        (Phase.RCPT, 550, "5.7.1"),
        (Phase.RCPT, 451, "4.7.1"),
        (Phase.RCPT, 451, "4.7.1"),
        (Phase.RCPT, 550, "5.1.1"),
    ]
    assert isinstance(last, Accepted)
    assert len(mailstack.arrived("after-the-refused@signers.example")) == 1


@pytest.mark.parametrize(
    ("recipient", "status"), [("nobody@signers.example", b"5.1.1"), ("full@signers.example", b"5.2.2")]
)
def test_a_mail_that_fails_later_was_accepted_and_comes_back(
    mailstack: MailStack, recipient: str, status: bytes
) -> None:
    sender = f"bounces+{recipient.replace('@', '=')}@coalition.example"
    (outcome,) = run(_submitted(mailstack, _mail(recipient, sender=sender)))
    assert isinstance(outcome, Accepted)
    mailbox = "bounces@coalition.example"
    mailstack.wait_until(
        lambda: any(recipient.encode() in mail for mail in mailstack.delivered(mailbox)), f"a bounce of {recipient}"
    )
    (bounce,) = [mail for mail in mailstack.delivered(mailbox) if recipient.encode() in mail]
    assert b"Status: " + status in bounce
    assert b"Message-ID: <one@coalition.example>" in bounce


def test_a_slow_mail_is_accepted_and_waits_in_the_relays_queue(mailstack: MailStack) -> None:
    (outcome,) = run(_submitted(mailstack, _mail("slow@signers.example")))
    assert isinstance(outcome, Accepted)
    mailstack.wait_until(lambda: "status=deferred" in mailstack.maillog(), "a deferral")
    mailstack.flush()
    assert "slow@signers.example" in mailstack.queued()
    assert not mailstack.delivered("slow@signers.example")


def test_four_sessions_at_once_deliver_everything_once(mailstack: MailStack) -> None:
    async def lane(number: int) -> list[Outcome]:
        mails = [_mail(f"lane{number}-{k}@signers.example") for k in range(15)]
        return await _submitted(mailstack, *mails)

    async def four() -> list[list[Outcome]]:
        return await asyncio.gather(*map(lane, range(4)))

    assert all(isinstance(outcome, Accepted) for outcomes in run(four()) for outcome in outcomes)
    for number in range(4):
        for k in range(15):
            assert len(mailstack.arrived(f"lane{number}-{k}@signers.example")) == 1


@pytest.mark.parametrize("security", ["none", "starttls"])
def test_one_session_carries_many_mails_encrypted_or_not(mailstack: MailStack, security: str) -> None:
    mails = [_mail(f"many-{security}-{number}@signers.example", LARGE[:20_000] + b"\r\n") for number in range(5)]
    outcomes = run(_submitted(mailstack, *mails, security=security))
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 5
