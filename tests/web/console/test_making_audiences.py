"""The audience and the dates of a draft in the console: kept, counted, declined with reasons."""

import re

import pytest

from outreach.store.tables import CallExclusion
from tests import make
from tests.web.console.made import MAKE, begin, draft, save, version, written
from tests.web.console.seated import Seated
from tests.web.visit import Visit


@pytest.fixture
def begun(here: Visit) -> Seated:
    """Rosa has made a draft."""
    return begin(here)


def test_the_filter_is_kept_and_counted_with_the_first_names_and_the_reasons(here: Visit, begun: Seated) -> None:
    with here.app.database.changing() as session:
        make.contact(session, here.app.house, "nobasis@harbour.example", basis="")
        make.contact(session, here.app.house, "other@harbour.example", tags=("fishing",))
    page = begun.does(f"{MAKE}/audience", {"version": version(begun, "audience"), "tags": "migration"})
    assert re.search(r"<b>1</b>\s*person would be invited", page.text)
    assert here.idris.address in page.text
    assert re.search(r"<b>1</b> no basis to write", page.text)
    assert "other@harbour.example" not in page.text
    assert "would be invited" in begun.get(f"{MAKE}/audience/counted").text


def test_a_filter_that_means_nothing_is_said(here: Visit, begun: Seated) -> None:
    for odd, said in (
        ({"exclude": "no address"}, "audience.exclude"),
        ({"first_signed": "x"}, "go together"),
        ({"signed": "nowhere"}, ""),
    ):
        answer = save(begun, "audience", odd)
        assert answer.status_code in (303, 422)
        assert said in answer.text


def test_who_was_invited_elsewhere_stays_left_out_whatever_is_changed(here: Visit, begun: Seated) -> None:
    with here.app.database.changing() as session:
        session.add(CallExclusion(call_id=draft(here).id or 0, address_digest=here.idris.address_digest))
    written(begun)
    assert re.search(r"<b>1</b> excluded or already invited", begun.get(f"{MAKE}/audience").text)


def test_dates_are_kept_with_their_zones_and_shown_in_each_of_the_audience(here: Visit, begun: Seated) -> None:
    with here.app.database.changing() as session:
        make.contact(session, here.app.house, "far@harbour.example", time_zone="Asia/Manila")
    values = {
        "deadline": "2027-02-20T12:00",
        "zone": "America/Los_Angeles",
        "release": "2027-03-01T09:00",
        "release_zone": "Europe/Brussels",
        "reminders": "14d\n3d 09:00",
        "last_call": "24h",
        "thank_you": "yes",
    }
    page = begun.does(f"{MAKE}/schedule", {"version": version(begun, "schedule"), **values})
    assert "Asia/Manila" in page.text
    assert "21 Feb 04:00" in page.text
    assert "Reminder 3d 09:00" in page.text
    call = draft(here)
    assert (call.deadline, call.release) == (
        "2027-02-20 12:00 America/Los_Angeles",
        "2027-03-01 09:00 Europe/Brussels",
    )
    assert begun.get(f"{MAKE}/schedule/zones").status_code == 200


def test_dates_that_cannot_be_are_declined_and_stay_in_the_form(here: Visit, begun: Seated) -> None:
    good = {"deadline": "2027-02-20T12:00", "zone": "Europe/Brussels", "thank_you": "yes"}
    for odd, said in (
        ({"reminders": "a week"}, "a week"),
        ({"release": "2027-02-01T12:00"}, "before the deadline"),
        ({"zone": "EST"}, "abbreviation"),
        ({"deadline": ""}, "no date and time"),
        ({"last_call": "0d"}, "not before the deadline"),
    ):
        page = save(begun, "schedule", {**good, **odd})
        assert page.status_code == 422, odd
        assert said in page.text, odd
