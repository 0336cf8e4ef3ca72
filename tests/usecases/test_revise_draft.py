"""A draft is changed part by part, and what is not touched stays as it is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from outreach.domain.audiences import Audience
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.new_calls import slug_of, suggested_last_call, suggested_reminders
from outreach.store.calls import export_call
from outreach.store.database import Database
from outreach.store.tables import CallExclusion, CallText, LetterText
from outreach.usecases.revise_draft import revise_draft
from tests import make
from tests.make import NOON


def test_only_what_differs_is_written_anew(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = make.call(session, house, excluded=("otto@harbour.example",))
        file = export_call(session, call)
        before = {text.id for text in session.exec(select(CallText))}
        kept = {text.id for text in session.exec(select(LetterText)) if text.language != "en"}
        letters = {**file.letters, "en": replace(file.letters["en"], title="Another title")}
        texts = dict(file.texts)
        key = (MessageKind.INVITATION, "en")
        texts[key] += "\nOne line more.\n"
        changed = replace(file, letters=letters, texts=texts, audience=Audience(tags=("fishing",)))
        revise_draft(session, call, changed, part="letter", now=NOON, by="Rosa")
        assert export_call(session, call) == changed
        assert len({text.id for text in session.exec(select(CallText))} - before) == 1
        assert kept <= {text.id for text in session.exec(select(LetterText))}
        assert len(session.exec(select(CallExclusion)).all()) == 1


def test_a_mail_that_is_wrong_and_an_open_call_are_declined(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        file = export_call(session, call)
        with pytest.raises(Refusal, match="only be changed in a draft"):
            revise_draft(session, call, file, part="letter", now=NOON, by="Rosa")
        draft = make.call(session, house, slug="another-one")
        wrong = replace(export_call(session, draft), texts={**file.texts, (MessageKind.REMINDER, "en"): "x"})
        with pytest.raises(InvalidInput, match=r"reminder\.en\.md"):
            revise_draft(session, draft, wrong, part="mails", now=NOON, by="Rosa")


def test_a_short_name_is_made_of_the_letters_that_addresses_may_have() -> None:
    assert slug_of("  Safe passage: für alle, 2027! ") == "safe-passage-fur-alle-2027"
    assert slug_of("المرافئ") == ""
    assert len(slug_of("a b" * 100)) <= 60
    assert not slug_of("a" * 59 + " b").endswith("-")


def test_reminders_are_suggested_where_there_is_time_for_them() -> None:
    assert suggested_reminders(timedelta(days=40)) == ("21d", "7d")
    assert suggested_reminders(timedelta(days=14)) == ("7d",)
    assert suggested_reminders(timedelta(days=2)) == ()
    assert (suggested_last_call(timedelta(days=14)), suggested_last_call(timedelta(days=1))) == ("24h", "")
