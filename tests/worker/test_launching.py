"""The worker launches a call as it was looked at, and nothing else."""

from outreach.domain.states import CallState
from outreach.domain.tasks import TaskState, TaskVerb
from outreach.store.database import Database
from outreach.store.launch_requests import draft_digest
from outreach.store.tables import Call
from tests import make, tasks


def test_a_draft_is_launched_once_and_as_it_was_looked_at(database: Database) -> None:
    rosa, house = tasks.rosa(database), make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house)
        draft = draft_digest(session, call)
    wrong = tasks.asked(database, TaskVerb.LAUNCH, rosa, call=call, given={"draft": "another"})
    assert tasks.worker(database, house).once() == 1
    assert tasks.seen(database, wrong).state is TaskState.REFUSED
    assert "look at it once more" in tasks.seen(database, wrong).sentences[0]
    right = tasks.asked(database, TaskVerb.LAUNCH, rosa, call=call, given={"draft": draft})
    assert tasks.worker(database, house).once() == 1
    assert tasks.seen(database, right).state is TaskState.DONE
    with database.reading() as session:
        assert session.get_one(Call, call.id).state is CallState.OPEN
        assert len(make.messages(session)) == 1
