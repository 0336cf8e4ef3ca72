"""The limits of asking: whoever forges a signature can hardly use us to trouble anybody."""

import pytest

from outreach.domain.floods import Asked, Asking, judge_asking


@pytest.mark.parametrize(
    ("asked", "invited", "becomes"),
    [
        (Asked(), False, Asking.NOW),
        (Asked(lately=1, ever=1), False, Asking.LATER),
        (Asked(lately=1, ever=1), True, Asking.NOW),
        (Asked(lately=3, ever=3), True, Asking.LATER),
        (Asked(ever=3), False, Asking.NEVER),
        (Asked(ever=3), True, Asking.NOW),
        (Asked(ever=12), True, Asking.NEVER),
        (Asked(disowned=True), True, Asking.NEVER),
    ],
)
def test_a_mailbox_is_asked_so_often_and_no_more(asked: Asked, invited: bool, becomes: Asking) -> None:  # noqa: FBT001
    assert judge_asking(asked, invited=invited, in_last_hour=0, per_hour=120) is becomes


def test_too_many_strangers_at_once_wait_for_a_person_and_the_invited_do_not() -> None:
    assert judge_asking(Asked(), invited=False, in_last_hour=120, per_hour=120) is Asking.HELD
    assert judge_asking(Asked(), invited=False, in_last_hour=119, per_hour=120) is Asking.NOW
    assert judge_asking(Asked(), invited=True, in_last_hour=10_000, per_hour=120) is Asking.NOW


@pytest.mark.shows("F52")
def test_however_many_forge_a_victim_gets_one_mail_a_day_and_three_in_all() -> None:
    mails: list[int] = []
    for day in range(30):
        for _ in range(1000):
            asked = Asked(lately=mails.count(day), ever=len(mails))
            if judge_asking(asked, invited=False, in_last_hour=0, per_hour=120) is Asking.NOW:
                mails.append(day)
    assert mails == [0, 1, 2]
