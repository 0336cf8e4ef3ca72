"""The way in: from the invitation to the other browser's end; and what a guesser gets."""

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from outreach.domain.kinds import MessageKind
from outreach.domain.users import Role, UserState
from outreach.rendering.access import access_link
from outreach.store.tables import User
from outreach.store.users import user_at
from tests.users import KEY, PASSWORD, ROSA, code
from tests.web.console.entering import LOG_IN, browser, log_in, rosa_at
from tests.web.visit import HOST, Visit

NEW = "eleven gulls on one mast"


def stands(here: Visit, address: str = ROSA) -> User:
    with here.app.database.reading() as session:
        return user_at(session, address)


def text_of(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_who_gives_the_right_password_comes_to_the_page_that_was_asked_for(here: Visit) -> None:
    at = browser(here, rosa_at(here))
    asked = at.get("/console/users?x=1")
    form = at.get(asked.headers["location"])
    assert 'name="to" value="/console/users?x=1"' in form.text
    done = log_in(at, to="/console/users?x=1")
    assert (done.status_code, done.headers["location"]) == (303, "/console/users?x=1")
    assert at.get("/console/me").status_code == 200
    assert at.get(f"{LOG_IN}?to=/console/me").headers["location"] == "/console/me"


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://127.0.0.1:8080@evil.example", "javascript:alert(1)", "\\evil"]
)
def test_a_log_in_leads_to_no_other_site(here: Visit, to: str) -> None:
    """B55."""
    at = browser(here, rosa_at(here))
    assert "evil" not in at.get(LOG_IN, params={"to": to}).text
    assert log_in(at, to=to).headers["location"] == "/console"


def test_the_cookie_is_for_this_site_alone_and_no_script(here: Visit) -> None:
    given = log_in(browser(here, rosa_at(here))).headers.get_list("set-cookie")
    assert len(given) == 2
    for cookie in given:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert "Secure" not in cookie


def with_settings(here: Visit, section: str, **values: str) -> Visit:
    """The same workspace with other settings."""
    settings = here.app.house.settings
    changed = getattr(settings, section).model_copy(update=values)
    house = replace(here.app.house, settings=settings.model_copy(update={section: changed}))
    return replace(here, app=replace(here.app, house=house))


def test_behind_https_the_cookie_goes_over_nothing_else(here: Visit) -> None:
    rosa = rosa_at(here)
    secure = with_settings(here, "workspace", base_url="https://letters.lanterncoast.example")
    for cookie in log_in(browser(secure, rosa)).headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-outreach")
        assert "Secure" in cookie
        assert "Path=/" in cookie


@pytest.mark.parametrize(
    ("address", "password", "state"),
    [
        (ROSA, "wrong", UserState.ACTIVE),
        ("vera@lanterncoast.example", PASSWORD, UserState.ACTIVE),
        ("no address", PASSWORD, UserState.ACTIVE),
        ("", "", UserState.ACTIVE),
        (ROSA, PASSWORD, UserState.DISABLED),
        (ROSA, PASSWORD, UserState.INVITED),
        (ROSA, "", UserState.INVITED),
    ],
)
def test_whatever_is_wrong_the_same_is_said(here: Visit, address: str, password: str, state: UserState) -> None:
    """B58."""
    at = browser(here, rosa_at(here, state=state))
    answer = log_in(at, password, address=address)
    assert answer.status_code == 422
    assert "That did not work. The address or the password is not right." in answer.text
    assert answer.headers.get_list("set-cookie") == []
    assert answer.headers["cache-control"] == "no-store"


def test_who_logs_out_is_out(here: Visit) -> None:
    at = browser(here, rosa_at(here))
    log_in(at)
    before = httpx.Cookies(at.cookies)
    assert at.post("/console/log-out").headers["location"] == LOG_IN
    assert at.get("/console/me").status_code == 303
    at.cookies = before
    assert at.get("/console/me").status_code == 303


