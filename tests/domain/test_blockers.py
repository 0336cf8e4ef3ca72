"""Each thing that stands in the way of a launch is one sentence that says what to do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from outreach.domain.blockers import LaunchFacts, Part, blockers
from outreach.domain.states import CallState
from tests.make import DEADLINE, NOON

DEADLINE_AT = NOON + timedelta(days=40)
READY = LaunchFacts(
    state=CallState.DRAFT,
    slug="safe-passage",
    deadline=DEADLINE,
    deadline_at=DEADLINE_AT,
    asks_until=DEADLINE_AT - timedelta(hours=1),
    last_leaves=NOON + timedelta(hours=3),
    people=60,
    empty_words={},
    text_problems=(),
    postal_address="4 Old Harbour Steps, Brussels",
    sender_address="calls@lanterncoast.coop",
    base_url="https://sign.lanterncoast.coop",
    stays_here=False,
)


def test_a_call_that_is_ready_has_nothing_in_its_way() -> None:
    assert blockers(READY, NOON) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text_problems": ("invitation.en.md, line 3: no such word",)}, "invitation.en.md, line 3"),
        ({"deadline_at": NOON}, "has passed"),
        ({"asks_until": NOON}, "so near that no invitation could arrive in time"),
        ({"last_leaves": DEADLINE_AT - timedelta(minutes=59)}, "Under the sending limits the last invitation"),
        ({"people": 0, "last_leaves": None}, "The audience is empty"),
        ({"postal_address": "  "}, "workspace.postal_address is empty"),
        ({"sender_address": "calls@coalition.example"}, "sender.address is calls@coalition.example"),
        ({"sender_address": "me@example.org"}, "which is a sample"),
        ({"base_url": "http://127.0.0.1:8080"}, "workspace.base_url is http://127.0.0.1:8080"),
        ({"base_url": "http://localhost"}, "which only this machine can open"),
        ({"base_url": "http://[::1]:8080"}, "which only this machine can open"),
        ({"empty_words": {"invitation.en.md: {{ contact.name }}": ("a@b.example",)}}, "is empty for a@b.example;"),
    ],
)
def test_what_is_in_the_way_is_named(changes: dict[str, Any], said: str) -> None:
    (reason,) = blockers(replace(READY, **changes), NOON)
    assert said in reason.sentence


def test_every_reason_is_told_at_once() -> None:
    found = blockers(replace(READY, people=0, postal_address="", deadline_at=NOON, text_problems=("a", "b")), NOON)
    assert len(found) == 5


def test_each_reason_says_in_which_part_it_is_mended() -> None:
    found = blockers(
        replace(READY, people=0, postal_address="", deadline_at=NOON, text_problems=("a",), letter_problems=("b",)),
        NOON,
    )
    assert [one.part for one in found] == [Part.MAILS, Part.LETTER, Part.SCHEDULE, Part.AUDIENCE, Part.SETTINGS]


def test_only_a_draft_can_be_launched() -> None:
    for state in set(CallState) - {CallState.DRAFT}:
        (reason,) = blockers(replace(READY, state=state, people=0), NOON)
        assert f"is {state.value}; only a draft" in reason.sentence


def test_what_stays_on_this_machine_may_have_a_sample_sender_and_local_links() -> None:
    sample = replace(READY, sender_address="calls@coalition.example", base_url="http://127.0.0.1:8080")
    assert blockers(replace(sample, stays_here=True), NOON) == []


def test_a_few_of_those_for_whom_a_word_is_empty_are_named() -> None:
    many = tuple(f"{n}@harbour.example" for n in range(5))
    (reason,) = blockers(replace(READY, empty_words={"invitation.en.md: {{ contact.role }}": many}), NOON)
    assert "4@harbour.example and perhaps others" in reason.sentence
