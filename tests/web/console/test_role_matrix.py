"""Every door of the console, and everything a worker can be asked for, against every role and a stranger (B59)."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, select

from outreach.domain.tasks import TaskState, TaskVerb
from outreach.domain.users import Role, UserState
from outreach.store.database import Database
from outreach.store.tables import Sitting, Task
from outreach.web.console.app import plates
from outreach.worker.jobs.job import Ending, Job
from outreach.worker.tasks import Tasks
from tests.web.console.doors import DOORS, WORK
from tests.web.console.filled import DRAFT, ELSEWHERE, HIDDEN, THIS, UNNAMED, Filled, at, filled, seat
from tests.web.console.seated import FROM_OUR_PAGE
from tests.web.visit import HOST, Visit

STRANGER = "stranger"
RANK = [STRANGER, *(role.value for role in (Role.OBSERVER, Role.STAFF, Role.COORDINATOR, Role.ADMINISTRATOR))]
EVERYWHERE, HERE, THERE = "everywhere", "here", "there"
HOLDS = {
    "call": {EVERYWHERE, HERE},
    "whole": {EVERYWHERE},
    "any": {EVERYWHERE, HERE, THERE},
    "round": {EVERYWHERE, THERE},
}
PLACES = {EVERYWHERE: (), HERE: (THIS, DRAFT), THERE: (ELSEWHERE, "response")}


@dataclass(frozen=True)
class Door:
    """A line of the list."""

    method: str
    path: str
    least: str
    holds: str

    def lets(self, role: str, place: str) -> bool:
        """Whether somebody with that role there passes."""
        return self.least == STRANGER or (RANK.index(role) >= RANK.index(self.least) and place in HOLDS[self.holds])


SEEN_BY_ALL = {"/console/health", "/console/stop"}
"""Sending limits are the whole workspace's, and so is the button that stops all mail."""
SAID = {
    "/console/contacts/{number}/lift": {"suppression": "1"},
    "/console/outbox/{number}/settle": {"arrived": "yes"},
}
"""What a form has to say so that there is something to do."""
LIST = [Door(*line.split()) for line in DOORS.strip().splitlines()]
PEOPLE = [(role, place) for role in RANK[1:] for place in PLACES]


