"""The demo's console: who is told how to log in gets in, and finds something to do there."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import func, select

from outreach.cli.demo import opened_in_a_browser, way_in
from outreach.demo.further_calls import HARBOURS, SHELTER
from outreach.demo.sequel import play_on
from outreach.demo.stage import Stage, staged, story_start
from outreach.demo.story import play
from outreach.domain.states import AddresseeState, CallState
from outreach.store.tables import Addressee, Call, Signature
from tests.web.console.seated import FROM_OUR_PAGE


@pytest.fixture(scope="module")
def played_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("demo") / "workspace"
    with staged(folder, story_start()) as stage:
        asyncio.run(play(stage, shown=lambda _scene: None))
        asyncio.run(play_on(stage))
        yield stage


@pytest.fixture
def told(played_on: Stage) -> str:
    return way_in(played_on)


def read(told: str, what: str) -> str:
    found = re.search(rf"{what} +(.+)", told)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("address", ["rosa.lindqvist@lanterncoast.example", "darnell.reyes@lanterncoast.example"])
def test_who_is_named_gets_in_with_the_password_that_is_shown_and_no_second_factor(
    played_on: Stage, told: str, address: str
) -> None:
    assert address in told
    typed = {"address": address, "password": read(told, "Password")}
    with httpx.Client(base_url=played_on.base_url, follow_redirects=True, timeout=20) as client:
        client.post("/console/log-in", data=typed, headers=FROM_OUR_PAGE)
        home = client.get(read(told, "Console"))
    assert home.status_code == 200
    assert home.url.path == "/console"
    assert "Keep the harbours open" in home.text


def test_what_is_shown_fits_a_terminal(told: str) -> None:
    assert max(map(len, told.splitlines())) <= 80 or "outbox show" in max(told.splitlines(), key=len)


def test_the_password_is_in_no_file_of_the_workspace(played_on: Stage, told: str) -> None:
    password = read(told, "Password").encode()
    files = [path for path in played_on.app.folder.rglob("*") if path.is_file()]
    assert [path for path in files if password in path.read_bytes()] == []


def test_there_is_a_call_under_way_a_draft_and_a_letter_that_two_missions_answered(played_on: Stage) -> None:
    with played_on.app.database.reading() as session:
        states = {call.slug: call.state for call in session.exec(select(Call))}
        signed = session.exec(
            select(func.count()).select_from(Signature).where(Signature.call_id != played_on.call.id)
        ).one()
        letters = session.exec(select(Addressee.state)).all()
    assert (states[HARBOURS], states[SHELTER]) == (CallState.OPEN, CallState.DRAFT)
    assert signed > 20
    assert letters.count(AddresseeState.ANSWERED) == 1
    assert letters.count(AddresseeState.ACKNOWLEDGED) == 1
    assert letters.count(AddresseeState.SENT) > 8


def test_without_a_desktop_no_browser_is_tried() -> None:
    assert not opened_in_a_browser("http://127.0.0.1:1/", {})
