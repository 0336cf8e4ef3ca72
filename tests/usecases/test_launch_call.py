"""Launching: refused with every reason, consented to by a second person, and then the mailings are planned."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.reminders import parse_offset
from outreach.domain.states import CallState, MailingState, MessageState
from outreach.store.database import Database
from outreach.store.tables import Call, CallText, Event, Mailing
from outreach.usecases.launch_call import Launched, launch_call
from tests import make

NOW = make.NOON
REAL = {
    "smtp": {"host": "mail.lanterncoast.coop", "security": "starttls"},
    "workspace": {
        "name": "Lantern Coast Network",
        "postal_address": "4 Old Harbour Steps, Brussels",
        "base_url": "https://sign.lanterncoast.coop",
    },
}


def mailings(session: Session) -> list[Mailing]:
    return list(session.exec(select(Mailing).order_by(col(Mailing.earliest_at), col(Mailing.id))))


def launch(session: Session, call: Call, house: House, **options: Any) -> Launched:
    return launch_call(session, call, by="Rosa", house=house, **{"now": NOW, **options})


def test_a_launch_queues_the_invitations_and_plans_the_rest(database: Database) -> None:
    house = make.house(database, **REAL)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.contact(session, house, "amal@quay.example", time_zone="Asia/Manila")
        call = make.call(session, house)
        assert launch(session, call, house) == Launched(invitations=2, rehearsal=False)
        assert (call.state, call.launched_at) == (CallState.OPEN, NOW)
        assert [(one.kind, one.occurrence, one.state) for one in mailings(session)] == [
            (MessageKind.INVITATION, "", MailingState.QUEUED),
            (MessageKind.REMINDER, "21d", MailingState.PLANNED),
            (MessageKind.REMINDER, "7d 09:00", MailingState.PLANNED),
            (MessageKind.LAST_CALL, "24h", MailingState.PLANNED),
            (MessageKind.THANK_YOU, "", MailingState.PLANNED),
            (MessageKind.RELEASED, "", MailingState.PLANNED),
        ]
        deadline = datetime(2027, 2, 27, 1, 0, tzinfo=UTC)
        for message in make.messages(session):
            assert (message.state, message.due_at) == (MessageState.QUEUED, NOW)
            assert message.not_after == deadline - timedelta(hours=1)
        event = session.exec(select(Event).where(Event.verb == "launch_call")).one()
        assert (event.by, event.facts["invitations"], event.facts["rehearsal"]) == ("Rosa", 2, False)


def test_nothing_is_planned_that_asks_after_the_deadline(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        asking = [one for one in mailings(session) if one.not_after is not None]
        assert len(asking) == 4
        assert all(one.earliest_at < one.not_after < call.deadline_at for one in asking if one.not_after)


def test_a_reminder_whose_time_has_passed_is_not_planned(database: Database) -> None:
    """Launched four days before the deadline: only the last call is left."""
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.launched(session, house, now=datetime(2027, 2, 22, 12, tzinfo=UTC))
        kinds = {(one.kind, one.occurrence) for one in mailings(session)}
        assert (MessageKind.LAST_CALL, "24h") in kinds
        assert MessageKind.REMINDER not in {kind for kind, _ in kinds}


def test_a_launch_is_refused_with_all_its_reasons_and_changes_nothing(database: Database) -> None:
    """No address, no people, a sample sender, links to this machine only."""
    bare: dict[str, dict[str, Any]] = {
        "workspace": {"postal_address": "", "base_url": "http://127.0.0.1:8080"},
        "smtp": REAL["smtp"],
        "sender": {"address": "calls@coalition.example"},
    }
    house = make.house(database, **bare)
    with database.changing() as session:
        call = make.call(session, house)
        with pytest.raises(Refusal) as refused:
            launch(session, call, house)
        assert len(refused.value.reasons) == 4
        assert call.state is CallState.DRAFT
        assert mailings(session) == []
        assert make.messages(session) == []


@pytest.mark.parametrize("minutes", [0, 59, 60])
def test_a_launch_so_near_the_deadline_that_nobody_could_be_invited_is_refused(
    sqlite: Database, minutes: int
) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house)
        with pytest.raises(Refusal, match="has passed" if not minutes else "so near"):
            launch(session, call, house, now=call.deadline_at - timedelta(minutes=minutes))


def test_a_launch_that_the_sending_limits_would_not_finish_is_refused(sqlite: Database) -> None:
    house = make.house(sqlite, limits={"per_day": 2})
    with sqlite.changing() as session:
        for number in range(7):
            make.contact(session, house, f"{number}@harbour.example")
        call = make.call(session, house)
        with pytest.raises(Refusal, match="Under the sending limits"):
            launch(session, call, house, now=call.deadline_at - timedelta(days=2))


def test_a_word_that_is_empty_for_somebody_is_refused_with_the_address(database: Database) -> None:
    house = make.house(database)
    file = make.call_file()
    texts = {
        key: source.replace('{{ contact.given_name | default("colleague") }}', "{{ contact.given_name }}")
        if key == (MessageKind.INVITATION, "en")
        else source
        for key, source in file.texts.items()
    }
    assert texts != file.texts
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example", given_name="")
        make.contact(session, house, "amal@quay.example", given_name="Amal")
        make.contact(session, house, "zoe@quay.example", given_name="", language="fr")
        call = make.call(session, house, texts=texts)
        with pytest.raises(Refusal) as refused:
            launch(session, call, house)
        (reason,) = refused.value.reasons
        assert "invitation.en.md" in reason
        assert "idris@harbour.example" in reason
        assert "amal" not in reason
        assert "zoe" not in reason


def test_a_second_person_consents_where_the_workspace_asks_for_it(database: Database) -> None:
    house = make.house(database, workspace={"second_person": True})
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house)
        for nobody in ("", "  ", "Rosa", " rosa "):
            with pytest.raises(Refusal):
                launch(session, call, house, authorised_by=nobody)
        assert call.state is CallState.DRAFT
        launch(session, call, house, authorised_by="Idris")
        event = session.exec(select(Event).where(Event.verb == "launch_call")).one()
        assert event.facts["authorised_by"] == "Idris"


def test_a_call_launched_into_files_is_a_rehearsal_for_ever(database: Database) -> None:
    rehearsing, real = make.house(database, mail={"transport": "files"}), make.house(database)
    with database.changing() as session:
        make.contact(session, rehearsing, "idris@harbour.example")
        call = make.call(session, rehearsing)
        assert launch(session, call, rehearsing).rehearsal
        assert make.claimed(session) == []
        with pytest.raises(Refusal, match="only a draft can be launched"):
            launch(session, call, real)
        assert call.rehearsal
        assert len(make.claimed(session, rehearsal=True)) == 1


def test_a_call_is_launched_once(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        with pytest.raises(Refusal, match="is open; only a draft"):
            launch(session, call, house)
        assert len(make.messages(session)) == 1


def test_a_template_that_has_become_wrong_stops_the_launch(sqlite: Database) -> None:
    """A template that a newer version of the program no longer takes."""
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house)
        text = session.exec(select(CallText).where(CallText.kind == MessageKind.INVITATION)).first()
        assert text is not None
        text.source = text.source.replace("{{ links.opt_out }}", "https://lanterncoast.example")
        session.add(text)
        session.flush()
        with pytest.raises(Refusal, match=r"invitation\.\w+\.md"):
            launch(session, call, house)


def test_no_reminder_goes_where_none_is_wanted(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        changes: dict[str, Any] = {"reminders": (), "last_call": None, "thank_you": False, "release": None}
        make.launched(session, house, **changes)
        assert [one.kind for one in mailings(session)] == [MessageKind.INVITATION]


def test_a_deadline_in_another_zone_is_the_same_moment_for_all(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example", time_zone="Asia/Manila")
        deadline = parse_wall_clock("2027-02-26 17:00 Asia/Manila")
        call, _ = make.launched(session, house, deadline=deadline, reminders=(parse_offset("24h"),))
        assert call.deadline_at == datetime(2027, 2, 26, 9, 0, tzinfo=UTC)
