"""How often forms may be filled in, by whom, and who is never kept out."""

from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from outreach.bootstrap import Outreach
from outreach.domain.errors import InvalidInput
from outreach.store.database import Database
from outreach.web.app import build_app
from outreach.web.limits import _networks, client_of
from tests import make
from tests.web.visit import FILLED, HOST, IN_PERSON, Visit, visit

PUBLIC_FORM = "/letters/safe-passage/individual"
RUBBISH = {**IN_PERSON, "name": "Otto Ott", "address": "otto@quay.example"}


def asked(peer: str, forwarded: list[str]) -> Request:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["evil; <b>, nobody"], "10.0.0.1"),
        ("10.0.0.1", ["6.6.6.6, nobody"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("2001:db8:1:2:3::9", [], "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", [], "203.0.113.9"),
    ],
)
def test_only_our_own_proxies_may_say_for_whom_they_ask(peer: str, forwarded: list[str], who: str) -> None:
    """B56."""
    assert client_of(asked(peer, forwarded), _networks(["10.0.0.0/8"])) == who


def test_without_proxies_nobody_is_believed() -> None:
    assert client_of(asked("10.0.0.1", ["198.51.100.1"]), ()) == "10.0.0.1"


def test_proxies_that_are_no_networks_are_refused_in_a_sentence(sqlite: Database, tmp_path: Path) -> None:
    here = visit(sqlite, tmp_path)
    house = make.house(sqlite, web={"trusted_proxies": "the one in the cellar"})
    app = Outreach(tmp_path, house, sqlite, here.app.transport, here.clock)
    with pytest.raises(InvalidInput, match=r"web\.trusted_proxies in config\.toml"):
        build_app(app)


def posts(here: Visit, number: int, headers: list[dict[str, str]] | None = None) -> list[httpx.Response]:
    return here.all_at_once(
        *[
            lambda client, one=one: client.post(
                PUBLIC_FORM, data=RUBBISH, headers=headers[one % len(headers)] if headers else {}
            )
            for one in range(number)
        ]
    )


def test_who_fills_in_too_many_forms_is_asked_to_wait_and_nothing_is_stored(
    sqlite: Database, tmp_path: Path
) -> None:
    here = visit(sqlite, tmp_path, forms_per_minute=5)
    spoofed = [{"x-forwarded-for": f"198.51.100.{number}"} for number in range(250)]
    codes = [page.status_code for page in posts(here, 40, spoofed)]
    assert 5 <= codes.count(200) <= 6
    assert codes.count(429) >= 34
    (late,) = [page for page in posts(here, 6) if page.status_code == 429][:1]
    assert late.headers["retry-after"] == "60"
    assert "Please wait a minute, and try again." in late.text
    assert len(here.signatures()) == 1


def test_looking_and_opting_out_are_never_limited(sqlite: Database, tmp_path: Path) -> None:
    here = visit(sqlite, tmp_path, forms_per_minute=1)
    link, way_out = here.individual_link, here.way_out
    pages = here.all_at_once(
        *[lambda client: client.post(link, data=IN_PERSON)] * 3,
        *[lambda client: client.get(link)] * 5,
        *[lambda client: client.post(way_out, data={"List-Unsubscribe": "One-Click"})] * 5,
    )
    assert [page.status_code for page in pages[3:]] == [200] * 10


def test_rubbish_in_the_public_forms_keeps_nobody_from_a_personal_link(sqlite: Database, tmp_path: Path) -> None:
    """Otto spends what all visitors together have, and what each of them has."""
    here = visit(sqlite, tmp_path)
    house = make.house(sqlite, web={"forms_per_minute": 3, "trusted_proxies": "127.0.0.1"})
    here.app = Outreach(tmp_path, house, sqlite, here.app.transport, here.clock)
    signature, link = here.signed()
    crowd = [{"x-forwarded-for": f"198.51.100.{number}"} for number in range(40)] + [{}] * 5
    own = here.own_page(signature)
    mine = [here.individual_link, f"{link}/again", f"{link}/correct", f"{own}/correct", f"{own}/withdraw"]
    pages = here.all_at_once(
        *[lambda client, who=who: client.post(PUBLIC_FORM, data=RUBBISH, headers=who) for who in crowd],
        *[lambda client, path=path: client.post(path, data=FILLED) for path in mine],
        lambda client: client.post(f"{link}/disown"),
    )
    assert [page.status_code for page in pages[:45]].count(429) >= 13
    assert 429 not in [page.status_code for page in pages[45:]]


def test_a_personal_link_has_a_limit_of_its_own_and_an_altered_one_none(sqlite: Database, tmp_path: Path) -> None:
    here = visit(sqlite, tmp_path, forms_per_minute=3)
    signature, link = here.signed()
    mine = [f"{link}/disown"] * 9
    altered = [f"{here.own_page(signature)}x/withdraw", "/confirm/x/disown", "/sign/x", f"{link}x"] * 3
    pages = here.all_at_once(*[lambda client, path=path: client.post(path) for path in [*mine, *altered]])
    codes = [page.status_code for page in pages]
    assert 3 <= codes[:9].count(200) <= 4
    assert codes[:9].count(429) >= 5
    assert 3 <= codes[9:].count(404) <= 4, "whatever was made up counts as a visitor's form"
    assert codes[9:].count(429) >= 8


def test_all_visitors_together_have_ten_times_as_much(sqlite: Database, tmp_path: Path) -> None:
    here = visit(sqlite, tmp_path)
    house = make.house(sqlite, web={"forms_per_minute": 2, "trusted_proxies": "127.0.0.1"})
    here.app = Outreach(tmp_path, house, sqlite, here.app.transport, here.clock)
    many = [{"x-forwarded-for": f"198.51.100.{number}"} for number in range(60)]
    codes = [page.status_code for page in posts(here, 60, many)]
    assert 20 <= codes.count(200) <= 22


def test_nobody_s_network_address_is_kept(sqlite: Database, tmp_path: Path) -> None:
    here = visit(sqlite, tmp_path)
    web = build_app(here.app)
    request = asked("203.0.113.9", [])
    assert web.state.gate.lets_in(request)
    assert "203.0.113.9" not in str(vars(web.state.gate.limiter.storage))
    assert HOST