@dataclass
class Kept:
    """The database with everything in it, to be copied: it takes longer to make than to look at."""

    file: Path
    made: Filled | None = None

    def back_in(self, database: Database) -> None:
        """Put the database back as it was made."""
        database.close()
        path = Path(database.engine.url.database or "")
        for file in ("", "-wal", "-shm"):
            path.with_name(path.name + file).unlink(missing_ok=True)
        shutil.copyfile(self.file, path)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Made for the first test of these."""
    return Kept(tmp_path_factory.mktemp("filled") / "outreach.db")


@pytest.fixture
def made(here: Visit, sqlite: Database, kept: Kept) -> Filled:
    """Everything, and somebody of every role for all calls, for this one, and for another one only."""
    if kept.made:
        kept.back_in(sqlite)
        return kept.made.again(here)
    made = filled(here)
    for role, place in PEOPLE:
        seat(made, f"{role}-{place}", Role(role), *PLACES[place])
    seat(made, "disabled-everywhere", Role.ADMINISTRATOR, state=UserState.DISABLED)
    with sqlite3.connect(str(sqlite.engine.url.database)) as connection:
        connection.execute("VACUUM INTO ?", (str(kept.file),))
    kept.made = made
    return made


def asked(made: Filled, name: str, doors: Iterable[Door], **form: str) -> Iterator[tuple[Door, httpx.Response]]:
    """What each door answers the person of that name, one after the other; "" for a stranger."""
    web = made.web
    cookie = {"cookie": f"outreach={made.tokens[name]}"} if name else {}

    async def visited() -> list[tuple[Door, httpx.Response]]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url=HOST) as client:
            return [(door, await ask(client, door)) for door in doors]

    async def ask(client: httpx.AsyncClient, door: Door) -> httpx.Response:
        client.cookies.clear()
        path = at(made, door.path, name)
        if door.method == "GET":
            return await client.get(path, headers=cookie)
        return await client.post(path, headers=cookie | FROM_OUR_PAGE, data={"language": "en", **form})

    yield from asyncio.run(visited())


def is_led_to_the_log_in(answer: httpx.Response) -> bool:
    return (
        answer.status_code == 303 and answer.headers["location"].startswith("/console/log-in") and not answer.text
    )


def test_every_door_stands_in_the_list_and_nothing_else() -> None:
    there = {(plate.method, plate.path.replace(":int}", "}")) for plate in plates()}
    listed = [(door.method, door.path) for door in LIST]
    assert len(listed) == len(set(listed))
    assert there - set(listed) == set(), "say in tests/web/console/doors.py who may pass"
    assert set(listed) - there == set()


@pytest.mark.parametrize("name", ["", "disabled-everywhere"])
def test_a_stranger_and_who_was_shut_out_are_led_to_the_log_in_whatever_they_ask(made: Filled, name: str) -> None:
    before = made.here.everything()
    for door, answer in asked(made, name, [door for door in LIST if door.least != STRANGER]):
        assert is_led_to_the_log_in(answer), (door, answer.status_code)
    assert made.here.everything() == before


def test_who_may_not_finds_nothing_and_changes_nothing(made: Filled) -> None:
    for role, place in PEOPLE:
        before = made.here.everything()
        for door, answer in asked(made, f"{role}-{place}", (one for one in LIST if not one.lets(role, place))):
            assert answer.status_code == 404, (role, place, door, answer.status_code)
        assert made.here.everything() == before, (role, place)


def test_who_may_look_sees_the_page(made: Filled) -> None:
    for role, place in PEOPLE:
        doors = [one for one in LIST if one.method == "GET" and one.least != STRANGER and one.lets(role, place)]
        for door, answer in asked(made, f"{role}-{place}", doors):
            assert answer.status_code in (200, 303), (role, place, door, answer.status_code)
            assert not is_led_to_the_log_in(answer), (role, place, door)


def test_who_has_the_least_of_the_roles_that_may_is_let_in_to_do_it(
    made: Filled, sqlite: Database, kept: Kept
) -> None:
    shut: list[tuple[str, str, int]] = []
    for door in (one for one in LIST if one.method == "POST" and one.least != STRANGER):
        for place in sorted(HOLDS[door.holds]):
            ((_, answer),) = asked(made, f"{door.least}-{place}", [door], **SAID.get(door.path, {}))
            if answer.status_code not in (200, 204, 303, 409, 422) or is_led_to_the_log_in(answer):
                shut.append((door.path, place, answer.status_code))
            kept.back_in(sqlite)
    assert shut == []


def test_no_link_of_the_menu_leads_to_a_door_that_is_shut(made: Filled) -> None:
    for role, place in PEOPLE:
        ((_, home),) = asked(made, f"{role}-{place}", [Door("GET", "/console", "", "")])
        menu = re.findall(r'<a href="(/console[^"]*)"', home.text.partition("<nav")[2].partition("</nav>")[0])
        assert menu
        for door, answer in asked(made, f"{role}-{place}", [Door("GET", path, "", "") for path in menu]):
            assert answer.status_code == 200, (role, place, door.path)


def test_what_somebody_else_asked_for_is_there_for_administrators_only(made: Filled) -> None:
    own = [one for one in LIST if "/import/{number}" in one.path or "/tasks/{number}" in one.path]
    assert len(own) > 8
    before = made.here.everything()
    for role, place in PEOPLE:
        for door, answer in asked(made, f"{role}-{place}", [replace(one, path=at(made, one.path)) for one in own]):
            sees = (role, place) == (Role.ADMINISTRATOR, EVERYWHERE) and door.path.startswith("/console/tasks/")
            assert answer.status_code in ((200, 303) if sees else (404,)), (role, place, door)
    assert made.here.everything() == before


def test_what_belongs_to_no_call_is_there_for_whom_all_calls_are(made: Filled) -> None:
    doors = [
        replace(one, path=one.path.replace("{number}", str(number)))
        for room, number in made.loose.items()
        for one in LIST
        if f"/{room}/{{" in one.path and one.holds != "any"
    ]
    assert doors
    before = made.here.everything()
    for role, place in PEOPLE:
        if place != EVERYWHERE:
            for door, answer in asked(made, f"{role}-{place}", doors):
                assert answer.status_code == 404, (role, place, door)
    assert made.here.everything() == before
    ((_, answer),) = asked(made, "staff-everywhere", doors[:1])
    assert answer.status_code == 200


def test_nobody_sees_in_a_list_what_belongs_to_another_call(made: Filled) -> None:
    doors = [one for one in LIST if one.holds == "any" and one.path not in SEEN_BY_ALL]
    mail = f"/outbox/{made.numbers['outbox']}"
    for role in RANK[1:]:
        for door, answer in asked(made, f"{role}-{THERE}", (one for one in doors if one.lets(role, THERE))):
            for word in (HIDDEN, UNNAMED, f'{mail}"', f"/calls/{THIS}", "Who else has", "who are you"):
                assert word not in answer.text, (role, door, word)


def test_an_observer_sees_nobodys_address_and_nobody_who_is_not_public(made: Filled) -> None:
    """B62: an observer sees what the public will see, and how calls stand."""
    doors = [one for one in LIST if one.method == "GET" and one.lets(Role.OBSERVER, EVERYWHERE)]
    for place in PLACES:
        for door, answer in asked(made, f"observer-{place}", (one for one in doors if one.lets("observer", place))):
            for word in (HIDDEN, UNNAMED, "@harbour.example", "@elsewhere.example", "Idris", "owner@"):
                assert word not in answer.text, (place, door, word)


def test_nobody_ends_a_log_in_of_somebody_else(made: Filled) -> None:
    others = made.users["staff-here"]
    with made.here.app.database.reading() as session:
        number = session.exec(select(Sitting.id).where(Sitting.user_id == others)).one()
    ((_, answer),) = asked(
        made, "coordinator-everywhere", [Door("POST", f"/console/me/log-ins/{number}/end", "", "")]
    )
    assert answer.status_code == 303
    ((_, answer),) = asked(made, "staff-here", [Door("GET", "/console/me", "", "")])
    assert answer.status_code == 200


def test_every_verb_of_the_worker_stands_in_the_list() -> None:
    assert {line.split()[0] for line in WORK.strip().splitlines()} == set(TaskVerb)


def test_the_worker_does_for_nobody_what_she_may_not_ask_for(made: Filled) -> None:
    """Whoever wrote the row: the worker asks once more when it begins."""
    done: list[tuple[str, int]] = []

    def handler(job: Job) -> Callable[[Session], Ending]:
        done.append((job.task.verb.value, job.task.user_id))
        return lambda _session: Ending(())

    with made.here.app.database.changing() as session:
        for task in session.exec(select(Task)):
            task.state, task.started_at, task.ended_at = TaskState.WAITING, None, None
    Tasks(made.here.app, "here:1:a", handlers=dict.fromkeys(TaskVerb, handler)).once()
    allowed = [
        (verb, made.users[f"{role}-{place}"])
        for verb, least, holds in map(str.split, WORK.strip().splitlines())
        for role, place in PEOPLE
        if Door("", "", least, holds).lets(role, place)
    ]
    owner = made.users["owner"]
    assert sorted(one for one in done if one[1] != owner) == sorted(allowed)
