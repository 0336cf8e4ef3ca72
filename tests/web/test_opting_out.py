"""The way out: the page with the button, and the one click of mail programs (RFC 8058)."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import select

from outreach.domain.states import CallState, MessageState
from outreach.store.database import Database
from outreach.store.tables import Suppression, SuppressionReason
from tests import make
from tests.web.visit import Visit, visit

URLENCODED = {
    "content": "List-Unsubscribe=One-Click",
    "headers": {"content-type": "application/x-www-form-urlencoded"},
}
PART = b'Content-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click'
MULTIPART = {
    "content": b"----x\r\n" + PART + b"\r\n----x--\r\n",
    "headers": {"content-type": "multipart/form-data; boundary=--x"},
}
MORE_FIELDS = {"data": {"List-Unsubscribe": "One-Click", "scope": "this", "from": "page", "x": "y"}}


def suppressions(here: Visit) -> list[tuple[int, SuppressionReason, str]]:
    with here.app.database.reading() as session:
        rows = session.exec(select(Suppression)).all()
        return sorted((row.scope, row.reason, row.evidence) for row in rows)


def test_the_page_offers_this_letter_and_everything_and_changes_nothing(here: Visit) -> None:
    before = here.everything()
    page = here.get(here.way_out)
    assert page.status_code == 200
    assert "Only mails about this letter:" in page.text
    assert "All invitations and news from <bdi>Lantern Coast Network</bdi>" in page.text
    assert here.everything() == before


def test_the_button_for_this_letter_stops_this_letter_only(here: Visit) -> None:
    page = here.post(here.way_out, {"from": "page", "scope": "this"})
    assert page.status_code == 200
    assert "We write to you no more about this letter" in page.text
    assert suppressions(here) == [(here.call.id, SuppressionReason.OPT_OUT, "opt-out page")]
    with here.app.database.reading() as session:
        assert {message.state for message in make.messages(session)} == {MessageState.CANCELLED}


def test_who_stopped_one_letter_can_stop_everything_from_the_answer(here: Visit) -> None:
    page = here.post(here.way_out, {"from": "page", "scope": "this"})
    assert 'name="scope" value="everything"' in page.text
    assert "no more invitations and news" in here.post(here.way_out, {"from": "page", "scope": "everything"}).text
    assert {scope for scope, *_ in suppressions(here)} == {0, here.call.id}


def test_a_second_press_is_as_fine_as_the_first(here: Visit) -> None:
    first = here.post(here.way_out, {"from": "page", "scope": "everything"})
    before = here.everything()
    second = here.post(here.way_out, {"from": "page", "scope": "everything"})
    assert first.text == second.text == here.get(here.way_out).text
    assert here.everything() == before


@pytest.mark.parametrize("one_click", [URLENCODED, MULTIPART, MORE_FIELDS], ids=["urlencoded", "multipart", "more"])
def test_one_click_stops_everything_and_answers_briefly(here: Visit, one_click: dict[str, Any]) -> None:
    page = here.request("POST", here.way_out, **one_click)
    assert page.status_code == 200
    assert len(page.text) < 100
    assert suppressions(here) == [(0, SuppressionReason.OPT_OUT, "one-click")]
    assert here.request("POST", here.way_out, **one_click).status_code == 200


def test_one_click_needs_no_cookie_and_passes_from_another_site(here: Visit) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "https://webmail.example"}
    page = here.post(here.way_out, {"List-Unsubscribe": "One-Click"}, headers=headers)
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert len(suppressions(here)) == 1


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"data": {"scope": "everything"}},
        {"data": {"from": "page"}},
        {"data": {"from": "page", "scope": "the moon"}},
        {"data": {"List-Unsubscribe": "Two-Clicks"}},
        {"content": "List-Unsubscribe=One-Click", "headers": {"content-type": "text/plain"}},
        {"content": '{"List-Unsubscribe": "One-Click"}', "headers": {"content-type": "application/json"}},
        {"content": "garbage", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"\xff\x00%%%", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"files": {"List-Unsubscribe": ("x.txt", b"One-Click")}},
    ],
)  # fmt: skip
def test_a_body_that_is_neither_changes_nothing_and_shows_the_page(here: Visit, options: dict[str, Any]) -> None:
    before = here.everything()
    page = here.request("POST", here.way_out, **options)
    assert page.status_code == 422
    assert "Nothing was changed yet." in page.text
    assert 'value="everything"' in page.text
    assert here.everything() == before


def test_ten_clicks_at_once_are_one_opt_out(database: Database, tmp_path: Path) -> None:
    here = visit(database, tmp_path)
    link = here.way_out

    async def click(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(link, data={"List-Unsubscribe": "One-Click"})

    pages = here.all_at_once(*[click] * 10)
    assert {page.status_code for page in pages} == {200}
    assert len(suppressions(here)) == 1


def test_the_way_out_stays_open_when_the_letter_is_over(here: Visit) -> None:
    here.change_call(state=CallState.CANCELLED)
    assert here.get(here.way_out).status_code == 200
    assert here.post(here.way_out, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert len(suppressions(here)) == 1
