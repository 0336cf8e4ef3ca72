"""Three crashes in ten minutes with nothing settled in between."""

from datetime import timedelta

import pytest

from outreach.domain.crashes import Runs
from tests.make import NOON


def after(*crashes: tuple[int, int]) -> Runs:
    """A worker starts each time the one before has died: in which minute, and what was settled until then."""
    runs = Runs().begun("w0", (), now=NOON, settled=0)
    for number, (minute, settled) in enumerate(crashes, start=1):
        at = NOON + timedelta(minutes=minute)
        runs = runs.begun(f"w{number}", [f"w{number - 1}"], now=at, settled=settled)
    return runs


@pytest.mark.parametrize(
    "crashes",
    [
        [(0, 5), (1, 5), (2, 5)],
        [(0, 5), (5, 5), (10, 5)],
        [(0, 5), (1, 6), (2, 6), (3, 6)],
    ],
)
def test_three_crashes_in_ten_minutes_with_nothing_settled_in_between_are_too_many(
    crashes: list[tuple[int, int]],
) -> None:
    assert after(*crashes).too_many


@pytest.mark.parametrize(
    "crashes",
    [
        [(0, 5), (1, 5)],
        [(0, 5), (5, 5), (11, 5)],
        [(0, 5), (1, 6), (2, 6)],
        [(0, 5), (1, 5), (2, 6)],
    ],
)
def test_two_crashes_or_slower_ones_or_with_a_mail_settled_in_between_are_bad_luck(
    crashes: list[tuple[int, int]],
) -> None:
    assert not after(*crashes).too_many


def test_workers_that_died_together_died_once() -> None:
    runs = Runs()
    for name in ("a", "b", "c"):
        runs = runs.begun(name, (), now=NOON, settled=0)
    runs = runs.begun("d", ("a", "b", "c"), now=NOON, settled=0)
    assert not runs.too_many
    assert set(runs.running) == {"d"}


def test_a_worker_that_ended_has_not_crashed_and_a_look_wipes_the_slate() -> None:
    runs = after((0, 0), (1, 0)).ended("w2").begun("w3", (), now=NOON, settled=0)
    assert not runs.too_many
    assert after((0, 0), (1, 0), (2, 0)).looked_into().crashes == ()
