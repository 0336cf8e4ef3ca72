import pytest

from outreach.reading.mail import read_mail
from outreach.reading.rules import Understood
from outreach.reading.understanding import hear

HEAD = """\
Return-Path: <>
From: {sender}
To: calls+b2@coast.example
Subject: {subject}
Content-Type: {kind}

{text}
"""
WITHIN = """\
--b

{text}
--b
Content-Type: {kind}

Message-ID: <ours@coast.example>
From: calls@coast.example
To: {to}
Subject: Please sign

--b--
"""


def bounce(
    text: str,
    to: str = "",
    kind: str = "message/rfc822",
    sender: str = "Postmaster@gwia.office.example",
    subject: str = "Message status - undeliverable",
) -> Understood:
    inner = WITHIN.format(text=text, kind=kind, to=to) if to else text
    outer = "multipart/mixed; boundary=b" if to else "text/plain"
    return hear(HEAD.format(sender=sender, subject=subject, kind=outer, text=inner).encode()).understood


LOCAL = "The message that you sent was undeliverable to the following:\n\tvera (user not found)\n"


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers", "application/octet-stream"])
def test_a_name_without_a_domain_is_completed_from_the_returned_headers(kind: str) -> None:
    (failure,) = bounce(LOCAL, "Vera <vera@in.office.example>, Ana <ana@in.office.example>", kind).failures
    assert failure.recipients == ("vera@in.office.example",)
    assert failure.reason.value == "no-such-address"


def test_a_name_without_a_domain_is_of_the_house_that_reports_where_nothing_was_returned() -> None:
    (failure,) = bounce(f"{LOCAL}\nPossibly truncated original message follows:\n").failures
    assert failure.recipients == ("vera@office.example",)
    assert failure.reason.value == "no-such-address"
    assert bounce(LOCAL, sender="Mailer-Daemon@office.example").failures[0].recipients == ("vera@office.example",)


def test_a_bounce_that_names_nobody_is_of_whom_the_returned_mail_was_for() -> None:
    (failure,) = bounce("Your mail was undeliverable: the mailbox is full.", "vera@office.example").failures
    assert failure.recipients == ("vera@office.example",)
    two = bounce("Your mail was undeliverable: the mailbox is full.", "vera@office.example, ana@office.example")
    assert two.failures[0].recipients == ()


def test_qmails_prefix_of_a_virtual_domain_is_taken_off() -> None:
    text = "Unable to deliver.\n\n<office.example-vera@office.example>:\nSorry, no mailbox here by that name.\n"
    (failure,) = bounce(text, sender="MAILER-DAEMON@mx.office.example").failures
    assert failure.recipients == ("office.example-vera@office.example", "vera@office.example")
    plain = text.replace("office.example-vera", "vera-lind")
    assert bounce(plain, sender="MAILER-DAEMON@mx.office.example").failures[0].recipients == (
        "vera-lind@office.example",
    )


def test_a_failed_target_of_a_forwarding_is_named_after_the_address_that_we_wrote_to() -> None:
    text = "Delivery failed.\n\nold@provider.example\n    550 user unknown\n"
    (failure,) = bounce(text, "vera@office.example", sender="MAILER-DAEMON@mx.example").failures
    assert failure.recipients == ("vera@office.example", "old@provider.example")


def test_a_report_names_the_address_that_a_server_passed_on_from_in_words() -> None:
    raw = """\
Return-Path: <>
From: Mailer-Daemon@mx.example
Subject: Mail delivery failed
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

  old@provider.example
    (generated from vera@office.example)
    mailbox not found

--b
Content-Type: message/delivery-status

Action: failed
Final-Recipient: rfc822;old@provider.example
Status: 5.0.0

--b--
"""
    assert hear(raw.encode()).understood.failures[0].recipients == ("old@provider.example", "vera@office.example")


def test_a_plain_refusal_without_envelope_sender_is_a_bounce_and_an_absence_is_none() -> None:
    filters = "Filter <filter@office.example>"
    text = "Your message to: vera@office.example\nwas blocked by our spam firewall and has NOT BEEN DELIVERED."
    assert bounce(text, sender=filters, subject="Your mail").kind.value == "bounce"
    away = "I am out of the office and cannot be reached until 5 March. Please write to ana@office.example."
    assert bounce(away, sender="Vera <vera@office.example>", subject="Re: Sign").kind.value == "out-of-office"
    held = "Your message was blocked. Please click here to confirm that you are the sender: verify@office.example"
    assert bounce(held, sender=filters, subject="Re: Sign").kind.value == "automatic-answer"


def test_a_quoted_name_of_a_daemon_is_a_daemons() -> None:
    mail = read_mail(b'From: "MAILER-DAEMON"@mx.example\n\n')
    assert "mailer-daemon" in mail.sender.address
    text = "has not been delivered\n<vera@office.example>: blocked"
    assert bounce(text, sender='"MAILER-DAEMON"@mx.example').kind.value == "bounce"
