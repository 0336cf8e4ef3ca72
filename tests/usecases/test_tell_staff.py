"""Staff hear of what matters without looking: at once and once, or once a day, and never of anybody by name."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from outreach.config.house import House
from outreach.domain.judging import Rest
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import ReplyKind
from outreach.rendering.composing import compose
from outreach.store.accounts import let_rest
from outreach.store.database import Database
from outreach.store.outbox import load_message
from outreach.store.tables import Message
from outreach.usecases.tell_staff import alert_of_rest, queue_digest, tell_staff
from tests import inbound, make
from tests.logged import verified
from tests.make import NOON
from tests.usecases.world import IDRIS, World

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
EIGHT = datetime(2027, 1, 12, 7, 0, tzinfo=UTC)
"""Eight o'clock in Brussels, the day after."""
ROSA, TOMAS = "rosa@lanterncoast.coop", "tomas@lanterncoast.coop"


def staffed(world: World, **staff: Any) -> House:
    """The workspace with other staff, or another hour."""
    settings = world.house.settings
    changed = settings.model_copy(update={"staff": settings.staff.model_copy(update=staff)})
    return House(changed, world.house.salt, world.house.link_key, world.house.texts)


def digests(world: World) -> list[Message]:
    return world.queued(MessageKind.DIGEST)


def written(world: World, message: Message) -> tuple[str, str]:
    """Its subject, and its plain text."""
    claimed = load_message(world.session, message.id or 0)
    assert claimed is not None
    content = compose(claimed.record, world.house).content
    return content.subject, content.text


def test_a_digest_says_how_many_wait_and_what_was_done(world: World) -> None:
    world.logs(ReplyKind.SIGNS)
    world.logs(ReplyKind.QUESTION, world.ana)
    world.logs(ReplyKind.OPT_OUT, world.ana)
    inbound.arrived(world.session, world.house, inbound.failure_report(world.invitation(), world.house))
    assert queue_digest(world.session, now=EIGHT, house=world.house) == 1
    (digest,) = digests(world)
    assert digest.address == ROSA
    said = digest.values["digest"]
    assert {name: said[name] for name in ("waiting", "signs", "questions", "opt_outs", "dead", "declined")} == {
        "waiting": "2",
        "signs": "1",
        "questions": "1",
        "opt_outs": "1",
        "dead": "1",
        "declined": "",
    }
    subject, text = written(world, digest)
    assert "2" in subject
    assert "opted out: 1" in text


def test_it_carries_the_newest_line_of_the_log_out_of_the_house(sqlite: Database) -> None:
    house = make.house(sqlite, staff={"addresses": ROSA})
    with sqlite.changing() as session:
        idris = make.contact(session, house, IDRIS)
        call, _ = make.launched(session, house)
        World(session, house, call, idris, idris).logs(ReplyKind.QUESTION)
    noted = verified(sqlite).newest
    with sqlite.changing() as session:
        world = World(session, house, call, idris, idris)
        queue_digest(session, now=EIGHT, house=house)
        _, text = written(world, digests(world)[0])
    assert f"outreach log verify --anchor {noted}" in text
    assert verified(sqlite, noted).faults == ()


def test_it_goes_at_its_hour_on_the_workspaces_clock_and_not_before(world: World) -> None:
    world.logs(ReplyKind.QUESTION)
    world.ring(EIGHT - MINUTE)
    assert digests(world) == []
    world.ring(EIGHT)
    assert [one.due_at for one in digests(world)] == [EIGHT]


def test_the_hour_is_that_of_the_zone_in_summer_too(world: World) -> None:
    world.logs(ReplyKind.QUESTION)
    summer = datetime(2027, 7, 1, 6, 0, tzinfo=UTC)
    assert queue_digest(world.session, now=summer - MINUTE, house=world.house) == 0
    assert queue_digest(world.session, now=summer, house=world.house) == 1


def test_once_a_day_however_often_the_clock_rings(world: World) -> None:
    world.logs(ReplyKind.QUESTION)
    for minutes in range(0, 960, 60):
        world.ring(EIGHT + minutes * MINUTE)
    assert len(digests(world)) == 1
    world.ring(EIGHT + DAY)
    assert len(digests(world)) == 2


def test_there_is_none_when_there_is_nothing_to_say(world: World) -> None:
    world.ring(EIGHT)
    assert digests(world) == []


def test_a_refusal_that_needs_nobody_is_said_once_and_not_every_day(world: World) -> None:
    world.logs(ReplyKind.DECLINES, now=EIGHT - MINUTE)
    for days in range(3):
        world.ring(EIGHT + days * DAY)
    assert [one.values["digest"]["declined"] for one in digests(world)] == ["1"]


def test_a_weekend_without_a_digest_loses_nothing(world: World) -> None:
    """The program was not running for two days; the next digest goes back to the last."""
    world.logs(ReplyKind.DECLINES, now=EIGHT - MINUTE)
    world.ring(EIGHT)
    world.logs(ReplyKind.OPT_OUT, world.ana, now=EIGHT + MINUTE)
    world.ring(EIGHT + 3 * DAY)
    assert [one.values["digest"]["opt_outs"] for one in digests(world)] == ["", "1"]


def test_each_member_of_staff_gets_the_same(world: World) -> None:
    house = staffed(world, addresses=f"{ROSA}, {TOMAS}")
    world.logs(ReplyKind.OPT_OUT)
    assert queue_digest(world.session, now=EIGHT, house=house) == 2
    first, second = digests(world)
    assert {first.address, second.address} == {ROSA, TOMAS}
    assert first.values["digest"] == second.values["digest"]


