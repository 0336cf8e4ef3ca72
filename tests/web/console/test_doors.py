"""Nothing of the console answers a stranger, another site, or somebody without the right."""

import re

import pytest

from outreach.domain.errors import Refusal
from outreach.domain.row_numbers import LARGEST_NUMBER
from outreach.domain.users import Right, Role
from outreach.web.console.app import build_console, plates
from outreach.web.console.room import cookie_name, within
from outreach.web.desk import Desk
from tests.web.console.seated import Seated, seated
from tests.web.console.test_getting_in import with_settings
from tests.web.visit import HOST, Visit


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/nowhere", "/console/calls/safe-passage?x=1"])
def test_a_stranger_is_sent_to_the_log_in_whatever_is_asked_for(here: Visit, path: str) -> None:
    answer = here.get(path)
    assert (answer.status_code, answer.text) == (303, "")
    assert answer.headers["location"].startswith("/console/log-in?to=%2Fconsole")


def test_a_stranger_changes_nothing_and_learns_nothing_by_posting(here: Visit) -> None:
    before = here.everything()
    for plate in plates():
        if plate.method == "POST" and plate.right is not None:
            path = plate.path.replace("{slug}", "safe-passage")
            answer = here.post(path, {"x": "y"}, headers={"sec-fetch-site": "same-origin"})
            assert answer.status_code in (303, 404), plate
    assert here.everything() == before


@pytest.mark.parametrize("cookie", ["", "x", "token of Otto", "%C3%A9", "a" * 5000])
def test_a_cookie_that_we_did_not_give_opens_nothing(here: Visit, cookie: str) -> None:
    rosa = seated(here)
    rosa.cookies.set("outreach", cookie, domain="127.0.0.1")
    assert rosa.get("/console/nowhere").status_code == 303


def test_what_is_not_there_has_a_page_that_says_so(here: Visit) -> None:
    page = seated(here).get("/console/nowhere")
    assert page.status_code == 404
    assert "There is no such page for you" in page.text


def test_every_door_says_which_right_it_asks_for_and_each_is_there_once() -> None:
    doors = [(plate.method, plate.path) for plate in plates()]
    assert len(doors) == len(set(doors))
    assert {plate.right for plate in plates()} <= {*Right, None}


@pytest.mark.parametrize("number", ["0", str(LARGEST_NUMBER + 1), "9" * 30, "-1", "1.5", "x"])
def test_a_number_that_no_row_has_opens_no_page_and_breaks_none(here: Visit, number: str) -> None:
    rosa, numbered = seated(here, role=Role.ADMINISTRATOR), re.compile(r"{\w+:int}")
    doors = [plate for plate in plates() if numbered.search(plate.path)]
    assert len(doors) > 30
    for plate in doors:
        path = numbered.sub(number, plate.path).replace("{slug}", "safe-passage")
        answer = rosa.request(plate.method, path, headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == 404, plate


def test_no_answer_of_the_console_may_be_kept_framed_or_found(here: Visit) -> None:
    for answer in (seated(here).get("/console/nowhere"), here.get("/console")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {},
    ],
)
def test_another_site_changes_nothing_in_her_name(here: Visit, headers: dict[str, str]) -> None:
    """B57; with things that are there in test_bad_input."""
    rosa = seated(here)
    deeds = [plate for plate in plates() if plate.method == "POST"]
    before = here.everything()
    for plate in deeds:
        path = plate.path.replace("{slug}", "safe-passage")
        answer = rosa.request("POST", path, data={"x": "y"}, headers=headers)
        assert answer.status_code in (403, 404, 405), plate
    assert here.everything() == before


@pytest.mark.parametrize(
    "asked",
    ["//evil.example", "https://evil.example", "javascript:alert(1)", "/console//evil.example", "/console/\\evil",
     "/consolevil", "/letters", "", "/console/\r\nx"],
)  # fmt: skip
def test_a_log_in_leads_nowhere_but_into_the_console(asked: str) -> None:
    """B55."""
    assert within(asked) == "/console"


def test_a_log_in_leads_to_the_page_that_was_asked_for() -> None:
    assert within("/console/calls/safe-passage?x=1") == "/console/calls/safe-passage?x=1"


def test_whatever_is_posted_is_read_only_to_a_limit(here: Visit) -> None:
    answer = seated(here).post("/console/nowhere", {"x": "y" * (33 * 1024 * 1024)})
    assert answer.status_code in (404, 405, 413)


def test_the_style_the_script_and_htmx_are_served_from_here(here: Visit) -> None:
    rosa = seated(here)
    for path in ("console.css", "console.js", "htmx/htmx.min.js"):
        answer = rosa.get(f"/console/static/{path}")
        assert answer.status_code == 200
        assert "http://" not in answer.text.replace("http://www.w3.org", "")


def test_an_observer_is_let_in(here: Visit) -> None:
    assert seated(here, Role.OBSERVER).get("/console/nowhere").status_code == 404


HTTPS = "https://letters.lanterncoast.example"


@pytest.mark.parametrize(
    ("base", "referrer", "to"),
    [
        (HOST, f"{HOST}/console/calls/safe-passage?all=1", "/console/calls/safe-passage?all=1"),
        (HTTPS, f"{HTTPS}/console/calls/safe-passage", "/console/calls/safe-passage"),
        (HTTPS, f"{HTTPS}.evil.example/console/calls/x", "/console"),
        (HTTPS, "https://evil.example/console/calls/x", "/console"),
        (HTTPS, f"{HTTPS}/consolevil", "/console"),
        (HTTPS, f"{HTTPS}/letters/safe-passage", "/console"),
        (HTTPS, "https://[", "/console"),
        (HTTPS, "", "/console"),
    ],
)
def test_who_is_refused_comes_back_to_the_page_with_the_form_behind_a_proxy_too(
    here: Visit, base: str, referrer: str, to: str
) -> None:
    rosa = seated(with_settings(here, "workspace", base_url=base))
    rosa.cookies.set(cookie_name(rosa.web.state.desk), "token of Rosa", domain="127.0.0.1")
    headers = {"sec-fetch-site": "same-origin", "referer": referrer}
    refused = rosa.request(
        "POST", "/console/calls/safe-passage/extend", data={"deadline": "never"}, headers=headers
    )
    assert (refused.status_code, refused.headers["location"]) == (303, to)


@pytest.mark.shows("F33")
def test_a_page_that_cannot_be_shown_says_so_and_leads_round_in_no_circle(here: Visit) -> None:
    web = build_console(Desk(here.app, lambda: None))

    @web.get("/console/broken")
    def broken() -> None:
        raise Refusal("The database is busy with something else.")

    rosa = seated(here)
    answer = Seated(here, rosa.user, web, rosa.cookies).get("/console/broken")
    assert answer.status_code == 503
    assert "The database is busy with something else." in answer.text
