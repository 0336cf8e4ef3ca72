import re
from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from babel.localedata import locale_identifiers
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.errors import InvalidInput
from outreach.rendering.moments import same_wall_clock, say_date, say_moment

DEADLINE = datetime(2015, 12, 18, 1, 0, tzinfo=UTC)

ZONES = st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone))
LANGUAGES = st.sampled_from(sorted(locale_identifiers()))


@pytest.mark.parametrize(
    ("language", "zone", "said"),
    [
        ("en", "America/Los_Angeles", "Thursday 17 December 2015 at 17:00 (Pacific Time, Los Angeles, UTC−8)"),
        ("en", "Asia/Manila", "Friday 18 December 2015 at 09:00 (Philippine Time, Manila, UTC+8)"),
        ("en", "Africa/Nairobi", "Friday 18 December 2015 at 04:00 (East Africa Time, Nairobi, UTC+3)"),
        ("fr", "Europe/Zurich", "vendredi 18 décembre 2015 à 02:00 (heure d’Europe centrale, Zurich, UTC+1)"),
        ("es", "America/Bogota", "jueves, 17 de diciembre de 2015, a las 20:00 (hora de Colombia, Bogotá, UTC−5)"),
        ("ar", "Africa/Cairo", "الجمعة، 18 ديسمبر 2015، الساعة 03:00 (توقيت شرق أوروبا، القاهرة، UTC+2)"),
        ("de", "Europe/Zurich", "Freitag, 18. Dezember 2015, 02:00 (Mitteleuropäische Zeit, Zürich, UTC+1)"),
        ("en-US", "Asia/Manila", "Friday, December 18, 2015 at 09:00 (Philippine Time, Manila, UTC+8)"),
    ],
)
def test_a_moment_is_said_as_readers_of_the_language_say_it(language: str, zone: str, said: str) -> None:
    assert say_moment(DEADLINE, zone, language) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "(UTC)"),
        ("AoE", "(anywhere on Earth, UTC−12)"),
        ("Etc/GMT-3", "(UTC+3)"),
        ("Asia/Kolkata", "(India Standard Time, Kolkata, UTC+5:30)"),
        ("America/Argentina/Buenos_Aires", "(Argentina Time, Buenos Aires, UTC−3)"),
        ("Singapore", "(Singapore Standard Time, UTC+8)"),
        ("Africa/Casablanca", "(Casablanca, UTC)"),
    ],
)
def test_a_zone_is_named_by_what_is_known_of_it(zone: str, said: str) -> None:
    assert say_moment(DEADLINE, zone, "en").endswith(said)


def test_a_city_that_has_been_renamed_is_still_found_in_the_readers_language() -> None:
    assert "كالكتا" in say_moment(DEADLINE, "Asia/Kolkata", "ar")


def test_london_in_summer_is_not_said_to_be_on_greenwich_time() -> None:
    midsummer = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    assert say_moment(midsummer, "Europe/London", "en") == "Wednesday 1 July 2026 at 10:00 (London, UTC+1)"


def test_an_hour_that_is_shown_twice_is_told_apart() -> None:
    first = say_moment(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Brussels", "en")
    second = say_moment(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Brussels", "en")
    assert first == "Sunday 25 October 2026 at 02:30 (Central European Time, Brussels, UTC+2)"
    assert second == "Sunday 25 October 2026 at 02:30 (Central European Time, Brussels, UTC+1)"


def test_the_zone_may_be_left_out() -> None:
    assert say_moment(DEADLINE, "Asia/Manila", "en", with_zone=False) == "Friday 18 December 2015 at 09:00"


def test_spanish_says_one_o_clock_in_the_singular() -> None:
    assert say_moment(DEADLINE, "UTC", "es") == "viernes, 18 de diciembre de 2015, a la 1:00 (UTC)"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Sunday 1 November 2015"),
        ("fr", "dimanche 1er novembre 2015"),
        ("es", "domingo, 1 de noviembre de 2015"),
        ("ar", "الأحد، 1 نوفمبر 2015"),
    ],
)
def test_a_date_is_said_with_its_weekday(language: str, said: str) -> None:
    assert say_date(datetime(2015, 11, 1, 12, tzinfo=UTC), "Africa/Nairobi", language) == said


def test_a_date_is_the_day_that_it_is_where_the_reader_lives() -> None:
    assert say_date(DEADLINE, "America/Los_Angeles", "en") == "Thursday 17 December 2015"
    assert say_date(DEADLINE, "Asia/Manila", "en") == "Friday 18 December 2015"


@pytest.mark.parametrize("language", ["xx", "", "english", "x-klingon", "../en", "\0"])
def test_a_language_without_data_is_said_in_english(language: str) -> None:
    assert say_moment(DEADLINE, "UTC", language) == "Friday 18 December 2015 at 01:00 (UTC)"


def test_a_country_without_data_leaves_the_language() -> None:
    assert say_date(DEADLINE, "UTC", "fr-XX") == "vendredi 18 décembre 2015"


@settings(deadline=None)
@given(st.datetimes(timezones=st.just(UTC), min_value=datetime.fromisoformat("1990-01-01")), ZONES)
def test_a_moment_can_be_said_of_every_zone(instant: datetime, zone: str) -> None:
    if instant.year < 9999:
        assert "Unknown" not in say_moment(instant, zone, "en")


@settings(deadline=None)
@given(LANGUAGES)
def test_a_moment_can_be_said_in_every_language_with_its_year_and_offset(language: str) -> None:
    said = say_moment(DEADLINE, "America/Los_Angeles", language)
    assert said.endswith("UTC−8)")
    assert "2015" in said
    assert re.search(r"17.{1,7}00", said)


def test_two_zones_with_the_same_clock_need_no_second_telling() -> None:
    assert same_wall_clock(DEADLINE, "Europe/Zurich", "Europe/Paris")
    assert not same_wall_clock(DEADLINE, "Europe/Zurich", "Europe/London")


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="did you mean Europe/Paris"):
        say_moment(DEADLINE, "Europe/Pariss", "en")
