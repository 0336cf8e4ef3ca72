from outreach.domain.replies import ReplyKind
from outreach.reading.feedback_reports import feedback_report
from outreach.reading.mail import read_mail
from outreach.reading.rules import Understood

HEAD = "From: fbl@bigmail.example\nTo: calls@coast.example\nSubject: FW: Please sign\n"
INNER = """--b
Content-Type: message/rfc822

{}Message-ID: <ours@coast.example>
To: vera@office.example

Hello
--b--
"""


def report(kind: str, fields: str = "") -> Understood | None:
    head = f"{HEAD}Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
    part = f"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nVersion: 1\n{fields}\n"
    return feedback_report(read_mail((head + part + INNER.format("")).encode()))


def test_a_complaint_names_the_mail_and_who_complained() -> None:
    found = report("abuse", "Original-Rcpt-To: <vera@office.example>\n")
    assert found is not None
    assert (found.kind, found.quoted_ids) == (ReplyKind.COMPLAINT, ("<ours@coast.example>",))
    assert found.failures[0].recipients == ("vera@office.example",)
    assert not found.failures[0].suppresses


def test_what_concerns_our_account_is_no_complaint() -> None:
    for kind in ("not-spam", "auth-failure"):
        found = report(kind)
        assert found is not None
        assert found.kind is ReplyKind.AUTOMATIC_ANSWER


def test_a_complaint_without_a_report_is_known_by_the_header_of_the_mail_inside() -> None:
    inner = INNER.format("X-HmXmrOriginalRecipient: vera@office.example\n")
    found = feedback_report(read_mail(f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{inner}".encode()))
    assert found is not None
    assert (found.kind, found.failures[0].recipients) == (ReplyKind.COMPLAINT, ("vera@office.example",))


def test_a_person_who_passes_a_mail_on_does_not_complain() -> None:
    head = HEAD.replace("fbl@bigmail.example", "ana@office.example")
    mail = f"{head}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nmarked as spam, oops\n{INNER.format('')}"
    assert feedback_report(read_mail(mail.encode())) is None
