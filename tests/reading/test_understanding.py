"""Whatever strangers send is heard out, in bounded time, and never ends the program."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.domain.replies import ReplyKind
from outreach.reading.understanding import UNREADABLE, hear, may_be_answered
from tests.inbound import MAILS, written

HEAD = b"From: otto@elsewhere.example\nSubject: hello\nMIME-Version: 1.0\n"


def nested(depth: int) -> bytes:
    """A mail of parts within parts."""
    mail = HEAD
    for level in range(depth):
        mail += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
    return mail + b"Content-Type: text/plain\n\nhello\n"


def many_parts(count: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nhello\n" * count + b"--b--\n"


NASTY = {
    "ten thousand parts": many_parts(10_000),
    "two hundred deep": nested(200),
    "five thousand deep": nested(5_000),
    "headers of ten megabytes": HEAD + b"X-Long: " + b"x" * 10_000_000 + b"\n\nhello\n",
    "a hundred thousand headers": HEAD + b"X-Many: 1\n" * 100_000 + b"\nhello\n",
    "one line of a megabyte": HEAD + b"\n" + b"unsubscribe me " * 70_000,
    "a megabyte of quotes": HEAD + b"\n" + b"> " * 500_000,
    "fifty thousand open tags": HEAD + b"Content-Type: text/html\n\n" + b"<div><blockquote>" * 50_000 + b"yes",
    "a charset that is none": HEAD + b"Content-Type: text/plain; charset=x\xff-\x00\n\nhello \xff\xfe\n",
    "base64 that is none": HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n=====%%%=\n",
    "an attachment only": HEAD + b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\n",
    "uuencoded text": HEAD + b"\nbegin 644 a.txt\n#86)C\n`\nend\n",
    "a boundary that never comes": HEAD + b"Content-Type: multipart/report; boundary=never\n\nhello\n",
    "a report about nothing": HEAD
    + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    + b"--b\nContent-Type: message/delivery-status\n\n"
    + b"Final-Recipient:\n\n" * 20_000
    + b"--b--\n",
}


@pytest.mark.parametrize("raw", NASTY.values(), ids=NASTY)
def test_a_nasty_mail_is_heard_out_and_suppresses_nobody(raw: bytes) -> None:
    heard = hear(raw)
    assert heard.mail.sender.address == "otto@elsewhere.example"
    assert not any(failure.suppresses for failure in heard.understood.failures)
    assert heard.understood.kind in (ReplyKind.OTHER, ReplyKind.BOUNCE, ReplyKind.OPT_OUT)


@pytest.mark.parametrize("name", ["ten thousand parts", "headers of ten megabytes"])
def test_what_would_take_too_long_to_read_is_left_to_a_person_with_the_reason(name: str) -> None:
    heard = hear(NASTY[name])
    assert (heard.understood.rule, heard.understood.kind) == (UNREADABLE, ReplyKind.OTHER)
    assert heard.note


SAMPLES = sorted(MAILS.glob("*/*.eml"))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_a_mail_that_was_damaged_on_its_way_is_heard_out(chance: random.Random) -> None:
    raw = bytearray(chance.choice(SAMPLES).read_bytes())
    for _ in range(chance.randint(1, 20)):
        at = chance.randrange(len(raw))
        match chance.randrange(3):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + chance.randint(1, 200)]
            case _:
                raw[at:at] = raw[at : at + chance.randint(1, 200)]
        if not raw:
            break
    hear(bytes(raw))


@given(st.binary(max_size=3000))
def test_bytes_that_are_no_mail_at_all_are_heard_out(raw: bytes) -> None:
    hear(raw)


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ({}, True),
        ({"Auto_Submitted": "no"}, True),
        ({"Auto_Submitted": "auto-replied (vacation)"}, False),
        ({"Auto_Submitted": "auto-generated; owner-token=x"}, False),
        ({"Precedence": "bulk"}, False),
        ({"Precedence": "list"}, False),
        ({"List_Id": "<members.elsewhere.example>"}, False),
        ({"Return_Path": "<>"}, False),
    ],
)
def test_only_what_a_person_writes_to_us_alone_may_be_answered_automatically(
    headers: dict[str, str], *, may: bool
) -> None:
    raw = written("idris@harbourlight.example", "Unsubscribe", **headers)
    assert may_be_answered(hear(raw).mail) is may


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.example", "no-reply@mx.example", "owner-list@mx.example", ""])
def test_nobody_answers_an_address_that_nobody_reads(sender: str) -> None:
    raw = written("idris@harbourlight.example", "Unsubscribe")
    raw = raw.replace(b"From: idris@harbourlight.example", f"From: {sender}".encode())
    assert not may_be_answered(hear(raw).mail)
