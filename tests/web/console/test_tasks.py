"""The pages of tasks: how far each is, what came of it, and its file; hers, and nobody else's."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import select

from outreach.domain.tasks import Step, TaskState, TaskVerb
from outreach.domain.users import Role
from outreach.store.documents import keep_document
from outreach.store.tables import Sitting, Task, UserRole
from outreach.store.task_progress import tell_step
from outreach.store.tasks import claim_task
from outreach.usecases.ask_for_task import ask_for_task
from outreach.web.console import events
from tests import tasks
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

CSV = b"email,name,basis\nidris@quay.example,Idris,member\nno address,Otto,member\n"


def asks(here: Visit, person: Seated, verb: TaskVerb = TaskVerb.IMPORT_CONTACTS, **given: Any) -> int:
    """The number of a task that she asks for: an import, or one about the sample call."""
    now, by = here.clock.now(), person.user.address
    with here.app.database.changing() as session:
        imports = verb is TaskVerb.IMPORT_CONTACTS
        file = keep_document(session, "people.csv", "text/csv", CSV, now=now, by=by) if imports else None
        call = None if imports else here.call
        asked = ask_for_task(session, verb, person.user, call=call, given=given, document=file, now=now, by=by)
        return asked.id or 0


def worked(here: Visit) -> None:
    tasks.worker(here.app.database, here.app.house, here.clock).once()


def test_what_waits_says_its_place_and_loads_itself_again(here: Visit) -> None:
    rosa = seated(here)
    first, second = asks(here, rosa), asks(here, rosa, dry_run=True)
    pages = [rosa.get(f"/console/tasks/{number}").text for number in (first, second)]
    assert "It is the next one." in pages[0]
    assert "1 are to be done before it." in pages[1]
    assert "Dry run" in pages[1]
    for page, number in zip(pages, (first, second), strict=True):
        assert f'data-live="/console/tasks/{number}/live"' in page
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page


def test_what_runs_shows_how_far_it_is(here: Visit) -> None:
    rosa = seated(here)
    number = asks(here, rosa)
    with here.app.database.changing() as session:
        task = claim_task(session, tasks.OWNER, now=here.clock.now())
    assert task is not None
    tell_step(here.app.database, task, Step("writing", 1234, 20_000))
    page = rosa.get(f"/console/tasks/{number}").text
    assert "Writing: 1,234 / 20,000" in page
    assert '<progress id="progress" value="1234" max="20000">' in page
    assert "1,234 / 20,000" in rosa.get("/console/tasks").text


def test_what_is_done_says_what_came_of_it_and_is_loaded_no_more(here: Visit) -> None:
    rosa = seated(here)
    number = asks(here, rosa)
    worked(here)
    page = rosa.get(f"/console/tasks/{number}").text
    assert "Contacts: 1 added" in page
    assert "no address" in page
    assert "people.csv" in page
    assert "data-live" not in page
    assert "http-equiv" not in page


def test_a_refusal_says_why(here: Visit) -> None:
    rosa = seated(here)
    number = asks(here, rosa, TaskVerb.SIGN_OFF)
    worked(here)
    page = rosa.get(f"/console/tasks/{number}").text
    assert "Refused" in page
    assert "the list is signed off when signing has ended" in page


def test_a_file_is_fetched_as_an_attachment_in_which_nothing_runs(here: Visit) -> None:
    rosa = seated(here)
    number = asks(here, rosa, TaskVerb.RENDER_LETTER, format="html")
    worked(here)
    assert f'href="/console/tasks/{number}/file"' in rosa.get(f"/console/tasks/{number}").text
    answer = rosa.get(f"/console/tasks/{number}/file")
    assert answer.status_code == 200
    assert b"<html" in answer.content
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''safe-passage-draft.html"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["", "/file", "/live"])
def test_a_task_is_hers_and_an_administrators_and_nobody_elses(here: Visit, path: str) -> None:
    rosa = seated(here)
    number = asks(here, rosa, TaskVerb.RENDER_LETTER, format="txt")
    worked(here)
    others = seated(here, name="Otto"), seated(here, Role.ADMINISTRATOR, name="Ada")
    answers = [one.get(f"/console/tasks/{number}{path}").status_code for one in (rosa, *others)]
    assert answers == [200, 404, 200]
    if path == "/live":
        assert "safe-passage" not in others[0].get(f"/console/tasks/{number}/live").text
    assert "letter as a file" not in others[0].get("/console/tasks").text
    assert "rosa@coalition.example" in others[1].get("/console/tasks").text


def test_who_has_lost_the_right_does_not_see_what_came_of_it(here: Visit) -> None:
    rosa = seated(here, call_id=here.call.id or 0)
    number = asks(here, rosa, TaskVerb.RENDER_LETTER, format="txt")
    worked(here)
    assert rosa.get(f"/console/tasks/{number}/file").status_code == 200
    with here.app.database.changing() as session:
        role = session.exec(select(UserRole).where(UserRole.user_id == rosa.user.id)).one()
        role.role = Role.OBSERVER
    assert rosa.get(f"/console/tasks/{number}/file").status_code == 404


@pytest.mark.parametrize("path", ["0", "9", "99999999999999999999", "x", "1/file"])
def test_a_task_that_is_not_there_has_a_page_that_says_so(here: Visit, path: str) -> None:
    assert seated(here).get(f"/console/tasks/{path}").status_code == 404


def test_a_list_without_tasks_says_so_and_a_long_one_has_more_pages(here: Visit) -> None:
    rosa = seated(here)
    assert "Nothing was asked for yet." in rosa.get("/console/tasks").text
    with here.app.database.changing() as session:
        for _ in range(60):
            session.add(
                Task(
                    verb=TaskVerb.SIGN_OFF,
                    state=TaskState.DONE,
                    user_id=rosa.user.id or 0,
                    call_id=here.call.id,
                    asked_at=here.clock.now(),
                )
            )
    page = rosa.get("/console/tasks").text
    assert page.count("Sign-off of the list") == 50
    assert rosa.get("/console/tasks?before=11").text.count("Sign-off of the list") == 10
    assert "?before=11" in page


# Live.


def test_a_browser_that_is_logged_in_no_more_is_told_to_ask_for_no_stream(here: Visit) -> None:
    rosa = seated(here)
    number = asks(here, rosa)
    rosa.cookies.clear()
    answer = rosa.get(f"/console/tasks/{number}/live", headers={"accept": "text/event-stream"})
    assert (answer.status_code, answer.text) == (204, "")


def test_the_stream_sends_what_changes_and_ends_when_the_task_is_over(here: Visit) -> None:
    rosa = seated(here)
    number = asks(here, rosa)
    worked(here)
    answer = rosa.get(f"/console/tasks/{number}/live")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("data: ")
    assert "Contacts: 1 added" in answer.text
    assert answer.text.endswith("event: over\ndata: \n\n")
    assert all(line.startswith(("data: ", "event: ")) or not line for line in answer.text.splitlines())


def test_the_stream_of_a_task_that_waits_goes_on_until_it_is_done(here: Visit) -> None:
    rosa = seated(here)
    number = asks(here, rosa)

    async def followed() -> str:
        reading = asyncio.to_thread(lambda: rosa.get(f"/console/tasks/{number}/live").text)
        stream = asyncio.create_task(reading)
        await asyncio.sleep(0.5)
        assert not stream.done()
        await asyncio.to_thread(worked, here)
        return await asyncio.wait_for(stream, 20)

    told = asyncio.run(followed())
    assert told.index("It is the next one.") < told.index("Contacts: 1 added") < told.index("event: over")


def test_the_stream_ends_when_she_logs_out(here: Visit) -> None:
    rosa = seated(here)
    number = asks(here, rosa)

    async def followed() -> str:
        stream = asyncio.create_task(asyncio.to_thread(lambda: rosa.get(f"/console/tasks/{number}/live").text))
        await asyncio.sleep(0.5)
        with here.app.database.changing() as session:
            for sitting in session.exec(select(Sitting)):
                session.delete(sitting)
        return await asyncio.wait_for(stream, 20)

    assert asyncio.run(followed()).endswith("event: over\ndata: \n\n")


def test_a_person_has_only_so_many_streams_open(here: Visit) -> None:
    rosa = seated(here)
    number = asks(here, rosa)

    with ThreadPoolExecutor(events.MOST_STREAMS + 2) as browsers:
        ways = [
            browsers.submit(lambda: rosa.get(f"/console/tasks/{number}/live").status_code)
            for _ in range(events.MOST_STREAMS + 2)
        ]
        time.sleep(2)
        worked(here)
        codes = [way.result(30) for way in ways]
    assert sorted(codes) == [200] * events.MOST_STREAMS + [429] * 2
