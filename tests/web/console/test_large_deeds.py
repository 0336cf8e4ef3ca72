"""With a call of many mails, what touches all of them is asked of the worker, and its task says what came of it."""

from collections.abc import Mapping

import pytest
from sqlmodel import select

from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState
from outreach.queries.draft_figures import AT_ONCE
from outreach.store.tables import Call, Task
from tests import make, tasks
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

CALL = "/console/calls/safe-passage"
ERRATUM = {"corrects": "invitation", "text": "The date was wrong."}


@pytest.fixture
def rosa(here: Visit) -> Seated:
    """At a call of which more mails are counted than are gone through at once."""
    with here.app.database.changing() as session:
        make.counted(session, here.call, AT_ONCE, MessageKind.REMINDER)
    return seated(here)


def call_now(here: Visit) -> Call:
    with here.app.database.reading() as session:
        return session.get_one(Call, here.call.id)


def asked(here: Visit) -> list[Task]:
    with here.app.database.reading() as session:
        return list(session.exec(select(Task)))


@pytest.mark.parametrize(
    ("deed", "form", "said"),
    [
        ("extend", {"deadline": "2027-03-05T17:00", "release": "2027-03-09T10:00"}, "is 2027-03-05 17:00"),
        ("erratum", ERRATUM, "Told: 1. Held: 0 mails"),
        ("close", {}, "Signing of safe-passage has ended. 0 mails"),
        ("cancel", {"name": "safe-passage"}, "is cancelled, and 0 mails with it"),
    ],
)
def test_what_touches_every_mail_is_a_task_whose_page_says_what_came_of_it(
    here: Visit, rosa: Seated, deed: str, form: Mapping[str, str], said: str
) -> None:
    with here.app.database.changing() as session:
        make.submitted(session)
    before = call_now(here)
    done = rosa.post(f"{CALL}/{deed}", dict(form))
    assert done.headers["location"].startswith("/console/tasks/")
    assert call_now(here) == before
    assert here.woken
    assert "This is being done already" in rosa.does(f"{CALL}/{deed}", dict(form)).text
    assert tasks.worker(here.app.database, here.app.house).once() == 1
    assert said in rosa.get(done.headers["location"]).text
    with here.app.database.reading() as session:
        assert session.exec(select(Task)).one().state == "done"


def test_what_cannot_be_is_refused_on_the_page_and_no_task_is_made(here: Visit, rosa: Seated) -> None:
    assert "is not later than" in rosa.does(f"{CALL}/extend", {"deadline": "2026-01-01T17:00"}).text
    late = {"deadline": "2027-03-05T17:00", "release": "2027-03-01T10:00"}
    assert "is after the release, 2027-03-01" in rosa.does(f"{CALL}/extend", late).text
    assert "must say what was wrong" in rosa.does(f"{CALL}/erratum", {**ERRATUM, "text": " "}).text
    assert "Type the name" in rosa.does(f"{CALL}/cancel", {"name": "safe"}).text
    with here.app.database.changing() as session:
        session.get_one(Call, here.call.id).state = CallState.RELEASED
    for deed, form in (("close", {}), ("cancel", {"name": "safe-passage"})):
        assert "is released" in rosa.does(f"{CALL}/{deed}", form).text
    assert asked(here) == []


def test_a_deadline_that_has_passed_while_its_task_waited_is_refused_there(here: Visit, rosa: Seated) -> None:
    rosa.post(f"{CALL}/extend", {"deadline": "2027-03-05T17:00", "release": "2027-03-09T10:00"})
    with here.app.database.changing() as session:
        session.get_one(Call, here.call.id).state = CallState.CANCELLED
    assert tasks.worker(here.app.database, here.app.house).once() == 1
    assert [task.state for task in asked(here)] == ["refused"]
    assert "only an open or closed one can be extended" in rosa.get("/console/tasks/1").text
