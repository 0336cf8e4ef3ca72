"""Links that nobody made, that were altered, or that are for something else."""

import base64
from collections.abc import Iterator

import pytest

from outreach.domain.tokens import Purpose, mint
from tests.web.visit import Visit

DOORS = {
    "sign": (Purpose.SIGN_ORGANISATION, Purpose.SIGN_INDIVIDUAL),
    "opt-out": (Purpose.OPT_OUT,),
    "confirm": (Purpose.CONFIRM,),
    "signature": (Purpose.SIGNATURE,),
}
POSTS = {
    "confirm": ("", "/disown", "/again", "/correct"),
    "signature": ("/correct", "/withdraw", "/reinstate", "/again"),
}
"""Where a page of that door posts to, if not to itself."""
FORM = {"name": "Otto", "from": "page", "scope": "everything", "List-Unsubscribe": "One-Click"}


def flips(token: str) -> Iterator[str]:
    """The token with each of its bits turned once."""
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for bit in range(len(raw) * 8):
        turned = bytearray(raw)
        turned[bit // 8] ^= 1 << bit % 8
        yield base64.urlsafe_b64encode(bytes(turned)).decode().rstrip("=")


def all_neutral(here: Visit, paths: list[str]) -> None:
    """Every path gives the one page of what is not there, to GET and to POST, and nothing changes."""
    before = here.everything()
    neutral = here.get("/sign/x")
    visitors = [lambda client, path=path: client.get(path) for path in paths]
    posts = [path + more for path in paths for more in POSTS.get(path.split("/")[1], ("",))]
    visitors += [lambda client, path=path: client.post(path, data=FORM) for path in posts]
    for page in here.all_at_once(*visitors):
        assert (page.status_code, page.text) == (404, neutral.text), page.request.url.path
    assert here.everything() == before


def links(here: Visit) -> list[str]:
    signature, confirm = here.signed()
    return [here.organisation_link, here.way_out, confirm, here.own_page(signature)]


@pytest.mark.parametrize("number", range(4))
def test_no_token_survives_the_turning_of_a_bit(here: Visit, number: int) -> None:
    _, door, token = links(here)[number].split("/")
    all_neutral(here, [f"/{door}/{flipped}" for flipped in flips(token)])


@pytest.mark.parametrize("number", range(4))
def test_no_token_survives_being_cut_off_or_lengthened(here: Visit, number: int) -> None:
    _, door, token = links(here)[number].split("/")
    cut = [token[:length] for length in range(1, len(token))]
    all_neutral(here, [f"/{door}/{other}" for other in [*cut, token + "A", token + "=", " " + token, "A" * 5000]])


def test_a_token_opens_no_door_but_its_own(here: Visit) -> None:
    here.signed()
    key = here.app.database.link_key
    made = {purpose: [mint(key, purpose, 1, 1), mint(key, purpose, 1)] for purpose in Purpose}
    wrong = [
        f"/{door}/{token}"
        for door, opens in DOORS.items()
        for purpose, tokens in made.items()
        if purpose not in opens
        for token in tokens
    ]
    all_neutral(here, wrong)


def test_a_link_to_what_is_no_longer_known_is_like_one_that_nobody_made(here: Visit) -> None:
    key = here.app.database.link_key
    gone = [
        f"/{door}/{mint(key, purpose, *ids)}"
        for door, purposes in DOORS.items()
        for purpose in purposes
        for ids in ([(99,), (99, 1)] if door in {"confirm", "signature"} else [(1, 99), (99, 1), (99, 99)])
    ]
    all_neutral(here, gone)


def test_the_links_of_a_test_mail_do_nothing(here: Visit) -> None:
    key, call = here.app.database.link_key, here.call.id or 0
    paths = [
        f"/sign/{mint(key, Purpose.SIGN_ORGANISATION, call, 0)}",
        f"/sign/{mint(key, Purpose.SIGN_INDIVIDUAL, call, 0)}",
        f"/opt-out/{mint(key, Purpose.OPT_OUT, call, 0)}",
        f"/confirm/{mint(key, Purpose.CONFIRM, 0)}",
        f"/confirm/{mint(key, Purpose.CONFIRM, 0, 1)}",
        f"/signature/{mint(key, Purpose.SIGNATURE, 0)}",
    ]
    before = here.everything()
    for path in paths:
        posts = [path + more for more in POSTS.get(path.split("/")[1], ("",))]
        for page in (here.get(path), *(here.post(one, form) for one in posts for form in (FORM, None))):
            assert page.status_code == 200
            assert "This link is from a test mail: nothing happens here." in page.text
    assert here.everything() == before


def test_a_scanner_that_follows_every_link_three_times_changes_nothing(here: Visit) -> None:
    paths = [*links(here), here.individual_link, "/letters/safe-passage", "/"]
    before = here.everything()
    visitors = [
        lambda client, path=path, method=method: client.request(method, path)
        for path in paths * 3
        for method in ("GET", "HEAD")
    ]
    assert {page.status_code for page in here.all_at_once(*visitors)} == {200}
    assert here.everything() == before
    assert here.woken == []
