"""Editing: everything of a draft, only the mail texts of an open call, and waiting mails go with the new text."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.audiences import Audience
from outreach.domain.call_files import CallFile
from outreach.domain.correspondence import LetterKind
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.reminders import parse_offset
from outreach.domain.states import CallState, MessageState
from outreach.queries.publications import publication
from outreach.rendering.composing import compose
from outreach.store.calls import export_call, letter_texts
from outreach.store.database import Database
from outreach.store.outbox import load_message
from outreach.store.settling import Settlement, settle
from outreach.store.tables import Call, CallExclusion, CallText, Message
from outreach.usecases.edit_call import Edited, edit_call
from outreach.usecases.issue_erratum import issue_erratum
from outreach.usecases.retry_messages import retry_messages
from tests import make

NOW = make.NOON
INVITATION = MessageKind.INVITATION


def edit(session: Session, call: Call, house: House, file: CallFile, **options: Any) -> Edited:
    return edit_call(session, call, file, now=NOW, by="Rosa", house=house, **options)


def with_text(file: CallFile, kind: MessageKind = INVITATION, language: str = "en") -> CallFile:
    """The file with another greeting in one template."""
    source = file.texts[kind, language].replace("Dear ", "Good day, ")
    assert source != file.texts[kind, language]
    return replace(file, texts={**file.texts, (kind, language): source})


def subject_and_text(session: Session, message: Message, house: House) -> str:
    loaded = load_message(session, message.id or 0)
    assert loaded is not None
    return compose(loaded.record, house).content.text


def test_a_draft_becomes_what_its_files_say(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = make.call(session, house)
        file = make.call_file(
            title="Safe passage now",
            reminders=(parse_offset("3d"),),
            audience=Audience(tags=("sea",)),
            deadline=parse_wall_clock("2027-04-01 12:00 Europe/Brussels"),
            excluded=("vera@harbour.example",),
        )
        edit(session, call, house, with_text(file))
        exported = export_call(session, call)
        assert (exported.title, exported.reminders, exported.audience) == (
            file.title,
            file.reminders,
            file.audience,
        )
        assert exported.deadline == file.deadline
        assert call.deadline_at == file.deadline.instant()
        assert exported.texts == with_text(file).texts
        assert len(session.exec(select(CallExclusion)).all()) == 1
        edit(session, call, house, replace(file, excluded=()))
        assert session.exec(select(CallExclusion)).all() == []


def test_what_a_file_says_of_the_letter_is_kept_and_written_again(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.call(session, house, slug="open-ports")
        file = make.call_file(kind=LetterKind.FOLLOW_UP, follows="open-ports", press_contacts=("Rosa Lind",))
        call = make.call(session, house, kind=file.kind, follows=file.follows)
        edit(session, call, house, file)
        exported = export_call(session, call)
        assert (exported.kind, exported.follows) == (LetterKind.FOLLOW_UP, "open-ports")
        assert exported.press_contacts == publication(session, call, house=house).press_contacts == ("Rosa Lind",)
        edit(session, call, house, make.call_file())
        assert export_call(session, call).follows == ""


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("open-port", "Did you mean open-ports?"),
        ("safe-passage", "cannot follow itself"),
        ("old", "was only rehearsed: what was signed there does not count"),
    ],
)
def test_a_letter_follows_only_one_that_was_signed(sqlite: Database, slug: str, said: str) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.call(session, house, slug="open-ports")
        make.call(session, house, slug="old").rehearsal = True
        with pytest.raises(Refusal, match=re.escape(said)):
            make.call(session, house, follows=slug)
        waves = Audience(first_signed=(slug,), others_after="3d")
        with pytest.raises(Refusal, match=re.escape(said)):
            make.call(session, house, audience=waves)


def test_whom_the_press_may_ask_can_change_while_people_sign(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        edit(session, call, house, make.call_file(press_contacts=("Idris Belhaj, +32 2 555 01 98",)))
        assert export_call(session, call).press_contacts == ("Idris Belhaj, +32 2 555 01 98",)


def test_a_language_that_left_the_files_leaves_the_draft(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = make.call(session, house)
        file = make.call_file()
        texts = {key: source for key, source in file.texts.items() if key[1] == "en"}
        edit(session, call, house, replace(file, texts=texts, languages=("en",)))
        assert {language for _, language in export_call(session, call).texts} == {"en"}


def test_editing_with_the_same_files_changes_nothing(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        for launch in (False, True):
            slug = "open" if launch else "draft"
            if launch:
                make.contact(session, house, "idris@harbour.example")
                call, _ = make.launched(session, house, slug=slug)
            else:
                call = make.call(session, house, slug=slug)
            count = len(session.exec(select(CallText)).all())
            assert edit(session, call, house, make.call_file(slug=slug)) == Edited(0, 0)
            assert len(session.exec(select(CallText)).all()) == count


def test_waiting_mails_go_with_the_new_text_and_those_that_went_keep_theirs(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        for name in ("sent", "flying", "waits"):
            make.contact(session, house, f"{name}@harbour.example")
        make.contact(session, house, "francaise@harbour.example", language="fr")
        call, _ = make.launched(session, house)
        first, _ = make.claimed(session, want=2)
        settle(session, [Settlement(first.id, make.ACCEPTED, NOW)], make.WORKER)
        assert edit(session, call, house, with_text(make.call_file())) == Edited(texts=1, messages=1)
        texts = [subject_and_text(session, message, house) for message in make.messages(session)]
        assert ["Good day" in text for text in texts] == [False, False, True, False]


def test_a_held_mailing_goes_with_the_text_that_was_mended(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        issue_erratum(session, call, "The date was wrong.", corrects=INVITATION, now=NOW, by="Rosa", house=house)
        edit(session, call, house, with_text(make.call_file()))
        assert make.claimed(session) == []
        retry_messages(session, call, state=MessageState.HELD, now=NOW, by="Rosa")
        (found,) = make.claimed(session)
        assert "Good day" in compose(found.record, house).content.text


def _other_letter(**changes: Any) -> Callable[[CallFile], CallFile]:
    return lambda file: replace(file, letters={**file.letters, "en": replace(file.letters["en"], **changes)})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_other_letter(body="Another letter.\n"), "people are signing this letter"),
        (_other_letter(title="Another title"), "people are signing this letter"),
        (_other_letter(addressee="Somebody else"), "people are signing this letter"),
        (_other_letter(asks=("Another ask",)), "people are signing this letter"),
        (
            lambda file: replace(file, letters={"en": file.letters["en"]}, languages=("en",)),
            "people are signing this letter",
        ),
        (
            lambda file: replace(file, deadline=parse_wall_clock("2027-04-01 12:00 Europe/Brussels")),
            "'outreach calls extend' is what moves it",
        ),
        (lambda file: replace(file, reminders=(parse_offset("3d"),)), "reminders can no longer be changed"),
        (lambda file: replace(file, organisers=("Somebody else",)), "organisers can no longer be changed"),
        (lambda file: replace(file, audience=Audience(), thank_you=False), "thank_you, audience can no longer"),
        (lambda file: replace(file, release=None), "release can no longer be changed"),
    ],
)
def test_an_open_call_keeps_its_letter_and_its_plan(
    sqlite: Database, change: Callable[[CallFile], CallFile], said: str
) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        before = [text.digest for text in letter_texts(session, call)]
        with pytest.raises(Refusal, match=said):
            edit(session, call, house, change(make.call_file()))
        assert [text.digest for text in letter_texts(session, call)] == before


@pytest.mark.parametrize("state", [CallState.CLOSED, CallState.RELEASED, CallState.CANCELLED])
def test_a_call_that_is_over_is_not_edited(sqlite: Database, state: CallState) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = make.call(session, house)
        call.state = state
        with pytest.raises(Refusal, match=f"is {state.value}; it can no longer be changed"):
            edit(session, call, house, make.call_file())


def test_the_file_of_another_call_is_refused(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = make.call(session, house)
        with pytest.raises(Refusal, match="describes the call 'open-ports'"):
            edit(session, call, house, make.call_file(slug="open-ports"))


def test_a_text_that_is_wrong_is_refused_whole(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = make.call(session, house)
        file = make.call_file()
        key = (INVITATION, "en")
        broken = {**file.texts, key: file.texts[key].replace("letter.title", "letter.titel")}
        with pytest.raises(InvalidInput, match=r"invitation\.en\.md, line \d+"):
            edit(session, call, house, replace(file, texts=broken, title="Another"))
        assert call.title == file.title


def test_texts_of_an_open_call_need_the_second_person_too(sqlite: Database) -> None:
    house = make.house(sqlite)
    strict = make.house(sqlite, workspace={"second_person": True})
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        with pytest.raises(Refusal, match="second person"):
            edit(session, call, strict, with_text(make.call_file()))
        assert edit(session, call, strict, with_text(make.call_file()), authorised_by="Idris").texts == 1


def test_an_edit_leaves_the_old_text_where_it_can_be_read(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = make.call(session, house)
        edit(session, call, house, with_text(make.call_file()))
        found = session.exec(
            select(CallText)
            .where(CallText.kind == INVITATION, CallText.language == "en")
            .order_by(col(CallText.id))
        ).all()
        assert [text.current for text in found] == [False, True]
