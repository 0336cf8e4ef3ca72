"""What every answer carries, what is refused, and what a failure tells."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import structlog

from outreach.store.database import Database
from outreach.web.app import ROOMS
from tests.web.visit import FILLED, IN_PERSON, Visit, visit

PAGES = ["/", "/letters/safe-passage", "/letters/none", "/sign/x", "/robots.txt", "/healthz", "/static/style.css",
         "/static/none", "/nowhere", "/sign/", "/docs", "/openapi.json"]  # fmt: skip


def every_page(here: Visit) -> list[httpx.Response]:
    _, confirm = here.signed()
    paths = [*PAGES, here.organisation_link, here.individual_link, here.way_out, confirm]
    posts: list[tuple[str, dict[str, str]]] = [
        (here.organisation_link, {"name": ""}),
        (here.individual_link, IN_PERSON),
        (confirm, {}),
        (here.way_out, {}),
        (here.way_out, {"List-Unsubscribe": "One-Click"}),
    ]
    return [here.get(path) for path in paths] + [here.post(path, data) for path, data in posts]


def test_every_answer_forbids_scripts_frames_referrers_guessing_and_cookies(here: Visit) -> None:
    for page in every_page(here):
        policy = page.headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(
            policy
        )
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in page.headers


def test_pages_with_a_token_in_their_address_are_neither_stored_nor_indexed(here: Visit) -> None:
    for page in every_page(here):
        if page.request.url.path.startswith(("/sign/", "/confirm/", "/opt-out/")):
            assert page.headers["cache-control"] == "no-store"
            assert "noindex" in page.headers["x-robots-tag"]


def test_no_page_needs_anything_but_our_own_style_sheet(here: Visit) -> None:
    for page in every_page(here):
        assert not [
            word for word in ("<script", "style=", "<img", "<iframe", "//cdn", " on") if f"{word}=" in page.text
        ]
        assert "src=" not in page.text


def test_search_engines_are_kept_from_personal_links(here: Visit) -> None:
    robots = here.get("/robots.txt").text.splitlines()
    assert {"User-agent: *", "Disallow: /sign/", "Disallow: /confirm/", "Disallow: /opt-out/"} <= set(robots)


def test_the_health_check_says_ok(here: Visit) -> None:
    assert here.get("/healthz").text == "ok"


def test_every_page_can_be_asked_for_its_head(here: Visit) -> None:
    for room in ROOMS:
        for route in room.router.routes:
            methods: set[str] = getattr(route, "methods", set())
            assert ("GET" in methods) == ("HEAD" in methods)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused_with_a_page_and_change_nothing(here: Visit, method: str) -> None:
    before = here.everything()
    for path in (here.organisation_link, here.way_out, "/"):
        page = here.request(method, path)
        assert page.status_code == 405
        assert "GET" in page.headers["allow"]
        assert "This does not work here" in page.text
    assert here.everything() == before


def test_a_post_from_another_site_is_refused(here: Visit) -> None:
    """B57."""
    _, confirm = here.signed()
    before = here.everything()
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "http://[broken"},
    ):
        for path, data in (
            (here.individual_link, {"name": "Otto"}),
            (confirm, {}),
            (here.way_out, {"from": "page", "scope": "everything"}),
        ):
            assert here.post(path, data, headers=headers).status_code == 403
    assert here.everything() == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8080"},
    ],
)
def test_a_post_from_our_own_page_passes_in_every_browser(here: Visit, headers: dict[str, str]) -> None:
    assert here.post(here.individual_link, IN_PERSON, headers=headers).status_code == 200


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_of_more_than_64_kilobytes_is_refused(here: Visit, *, chunked: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"name="
        for _ in range(70):
            yield b"x" * 1024

    before = here.everything()
    content: Any = pieces() if chunked else b"name=" + b"x" * 70_000
    page = here.request(
        "POST",
        here.organisation_link,
        content=content,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert page.status_code == 413
    assert "content-security-policy" in page.headers
    assert here.everything() == before


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data; boundary=x; charset=utf-16",
        "application/x-www-form-urlencoded",
        "text/html",
        "\x00",
        "",
    ],
)
def test_no_body_makes_a_page_fail(here: Visit, content_type: str) -> None:
    for content in (b"\xff\xfe%zz&&&=%00", b"--x\r\n\r\n\r\n--x--", b"name=" * 5000):
        page = here.request("POST", here.organisation_link, content=content, headers={"content-type": content_type})
        assert page.status_code in {200, 422}


def test_the_host_header_goes_nowhere(here: Visit) -> None:
    """B56."""
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher"}
    for path in (*PAGES, here.organisation_link, here.way_out, "/letters/safe-passage/", "//evil.example"):
        page = here.get(path, headers=headers)
        assert "evil" not in page.text
        assert "location" not in page.headers


def test_a_script_in_a_name_is_text_on_every_page(sqlite: Database, tmp_path: Path) -> None:
    canaries = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}${7*7}{name}{0.__class__}%s<%= 1 %>'
    here = visit(sqlite, tmp_path, organisation=canaries, name=canaries)
    _, confirm = here.signed(canaries)
    pages = [
        here.get(here.organisation_link),
        here.get(here.individual_link),
        here.post(here.organisation_link, {"name": canaries + " https://x.example/y"}),
        here.post(here.individual_link, {**FILLED, "name": canaries}),
        here.get(confirm),
        here.post(confirm),
        here.get(here.way_out),
    ]
    for page in pages:
        assert page.status_code in {200, 422}
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "49" not in page.text
    assert "{{7*7}}${7*7}{name}{0.__class__}%s&lt;%= 1 %&gt;" in pages[4].text


def test_a_failure_shows_a_page_and_logs_neither_the_token_nor_a_person_s_data(here: Visit) -> None:
    link = here.organisation_link
    with here.app.database.changing() as session:
        session.execute(sa.text("ALTER TABLE signature RENAME TO mislaid"))
    with structlog.testing.capture_logs() as logged:
        page = here.post(link, FILLED)
    assert page.status_code in {500, 503}
    assert "Something went wrong on our side" in page.text
    assert "content-security-policy" in page.headers
    assert not [word for word in ("Traceback", "signature", "sqlite", ".py") if word in page.text]
    (line,) = logged
    assert line["event"] == "page failed"
    assert not [word for word in (link, link.rpartition("/")[2], "harbour.example") if word in str(line)]


def test_failures_speak_the_browser_s_language(here: Visit) -> None:
    page = here.get("/nowhere", headers={"accept-language": "es-MX,es;q=0.9"})
    assert '<html lang="es" dir="ltr">' in page.text
