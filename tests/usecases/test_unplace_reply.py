"""A person takes a reply away from where it was placed, or lets one wait again."""

import pytest
from sqlmodel import select

from outreach.domain.errors import Refusal
from outreach.domain.replies import MatchedBy
from outreach.domain.states import ReplyState
from outreach.queries.replies import reply_page
from outreach.store.tables import Event
from outreach.usecases.finish_reply import finish_reply
from outreach.usecases.place_reply import place_reply
from outreach.usecases.reopen_reply import reopen_reply
from outreach.usecases.unplace_reply import unplace_reply
from tests import inbound
from tests.make import NOON
from tests.usecases.world import World


def test_what_followed_from_the_place_is_undone_and_its_guesses_stand_again(world: World) -> None:
    reply = world.says("Yes, please add us.", sender="cara@harbourlight.coop", to=inbound.OURS, subject="Hello")
    guesses = reply_page(world.session, reply).guesses
    place_reply(world.session, reply, world.call, world.idris, now=NOON, house=world.house, by="Rosa")
    assert len(world.signatures()) == 1
    unplace_reply(world.session, reply, now=NOON, house=world.house, by="Rosa")
    assert world.signatures() == []
    assert (reply.call_id, reply.contact_id, reply.matched_by) == (None, None, MatchedBy.NOTHING)
    assert reply.state is ReplyState.WAITING
    assert reply_page(world.session, reply).guesses == guesses != ()


def test_what_belongs_nowhere_cannot_be_taken_away(world: World) -> None:
    reply = world.says("Hello?", sender="office@elsewhere.coop", to=inbound.OURS, subject="Hello")
    with pytest.raises(Refusal, match="nothing to take back"):
        unplace_reply(world.session, reply, now=NOON, house=world.house, by="Rosa")


def test_what_was_done_waits_again_and_nobody_has_seen_to_it(world: World) -> None:
    reply = world.says("Who signs?")
    finish_reply(world.session, reply, now=NOON, by="Rosa")
    assert reopen_reply(world.session, reply, now=NOON, by="Amina")
    assert (reply.state, reply.handled_by, reply.handled_at) == (ReplyState.WAITING, "", None)
    assert not reopen_reply(world.session, reply, now=NOON, by="Amina")
    world.session.flush()
    assert [one.by for one in world.session.exec(select(Event).where(Event.verb == "reopen_reply"))] == ["Amina"]
