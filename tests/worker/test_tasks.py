"""Tasks are done once, in their order, and say what came of them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest
import structlog
from sqlmodel import Session, select

from outreach.domain.tasks import Step, TaskState, TaskVerb
from outreach.domain.users import Role, UserState
from outreach.store.database import Database
from outreach.store.tables import (
    Contact,
    Document,
    Edition,
    Task,
    User,
    UserRole,
)
from outreach.store.tasks import MOST_BEGUN, claim_task, put_back_of_the_dead
from outreach.worker.jobs.handlers import HANDLERS
from outreach.worker.jobs.job import Ending, Finish, Job
from outreach.worker.tasks import KEPT, Tasks
from tests import make, tasks


def handlers(**work: object) -> Mapping[TaskVerb, object]:
    """The real ones, but for those that are named (release=...)."""
    return {**HANDLERS, **{TaskVerb(name.replace("_", "-")): one for name, one in work.items()}}


# Refused, failed.


def test_a_refusal_ends_a_task_with_its_sentences_and_changes_nothing(database: Database) -> None:
    rosa, house = tasks.rosa(database), make.house(database)
    with database.changing() as session:
        call = tasks.open_call(session, house)
    number = tasks.asked(database, TaskVerb.SIGN_OFF, rosa, call=call)
    assert tasks.worker(database, house).once() == 1
    seen = tasks.seen(database, number)
    assert seen.state is TaskState.REFUSED
    assert "signed off when signing has ended" in seen.sentences[0]
    with database.reading() as session:
        assert not session.exec(select(Edition)).all()


def test_what_breaks_ends_a_task_and_neither_its_page_nor_the_log_quotes_anybody(database: Database) -> None:
    rosa, call = tasks.rosa(database), tasks.closed_call(database)

    def breaks(_job: Job) -> Finish:
        raise ValueError("idris@quay.example is not what I wanted")

    number = tasks.asked(database, TaskVerb.RELEASE, rosa, call=call)
    with structlog.testing.capture_logs() as said:
        tasks.worker(database, make.house(database), handlers=handlers(release=breaks)).once()
    seen = tasks.seen(database, number)
    assert (seen.state, seen.sentences) == (
        TaskState.FAILED,
        (f"Something broke. The worker's log says where: look for task {number}.",),
    )
    (line,) = [one for one in said if one["event"] == "a task failed"]
    assert line["why"].startswith("ValueError in test_tasks.py, line ")
    assert "idris" not in str(said)


def test_the_log_of_an_import_names_nobody(sqlite: Database) -> None:
    number = tasks.asked(sqlite, TaskVerb.IMPORT_CONTACTS, tasks.rosa(sqlite), file=tasks.CSV)
    with structlog.testing.capture_logs() as said:
        tasks.worker(sqlite, make.house(sqlite)).once()
    assert {"event": "a task begins", "task": number, "verb": "import-contacts", "log_level": "info"} in said
    assert not [word for word in ("idris", "Idris", "Otto", "people.csv", "rosa") if word in str(said)]


@pytest.mark.parametrize("gone", ["disabled", "without the right"])
def test_what_a_person_may_no_longer_do_is_not_done_for_her(database: Database, gone: str) -> None:
    rosa, call = tasks.rosa(database), tasks.closed_call(database)
    number = tasks.asked(database, TaskVerb.SIGN_OFF, rosa, call=call)
    with database.changing() as session:
        if gone == "disabled":
            session.get_one(User, rosa.id).state = UserState.DISABLED
        else:
            for one in session.exec(select(UserRole)):
                one.role = Role.STAFF
                session.add(one)
    tasks.worker(database, make.house(database)).once()
    assert tasks.seen(database, number).state is TaskState.REFUSED


# Once, whoever dies and however many there are.


def test_a_task_of_a_dead_owner_waits_again_and_one_that_kills_its_worker_is_given_up(database: Database) -> None:
    rosa, call = tasks.rosa(database), tasks.closed_call(database)
    number = tasks.asked(database, TaskVerb.SIGN_OFF, rosa, call=call)
    for _ in range(MOST_BEGUN):
        with database.changing() as session:
            put_back_of_the_dead(session, tasks.OWNER)
            claimed = claim_task(session, "harbour:9:dead", now=make.NOON)
            assert claimed is not None
            assert claimed.id == number
    tasks.worker(database, make.house(database)).once()
    seen = tasks.seen(database, number)
    assert seen.state is TaskState.FAILED
    assert "died 3 times" in seen.sentences[0]


def test_what_was_taken_over_by_another_worker_is_undone_here(database: Database) -> None:
    rosa, call = tasks.rosa(database), tasks.closed_call(database)
    number = tasks.asked(database, TaskVerb.SIGN_OFF, rosa, call=call)

    def slowly(job: Job) -> Finish:
        with database.changing() as session:
            task = session.get_one(Task, number)
            task.claimed_by = "harbour:2:b"
        return HANDLERS[TaskVerb.SIGN_OFF](job)

    tasks.worker(database, make.house(database), handlers=handlers(sign_off=slowly)).once()
    with database.reading() as session:
        assert not session.exec(select(Edition)).all()
        assert session.get_one(Task, number).claimed_by == "harbour:2:b"


def test_two_workers_never_do_the_same_nor_two_of_one_call_at_once(postgresql: Database) -> None:
    rosa, house = tasks.rosa(postgresql), make.house(postgresql)
    call = tasks.closed_call(postgresql)
    with postgresql.changing() as session:
        calls = [call, *(make.call(session, house, slug=f"call-{number}") for number in range(5))]
    done: list[tuple[int, int]] = []
    busy: set[int] = set()
    gate = threading.Lock()

    def notes(job: Job) -> Finish:
        mine = job.task.call_id or 0
        with gate:
            assert mine not in busy, "two of one call at once"
            busy.add(mine)

        def finish(_session: Session) -> Ending:
            with gate:
                busy.discard(mine)
                done.append((job.task.id or 0, mine))
            return Ending(("noted.",))

        return finish

    numbers = [
        tasks.asked(postgresql, verb, rosa, call=one)
        for one in calls
        for verb in (TaskVerb.SIGN_OFF, TaskVerb.RELEASE, TaskVerb.PACK_PROOF)
    ]
    every = handlers(sign_off=notes, release=notes, pack_proof=notes)
    with living(postgresql, "a") as a, living(postgresql, "b") as b:
        workers = [tasks.worker(postgresql, house, owner=owner, handlers=every) for owner in (a, b)]

        def until_done(each: Tasks) -> None:
            while len(done) < len(numbers):
                each.once()

        threads = [threading.Thread(target=until_done, args=(each,)) for each in workers]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
    assert sorted(number for number, _ in done) == sorted(numbers)
    for each in calls:
        mine = [number for number, about in done if about == each.id]
        assert mine == sorted(mine), "those of one call in the order in which they were asked for"


@contextmanager
def living(database: Database, _name: str) -> Iterator[str]:
    """An owner who holds a lock that shows that it lives."""
    from outreach.store.ownership import owning

    with owning(database) as owner:
        yield owner


def test_who_is_told_to_stop_undoes_what_it_does_and_it_waits_as_if_not_begun(database: Database) -> None:
    rosa, house = tasks.rosa(database), make.house(database)
    number = tasks.asked(database, TaskVerb.IMPORT_CONTACTS, rosa, file=("p.csv", tasks.people(1200)))
    stopped: list[Tasks] = []

    def stops(job: Job) -> Finish:
        finish = HANDLERS[TaskVerb.IMPORT_CONTACTS](job)
        stopped[0].stop()
        return finish

    stopped.append(tasks.worker(database, house, handlers=handlers(import_contacts=stops)))
    assert stopped[0].once() == 0
    seen = tasks.seen(database, number)
    assert (seen.state, seen.step, seen.started_at) == (TaskState.WAITING, Step(), None)
    tasks.worker(database, house).once()
    assert tasks.seen(database, number).figures["added"] == 1200


# Seen while it is done.


def test_progress_is_seen_while_the_works_own_transaction_is_open(database: Database) -> None:
    number = tasks.asked(
        database, TaskVerb.IMPORT_CONTACTS, tasks.rosa(database), file=("people.csv", tasks.people(1500))
    )
    steps: list[Step] = []

    def watched(job: Job) -> Finish:
        finish = HANDLERS[TaskVerb.IMPORT_CONTACTS](job)

        def finishing(session: Session) -> Ending:
            ending = finish(session)
            with database.reading() as other:
                assert not other.exec(select(Contact)).all(), "the transaction is still open"
            steps.append(tasks.seen(database, number).step)
            return ending

        return finishing

    tasks.worker(database, make.house(database), handlers=handlers(import_contacts=watched)).once()
    (step,) = steps
    assert step.stage == "writing"
    assert 0 < step.done <= step.total
    assert tasks.seen(database, number).step == Step("", 1500, 1500)


def test_a_task_knows_its_place_in_the_queue(database: Database) -> None:
    rosa = tasks.rosa(database)
    numbers = [
        tasks.asked(database, TaskVerb.IMPORT_CONTACTS, rosa, file=("p.csv", tasks.people(count)))
        for count in (1, 2, 3)
    ]
    assert [tasks.seen(database, one).position for one in numbers] == [1, 2, 3]
    with database.changing() as session:
        claim_task(session, tasks.OWNER, now=make.NOON)
    assert [tasks.seen(database, one).position for one in numbers] == [0, 1, 2]


def test_twenty_thousand_contacts_are_imported_by_a_task(sqlite: Database) -> None:
    number = tasks.asked(
        sqlite, TaskVerb.IMPORT_CONTACTS, tasks.rosa(sqlite), file=("many.csv", tasks.people(20_000))
    )
    tasks.worker(sqlite, make.house(sqlite)).once()
    assert tasks.seen(sqlite, number).sentences[0] == "Contacts: 20,000 added, 0 changed, 0 as before."


def test_files_and_words_of_tasks_are_gone_a_month_after_they_ended(database: Database) -> None:
    rosa, clock = tasks.rosa(database), make.TurnedClock()
    number = tasks.asked(database, TaskVerb.IMPORT_CONTACTS, rosa, given={"dry_run": True}, file=tasks.CSV)
    each = tasks.worker(database, make.house(database), clock)
    each.once()
    for turned, kept in ((timedelta(), 1), (KEPT + timedelta(hours=2), 0)):
        clock.turn(turned)
        each.clear_old()
        with database.reading() as session:
            assert len(session.exec(select(Document)).all()) == kept
    seen = tasks.seen(database, number)
    assert (seen.sentences, seen.refused, seen.source) == ((), (), "")
    assert seen.figures["added"] == 1


def test_a_file_that_is_no_table_is_refused_and_no_failure(sqlite: Database) -> None:
    number = tasks.asked(sqlite, TaskVerb.IMPORT_CONTACTS, tasks.rosa(sqlite), file=("people.csv", b"%PDF-1.7"))
    tasks.worker(sqlite, make.house(sqlite)).once()
    seen = tasks.seen(sqlite, number)
    assert (seen.state, seen.sentences) == (
        TaskState.REFUSED,
        ("people.csv is a PDF. Save it as .xlsx or as CSV (UTF-8).",),
    )
