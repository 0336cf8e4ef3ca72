from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.errors import InvalidInput
from outreach.domain.zones import local_time, zone_named


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Europe/Pariss", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ("America/Los Angeles", "America/Los_Angeles"),
        ("Los Angeles", "America/Los_Angeles"),
        ("manila", "Asia/Manila"),
        ("America/Port au Prince", "America/Port-au-Prince"),
        ("Asia/Katmandoo", "Asia/Kathmandu"),
    ],
)
def test_a_near_miss_is_answered_with_the_name_that_was_meant(name: str, meant: str) -> None:
    with pytest.raises(InvalidInput, match=rf"did you mean .*{meant}"):
        zone_named(name)


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("PST", "America/Los_Angeles"),
        ("cet", "Europe/Brussels"),
        ("IST", "Asia/Kolkata"),
        ("EST5EDT", "America/New_York"),
    ],
)
def test_an_abbreviation_that_hides_daylight_saving_is_refused(name: str, proposed: str) -> None:
    with pytest.raises(InvalidInput, match=f"Region/City, here probably {proposed}"):
        zone_named(name)


@pytest.mark.parametrize("name", ["+02:00", "UTC+2", "GMT-5", "Z", "−08:00"])
def test_an_offset_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="hides daylight saving"):
        zone_named(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "Europe",
        "../etc/passwd",
        "/etc/localtime",
        "localtime",
        "right/UTC",
        "a\0b",
        "\ud800",
        "x" * 5000,
    ],
)
def test_what_is_no_zone_is_refused_in_one_short_printable_sentence(name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        zone_named(name)
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 250


@settings(deadline=None)
@given(st.text(max_size=30))
def test_whatever_is_given_is_a_zone_or_refused(name: str) -> None:
    try:
        assert zone_named(name).key
    except InvalidInput as refusal:
        assert str(refusal)  # noqa: PT017  both ends are fine, a crash is not


def test_a_local_time_is_what_the_clocks_of_the_zone_show() -> None:
    assert (
        local_time(datetime(2015, 12, 18, 1, tzinfo=UTC), "Asia/Manila").isoformat() == "2015-12-18T09:00:00+08:00"
    )


def test_a_time_without_an_offset_is_no_instant() -> None:
    with pytest.raises(ValueError, match="no offset"):
        local_time(datetime.fromisoformat("2015-12-18T01:00"), "Asia/Manila")
