"""Two people never work on the same reply without seeing it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from outreach.domain.errors import Refusal
from outreach.domain.replies import LONG_WATCHED, WATCHED, ReplyKind
from outreach.domain.users import Role
from outreach.queries.reply_watches import find_unchanged, others_at, version_of
from outreach.store.tables import Event, ReplyWatch, User
from outreach.usecases.finish_reply import finish_reply
from outreach.usecases.watch_reply import leave_reply, watch_reply
from tests import users
from tests.make import NOON
from tests.usecases.world import World

MINUTE = timedelta(minutes=1)


def person(world: World, name: str) -> User:
    return users.user(world.session, f"{name.lower()}@lanterncoast.example", role=Role.STAFF, name=name)


def test_who_has_it_open_and_for_how_long_is_seen_by_the_others_and_not_by_herself(world: World) -> None:
    reply, amina, rosa = world.says("Who signs?"), person(world, "Amina"), person(world, "Rosa")
    watch_reply(world.session, reply.id or 0, amina.id or 0, now=NOON)
    (other,) = others_at(world.session, reply.id or 0, rosa.id or 0, NOON + 3 * MINUTE)
    assert (other.name, other.span, other.longer) == ("Amina", 3 * MINUTE, False)
    assert others_at(world.session, reply.id or 0, amina.id or 0, NOON) == []


def test_a_browser_of_which_nothing_more_is_heard_counts_for_ten_minutes(world: World) -> None:
    reply, amina = world.says("Who signs?"), person(world, "Amina")
    watch_reply(world.session, reply.id or 0, amina.id or 0, now=NOON)
    assert others_at(world.session, reply.id or 0, 0, NOON + WATCHED - MINUTE)
    assert others_at(world.session, reply.id or 0, 0, NOON + WATCHED) == []


def test_one_that_is_heard_of_again_and_again_counts_on(world: World) -> None:
    reply, amina = world.says("Who signs?"), person(world, "Amina")
    for minute in range(40):
        watch_reply(world.session, reply.id or 0, amina.id or 0, now=NOON + minute * MINUTE)
        world.session.flush()
        (other,) = others_at(world.session, reply.id or 0, 0, NOON + minute * MINUTE)
        assert other.span == min(minute * MINUTE, LONG_WATCHED)
    assert other.span == LONG_WATCHED


def test_who_opens_another_or_leaves_is_at_it_no_more(world: World) -> None:
    first, second, amina = world.says("Who signs?"), world.says("And when?"), person(world, "Amina")
    watch_reply(world.session, first.id or 0, amina.id or 0, now=NOON)
    watch_reply(world.session, second.id or 0, amina.id or 0, now=NOON)
    assert others_at(world.session, first.id or 0, 0, NOON) == []
    leave_reply(world.session, second.id or 0, amina.id or 0)
    assert world.session.exec(select(ReplyWatch)).all() == []


def test_to_have_it_open_leaves_no_line_in_the_log(world: World) -> None:
    reply, amina = world.says("Who signs?"), person(world, "Amina")
    before = len(world.session.exec(select(Event.id)).all())
    watch_reply(world.session, reply.id or 0, amina.id or 0, now=NOON)
    assert len(world.session.exec(select(Event.id)).all()) == before


def test_a_reply_that_somebody_has_sorted_meanwhile_is_not_what_it_was(world: World) -> None:
    reply = world.says("Who signs?")
    version = version_of(world.session, reply)
    assert find_unchanged(world.session, reply.id or 0, version) is reply
    finish_reply(world.session, reply, now=NOON, by=person(world, "Amina").address)
    world.session.flush()
    with pytest.raises(Refusal, match="Amina has sorted it first"):
        find_unchanged(world.session, reply.id or 0, version)


def test_every_deed_makes_it_another_version(world: World) -> None:
    reply = world.says("Yes, please add us.")
    seen = {version_of(world.session, reply)}
    for kind in (ReplyKind.QUESTION, ReplyKind.SIGNS, ReplyKind.QUESTION, ReplyKind.SIGNS):
        world.corrects(reply, kind)
        world.session.flush()
        seen.add(version_of(world.session, reply))
    assert len(seen) == 5
