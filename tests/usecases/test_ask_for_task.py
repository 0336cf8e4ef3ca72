"""Asking for a task: once, of what there is."""

import threading

import pytest
from sqlmodel import select

from outreach.domain.errors import Refusal
from outreach.domain.tasks import ASKS, TaskState, TaskVerb
from outreach.store.database import Database
from outreach.store.tables import Event, Task
from tests import make, tasks, users


def test_a_task_waits_with_what_was_given_and_the_log_says_who_asked(database: Database) -> None:
    rosa = tasks.rosa(database)
    number = tasks.asked(
        database, TaskVerb.IMPORT_CONTACTS, rosa, given={"basis": "member"}, file=("people.csv", tasks.people(1))
    )
    with database.reading() as session:
        task = session.get_one(Task, number)
        (event,) = session.exec(select(Event).where(Event.verb == "ask_for_task")).all()
    assert (task.state, task.given, task.user_id) == (TaskState.WAITING, {"basis": "member"}, rosa.id)
    assert (event.by, event.subject_id, event.facts) == (users.ROSA, number, {"task": "import-contacts"})


def test_the_same_is_not_asked_for_twice_while_it_waits(database: Database) -> None:
    rosa = tasks.rosa(database)
    first = tasks.asked(database, TaskVerb.IMPORT_CONTACTS, rosa, file=("people.csv", tasks.people(2)))
    with pytest.raises(Refusal, match=f"task {first}, and waiting"):
        tasks.asked(database, TaskVerb.IMPORT_CONTACTS, rosa, file=("again.csv", tasks.people(2)))


def test_another_file_or_another_wish_is_another_task(database: Database) -> None:
    rosa = tasks.rosa(database)
    for given, file in (({}, tasks.people(1)), ({"dry_run": True}, tasks.people(1)), ({}, tasks.people(2))):
        tasks.asked(database, TaskVerb.IMPORT_CONTACTS, rosa, given=given, file=("people.csv", file))
    with database.reading() as session:
        assert len(session.exec(select(Task)).all()) == 3


def test_a_release_waits_once_for_each_call_whatever_is_given(database: Database) -> None:
    rosa, house = tasks.rosa(database), make.house(database)
    with database.changing() as session:
        one, other = make.call(session, house), make.call(session, house, slug="another")
    tasks.asked(database, TaskVerb.SIGN_OFF, rosa, call=one)
    tasks.asked(database, TaskVerb.SIGN_OFF, rosa, call=other)
    with pytest.raises(Refusal, match="already"):
        tasks.asked(database, TaskVerb.SIGN_OFF, rosa, call=one, given={"reason": "once more"})


def test_of_two_clicks_at_once_one_is_refused(database: Database) -> None:
    rosa, house = tasks.rosa(database), make.house(database)
    with database.changing() as session:
        call = make.call(session, house)
    refused, gate = [], threading.Barrier(4)

    def click() -> None:
        gate.wait()
        try:
            tasks.asked(database, TaskVerb.RELEASE, rosa, call=call)
        except Refusal as refusal:
            refused.append(refusal)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert len(refused) == 3


@pytest.mark.parametrize("verb", [verb for verb in TaskVerb if ASKS[verb].from_file and not ASKS[verb].of_call])
def test_an_import_without_a_file_is_refused(sqlite: Database, verb: TaskVerb) -> None:
    with pytest.raises(Refusal, match="Choose a file"):
        tasks.asked(sqlite, verb, tasks.rosa(sqlite))


def test_a_word_that_the_verb_does_not_know_is_a_defect(sqlite: Database) -> None:
    with pytest.raises(ValueError, match="knows no colour"):
        tasks.asked(
            sqlite, TaskVerb.IMPORT_FACTS, tasks.rosa(sqlite), given={"colour": "red"}, file=("a.csv", b"a")
        )