@pytest.mark.parametrize("staff", [{"addresses": ""}, {"digest_at": ""}])
def test_who_wants_none_gets_none(world: World, staff: dict[str, str]) -> None:
    world.logs(ReplyKind.QUESTION)
    assert queue_digest(world.session, now=EIGHT, house=staffed(world, **staff)) == 0


@pytest.fixture
def everything(world: World) -> World:
    """Of every kind something has come back, from people with names."""
    for kind in ReplyKind:
        reply = world.says(f"I am Idris Belhaj of Harbour Light: {kind}.", sender=f"Idris Belhaj <{IDRIS}>")
        world.corrects(reply, kind)
    message = world.invitation(world.ana)
    inbound.arrived(world.session, world.house, inbound.failure_report(message, world.house))
    return world


def test_neither_names_nor_addresses_of_people_stand_in_what_staff_get(everything: World) -> None:
    world = everything
    assert queue_digest(world.session, now=NOON + 31 * DAY, house=world.house) == 1
    mails = [*digests(world), *world.queued(MessageKind.ALERT)]
    assert len(mails) > 2
    for mail in mails:
        said = " ".join(written(world, mail)) + json.dumps(mail.values)
        for name in ("Idris", "Belhaj", "Ana", "Sousa", "Harbour Light", "harbourlight", "safe-passage"):
            assert name not in said


def test_an_officials_answer_is_said_at_once_and_once(world: World) -> None:
    reply = world.says("Hello.")
    for _ in range(3):
        world.corrects(reply, ReplyKind.ANSWER)
    (alert,) = world.queued(MessageKind.ALERT)
    assert (alert.address, alert.due_at) == (ROSA, NOON)
    subject, text = written(world, alert)
    assert subject == "Outreach: An official has answered."
    assert f"outreach replies show {reply.id}" in text


def test_each_answer_of_an_official_is_an_occasion(world: World) -> None:
    for text in ("Hello.", "Hello again."):
        world.corrects(world.says(text), ReplyKind.ANSWER)
    assert len(world.queued(MessageKind.ALERT)) == 2


def test_a_question_alerts_nobody(world: World) -> None:
    world.logs(ReplyKind.QUESTION)
    assert world.queued(MessageKind.ALERT) == []


def test_an_account_that_is_refused_is_said_once_for_each_time(world: World) -> None:
    let_rest(world.session, Rest(None, "the log-in was refused"), NOON)
    for minutes in range(5):
        alert_of_rest(world.session, now=NOON + minutes * MINUTE, house=world.house)
    assert len(world.queued(MessageKind.ALERT)) == 1
    let_rest(world.session, Rest(None, "the log-in was refused again"), NOON + DAY)
    alert_of_rest(world.session, now=NOON + DAY, house=world.house)
    assert len(world.queued(MessageKind.ALERT)) == 2


def test_an_account_that_sends_is_no_news(world: World) -> None:
    assert alert_of_rest(world.session, now=NOON, house=world.house) == 0


def test_mail_to_staff_is_stopped_by_no_opt_out_and_unsubscribes_nobody(world: World) -> None:
    rosa = make.contact(world.session, world.house, ROSA, name="Rosa")
    make.suppression(world.session, rosa)
    tell_staff(world.session, "Something.", "outreach replies list", about="x", now=NOON, house=world.house)
    (claimed,) = make.claimed(world.session)
    raw = compose(claimed.record, world.house).envelope.content
    assert b"List-Unsubscribe" not in raw
    assert b"Auto-Submitted: auto-generated" in raw


@pytest.mark.parametrize(("language", "word"), [("fr", "attente"), ("es", "espera"), ("de", "waiting")])
def test_staff_read_it_in_the_workspaces_language_if_there_is_a_text_in_it(
    database: Database, language: str, word: str
) -> None:
    workspace = {"language": language, "time_zone": "Europe/Brussels"}
    house = make.house(database, staff={"addresses": ROSA}, workspace=workspace)
    with database.changing() as session:
        idris = make.contact(session, house, IDRIS)
        call, _ = make.launched(session, house)
        world = World(session, house, call, idris, idris)
        world.logs(ReplyKind.QUESTION)
        queue_digest(session, now=EIGHT, house=house)
        assert word in " ".join(written(world, digests(world)[0]))


def test_what_happens_after_a_morning_without_news_is_said_the_next_morning(world: World) -> None:
    world.ring(EIGHT)
    world.logs(ReplyKind.QUESTION, now=EIGHT + timedelta(hours=13))
    world.ring(EIGHT + timedelta(hours=14))
    assert digests(world) == []
    world.ring(EIGHT + DAY)
    assert [one.values["digest"]["questions"] for one in digests(world)] == ["1"]


def test_whoever_writes_a_hundred_mails_does_not_make_us_write_a_hundred(world: World) -> None:
    for number in range(13):
        world.corrects(world.says(f"Hello {number}."), ReplyKind.ANSWER)
    assert len(world.queued(MessageKind.ALERT)) == 10
    later = NOON + timedelta(hours=2)
    world.corrects(world.says("Hello again.", at=later), ReplyKind.ANSWER, now=later)
    assert len(world.queued(MessageKind.ALERT)) == 11


def test_a_program_that_answers_for_staff_is_no_news_for_staff(world: World) -> None:
    """It would answer that one too, and so on without end."""
    world.corrects(world.says("Hello."), ReplyKind.ANSWER)
    (alert,) = world.queued(MessageKind.ALERT)
    received = "Your message has been received by the office of the Secretary General."
    raw = inbound.written(
        ROSA, received, to=inbound.answer_to(alert, world.house), subject="Acknowledgement of receipt"
    )
    reply = inbound.arrived(world.session, world.house, raw)
    assert reply.kind is ReplyKind.ACKNOWLEDGEMENT
    assert "news for staff" in reply.note
    assert len(world.queued(MessageKind.ALERT)) == 1