def test_with_a_device_the_password_is_half_the_way(here: Visit) -> None:
    at = browser(here, rosa_at(here, device=KEY))
    half = log_in(at, to="/console/me")
    assert half.headers["location"] == "/console/code?to=%2Fconsole%2Fme"
    assert at.get("/console/me").headers["location"].startswith(LOG_IN)
    assert 'name="code"' in at.get(half.headers["location"]).text
    wrong = at.post("/console/code", {"code": "000000", "to": "/console/me"})
    assert (wrong.status_code, "That code is not right" in wrong.text) == (422, True)
    now = here.clock.now()
    assert at.post("/console/code", {"code": code(now), "to": "/console/me"}).headers["location"] == "/console/me"
    assert at.get("/console/me").status_code == 200


def test_a_code_without_a_password_leads_back_to_the_password(here: Visit) -> None:
    at = browser(here, rosa_at(here, device=KEY))
    assert at.get("/console/code").headers["location"] == LOG_IN
    assert at.post("/console/code", {"code": code(here.clock.now())}).headers["location"] == LOG_IN
    assert at.get("/console/device").headers["location"] == "/console/me"


def test_from_the_invitation_to_the_end_of_the_other_browser(here: Visit) -> None:
    admin = browser(here, rosa_at(here))
    log_in(admin)
    invited = {"address": "ana@lanterncoast.example", "name": "Ana Sousa", "role": "staff", "call": "0"}
    page = admin.does("/console/users", invited)
    assert "Invited. The mail with the link is on its way." in text_of(page)
    (mail,) = here.mails(MessageKind.ACCESS)
    ana = stands(here, mail.address)
    link = access_link(ana.id or 0, ana.stamp, here.app.house).removeprefix(HOST)
    assert link.rpartition("/")[2] not in page.text

    at = browser(here, ana)
    assert "ana@lanterncoast.example" in at.get(link).text
    assert "The two passwords are not the same." in at.post(link, {"password": NEW, "again": "x"}).text
    assert "at least 12 characters" in at.post(link, {"password": "short", "again": "short"}).text
    assert at.post(link, {"password": NEW, "again": NEW}).headers["location"] == "/console/device"
    assert at.get(link).status_code == 410

    offered = at.get("/console/device").text
    assert "<svg" in offered
    key = re.search(r'name="key" value="([A-Z2-7]{32})"', offered)
    assert key is not None
    wrong = at.post("/console/device", {"key": key[1], "code": "000000"})
    assert key[1] in wrong.text
    now = here.clock.now()
    assert (
        at.post("/console/device", {"key": key[1], "code": code(now, key[1])}).headers["location"] == "/console/me"
    )
    assert stands(here, mail.address).device == key[1]

    here.clock.turn(timedelta(minutes=1))
    second = browser(here, ana, like=at)
    log_in(second, NEW, address=mail.address)
    second.post("/console/code", {"code": code(here.clock.now(), key[1])})
    assert second.get("/console/me").text.count('/end"') == 1
    second.does("/console/me/log-ins/end-others")
    assert at.get("/console/me").status_code == 303
    assert second.get("/console/me").status_code == 200


def test_where_a_device_is_demanded_nothing_opens_before_it(here: Visit) -> None:
    rosa = rosa_at(here)
    strict = with_settings(here, "console", second_factor="required")
    at = browser(strict, rosa)
    assert log_in(at).headers["location"] == "/console/device"
    assert at.get("/console/me").headers["location"].startswith(LOG_IN)
    assert at.get("/console/code").headers["location"] == "/console/device"
    key = re.search(r'name="key" value="([A-Z2-7]{32})"', at.get("/console/device").text)
    assert key is not None
    at.post("/console/device", {"key": key[1], "code": code(here.clock.now(), key[1])})
    assert at.get("/console/me").status_code == 200


def test_nothing_that_opens_anything_stands_on_a_page(here: Visit) -> None:
    at = browser(here, rosa_at(here, device=KEY))
    log_in(at)
    at.post("/console/code", {"code": code(here.clock.now())})
    shown = "".join(at.get(path).text for path in ("/console/me", "/console/users", "/console/users/1"))
    assert not [word for word in (KEY, "argon2", stands(here).password) if word in shown]
    assert at.get("/console/device").status_code == 303


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STAFF, Role.OBSERVER])
def test_only_an_administrator_finds_the_users(here: Visit, role: Role) -> None:
    at = browser(here, rosa_at(here, role=role))
    log_in(at)
    assert at.get("/console/users").status_code == 404
    assert at.get("/console/users/1").status_code == 404
    assert at.post("/console/users/1/disable").status_code == 404
    assert at.get("/console/me").status_code == 200


