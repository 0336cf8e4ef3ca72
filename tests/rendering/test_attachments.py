"""What a mail carries: any bytes come back as they were, and no name of a file steers anything."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.rendering.attachments import Attachment, encoded_size
from outreach.rendering.guard import guard
from outreach.rendering.mail import build_mail
from tests.rendering.test_mail import CONTENT, headers

PDF = Attachment("Letter to Chile.pdf", "application/pdf", b"%PDF-1.7\n\x00\xff" * 40)


def mail(*files: Attachment, **changes: Any) -> bytes:
    return build_mail(headers(**changes), CONTENT, files)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def test_the_two_bodies_come_first_and_what_is_attached_follows_in_its_order() -> None:
    parsed = read(mail(PDF, Attachment("list.csv", "text/csv", b"a,b\r\n")))
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf", "text/csv",
    ]  # fmt: skip
    assert parsed.get_body(("plain",)) is not None
    assert [part.get_filename() for part in parsed.iter_attachments()] == ["Letter to Chile.pdf", "list.csv"]


def test_without_a_file_the_mail_is_as_it_was() -> None:
    assert read(mail()).get_content_type() == "multipart/alternative"


def test_everybody_reads_who_has_a_copy() -> None:
    raw = mail(PDF, to_address="mission@geneva.example", copies_to=("a@mfa.example", "b@bücher.example"))
    assert b"\r\nTo: mission@geneva.example\r\nCc: a@mfa.example,\r\n b@xn--bcher-kva.example\r\n" in raw


@given(st.binary(max_size=2000))
def test_any_file_comes_back_as_it_was_and_its_size_is_known_before(content: bytes) -> None:
    raw = mail(Attachment("scan.pdf", "application/pdf", content))
    (part,) = read(raw).iter_attachments()
    assert part.get_payload(decode=True) == content
    assert len(raw) == len(mail(Attachment("scan.pdf", "application/pdf", b""))) + encoded_size(len(content))
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@given(st.text(min_size=1, max_size=150))
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    raw = mail(Attachment(name, "application/pdf", b"%PDF"))
    guard(raw)
    parsed = read(raw)
    assert [part.get_content_type() for part in parsed.walk()][-1] == "application/pdf"
    assert [key for part in parsed.iter_attachments() for key in part] == [
        "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
    ]  # fmt: skip
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("letter.pdf", "letter.pdf"),
        ("résumé de la lettre.pdf", "resume de la lettre.pdf"),
        ("رسالة.pdf", "document.pdf"),
        ("人权" * 40 + ".docx", "document.docx"),
        ('a"b\\c.pdf', "a-b-c.pdf"),
        ("x" * 100 + ".pdf", "x" * 40 + ".pdf"),
    ],
)
def test_a_name_is_read_in_its_own_letters_and_by_old_programs_in_ascii(name: str, plain: str) -> None:
    raw = mail(Attachment(name, "application/pdf", b"%PDF"))
    (part,) = read(raw).iter_attachments()
    assert part.get_filename() == name
    assert part["Content-Type"].params["name"] == plain
    (old,) = re.findall(rb'\r\n name="([^"]*)"', raw)
    assert old.decode("ascii") == plain


@pytest.mark.parametrize(
    "declared", ["", "pdf", "text/html\r\nX: y", "multipart/mixed; boundary=x", "message/rfc822", "a/" + "b" * 99]
)
def test_a_type_that_could_be_taken_for_more_is_any_files(declared: str) -> None:
    (part,) = read(mail(Attachment("x.pdf", declared, b"%PDF"))).iter_attachments()
    assert part.get_content_type() == "application/octet-stream"
