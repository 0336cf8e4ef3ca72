"""The figure in "more than 250": always true, always round, never far off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.rounding import more_than


@pytest.mark.parametrize(
    ("count", "said"),
    [
        *((0, 0), (1, 0), (20, 0), (21, 20), (25, 20), (26, 25), (40, 35), (50, 45), (51, 50), (62, 60), (100, 90)),
        *((101, 100), (150, 125), (200, 175), (250, 200), (251, 250), (267, 250), (271, 250), (999, 900)),
        *((1_000, 900), (1_001, 1_000), (1_004, 1_000), (12_345, 10_000), (12_501, 12_500), (1_000_001, 1_000_000)),
    ],
)
def test_the_figure_is_one_that_people_would_say(count: int, said: int) -> None:
    assert more_than(count) == said


@given(st.integers(-5, 10**12))
def test_the_figure_is_always_true_and_at_most_a_fifth_below(count: int) -> None:
    said = more_than(count)
    if count <= 20:
        assert said == 0
    else:
        assert count * 4 <= said * 5
        assert said < count


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_the_figure_never_falls_while_the_list_grows(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert more_than(fewer) <= more_than(more)
