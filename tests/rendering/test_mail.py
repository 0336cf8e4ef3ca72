import base64
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from outreach.rendering.content import Content, one_line, single_line
from outreach.rendering.guard import guard_filled
from outreach.rendering.headers import address_spec
from outreach.rendering.mail import HeaderGuardError, MailHeaders, build_mail, guard

CONTENT = Content("Will you sign?", "Dear Idris,\n\nyes or no?\n", "<p>Dear Idris</p>\n")
ORDINARY = [
    "Date", "From", "To", "Reply-To", "Subject", "Message-ID", "Content-Language", "List-ID", "List-Unsubscribe",
    "List-Unsubscribe-Post", "Feedback-ID", "Precedence", "MIME-Version", "Content-Type",
]  # fmt: skip
INJECTIONS = [
    "A 💩 =?UTF-8?Q?=0A?=Bcc: injected@example.com",
    "=?utf-8?q?x=0d=0aBcc:e@e?=",
    "Org\r\nBcc: evil@evil.example",
    "Org\nBcc: evil@evil.example",
    "Org\r\n\r\n<script>",
    "Org\u2028Bcc: x\u0085Bcc: y\x0bBcc: z\x0cBcc: w\x00",
    "\r\n",
    " =?utf-8?b?",
]


def headers(**changes: Any) -> MailHeaders:
    """The headers of an ordinary invitation."""
    given: dict[str, Any] = {
        "from_name": "Refugee Net",
        "from_address": "calls@net.example",
        "to_address": "idris@house.example",
        "subject": "Will you sign?",
        "date": datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        "message_id": "<m.abc@net.example>",
        "reply_to": "calls+r1@net.example",
        "language": "en",
        "list_id": "borders.calls.net.example",
        "list_unsubscribe": ("https://sign.example/x/1",),
        "one_click": True,
        "feedback_id": "borders:invitation:outreach",
        "precedence_bulk": True,
    }
    return MailHeaders(**{**given, **changes})


def read(mail: bytes) -> EmailMessage:
    return message_from_bytes(mail, policy=policy.default)


def head(mail: bytes) -> bytes:
    return mail.partition(b"\r\n\r\n")[0]


def names(mail: bytes) -> Sequence[str]:
    return [line.partition(b":")[0].decode() for line in head(mail).split(b"\r\n") if not line.startswith(b" ")]


def line_of(mail: bytes, name: str) -> bytes:
    """The physical line on which a header begins."""
    return next(line for line in head(mail).split(b"\r\n") if line.startswith(name.encode() + b":"))


def test_an_invitation_has_its_headers_and_no_other() -> None:
    mail = build_mail(headers(), CONTENT)
    assert names(mail) == ORDINARY
    assert head(mail).split(b"\r\n")[:13] == [
        b"Date: Mon, 02 Nov 2026 09:30:00 +0000",
        b"From: Refugee Net <calls@net.example>",
        b"To: idris@house.example",
        b"Reply-To: calls+r1@net.example",
        b"Subject: Will you sign?",
        b"Message-ID: <m.abc@net.example>",
        b"Content-Language: en",
        b"List-ID: <borders.calls.net.example>",
        b"List-Unsubscribe: <https://sign.example/x/1>",
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        b"Feedback-ID: borders:invitation:outreach",
        b"Precedence: bulk",
        b"MIME-Version: 1.0",
    ]


def test_a_confirmation_says_that_a_machine_answers_and_offers_no_list() -> None:
    mail = build_mail(
        headers(
            list_id=None, list_unsubscribe=(), one_click=False, feedback_id=None, auto_submitted=True,
            precedence_bulk=False, reply_to=None,
        ),
        CONTENT,
    )  # fmt: skip
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in mail
    assert not {"List-ID", "List-Unsubscribe", "Precedence", "Reply-To", "Feedback-ID"} & set(names(mail))


def test_the_same_input_gives_the_same_bytes_and_another_message_another_boundary() -> None:
    first, second = build_mail(headers(), CONTENT), build_mail(headers(), CONTENT)
    assert first == second
    other = build_mail(headers(message_id="<m.abd@net.example>"), CONTENT)
    assert read(first).get_boundary() != read(other).get_boundary()


@pytest.mark.parametrize("length", [77, 200, 900])
def test_a_long_way_out_stays_on_one_line_and_in_plain_letters(length: int) -> None:
    links = ("https://sign.example/x/" + "a" * length, "mailto:out@net.example?subject=stop")
    mail = build_mail(headers(list_unsubscribe=links), CONTENT)
    assert line_of(mail, "List-Unsubscribe") == b"List-Unsubscribe: <%s>, <%s>" % tuple(
        link.encode() for link in links
    )


@pytest.mark.parametrize(
    "links",
    [
        ("https://sign.example/" + "a" * 998,),
        ("https://sign.example/a\r\nBcc: x",),
        ("https://sign.example/>, <mailto:x@y.example",),
        ("https://sign.example/ü",),
        ("javascript:alert(1)",),
        ("mailto:out@net.example",),
        (),
    ],
)
def test_a_way_out_that_providers_could_not_read_is_refused(links: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"List-Unsubscribe"):
        build_mail(headers(list_unsubscribe=links), CONTENT)


