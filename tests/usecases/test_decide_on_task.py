"""What a second person must consent to waits for her, and for nobody else."""

from dataclasses import asdict, replace

import pytest
from sqlmodel import select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.tasks import TaskState, TaskVerb
from outreach.queries.proposals import count_proposals, proposed, waiting_proposals
from outreach.store.calls import export_call
from outreach.store.database import Database
from outreach.store.tables import Call, CallText, Event, LetterText, Task, User
from outreach.usecases.ask_for_task import ask_for_task
from outreach.usecases.decide_on_task import consent_to_task, decline_task
from outreach.usecases.launch_call import launch_call
from tests import make, tasks

HIS = "darnell@coalition.example"


def setting(database: Database) -> tuple[House, User, User]:
    """A workspace of two people that asks for both of them."""
    house = make.house(database, workspace={"second_person": True})
    return house, tasks.rosa(database), tasks.rosa(database, address=HIS, name="Darnell")


def launched(database: Database, house: House) -> Call:
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house)
        launch_call(session, call, now=make.NOON, by="Rosa", house=house, authorised_by="Darnell")
        return call


def amendment(database: Database, call: Call, body: str) -> dict[str, object]:
    with database.reading() as session:
        letters = export_call(session, call).letters
    amended = {language: asdict(replace(text, body=f"{body}\n")) for language, text in letters.items()}
    return {"version": "1", "letters": amended, "substance": "It asks for more."}


def count_messages(database: Database) -> int:
    with database.reading() as session:
        return len(make.messages(session))


def proposal(database: Database, user: User, verb: TaskVerb, call: Call, given: dict[str, object]) -> int:
    with database.changing() as session:
        task = ask_for_task(
            session, verb, user, call=call, given=given, propose=True, now=make.NOON, by=user.address
        )
        return task.id or 0


def decided(database: Database, number: int, user: User, verb: object) -> None:
    with database.changing() as session:
        verb(session, session.get_one(Task, number), user, now=make.NOON)  # type: ignore[operator]


def test_what_is_proposed_is_done_by_the_worker_only_after_somebody_else_has_consented(database: Database) -> None:
    house, rosa, darnell = setting(database)
    call = launched(database, house)
    number = proposal(database, rosa, TaskVerb.AMEND, call, amendment(database, call, "Another letter."))
    assert tasks.worker(database, house).once() == 0
    with pytest.raises(Refusal, match="You proposed it yourself"):
        decided(database, number, rosa, consent_to_task)
    with database.reading() as session:
        assert [one.id for one in waiting_proposals(session, darnell.id or 0, None)] == [number]
        assert count_proposals(session, darnell.id or 0, frozenset({call.id or 0})) == 1
        assert count_proposals(session, darnell.id or 0, frozenset({99})) == 0
        assert waiting_proposals(session, rosa.id or 0, None) == []
        shown = proposed(session, number)
    assert shown.says == "It asks for more."
    assert any("Another letter." in piece.text for paragraph in shown.changes["en"] for piece in paragraph)
    decided(database, number, darnell, consent_to_task)
    assert tasks.worker(database, house).once() == 1
    assert tasks.seen(database, number).state is TaskState.DONE, tasks.seen(database, number).sentences
    with database.reading() as session:
        bodies = session.exec(select(LetterText.body).where(LetterText.version == 2, LetterText.language == "en"))
        assert bodies.one() == "Another letter.\n"
        verbs = {one.verb: one.by for one in session.exec(select(Event))}
    assert verbs["propose_task"] == verbs["amend_letter"] == rosa.address
    assert verbs["consent_to_task"] == HIS
    with pytest.raises(Refusal, match="is done; nobody's consent"):
        decided(database, number, darnell, decline_task)


@pytest.mark.parametrize(
    ("decider", "said"), [("Rosa", "It was taken back."), ("Darnell", "Darnell did not consent.")]
)
def test_what_is_declined_or_taken_back_changes_nothing(database: Database, decider: str, said: str) -> None:
    house, rosa, darnell = setting(database)
    call = launched(database, house)
    given: dict[str, object] = {"corrects": "invitation", "text": "The day was wrong."}
    number = proposal(database, rosa, TaskVerb.ERRATUM, call, given)
    with pytest.raises(Refusal, match="This is being done already"):
        proposal(database, rosa, TaskVerb.ERRATUM, call, given)
    decided(database, number, {"Rosa": rosa, "Darnell": darnell}[decider], decline_task)
    assert tasks.worker(database, house).once() == 0
    assert tasks.seen(database, number).sentences == (f"{said} Nothing was changed.",)
    assert count_messages(database) == 1, "only the invitation"


def test_what_was_taken_back_a_moment_ago_is_not_consented_to(postgresql: Database) -> None:
    house, rosa, darnell = setting(postgresql)
    call = launched(postgresql, house)
    given: dict[str, object] = {"corrects": "invitation", "text": "The day was wrong."}
    number = proposal(postgresql, rosa, TaskVerb.ERRATUM, call, given)
    with postgresql.changing() as session:
        seen = session.get_one(Task, number)
        decided(postgresql, number, rosa, decline_task)
        with pytest.raises(Refusal, match="is refused; nobody's consent"):
            consent_to_task(session, seen, darnell, now=make.NOON)
    assert tasks.worker(postgresql, house).once() == 0
    assert count_messages(postgresql) == 1, "only the invitation"


def test_a_text_that_was_changed_since_is_not_written_over(database: Database) -> None:
    house, rosa, darnell = setting(database)
    call = launched(database, house)
    with database.reading() as session:
        before = export_call(session, call).texts[MessageKind.REMINDER, "en"]
    numbers = [
        proposal(
            database,
            rosa,
            TaskVerb.EDIT_MAIL,
            call,
            {"kind": "reminder", "language": "en", "before": before, "text": f"{before}\n{word}.\n"},
        )
        for word in ("First", "Second")
    ]
    for number in numbers:
        decided(database, number, darnell, consent_to_task)
    assert tasks.worker(database, house).once() == 2
    assert [tasks.seen(database, one).state for one in numbers] == [TaskState.DONE, TaskState.REFUSED]
    assert "propose it anew" in tasks.seen(database, numbers[1]).sentences[0]
    with database.reading() as session:
        current = session.exec(
            select(CallText.source).where(
                CallText.kind == MessageKind.REMINDER, CallText.language == "en", CallText.current
            )
        ).one()
    assert "First" in current


def test_only_what_asks_for_consent_can_be_proposed(database: Database) -> None:
    house, rosa, _ = setting(database)
    call = launched(database, house)
    with pytest.raises(ValueError, match="asks for nobody's consent"):
        proposal(database, rosa, TaskVerb.CLOSE, call, {})
