"""What the tests of tasks share: who asks, for what, and a worker that does it at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.tasks import TaskVerb
from outreach.queries.tasks import TaskLine, find_task
from outreach.store.database import Database
from outreach.store.documents import keep_document
from outreach.store.tables import Call, User
from outreach.usecases.ask_for_task import ask_for_task
from outreach.usecases.close_call import close_call
from outreach.worker.tasks import Tasks
from tests import make, users
from tests.make import TurnedClock
from tests.stage import RecordingTransport, stage

OWNER = "harbour:1:a"


def rosa(database: Database, **more: Any) -> User:
    """Somebody who may ask for everything."""
    with database.changing() as session:
        return users.user(session, **{"password": "", **more})


def asked(
    database: Database,
    verb: TaskVerb,
    user: User,
    *,
    call: Call | None = None,
    given: Mapping[str, Any] | None = None,
    file: tuple[str, bytes] | None = None,
    now: datetime = make.NOON,
) -> int:
    """The number of the task that the user asks for."""
    with database.changing() as session:
        document = None
        if file:
            document = keep_document(session, file[0], "text/csv", file[1], now=now, by=user.address)
        task = ask_for_task(
            session, verb, user, call=call, given=given, document=document, now=now, by=user.address
        )
        return task.id or 0


def seen(database: Database, task_id: int) -> TaskLine:
    """The task as a page shows it."""
    with database.reading() as session:
        found = find_task(session, task_id)
    assert found is not None
    return found


def worker(
    database: Database, house: House, clock: TurnedClock | None = None, owner: str = OWNER, **more: Any
) -> Tasks:
    """Somebody who does what is asked for."""
    clock = clock or TurnedClock()
    return Tasks(stage(database, house, clock, RecordingTransport(clock)), owner, **more)


def people(count: int, start: int = 0) -> bytes:
    """A table of so many contacts."""
    rows = (
        f"member{number}@harbour.example,Member {number},BE,en,consent" for number in range(start, start + count)
    )
    return "\n".join(["email,name,country,language,basis", *rows, ""]).encode()


CSV = ("people.csv", b"email,name,basis\nidris@quay.example,Idris,member\nno address,Otto,member\n")


def open_call(session: Session, house: House) -> Call:
    """The sample call, launched to one."""
    make.contact(session, house, "idris@quay.example")
    return make.launched(session, house)[0]


def closed_call(database: Database, *, signatures: int = 3) -> Call:
    """The sample call, signed by some and closed."""
    house = make.house(database)
    with database.changing() as session:
        call = open_call(session, house)
        for number in range(signatures):
            make.signature(session, call, name=f"Harbour Lamp {number}", key=f"k{number}")
        close_call(session, call, now=make.NOON, by="Rosa")
        return call
