"""What Rosa types to see what the worker was asked to do."""

import pytest

from outreach.bootstrap import open_workspace
from outreach.domain.tasks import TaskVerb
from outreach.store.calls import find_call
from tests import tasks
from tests.cli.conftest import Terminal

CSV = ("people.csv", b"email,name,basis\nidris@quay.example,Idris,member\nno address,Otto,member\n")


@pytest.fixture
def asked(draft: Terminal) -> Terminal:
    """An import was asked for, and a rendered letter after it."""
    app = open_workspace(draft.folder)
    user = tasks.rosa(app.database)
    tasks.asked(app.database, TaskVerb.IMPORT_CONTACTS, user, file=CSV, now=app.clock.now())
    with app.database.reading() as session:
        call = find_call(session, "safe-passage")
    given = {"format": "txt"}
    tasks.asked(app.database, TaskVerb.RENDER_LETTER, user, call=call, given=given, now=app.clock.now())
    app.database.close()
    return draft


def test_what_waits_stands_there_with_its_place_and_what_came_of_it_after_the_worker_was_there(
    asked: Terminal,
) -> None:
    waiting = asked.does("tasks", "list")
    assert [f"no. {place} in the queue" in waiting for place in (1, 2)] == [True, True]
    asked.does("worker", "--until-idle")
    assert asked.does("tasks", "list").count("done") == 2
    shown = asked.does("tasks", "show", "1")
    assert "Contacts: 1 added" in shown
    assert "row 3" in shown
    asked.does("tasks", "show", "2", "--output", asked.file("letter.txt"))
    assert "Excellencies" in asked.file("letter.txt").read_text(encoding="utf-8")


def test_a_file_that_is_there_is_not_written_over(asked: Terminal) -> None:
    asked.does("worker", "--until-idle")
    asked.file("letter.txt").write_text("mine", encoding="utf-8")
    assert "--replace" in asked.is_refused("tasks", "show", "2", "--output", asked.file("letter.txt"))
    assert "No file came of task 1" in asked.is_refused("tasks", "show", "1", "--output", asked.file("a.txt"))


def test_a_task_that_is_not_there_is_said_to_be_none(draft: Terminal) -> None:
    assert "'outreach tasks list' shows them" in draft.is_refused("tasks", "show", "7")
    assert "Nobody has asked for anything." in draft.does("tasks", "list")
