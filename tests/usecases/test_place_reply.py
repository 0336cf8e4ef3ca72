"""A person says which call a reply belongs to, and whose it is: then what it says takes effect."""

from typing import Any

from sqlmodel import select

from outreach.domain.replies import MatchedBy, ReplyKind
from outreach.domain.states import ReplyState, SignatureState
from outreach.store.outbox import retire_unwanted
from outreach.store.tables import Call, Contact, Event, Reply, SuppressionReason
from outreach.usecases.place_reply import place_reply
from tests import inbound, make
from tests.make import NOON
from tests.usecases.world import ANA, IDRIS, World

STRANGER = "office@elsewhere.coop"


def places(world: World, reply: Reply, contact: Contact | None = None, call: Call | None = None) -> Reply:
    return place_reply(world.session, reply, call or world.call, contact, now=NOON, house=world.house, by="Rosa")


def stranger_says(world: World, text: str, **more: Any) -> Reply:
    return world.says(text, sender=STRANGER, to=inbound.OURS, subject="Hello", **more)


def test_a_yes_that_nobody_could_place_proposes_a_signature_once_it_is_placed(world: World) -> None:
    reply = stranger_says(world, "Yes, please add us.\n\nOtto Lind\nQuay House Trust")
    assert (reply.matched_by, world.signatures()) == (MatchedBy.NOTHING, [])
    places(world, reply)
    (signature,) = world.signatures()
    assert (signature.state, signature.call_id) == (SignatureState.PROPOSED, world.call.id)
    assert (reply.matched_by, reply.call_id, reply.state) == (
        MatchedBy.PERSON,
        world.call.id,
        ReplyState.WAITING,
    )


def test_a_yes_that_nobody_can_place_makes_nobody_a_contact(world: World) -> None:
    stranger_says(world, "Yes, please add us.")
    assert {one.address for one in world.session.exec(select(Contact))} == {IDRIS, ANA}


def test_whom_a_reply_was_laid_to_by_mistake_gets_mail_again(world: World) -> None:
    reply = world.says("Unsubscribe", sender="private@bigmail.coop")
    assert world.idris.address_digest in {digest for digest, _, _ in world.suppressions()}
    places(world, reply, world.ana)
    assert {digest for digest, _, _ in world.suppressions()} == {world.ana.address_digest, reply.sender_digest}
    assert (reply.contact_id, reply.message_id) == (world.ana.id, None)


def test_what_is_placed_where_it_was_keeps_the_mail_that_it_answers(world: World) -> None:
    reply = world.says("What is this about?")
    places(world, reply, world.idris)
    assert reply.message_id == world.invitation().id


def test_placing_again_changes_nothing_more(world: World) -> None:
    reply = stranger_says(world, "Yes, please add us.\n\nOtto Lind\nQuay House Trust")
    for _ in range(3):
        places(world, reply)
    assert len(world.signatures()) == 1


def test_a_refusal_that_a_person_placed_stops_the_colleagues_reminders_too(world: World) -> None:
    reply = stranger_says(world, "Something that no rule understands.")
    world.remind()
    places(world, reply, world.idris)
    world.corrects(reply, ReplyKind.DECLINES)
    retire_unwanted(world.session, NOON)
    assert world.reminders() == []


def test_a_refusal_that_belongs_to_another_call_gives_back_the_reminders_of_the_first(world: World) -> None:
    now = world.remind()
    other, _ = make.launched(world.session, world.house, slug="another-letter", title="Another letter")
    reply = world.logs(ReplyKind.DECLINES, now=now)
    retire_unwanted(world.session, now)
    assert world.reminders() == []
    places(world, reply, world.idris, other)
    assert world.reminders() == [IDRIS, ANA]


def test_a_report_that_proves_nothing_suppresses_nobody_because_it_was_placed(world: World) -> None:
    """Anybody can write one, and who places it cannot know either."""
    raw = inbound.failure_report(world.invitation(), world.house, to=inbound.OURS, returned=False)
    reply = inbound.arrived(world.session, world.house, raw)
    places(world, reply, world.idris)
    assert world.suppressions() == []


def test_a_complaint_that_a_person_placed_stops_all_mail_to_whom_it_is_from(world: World) -> None:
    reply = stranger_says(world, "Your spam has been reported.")
    world.corrects(reply, ReplyKind.COMPLAINT)
    assert (reply.state, world.suppressions()) == (ReplyState.WAITING, [])
    places(world, reply, world.idris)
    assert world.suppressions() == [(world.idris.address_digest, SuppressionReason.COMPLAINT, 0)]
    assert reply.state is ReplyState.DONE


def test_a_question_waits_on_when_it_has_been_placed(world: World) -> None:
    reply = stranger_says(world, "Which officials get the letter?")
    places(world, reply, world.idris)
    assert (reply.state, reply.organisation_id) == (ReplyState.WAITING, world.idris.organisation_id)


def test_who_placed_it_is_in_the_log(world: World) -> None:
    reply = stranger_says(world, "Which officials get the letter?")
    places(world, reply, world.idris)
    event = world.session.exec(select(Event).where(Event.verb == "place_reply")).one()
    assert (event.by, event.facts) == ("Rosa", {"call": world.call.id, "contact": world.idris.id})
