from outreach.domain.replies import ReplyKind
from outreach.reading.delivery_reports import delivery_report
from outreach.reading.mail import read_mail
from outreach.reading.rules import Understood

HEAD = """\
Return-Path: {path}
From: {sender}
To: calls+b2@coast.example
Subject: Undelivered Mail Returned to Sender
Content-Type: {kind}; report-type=delivery-status; boundary=b
"""
REPORT = """
--b
Content-Type: text/plain

It did not work.

--b
Content-Type: {kind}

Reporting-MTA: dns; mx.coast.example

{fields}
--b
Content-Type: text/rfc822-headers

Message-ID: <ours@coast.example>
Subject: Please sign

--b--
"""
UNKNOWN = """\
Final-Recipient: rfc822; Vera@Office.example
Original-Recipient: rfc822;vera.hollins@office.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1
 User unknown
"""


def report(
    fields: str = UNKNOWN,
    part: str = "message/delivery-status",
    kind: str = "multipart/report",
    sender: str = "MAILER-DAEMON@mx.example",
    path: str = "<>",
) -> Understood | None:
    text = HEAD.format(path=path, sender=sender, kind=kind) + REPORT.format(kind=part, fields=fields)
    return delivery_report(read_mail(text.encode()))


def test_a_report_names_recipient_code_reason_and_our_mail() -> None:
    understood = report()
    assert understood is not None
    (failure,) = understood.failures
    assert understood.kind is ReplyKind.BOUNCE
    assert failure.recipients == ("vera@office.example", "vera.hollins@office.example")
    assert (failure.status, failure.reason.value, failure.suppresses) == ("5.1.1", "no-such-address", True)
    assert failure.diagnostic == "550 5.1.1 User unknown"
    assert understood.quoted_ids == ("<ours@coast.example>",)


def test_a_report_without_its_content_type_is_read_all_the_same() -> None:
    understood = report(part="text/plain", kind="multipart/mixed")
    assert understood is not None
    assert understood.failures[0].reason.value == "no-such-address"


def test_a_person_who_passes_on_a_report_is_no_machine() -> None:
    assert report(kind="multipart/mixed", sender="Ana <ana@office.example>", path="<ana@office.example>") is None


def test_several_recipients_are_judged_one_by_one_and_delivered_ones_are_no_failures() -> None:
    others = """
Final-Recipient: rfc822; full@office.example
Action: failed
Status: 5.2.2

Final-Recipient: rfc822; fine@office.example
Action: delivered
Status: 2.0.0

Final-Recipient: rfc822; late@office.example
Action: delayed
Status: 4.4.1
"""
    understood = report(UNKNOWN + others)
    assert understood is not None
    reasons = {failure.recipients[0]: failure.reason.value for failure in understood.failures}
    assert reasons == {
        "vera@office.example": "no-such-address",
        "full@office.example": "mailbox-full",
        "late@office.example": "delayed",
    }


def test_a_report_of_success_is_a_notice() -> None:
    understood = report("Final-Recipient: rfc822; vera@office.example\nAction: relayed\nStatus: 2.1.9\n")
    assert understood is not None
    assert (understood.kind, understood.failures) == (ReplyKind.DELIVERY_NOTICE, ())


def test_an_empty_line_between_recipient_and_action_does_no_harm() -> None:
    understood = report("Final-Recipient: rfc822; vera@office.example\n\nAction: failed\nStatus: 5.1.1\n")
    assert understood is not None
    assert [failure.recipients for failure in understood.failures] == [("vera@office.example",)]


def test_the_servers_own_code_counts_where_the_report_is_general() -> None:
    understood = report(UNKNOWN.replace("Status: 5.1.1", "Status: 5.0.0"))
    assert understood is not None
    assert understood.failures[0].status == "5.1.1"
