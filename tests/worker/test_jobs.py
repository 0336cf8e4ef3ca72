"""What each verb of a task does, and what came of it."""

import io
import zipfile
from dataclasses import replace

from sqlmodel import select

from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import Visibility
from outreach.domain.states import CallState, SignatureState
from outreach.domain.tasks import ASKS, Step, TaskState, TaskVerb
from outreach.store.database import Database
from outreach.store.documents import content_of
from outreach.store.tables import (
    Addressee,
    Call,
    Contact,
    Document,
    Event,
    Message,
    Post,
    Signature,
)
from outreach.worker.jobs.handlers import HANDLERS
from outreach.worker.jobs.job import Finish, Job
from tests import make, officials, tasks
from tests.make import ROOT


def test_every_verb_has_work_and_a_right() -> None:
    assert set(HANDLERS) == set(ASKS) == set(TaskVerb)


def test_contacts_are_imported_and_the_rows_left_out_are_named(database: Database) -> None:
    number = tasks.asked(database, TaskVerb.IMPORT_CONTACTS, tasks.rosa(database), file=tasks.CSV)
    assert tasks.worker(database, make.house(database)).once() == 1
    seen = tasks.seen(database, number)
    assert seen.state is TaskState.DONE
    assert seen.sentences[0] == "Contacts: 1 added, 0 changed, 0 as before."
    assert ["no address" in line for line in seen.refused] == [True]
    assert (seen.figures["added"], seen.figures["refused"]) == (1, 1)
    assert (seen.step.done, seen.source) == (2, "people.csv")
    with database.reading() as session:
        assert [one.name for one in session.exec(select(Contact))] == ["Idris"]
        assert not session.exec(select(Document)).all(), "a file that was taken in is not kept beside its contacts"
        verbs = session.exec(select(Event.verb).order_by(Event.id)).all()  # type: ignore[arg-type]
    assert verbs == ["ask_for_task", "import_contacts", "end_task"]


def test_a_dry_run_tells_of_an_import_changes_nothing_and_keeps_the_file_for_the_real_one(
    database: Database,
) -> None:
    rosa, house = tasks.rosa(database), make.house(database)
    number = tasks.asked(database, TaskVerb.IMPORT_CONTACTS, rosa, given={"dry_run": True}, file=tasks.CSV)
    tasks.worker(database, house).once()
    seen = tasks.seen(database, number)
    assert (seen.state, seen.figures["added"], seen.dry_run) == (TaskState.DONE, 1, True)
    with database.reading() as session:
        assert not session.exec(select(Contact)).all()
        assert [one.name for one in session.exec(select(Document))] == ["people.csv"]


def test_officials_and_facts_are_imported(database: Database) -> None:
    rosa = tasks.rosa(database)
    for verb, name in ((TaskVerb.IMPORT_OFFICIALS, "officials.csv"), (TaskVerb.IMPORT_FACTS, "facts.csv")):
        number = tasks.asked(database, verb, rosa, file=(name, (ROOT / "contacts" / name).read_bytes()))
        tasks.worker(database, make.house(database)).once()
        assert tasks.seen(database, number).state is TaskState.DONE, tasks.seen(database, number).sentences
    with database.reading() as session:
        assert session.exec(select(Post)).all()


def test_signatures_are_imported_from_a_printed_list(database: Database) -> None:
    rosa, house = tasks.rosa(database), make.house(database)
    with database.changing() as session:
        call = tasks.open_call(session, house)
    number = tasks.asked(
        database,
        TaskVerb.IMPORT_SIGNATURES,
        rosa,
        call=call,
        given={"visibility": "addressee"},
        file=("list.txt", b"Harbour Lamp\nQuiet House\n"),
    )
    tasks.worker(database, house).once()
    assert tasks.seen(database, number).state is TaskState.DONE, tasks.seen(database, number).sentences
    with database.reading() as session:
        found = session.exec(select(Signature)).all()
    assert [(one.name, one.state, one.visibility) for one in found] == [
        ("Harbour Lamp", SignatureState.CONFIRMED, Visibility.ADDRESSEE),
        ("Quiet House", SignatureState.CONFIRMED, Visibility.ADDRESSEE),
    ]


def test_a_list_is_signed_off_then_released_in_the_order_in_which_it_was_asked(database: Database) -> None:
    rosa, call = tasks.rosa(database), tasks.closed_call(database)
    numbers = [tasks.asked(database, verb, rosa, call=call) for verb in (TaskVerb.SIGN_OFF, TaskVerb.RELEASE)]
    assert tasks.worker(database, make.house(database)).once() == 2
    assert [tasks.seen(database, one).sentences[0] for one in numbers] == [
        "Edition 1 is signed off: 3 named, 0 more counted.",
        "safe-passage is released. Told of it: 0.",
    ]
    with database.reading() as session:
        assert session.get_one(Call, call.id).state is CallState.RELEASED


