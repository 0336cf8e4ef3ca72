"""Which mailings there are, when each may go to whom, and what a late waking makes of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.kinds import MessageKind
from outreach.domain.planning import Calendar, MailingPlan, catch_up, due_by_zone, plan_reminders
from outreach.domain.quiet_hours import ContactHours, parse_hours, parse_working_days
from outreach.domain.reminders import NotPlanned, Planned, parse_offset

HOURS = ContactHours(*parse_hours("20:00-08:00"), parse_working_days("mon-fri"))
MARGIN = timedelta(hours=1)
DEADLINE = parse_wall_clock("2015-12-17 17:00 America/Los_Angeles")  # a Thursday; in Manila it is Friday morning
OPENED = datetime(2015, 10, 20, 9, 0, tzinfo=UTC)
ZONES = ("America/Los_Angeles", "Asia/Manila", "Europe/Zurich", "Africa/Nairobi")


def calendar(*reminders: str, last_call: str = "") -> Calendar:
    return Calendar(DEADLINE, None, reminders, last_call, thank_you=True)


def plans(*reminders: str, last_call: str = "", not_before: datetime = OPENED) -> list[MailingPlan]:
    asked = calendar(*reminders, last_call=last_call)
    return plan_reminders(asked, ZONES, HOURS, not_before=not_before, margin=MARGIN)


def test_the_mailings_stand_in_the_order_of_time_whatever_the_order_they_were_asked_for_in() -> None:
    found = plans("24h", "28d", "7d 09:00", last_call="3h")
    assert [(one.kind, one.occurrence) for one in found] == [
        (MessageKind.REMINDER, "28d"),
        (MessageKind.REMINDER, "7d 09:00"),
        (MessageKind.REMINDER, "24h"),
        (MessageKind.LAST_CALL, "3h"),
    ]
    earliest = [one.earliest for one in found]
    assert earliest == sorted(moment for moment in earliest if moment is not None)


def test_a_mailing_is_senseless_from_an_hour_before_the_deadline() -> None:
    (one,) = plans("7d")
    assert one.not_after == DEADLINE.instant() - MARGIN


@pytest.mark.parametrize("text", ["28d", "7d 09:00", "24h", "3h", "90m"])
def test_everybody_is_written_to_by_day_on_a_working_day_and_in_time(text: str) -> None:
    (one,) = plans(text)
    for zone, due in one.due.items():
        assert HOURS.allows(due, zone)
        assert OPENED < due <= DEADLINE.instant() - MARGIN


def test_a_reminder_at_nine_is_at_nine_where_its_reader_lives_across_the_change_of_clocks() -> None:
    """The clocks of Zurich go back on 25 October, those of Los Angeles on 1 November."""
    (one,) = plans("50d 09:00")
    assert one.due["Europe/Zurich"] == datetime(2015, 10, 29, 8, 0, tzinfo=UTC)
    assert one.due["America/Los_Angeles"] == datetime(2015, 10, 28, 16, 0, tzinfo=UTC)
    assert one.due["Asia/Manila"] == datetime(2015, 10, 29, 1, 0, tzinfo=UTC)


def test_a_reminder_whose_time_came_before_the_launch_is_none() -> None:
    found = plans("28d", "24h", not_before=DEADLINE.instant() - timedelta(days=2))
    by_name = {one.occurrence: one for one in found}
    assert by_name["28d"].due == {}
    assert by_name["28d"].earliest is None
    assert set(by_name["28d"].left_out) == set(ZONES)
    assert "had passed already" in by_name["28d"].left_out["Asia/Manila"]
    assert set(by_name["24h"].due) == set(ZONES)


def test_a_reminder_that_could_only_come_after_the_deadline_goes_before_it_or_not_at_all() -> None:
    """Launched on the last evening of Zurich: no hour is left there, while it is morning in Los Angeles."""
    launched = DEADLINE.instant() - timedelta(hours=6)
    (one,) = plans("3h", not_before=launched)
    assert set(one.due) == {"America/Los_Angeles", "Asia/Manila"} - set(one.left_out)
    assert "Europe/Zurich" in one.left_out
    assert "Europe/Zurich" in one.left_out["Europe/Zurich"]


def test_what_is_not_asked_for_is_not_planned() -> None:
    assert plans() == []


@given(
    st.sampled_from(["28d", "7d", "7d 09:00", "48h", "24h", "3h", "30m"]),
    st.sampled_from(ZONES),
    st.integers(-60 * 24 * 60, 60),
)
def test_no_reminder_is_ever_due_after_the_deadline_or_at_night(text: str, zone: str, minutes: int) -> None:
    not_before = DEADLINE.instant() + timedelta(minutes=minutes)
    found = due_by_zone(parse_offset(text), DEADLINE, [zone], HOURS, not_before=not_before, margin=MARGIN)[zone]
    if isinstance(found, Planned):
        assert not_before <= found.due <= DEADLINE.instant() - MARGIN
        assert HOURS.allows(found.due, zone)
    else:
        assert isinstance(found, NotPlanned)
        assert found.reason


NOT_AFTER = DEADLINE.instant() - MARGIN


def test_a_machine_that_is_on_time_changes_nothing() -> None:
    times = {"Europe/Zurich": datetime(2015, 12, 10, 9, 0, tzinfo=UTC)}
    assert catch_up(times, HOURS, now=datetime(2015, 12, 10, 8, 0, tzinfo=UTC), not_after=NOT_AFTER) == times


def test_what_was_slept_through_goes_when_its_reader_may_be_written_to() -> None:
    times = {"Europe/Zurich": datetime(2015, 12, 10, 9, 0, tzinfo=UTC)}
    woken = datetime(2015, 12, 12, 3, 0, tzinfo=UTC)  # a Saturday night
    monday = datetime(2015, 12, 14, 7, 0, tzinfo=UTC)
    assert catch_up(times, HOURS, now=woken, not_after=NOT_AFTER) == {"Europe/Zurich": monday}


def test_a_zone_in_which_it_is_too_late_is_gone_and_the_others_are_not() -> None:
    times = dict.fromkeys(ZONES, datetime(2015, 12, 16, 17, 0, tzinfo=UTC))
    woken = datetime(2015, 12, 17, 20, 0, tzinfo=UTC)  # noon in Los Angeles, nine in the evening in Zurich
    assert set(catch_up(times, HOURS, now=woken, not_after=NOT_AFTER)) == {"America/Los_Angeles"}


def test_what_has_no_end_is_never_too_late() -> None:
    times = {"Asia/Manila": DEADLINE.instant()}
    woken = DEADLINE.instant() + timedelta(days=30)
    assert set(catch_up(times, HOURS, now=woken, not_after=None)) == {"Asia/Manila"}


@given(st.sampled_from(ZONES), st.integers(0, 60 * 24 * 10), st.integers(0, 60 * 24 * 10))
def test_whatever_the_machine_slept_nobody_is_reminded_too_late_or_at_night(
    zone: str, due_before: int, woken_before: int
) -> None:
    due = HOURS.next_allowed(NOT_AFTER - timedelta(minutes=due_before), zone)
    now = NOT_AFTER - timedelta(minutes=woken_before)
    for where, when in catch_up({zone: due}, HOURS, now=now, not_after=NOT_AFTER).items():
        assert when < NOT_AFTER
        assert when >= now
        assert HOURS.allows(when, where)
