"""Signing once more: a stranger with a public form can neither take away nor change what another gave."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.signing_again import Again, judge_again
from outreach.domain.states import SignatureState

DAY = timedelta(days=1)
PENDING = SignatureState.PENDING


def judged(
    state: SignatureState = PENDING, *, invited: bool = False, by_link: bool = False, days: int = 0
) -> Again:
    return judge_again(state, by_link=by_link, invited=invited, disowned=False, since=days * DAY)


@given(st.sampled_from(SignatureState), st.booleans(), st.booleans(), st.integers(0, 400))
def test_the_public_form_takes_over_only_what_the_public_form_gave_and_nobody_confirmed(
    state: SignatureState,
    invited: bool,  # noqa: FBT001  one of a property's values
    disowned: bool,  # noqa: FBT001  another
    days: int,
) -> None:
    becomes = judge_again(state, by_link=False, invited=invited, disowned=disowned, since=days * DAY)
    assert becomes is not Again.TAKEN_OVER or (state is PENDING and not invited and days >= 1)


def test_a_pending_signature_can_be_given_again_after_a_day() -> None:
    assert [judged(by_link=True, invited=True, days=days) for days in (0, 1)] == [Again.NOTHING, Again.TAKEN_OVER]
    assert [judged(days=days) for days in (0, 1)] == [Again.NOTHING, Again.TAKEN_OVER]


def test_a_personal_link_need_not_wait_for_what_a_stranger_typed() -> None:
    assert judged(by_link=True, invited=False) is Again.TAKEN_OVER


@pytest.mark.parametrize("state", [SignatureState.WITHDRAWN, SignatureState.REJECTED])
def test_what_was_taken_back_or_refused_is_given_anew_beside_it(state: SignatureState) -> None:
    assert judged(state) is Again.ANEW
    assert judged(state, by_link=True) is Again.TAKEN_OVER


def test_what_a_mailbox_said_is_not_its_own_no_stranger_gives_again() -> None:
    rejected = SignatureState.REJECTED
    assert judge_again(rejected, by_link=False, invited=False, disowned=True, since=9 * DAY) is Again.NOTHING


@pytest.mark.parametrize("state", [SignatureState.CONFIRMED, SignatureState.LATE, SignatureState.MERGED])
@pytest.mark.parametrize("by_link", [True, False])
def test_what_is_confirmed_stands(state: SignatureState, by_link: bool) -> None:  # noqa: FBT001  a parameter of the test
    assert judged(state, by_link=by_link, days=9) is Again.NOTHING
