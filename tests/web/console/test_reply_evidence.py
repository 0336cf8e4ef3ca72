"""What strangers send is shown and handed out so that it can do nothing."""

import re
from email.message import EmailMessage
from functools import cache

import pytest

from tests import inbound
from tests.web.console.seated import Seated, seated
from tests.web.console.sorted_replies import came
from tests.web.visit import Visit

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}'
HTML = (
    "<p>Dear <b>all</b></p><script>alert(1)</script><img src='https://evil.example/seen.png'>"
    "<a href='https://evil.example/bank'>your bank</a>"
    "<form action='https://evil.example'><input name=password></form>"
    "<style>@import url(https://evil.example/x.css)</style><p style='background:url(https://evil.example/y)'>bye</p>"
)
SHUT = "sandbox"


@cache
def hostile() -> bytes:
    """A mail with something in every place that a page shows."""
    mail = EmailMessage()
    mail["From"] = f'"{EVIL.replace(chr(34), "")}" <otto@evil.example>'
    mail["To"], mail["Subject"], mail["Message-ID"] = inbound.OURS, EVIL, "<evil@evil.example>"
    mail.set_content(f"Hello {EVIL}\n\n> quoted {EVIL}")
    mail.add_alternative(HTML, subtype="html")
    mail.add_attachment(b"<script>alert(1)</script>", "text", "html", filename='../"><script>x.html')
    mail.add_attachment(b"MZ", "application", "x-msdownload", filename="scan\u202efdp.exe")
    mail.add_attachment(b"<svg onload=alert(1)>", "image", "svg+xml", filename="third.svg")
    return mail.as_bytes().replace(b'filename="third.svg"', b"filename*=utf-8''x%0D%0ASet-Cookie%3A%20a=b.svg")


@pytest.fixture
def rosa(here: Visit) -> Seated:
    """Otto's mail, reply 1, lies before Rosa."""
    assert came(here, raw=hostile()) == 1
    return seated(here)


def test_nothing_that_a_stranger_wrote_is_more_than_text_on_any_page(rosa: Seated) -> None:
    for path in (
        "/console/replies",
        "/console/replies/1",
        "/console/replies/1/official",
        "/console/replies/1/mail",
    ):
        page = rosa.get(path).text
        assert "<script>alert" not in page, path
        assert "<img" not in page, path
        assert "49" not in re.findall(r"onerror=alert\(1\)[^\w]*(\d+)", page), path
    found = rosa.post("/console/replies/find", {"search": EVIL}).text
    assert "<script>alert" not in found
    assert "&lt;script&gt;" in rosa.get("/console/replies/1").text


def test_its_html_comes_without_all_that_could_load_and_under_a_policy_that_shuts_it(rosa: Seated) -> None:
    """B80."""
    answer = rosa.get("/console/replies/1/mail")
    policy = answer.headers["content-security-policy"]
    for rule in (
        "sandbox;",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src 'none'",
        "frame-ancestors 'self'",
    ):
        assert rule in policy
    assert "allow-" not in policy
    assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert "<b>all</b>" in answer.text
    for word in ("<script", "<img", "<form", "<input", "@import", "href", "url("):
        assert word not in answer.text
    assert "https://evil.example/bank" in answer.text  # told, not linked


def test_the_frame_on_the_page_is_shut_too(rosa: Seated) -> None:
    (frame,) = re.findall(r"<iframe[^>]*>", rosa.get("/console/replies/1").text)
    assert ' sandbox loading="lazy" referrerpolicy="no-referrer"' in frame


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_file_is_only_to_be_kept_whatever_it_claims_to_be(rosa: Seated, number: int) -> None:
    answer = rosa.get(f"/console/replies/1/files/{number}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert SHUT in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert not re.search(r"[<>\u202e]|\.\.", answer.headers["content-disposition"])


def test_the_source_is_handed_out_as_it_arrived(rosa: Seated) -> None:
    answer = rosa.get("/console/replies/1/source")
    assert answer.content == hostile()
    assert answer.headers["content-disposition"].startswith('attachment; filename="reply-1.eml"')
    assert answer.headers["content-type"] == "application/octet-stream"
    assert SHUT in answer.headers["content-security-policy"]


def test_a_file_that_is_not_there_is_not_there(rosa: Seated, here: Visit) -> None:
    for number in (0, 4, 99999, 2**70):
        assert rosa.get(f"/console/replies/1/files/{number}").status_code == 404
    plain = came(here)
    assert rosa.get(f"/console/replies/{plain}/mail").status_code == 404


def test_what_did_not_come_by_mail_has_no_mail(rosa: Seated) -> None:
    called = {
        "contact": "idris@harbour.example",
        "call": "safe-passage",
        "channel": "telephone",
        "kind": "question",
    }
    rosa.does("/console/replies/log", called | {"text": "Who signs?"})
    for path in ("/mail", "/source", "/files/1"):
        assert rosa.get(f"/console/replies/2{path}").status_code == 404
    assert rosa.get("/console/replies/2").status_code == 200


def test_a_large_mail_is_read_only_when_somebody_asks_for_it(here: Visit) -> None:
    """B81."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@big.example", inbound.OURS, "Scan"
    mail["Message-ID"] = "<big@big.example>"
    mail.set_content("Here is the scan.")
    mail.add_attachment(b"x" * 3_000_000, "application", "pdf", filename="scan.pdf")
    number, rosa = came(here, raw=mail.as_bytes()), seated(here)
    page = rosa.get(f"/console/replies/{number}").text
    assert ("Show what else the mail holds" in page, "scan.pdf" in page) == (True, False)
    assert "scan.pdf" in rosa.get(f"/console/replies/{number}?whole=1").text


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff" * 400, b"From: x\n\n", b"Content-Type: multipart/mixed\n\n--\n" * 50]
)
def test_whatever_arrives_its_page_can_be_shown(here: Visit, raw: bytes) -> None:
    number, rosa = came(here, raw=raw or b"\n"), seated(here)
    for path in ("", "?whole=1", "/source"):
        assert rosa.get(f"/console/replies/{number}{path}").status_code == 200
    assert rosa.get(f"/console/replies/{number}/mail").status_code in (200, 404)
