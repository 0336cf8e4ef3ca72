"""The text of a mail is what a person would read, whatever the headers claim."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.reading.bodies import readable, unflowed
from outreach.reading.hypertext import shown_text
from outreach.reading.mail import read_mail
from tests.reading.mails import mail, parts

CHARSETS = [
    ("Grüße aus Köln – 50 €", "windows-1252", "iso-8859-1"),
    ("Grüße aus Köln", "utf-8", "iso-8859-1"),
    ("Grüße aus Köln", "utf-8", ""),
    ("Grüße aus Köln", "iso-8859-1", "utf-8"),
    ("Grüße aus Köln", "iso-8859-1", "us-ascii"),
    ("Grüße aus Köln", "iso-8859-1", "klingon"),
    ("Прошу отписать меня от рассылки", "windows-1251", "windows-1251"),
    ("Прошу отписать меня от рассылки", "windows-1251", "iso-8859-1"),
    ("Прошу отписать меня от рассылки", "koi8-r", "koi8-r"),
    ("Прошу отписать меня от рассылки", "koi8-r", ""),
    ("الرجاء إضافة اسم جمعيتنا", "windows-1256", "windows-1256"),
    ("الرجاء إضافة اسم جمعيتنا", "utf-16", "utf-16"),
    ("日本語", "iso-2022-jp", "iso-2022-jp"),
]


@pytest.mark.parametrize(("text", "written", "declared"), CHARSETS)
def test_a_text_is_read_even_if_its_charset_is_mislabelled(text: str, written: str, declared: str) -> None:
    kind = f"text/plain; charset={declared}" if declared else "text/plain"
    assert readable(mail(text.encode(written), kind=kind)).text.strip() == text


def test_base64_that_is_cut_short_gives_what_there_is() -> None:
    coded = base64.b64encode(b"Yes, please add us. We are glad.")[:-3]
    assert readable(mail(coded, encoding="base64")).text.startswith("Yes, please add us.")


def test_text_that_only_claims_to_be_base64_is_read_as_it_is() -> None:
    assert readable(mail("Yes: add us, please!", encoding="base64")).text == "Yes: add us, please!"


def test_quoted_printable_that_no_header_declares_is_decoded() -> None:
    text = (
        "Vous avez notre accord, ajoutez-nous =C3=A0 la liste, avec l=E2=80=99espoir =\nd=E2=80=99un acc=C3=A8s.\n"
    )
    assert "accord, ajoutez-nous à la liste, avec l’espoir d’un accès." in readable(mail(text, encoding="")).text


def test_the_plain_text_is_read_rather_than_the_html() -> None:
    assert readable(parts(("text/plain", "plain"), ("text/html", "<p>html</p>"))).text == "plain"


def test_the_html_is_read_where_the_plain_text_only_points_to_it() -> None:
    stub = "This message is in HTML. Please view it in a browser or a modern mail client."
    page = "<p>" + "Yes, we sign with pleasure, and so does our sister organisation in the north. " * 3 + "</p>"
    assert readable(parts(("text/plain", stub), ("text/html", page))).text.startswith("Yes, we sign")


def test_attachments_calendars_and_mails_within_are_not_text() -> None:
    received = parts(
        ("text/plain", "Yes."),
        ('text/plain; name="list.txt"', "unsubscribe"),
        ("application/ms-tnef", "eJ8+"),
        ("message/rfc822", "Message-ID: <old@tide.example>\n\nunsubscribe"),
        kind="multipart/mixed",
    )
    body = readable(received)
    assert body.text.strip() == "Yes."
    assert body.quoted_ids == ("<old@tide.example>",)


def test_a_uuencoded_file_in_the_text_is_not_text() -> None:
    text = "Yes, see the logo.\n\nbegin 644 logo.gif\nM1TE&.#EA\n#1TE&\n`\nend\n\nAda"
    assert readable(mail(text)).text.split() == ["Yes,", "see", "the", "logo.", "Ada"]


def test_flowed_lines_are_joined_and_quotes_keep_their_marks() -> None:
    flowed = "Yes, please add \nus.\n> You are \n> invited.\n>> Older\n Indented\n-- \nAda"
    expected = "Yes, please add us.\n> You are invited.\n>> Older\nIndented\n-- \nAda"
    assert unflowed(flowed) == expected
    assert unflowed("Flücht \nling", delsp=True) == "Flüchtling"


HTML = [
    ("<p>One</p><p>Two</p>", "One\n\nTwo"),
    ("<div>One</div><div>Two</div><div><br></div><div>Three</div>", "One\nTwo\n\nThree"),
    (
        '<p class="MsoNormal">One</p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Two</p>',
        "One\n\nTwo",
    ),
    ("<style>p.p1 {margin: 0.0px 0.0px}</style><p class=p1>One</p><p class=p1>Two</p>", "One\nTwo"),
    ("One<br>Two <b>bold</b>\n text", "One\nTwo bold text"),
    ("<blockquote type=cite>Old<br>mail</blockquote>New", "> Old\n> mail\nNew"),
    ('New<div id="divRplyFwdMsg"><b>From:</b> Rosa</div><div>Old</div>', "New\n> From: Rosa\n> Old"),
    ("<div style='display:none'>preview</div>Seen<script>x()</script>", "Seen"),
    ('<img src="http://tracker.example/x.gif" alt="logo"><base href="http://x.example">Text', "Text"),
    ("<pre>a  b\n  c</pre>", "a  b\n  c"),
    ("", ""),
    ("<", "<"),
]


@pytest.mark.parametrize(("html", "text"), HTML)
def test_html_is_the_text_that_it_shows(html: str, text: str) -> None:
    assert shown_text(html) == text


def test_a_mail_without_a_body_has_no_text() -> None:
    assert readable(read_mail(b"")).text == ""
    assert readable(read_mail(b"Content-Type: multipart/mixed; boundary=x\n\n")).text == ""


@given(st.binary(max_size=600), st.sampled_from(["text/plain", "text/html", "multipart/mixed; boundary=b", "x"]))
def test_whatever_the_octets_are_reading_never_raises(octets: bytes, kind: str) -> None:
    for encoding in ("base64", "quoted-printable", "8bit", "x-uuencode", "none"):
        readable(mail(octets, kind=kind, encoding=encoding))