@pytest.mark.parametrize("value", INJECTIONS)
def test_no_subject_and_no_name_adds_a_header(value: str) -> None:
    for changes in ({"subject": "x " + value}, {"from_name": value.replace("@", " at ")}):
        mail = build_mail(headers(**changes), CONTENT)
        assert names(mail) == ORDINARY
        assert b"\r\nBcc" not in mail
        assert b"=?UTF-8?Q?=0A" not in mail
        assert read(mail)["bcc"] is None


_ANY = st.text(max_size=300)


_SHORT = st.text(max_size=10)


@given(_ANY, _SHORT)
def test_any_subject_and_name_come_back_as_they_were(subject: str, name: str) -> None:
    assume(one_line(subject) and not re.search(r"\S@\S|＠|﹫", name))
    mail = build_mail(headers(subject=subject, from_name=name), CONTENT)
    assert names(mail) == ORDINARY
    parsed = read(mail)
    assert parsed["subject"] == one_line(subject)
    sender = parsed["from"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == (" ".join(single_line(name).split()), "calls@net.example")
    assert all(len(line) <= 78 for line in head(mail).split(b"\r\n"))
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S*\?=", head(mail)))


@given(_ANY)
def test_a_long_name_comes_back_as_it_was(name: str) -> None:
    """Read with the older half of the library: the newer puts blanks between encoded words (RFC 2047, 6.2)."""
    shown = " ".join(single_line(name).split())
    assume(not re.search(r"\S@\S|＠|﹫", shown))
    shown = f"Zoë {'x' * 60} {shown} ".strip()
    mail = build_mail(headers(from_name=shown), CONTENT)
    raw = str(message_from_bytes(mail, policy=policy.compat32)["From"])
    assert str(make_header(decode_header(raw))) == f"{shown} <calls@net.example>"
    assert all(len(line) <= 78 for line in head(mail).split(b"\r\n"))


@given(_ANY, _ANY)
def test_any_bodies_come_back_as_they_were(text: str, html: str) -> None:
    content = Content("x", _writable(text), _writable(html))
    mail = build_mail(headers(), content)
    guard(mail)
    parsed = read(mail)
    plain, rich = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert _lines(plain) == content.text
    assert _lines(rich) == content.html
    assert max(map(len, mail.split(b"\r\n"))) <= 78


def _lines(part: MIMEPart) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


def _writable(text: str) -> str:
    """What a template can make: encodable, with line breaks of one sort, ending in one."""
    text = text.encode("utf-8", "replace").decode()
    return re.sub(r"[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "", text).rstrip("\n") + "\n"


def test_long_plain_subjects_are_folded_between_words_and_never_within() -> None:
    subject = "Will your organisation sign the open letter " * 6
    mail = build_mail(headers(subject=subject), CONTENT)
    assert b"=?" not in head(mail)
    assert read(mail)["subject"] == subject.strip()


def test_no_encoded_word_cuts_a_letter() -> None:
    mail = build_mail(headers(subject="人权" * 60), CONTENT)
    words = re.findall(rb"=\?utf-8\?b\?([^?]+)\?=", head(mail))
    assert "".join(base64.b64decode(word).decode() for word in words) == "人权" * 60


@pytest.mark.parametrize("name", ["victim@gov.example", "Victim <v@gov.example>", "victim＠gov.example"])
def test_a_name_that_looks_like_an_address_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="looks like a mail address"):
        build_mail(headers(from_name=name), CONTENT)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("", b"From: calls@net.example"),
        ("Refugee Net", b"From: Refugee Net <calls@net.example>"),
        ('Net, "the" Net', rb'From: "Net, \"the\" Net" <calls@net.example>'),
        ("Réseau", b"From: =?utf-8?b?UsOpc2VhdQ==?= <calls@net.example>"),
    ],
)
def test_the_name_before_the_address(name: str, line: bytes) -> None:
    assert line_of(build_mail(headers(from_name=name), CONTENT), "From") == line


def test_to_shows_the_address_alone_with_its_host_in_a_labels() -> None:
    mail = build_mail(headers(to_address="b@bücher.example"), CONTENT)
    assert line_of(mail, "To") == b"To: b@xn--bcher-kva.example"


def test_letters_outside_ascii_stand_raw_only_in_the_recipients_own_address() -> None:
    mail = build_mail(headers(to_address="józef@y.example"), CONTENT)
    assert line_of(mail, "To") == "To: józef@y.example".encode()
    for field in ("from_address", "reply_to"):
        with pytest.raises(ValueError, match="before the “@”"):
            build_mail(headers(**{field: "józef@y.example"}), CONTENT)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: x@evil.example", "a@b.example>\r\nRCPT TO:<evil@z", "b@y.example, c@z.example",
        "@relay:a@y.example", "alice@example.org<bob@evil.example>", '"a b"@y.example', "a@[127.0.0.1]", "a", "a@",
        "a\u200b@y.example", "a\u00a0b@y.example", "é..é@y.example", "a@b..example", "a@ü..example", "",
    ],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"not one plain mail address|not well formed"):
        address_spec(address)


