from email.header import Header

import pytest

from outreach.domain.replies import ReplyKind
from outreach.reading.mail import read_mail
from outreach.reading.old_bounces import old_bounce
from outreach.reading.rules import Understood

DAEMON = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: calls+b2@coast.example\n"


def bounce(text: str, subject: str = "failure notice", head: str = DAEMON) -> Understood | None:
    return old_bounce(read_mail(f"{head}Subject: {Header(subject).encode()}\n\n{text}".encode()))


QMAIL = """\
Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<vera@office.example>:
Sorry, no mailbox here by that name. (#5.1.1)

<full@office.example>:
The user does not have room: over quota. (#5.2.2)

--- Below this line is a copy of the message.

From: calls@coast.example
Message-ID: <ours@coast.example>

No such user as nobody@coast.example would sign.
"""


def test_each_address_is_judged_by_what_stands_below_it() -> None:
    found = bounce(QMAIL)
    assert found is not None
    seen = [(failure.recipients, failure.status, failure.reason.value) for failure in found.failures]
    assert seen == [
        (("vera@office.example",), "5.1.1", "no-such-address"),
        (("full@office.example",), "5.2.2", "mailbox-full"),
    ]
    assert found.quoted_ids == ("<ours@coast.example>",)


ALIAS = """\
The following address(es) failed:

  v@in.office.example
    (generated from vera@office.example)
    retry timeout exceeded
"""


def test_an_alias_is_named_with_the_address_behind_it() -> None:
    found = bounce(ALIAS, "Mail delivery failed: returning message to sender")
    assert found is not None
    assert found.failures[0].recipients == ("v@in.office.example", "vera@office.example")
    assert found.failures[0].reason.value == "unreachable"


@pytest.mark.parametrize(
    ("subject", "text", "reason"),
    [
        ("Returned mail: User unknown", "550 <vera@office.example>... User unknown", "no-such-address"),
        ("Unzustellbar: Bitte", "vera@office.example\nPostfach ist voll", "mailbox-full"),
        ("Non remis", "vera@office.example\nUtilisateur inconnu", "no-such-address"),
        ("Недоставленное сообщение", "vera@office.example\nпользователь не найден", "no-such-address"),
        ("Warning: could not send message for past 4 hours", "vera@office.example\nunknown user", "delayed"),
        ("Delivery failure", "vera@office.example: the address may not exist", "unclear"),
        ("Delivery failure", "vera@office.example: 550 rejected as spam, unknown user", "policy"),
    ],
)
def test_servers_texts_are_read_in_many_languages(subject: str, text: str, reason: str) -> None:
    found = bounce(text, subject)
    assert found is not None
    assert [failure.reason.value for failure in found.failures] == [reason]
    assert found.failures[0].recipients == ("vera@office.example",)


def test_a_success_in_words_is_a_notice() -> None:
    found = bounce(
        "Your message was successfully delivered to vera@office.example.", "Successful Mail Delivery Report"
    )
    assert found is not None
    assert found.kind is ReplyKind.DELIVERY_NOTICE


@pytest.mark.parametrize("sender", ["Ana <ana@office.example>", "Postmaster <postmaster@office.example>"])
@pytest.mark.parametrize("subject", ["Re: Undeliverable: Please sign", "Your message to vera@office.example"])
def test_a_person_who_writes_about_a_bounce_is_no_machine(sender: str, subject: str) -> None:
    text = "Hi, your message to vera@office.example could not be delivered, she has left. Yes, sign us."
    assert bounce(text, subject, f"Return-Path: <ana@office.example>\nFrom: {sender}\n") is None