def test_an_administrator_changes_resets_shuts_out_and_lets_in_again(here: Visit) -> None:
    at = browser(here, rosa_at(here))
    ana = rosa_at(here, address="ana@lanterncoast.example", name="Ana Sousa", role=Role.STAFF, device=KEY)
    log_in(at)
    page = f"/console/users/{ana.id}"
    at.does(f"{page}/role", {"role": "coordinator", "call": str(here.call.id)})
    assert "Coordinator (for safe-passage)" in text_of(at.get("/console/users"))
    assert "The role is changed." in text_of(at.does(f"{page}/role", {"role": "", "call": "0"}))
    assert "The device counts no more." in text_of(at.does(f"{page}/reset", {"device": "yes"}))
    assert "A mail with a new link" in text_of(at.does(f"{page}/reset", {"password": "yes"}))
    assert "Disabled" in text_of(at.does(f"{page}/disable"))
    assert "A mail with a new link" in text_of(at.does(f"{page}/enable"))
    assert [one.values["access"]["again"] for one in here.mails(MessageKind.ACCESS)] == [True, True]
    assert at.get("/console/users/99").status_code == 404
    assert at.get("/console/users/99999999999999999999").status_code == 404


def test_the_last_administrator_is_told_why_she_stays(here: Visit) -> None:
    at = browser(here, rosa_at(here))
    log_in(at)
    said = at.does("/console/users/1/disable")
    done = at.get("/console/users/1")
    assert "last administrator" in text_of(said) + text_of(done)
    assert stands(here).state is UserState.ACTIVE


def test_ones_own_name_zone_and_password_are_changed(here: Visit) -> None:
    at = browser(here, rosa_at(here))
    log_in(at)
    at.does("/console/me", {"name": "Rosa L.", "language": "", "zone": "Europe/Madrid"})
    assert (stands(here).name, stands(here).zone) == ("Rosa L.", "Europe/Madrid")
    at.does("/console/me", {"name": "Rosa L.", "language": "", "zone": "Mars"})
    assert stands(here).zone == "Europe/Madrid"
    changed = {"old": "wrong", "password": NEW, "again": NEW}
    assert "The old password is not right." in at.post("/console/me/password", changed).text
    assert "at least 12" in at.post("/console/me/password", {"old": PASSWORD, "password": "x", "again": "x"}).text
    assert at.post("/console/me/password", {"old": PASSWORD, "password": NEW, "again": NEW}).status_code == 303
    assert at.get("/console/me").status_code == 200
    assert log_in(browser(here, at.user, like=at)).status_code == 422


def test_a_device_is_taken_away_with_its_code(here: Visit) -> None:
    at = browser(here, rosa_at(here, device=KEY))
    log_in(at)
    at.post("/console/code", {"code": code(here.clock.now())})
    assert at.post("/console/me/device/remove", {"code": "000000"}).status_code == 422
    here.clock.turn(timedelta(minutes=1))
    assert at.post("/console/me/device/remove", {"code": code(here.clock.now())}).status_code == 303
    assert stands(here).device == ""


@pytest.mark.parametrize(
    ("wish", "language", "said"),
    [
        ("fr-CA, en;q=0.5", "fr", "Se connecter"),
        ("es", "es", "Iniciar sesión"),
        ("ar, es;q=0.2", "es", "Iniciar sesión"),
        ("ja", "en", "Log in"),
    ],
)
def test_a_stranger_is_spoken_to_in_the_language_of_her_browser(
    here: Visit, wish: str, language: str, said: str
) -> None:
    page = browser(here, rosa_at(here)).get(LOG_IN, headers={"accept-language": wish})
    assert f'<html lang="{language}"' in page.text
    assert f"<h1>{said}</h1>" in page.text


def test_a_user_is_spoken_to_in_her_own_language(here: Visit) -> None:
    at = browser(here, rosa_at(here, language="fr"))
    log_in(at)
    assert "<h1>Vous et vos connexions</h1>" in at.get("/console/me").text
