"""The demo's story, played without waiting, and that its verdict can tell a broken promise from a kept one."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from outreach.demo.stage import Stage, staged, story_start
from outreach.demo.story import play
from outreach.demo.verdict import judge_story


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("demo") / "workspace"
    with staged(folder, story_start()) as stage:
        asyncio.run(play(stage, shown=lambda _scene: None))
        yield stage


def test_the_story_comes_out_right(played: Stage) -> None:
    verdict = judge_story(played)
    assert verdict.broken == ()
    assert json.loads(json.dumps(verdict.as_data()))["messages"] == verdict.messages
    assert verdict.state == "released"
    assert verdict.invited == 70
    assert verdict.signatures["confirmed"] > 30
    told = verdict.signatures["confirmed"] + verdict.signatures["withdrawn"]  # one takes it back afterwards
    assert verdict.messages["released"] == {"sent": told}
    assert verdict.reasons["failed: person"] == 3


def test_a_second_copy_and_a_reminder_after_signing_break_the_story(played: Stage) -> None:
    world = played.world
    reminder = next(arrival for arrival in world.arrivals if arrival.kind == "reminder")
    signer = next(act for act in played.people.done if act.verb == "sign")
    late = replace(reminder, address=signer.address, at=signer.at + timedelta(hours=1), message_id="<other>")
    after = replace(reminder, at=played.call.deadline_at + timedelta(days=1), message_id="<after>")
    kept = list(world.arrivals)
    try:
        world.arrivals.extend([reminder, late, after])
        broken = "\n".join(judge_story(played).broken)
    finally:
        world.arrivals[:] = kept
    assert f"{reminder.address} got 2 copies" in broken
    assert f"{signer.address} got a reminder after: sign" in broken
    assert "after the deadline" in broken