@pytest.mark.parametrize(
    "changes",
    [
        {"date": datetime(2026, 1, 1)},  # noqa: DTZ001  the point of the case
        {"subject": " "},
        {"message_id": "m"},
        {"message_id": "<a b@c>"},
        {"message_id": "<a@b>\r\nBcc: x"},
        {"language": "en\r\nBcc: x"},
        {"list_id": "a b"},
        {"feedback_id": "a b\r\n"},
    ],
)
def test_a_header_that_cannot_be_written_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        build_mail(headers(**changes), CONTENT)


def test_a_line_that_begins_with_from_is_safe_in_a_mailbox_file() -> None:
    text = "From here\nFrom there " + "x " * 60 + "\n"
    mail = build_mail(headers(), Content("x", text, text))
    assert not re.search(rb"^From (?!:)", mail, re.MULTILINE)
    body = read(mail).get_body(("plain",))
    assert body is not None
    assert _lines(body) == text


GOOD = build_mail(headers(), CONTENT)


@pytest.mark.parametrize(
    "broken",
    [
        GOOD.replace(b"Precedence: bulk", b"Bcc: x@evil.example"),
        GOOD.replace(b"Precedence: bulk", b"Subject: twice"),
        GOOD.replace(b"Precedence: bulk", b"subject: twice"),
        GOOD.replace(b"Precedence: bulk\r\n", b"Precedence bulk\r\n"),
        GOOD.replace(b"Precedence: bulk\r\n", b"Precedence: \r\n"),
        GOOD.replace(b"Precedence: bulk\r\n", b"Precedence: bulk\r\n \r\n"),
        GOOD.replace(b"Message-ID", b"X-ID"),
        GOOD.replace(b"MIME-Version: 1.0\r\n", b""),
        GOOD.replace(b"sign.example/x", b"sign.example/\r\n x"),
        GOOD.replace(b"idris@", b"idris@house.example,\r\n otto@"),
        GOOD.replace(b"Will you sign?", b"Will you\nsign?"),
        GOOD.replace(b"Will you sign?", b"Will you\rsign?"),
        GOOD.replace(b"Will you sign?", b"Will you\x00sign?"),
        GOOD.replace(b"Will you sign?", b"Will \x1byou sign?"),
        GOOD.replace(b"Will you sign?", "Signé".encode()),
        GOOD.replace(b"Will you sign?", b"=?UTF-8?Q?=0A?=Bcc: injected@example.com"),
        GOOD.replace(b"Will you sign?", b"=?utf-8?b?DQo=?="),
        GOOD.replace(b"Will you sign?", b"=?latin-1?q?a?="),
        GOOD.replace(b"Will you sign?", b"=?utf-8?b?!?="),
        GOOD.replace(b"Will you sign?", b"x" * 990),
        GOOD + b"y" * 999,
        GOOD + b"\n",
        GOOD.partition(b"\r\n\r\n")[0],
        b"",
    ],
)
def test_the_guard_lets_no_broken_mail_out(broken: bytes) -> None:
    assert broken != GOOD
    guard(GOOD)
    with pytest.raises(HeaderGuardError):
        guard(broken)


HEAD, _, BODY = GOOD.partition(b"\r\n\r\n")


PUT = [
    b"\r\n", b"\r", b"\n", b"\x00", b"\r\n ", b"\r\nBcc: x@y.example", b"=?utf-8?b?DQo=?=", b"=?utf-8?b?YQ==?=",
    b"=?latin-1?q?a?=", "é".encode(), b"x" * 990, b"\r\n\r\n", b"\r\nSubject: twice",
]  # fmt: skip


@given(st.integers(0, len(HEAD) + 3), st.integers(0, 12), st.one_of(st.binary(max_size=8), st.sampled_from(PUT)))
def test_the_quick_look_accepts_no_head_that_the_whole_look_refuses(at: int, cut: int, put: bytes) -> None:
    head = HEAD + b"\r\n\r\n"
    mutated = head[:at] + put + head[at + cut :]
    mail = mutated + BODY
    try:
        guard_filled(mutated, b"", mail)
    except HeaderGuardError:
        return
    guard(mail)


@given(
    st.lists(
        st.one_of(st.binary(max_size=5), st.sampled_from([b"\r\n", b"a", b"\r", b"\n", b"b" * 800])), max_size=8
    )
)
def test_what_was_put_into_a_body_is_looked_at(put: Sequence[bytes]) -> None:
    fresh = b"".join(put)
    mail = GOOD[:-20] + fresh + GOOD[-20:]
    try:
        guard_filled(HEAD + b"\r\n\r\n", fresh, mail)
    except HeaderGuardError:
        return
    guard(mail)


def test_an_ordinary_head_needs_no_second_look() -> None:
    for subject in ("Will you sign?", "Signerez-vous « la lettre » ?", "x" * 200, "人权" * 60):
        head = build_mail(headers(subject=subject), CONTENT).partition(b"\r\n\r\n")[0]
        guard_filled(head + b"\r\n\r\n", b"", b"not even looked at")