def test_a_letter_is_rendered_to_a_file_to_fetch(sqlite: Database) -> None:
    rosa, call = tasks.rosa(sqlite), tasks.closed_call(sqlite)
    tasks.asked(sqlite, TaskVerb.SIGN_OFF, rosa, call=call)
    number = tasks.asked(sqlite, TaskVerb.RENDER_LETTER, rosa, call=call, given={"format": "pdf"})
    tasks.worker(sqlite, make.house(sqlite)).once()
    file = tasks.seen(sqlite, number).file
    assert file is not None, tasks.seen(sqlite, number).sentences
    assert (file.name, file.media_type) == ("safe-passage-edition-1.pdf", "application/pdf")
    with sqlite.reading() as session:
        assert content_of(session, file.document_id).startswith(b"%PDF")


def test_a_letter_is_delivered_and_then_printed_and_packed(sqlite: Database) -> None:
    rosa, house = tasks.rosa(sqlite), make.house(sqlite)
    call = tasks.closed_call(sqlite)
    with sqlite.changing() as session:
        letter = call.letter_id
        for slug, state in (("chile-geneva", "CL"), ("kenya-geneva", "KE")):
            post = officials.post(session, slug, salt=house.salt, state=state)
            officials.holder(session, post)
            session.add(Addressee(letter_id=letter, post_id=post.id or 0, added_by="Rosa", added_at=make.NOON))
    verbs = (TaskVerb.SIGN_OFF, TaskVerb.DELIVER_LETTER, TaskVerb.PRINT_LETTERS, TaskVerb.PACK_PROOF)
    numbers = [tasks.asked(sqlite, verb, rosa, call=call) for verb in verbs]
    assert tasks.worker(sqlite, house).once() == len(verbs)
    _, delivered, printed, packed = (tasks.seen(sqlite, one) for one in numbers)
    assert delivered.sentences == ("safe-passage: released to 2 officials, 2 by mail and 0 on paper.",)
    assert delivered.figures == {"released": 2, "mails": 2, "held": 0}
    with sqlite.reading() as session:
        archives = [
            zipfile.ZipFile(io.BytesIO(content_of(session, one.file.document_id if one.file else 0)))
            for one in (printed, packed)
        ]
    assert archives[0].namelist() == ["safe-passage-chile-geneva.pdf", "safe-passage-kenya-geneva.pdf"]
    assert "index.json" in archives[1].namelist()


def test_a_delivery_that_breaks_off_says_how_many_letters_have_gone_and_goes_on_when_asked_again(
    sqlite: Database,
) -> None:
    rosa, house, call = tasks.rosa(sqlite), make.house(sqlite), tasks.closed_call(sqlite)
    with sqlite.changing() as session:
        for slug, state in (("chile-geneva", "CL"), ("kenya-geneva", "KE"), ("spain-geneva", "ES")):
            post = officials.post(session, slug, salt=house.salt, state=state)
            officials.holder(session, post)
            session.add(
                Addressee(letter_id=call.letter_id, post_id=post.id or 0, added_by="Rosa", added_at=make.NOON)
            )
    tasks.asked(sqlite, TaskVerb.SIGN_OFF, rosa, call=call)
    tasks.worker(sqlite, house).once()

    def breaks_off(job: Job) -> Finish:
        def tell(step: Step) -> None:
            if step.done == 2:
                raise Refusal("The disk is full.")

        return HANDLERS[TaskVerb.DELIVER_LETTER](replace(job, tell=tell))

    first = tasks.asked(sqlite, TaskVerb.DELIVER_LETTER, rosa, call=call)
    tasks.worker(sqlite, house, handlers={TaskVerb.DELIVER_LETTER: breaks_off}).once()
    seen = tasks.seen(sqlite, first)
    assert (seen.state, seen.sentences) == (
        TaskState.REFUSED,
        (
            "The disk is full.",
            "2 letters had been seen to before, which stays so: ask again for the others.",
        ),
    )
    second = tasks.asked(sqlite, TaskVerb.DELIVER_LETTER, rosa, call=call)
    tasks.worker(sqlite, house).once()
    assert tasks.seen(sqlite, second).figures == {"released": 1, "mails": 1, "held": 0}
    with sqlite.reading() as session:
        mails = make.messages(session, Message.kind == MessageKind.DELIVERY)
    assert len({one.occurrence for one in mails}) == len(mails) == 3, "none went twice"
