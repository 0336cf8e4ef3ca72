"""What Otto tries at every door of the console: addresses that lead away, forged requests, numbers, files."""

import io
import re
import zipfile
from email.message import EmailMessage

import pytest
from sqlmodel import col, select

from outreach.domain.users import Role
from outreach.store.tables import Sitting, User, UserRole
from outreach.web.console.app import plates
from tests import inbound
from tests.web.console.filled import Filled, at, filled, seat
from tests.web.console.seated import FROM_OUR_PAGE, Seated
from tests.web.console.sorted_replies import came
from tests.web.visit import HOST, Visit

AWAY = ("https://site.example@evil.example", "//evil.example", "javascript:alert(1)", "/\\evil.example", "\t//evil")
NUMBERS = ("0", "-1", "999999", str(2**63), "9" * 40, "1e3", "1%00", "١")
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def made(here: Visit) -> Filled:
    """Something behind every door, and Rosa, who may do everything."""
    made = filled(here)
    seat(made, "somebody", Role.STAFF)
    seat(made, "rosa", Role.ADMINISTRATOR)
    return made


def person(made: Filled, name: str = "rosa") -> Seated:
    """Her browser."""
    with made.here.app.database.reading() as session:
        user = session.get_one(User, made.users[name])
    browser = Seated(made.here, user, made.web)
    browser.cookies.set("outreach", made.tokens[name], domain="127.0.0.1")
    return browser


def doors(method: str, made: Filled, name: str = "rosa") -> list[str]:
    """The paths of pages or of deeds that ask for a right, with things that are there."""
    found = [one.path for one in plates() if one.method == method and one.right is not None]
    return [at(made, path, name) for path in found]


def test_b55_whatever_a_deed_is_told_it_leads_to_a_page_of_ours(made: Filled) -> None:
    rosa = person(made)
    for place, path in enumerate(doors("POST", made)):
        away = AWAY[place % len(AWAY)]
        form = dict.fromkeys(("to", "next", "from", "undo", "url", "return", "in_call", "in_state"), away)
        headers = {**FROM_OUR_PAGE, "referer": f"https://evil.example{path}"}
        answer = rosa.request("POST", path, data=form, headers=headers)
        to = answer.headers.get("location", "/console")
        assert to == "/console" or re.match(r"/console[/?]", to), (path, to)
        assert not re.search(r"//|\\|evil", to.partition("?")[0]), (path, to)


def test_b56_no_page_and_no_mail_takes_its_address_from_the_request(made: Filled) -> None:
    rosa = person(made)
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    headers = evil | {"cookie": f"outreach={made.tokens['rosa']}"}
    for path in [*doors("GET", made), "/console/log-in"]:
        if not path.endswith(("/live", "/export")):
            answer = rosa.request("GET", path, headers=headers)
            assert "evil.example" not in answer.text + str(answer.headers), path
    invited = {"address": "ana@coalition.example", "name": "Ana", "role": "staff"}
    assert rosa.request("POST", "/console/users", data=invited, headers=headers | FROM_OUR_PAGE).status_code == 303
    everything = str(made.here.everything())
    assert "ana@coalition.example" in everything
    assert "evil.example" not in everything


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "content-type": "text/plain"},
        {"sec-fetch-site": "same-site", "origin": HOST},
        {"origin": "null", "content-type": "text/plain"},
        {},
    ],
)
def test_b57_another_site_does_nothing_in_her_name_at_any_door(made: Filled, headers: dict[str, str]) -> None:
    rosa, before = person(made), made.here.everything()
    for path in doors("POST", made):
        answer = rosa.request("POST", path, content=b'{"reason": "x", "="}', headers=headers)
        assert answer.status_code == 403, path
    assert made.here.everything() == before


def test_b57_to_look_at_a_deed_does_nothing(made: Filled) -> None:
    rosa = person(made)
    looked = set(doors("GET", made))
    before = made.here.everything()
    for path in doors("POST", made):
        if path not in looked:
            assert rosa.get(path).status_code in (404, 405), path
    assert made.here.everything() == before


def test_b59_no_number_opens_what_is_not_there_and_none_breaks_a_page(made: Filled) -> None:
    rosa, before = person(made), made.here.everything()
    for one in plates():
        if "{number" in one.path and one.right is not None and not re.search(r"/log-ins/|\{task", one.path):
            for number in NUMBERS:
                path = at(made, re.sub(r"\{number(:int)?\}", number, one.path), "rosa")
                sent = {} if one.method == "GET" else {"headers": FROM_OUR_PAGE, "data": {"x": "y"}}
                assert rosa.request(one.method, path, **sent).status_code in (204, 404), (one, number)
    assert made.here.everything() == before


def test_b60_nobody_gives_herself_a_role_or_an_address_by_fields_that_no_form_has(made: Filled) -> None:
    who = person(made, "somebody")
    more = {"role": "administrator", "is_admin": "true", "state": "active", "call": "0", "call_id": "0"}
    form = {"name": "Otto", "language": "en", "zone": "", "id": "1", "user_id": "1", "stamp": "9", **more}
    assert who.post("/console/me", {**form, "address": "otto@evil.example"}).status_code == 303
    with made.here.app.database.reading() as session:
        user = session.get_one(User, made.users["somebody"])
        roles = session.exec(select(UserRole.role).where(UserRole.user_id == user.id)).all()
    assert (user.name, user.address, user.stamp) == ("Otto", "somebody@coalition.example", 1)
    assert list(roles) == [Role.STAFF]
    assert who.get("/console/users").status_code == 404


def test_b62_what_leaves_as_a_table_does_not_name_who_asked_not_to_be_named(made: Filled) -> None:
    table = person(made, "somebody").get("/console/calls/safe-passage/signatures/export")
    assert table.status_code == 200
    assert "Harbour House" in table.text
    assert "ZZCANARY" not in table.text


def bomb() -> bytes:
    """A file of a few kilobytes that would be fifty megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("x", bytes(50_000_000))
    return packed.getvalue()


def test_b81_whatever_file_comes_it_is_only_handed_out_to_be_kept(made: Filled) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "o@evil.example", inbound.OURS, "x", "<o@evil>"
    mail.set_content("See what I have.")
    files = {
        "eicar.com": (EICAR, "application", "octet-stream"),
        "scan.lnk": (b"L\0\0\0", "application", "x-ms-shortcut"),
        "letter.html": (b"<script>alert(1)</script>", "text", "html"),
        "letter.pdf": (b"<script>alert(1)</script>", "text", "html"),
        "letters.zip": (bomb(), "application", "zip"),
    }
    for name, (content, main, sub) in files.items():
        mail.add_attachment(content, main, sub, filename=name)
    reply, rosa = came(made.here, raw=mail.as_bytes()), person(made)
    assert "See what I have." in rosa.get(f"/console/replies/{reply}").text
    for number, (name, (content, _, _)) in enumerate(files.items(), start=1):
        answer = rosa.get(f"/console/replies/{reply}/files/{number}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream"), name
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="{name}"')
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox")
        assert answer.content.strip() == content.strip(), name


def test_nobody_is_logged_in_for_the_doors_that_are_open(made: Filled) -> None:
    before = made.here.everything()
    for one in plates():
        if one.right is None and one.method == "GET":
            assert made.here.get(at(made, one.path)).status_code in (200, 303, 404, 410), one
    assert made.here.everything() == before
    with made.here.app.database.reading() as session:
        assert len(session.exec(select(Sitting).where(col(Sitting.id) > 0)).all()) == len(made.tokens)
