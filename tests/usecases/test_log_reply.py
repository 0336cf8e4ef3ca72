"""What came by telephone, by post or in a meeting counts as a mail would."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import REPLIES, Channel, MatchedBy, ReplyKind
from outreach.domain.states import ReplyState, SignatureState
from outreach.store.outbox import retire_unwanted
from outreach.store.tables import Event, Reply, Suppression, SuppressionReason
from tests.make import NOON
from tests.usecases.world import ANA, IDRIS, World

MACHINES = [kind for kind, rules in REPLIES.items() if rules.automatic and kind is not ReplyKind.OUT_OF_OFFICE]


def test_a_refusal_on_the_telephone_stops_the_reminders_of_the_organisation(world: World) -> None:
    world.remind()
    reply = world.logs(ReplyKind.DECLINES)
    retire_unwanted(world.session, NOON)
    assert world.reminders() == []
    assert (reply.state, reply.matched_by, reply.contact_id) == (
        ReplyState.DONE,
        MatchedBy.PERSON,
        world.idris.id,
    )


def test_an_opt_out_by_post_stops_mail_and_says_by_which_way_it_came(world: World) -> None:
    reply = world.logs(ReplyKind.OPT_OUT, channel=Channel.POST)
    (suppression,) = world.session.exec(select(Suppression)).all()
    assert (suppression.reason, suppression.evidence) == (SuppressionReason.OPT_OUT, f"post, reply {reply.id}")
    assert world.queued(MessageKind.OPTED_OUT) == [], "who wrote no mail gets none about it"


def test_what_was_logged_wrongly_is_undone_by_correcting_it(world: World) -> None:
    world.remind()
    reply = world.logs(ReplyKind.OPT_OUT, channel=Channel.MEETING)
    assert world.reminders() == [ANA]
    world.corrects(reply, ReplyKind.QUESTION)
    assert (world.suppressions(), world.reminders()) == ([], [IDRIS, ANA])


def test_a_yes_in_a_meeting_is_proposed_like_one_by_mail(world: World) -> None:
    reply = world.logs(ReplyKind.SIGNS, channel=Channel.MEETING, at=NOON - timedelta(days=3))
    (signature,) = world.signatures()
    assert (signature.state, signature.submitted_at) == (SignatureState.PROPOSED, NOON - timedelta(days=3))
    assert reply.state is ReplyState.WAITING


def test_what_was_said_is_kept_as_evidence(world: World) -> None:
    reply = world.logs(ReplyKind.QUESTION, text="  She asks\x1b[31m who\r\n\r\n\r\nsigns. ")
    assert (reply.new_text, reply.language, reply.sender_name) == (
        "She asks [31m who\n\nsigns.",
        "en",
        "Idris Belhaj",
    )


def test_nothing_is_logged_of_which_nobody_says_what_it_was(world: World) -> None:
    with pytest.raises(InvalidInput, match="Write what was said"):
        world.logs(ReplyKind.QUESTION, text=" \n ")


def test_what_is_yet_to_come_cannot_have_been_said(world: World) -> None:
    with pytest.raises(InvalidInput, match="2027-01-11 12:01 UTC is yet to come"):
        world.logs(ReplyKind.QUESTION, at=NOON + timedelta(minutes=1))


@pytest.mark.parametrize("kind", MACHINES)
def test_what_only_machines_write_cannot_be_logged(world: World, kind: ReplyKind) -> None:
    with pytest.raises(InvalidInput, match=f"{kind.value} is what machines write"):
        world.logs(kind)


def test_what_came_by_mail_is_not_logged_but_taken_in(world: World) -> None:
    with pytest.raises(InvalidInput, match="What comes by mail"):
        world.logs(ReplyKind.QUESTION, channel=Channel.MAIL)


def test_an_absence_that_was_heard_of_has_its_last_day(world: World) -> None:
    reply = world.logs(ReplyKind.OUT_OF_OFFICE, until=date(2027, 2, 12))
    assert (reply.until, reply.state) == (date(2027, 2, 12), ReplyState.DONE)


def test_only_an_absence_has_a_last_day(world: World) -> None:
    with pytest.raises(InvalidInput, match="Only an out-of-office has a last day, not question"):
        world.logs(ReplyKind.QUESTION, until=date(2027, 2, 12))


def test_what_is_refused_is_not_logged_at_all(world: World) -> None:
    for more in ({"text": ""}, {"channel": Channel.MAIL}, {"until": date(2027, 2, 12)}):
        with pytest.raises(InvalidInput):
            world.logs(ReplyKind.QUESTION, **more)
    assert world.session.exec(select(Reply)).all() == []


def test_who_logged_it_is_in_the_log(world: World) -> None:
    reply = world.logs(ReplyKind.QUESTION)
    event = world.session.exec(select(Event).where(Event.verb == "log_reply")).one()
    assert (event.by, event.subject_id, event.facts) == (
        "Rosa",
        reply.id,
        {"channel": "telephone", "kind": "question"},
    )
    assert reply.rule == "logged by Rosa"
