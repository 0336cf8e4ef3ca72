"""Who may do what: roles for everything or for one call, and what can be a password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.users import RIGHTS, Held, Right, Role, calls_with, may, weak

HELD = st.lists(st.builds(Held, st.sampled_from(Role), st.integers(0, 3)), max_size=4)


@given(HELD, st.sampled_from(Right), st.integers(1, 3))
def test_a_role_for_one_call_gives_nothing_for_another(held: list[Held], right: Right, call_id: int) -> None:
    elsewhere = [one for one in held if one.call_id not in (0, call_id)]
    assert not may(elsewhere, right, call_id)
    assert may(held, right, call_id) == may([one for one in held if one not in elsewhere], right, call_id)


@given(HELD, st.sampled_from(Right))
def test_a_right_for_everything_comes_only_from_a_role_for_everything(held: list[Held], right: Right) -> None:
    assert may(held, right) == (calls_with(held, right) is None)


@pytest.mark.parametrize(
    ("less", "more"),
    [(Role.OBSERVER, Role.STAFF), (Role.STAFF, Role.COORDINATOR), (Role.COORDINATOR, Role.ADMINISTRATOR)],
)
def test_each_role_may_all_that_the_one_below_it_may_and_more(less: Role, more: Role) -> None:
    assert RIGHTS[less] < RIGHTS[more]


def test_an_observer_sees_nobodys_data() -> None:
    assert RIGHTS[Role.OBSERVER] == {Right.SEE}


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12"),
        ("x" * 257, "at most 256"),
        ("aaaaaaaaaaaaaaaa", "repeats itself"),
        ("rosa@harbour.example", "made of your name"),
        ("Harbour Coalition", "made of your name"),
    ],
)
def test_what_a_guesser_would_try_first_is_no_password(password: str, why: str) -> None:
    assert why in weak(password, "rosa@harbour.example", "Rosa Martín", "Harbour Coalition")


@pytest.mark.parametrize("password", ["correct horse battery", "مرحبا يا عالم الجميل", "Rosa's 14 quiet lamps"])
def test_a_sentence_in_any_script_is_a_password(password: str) -> None:
    assert weak(password, "rosa@harbour.example", "Rosa Martín", "Harbour Coalition") == ""
