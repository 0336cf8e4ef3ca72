"""The page of health, and the panic stop, which stands on every page."""

from datetime import timedelta

import pytest

from outreach.domain.users import Role
from outreach.store.remembered import PROBE_ASKED, PROBED, remember, remembered
from outreach.store.stopping import stopped
from tests import make
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

SOMEWHERE = "/console/health"


def stop(person: Seated, **values: str) -> str:
    return person.does("/console/stop", {"to": SOMEWHERE, **values}).text


def is_stopped(here: Visit) -> bool:
    with here.app.database.reading() as session:
        return stopped(session) is not None


# The panic stop.


def test_one_click_stops_all_mail_and_one_more_undoes_it(here: Visit) -> None:
    rosa = seated(here)
    page = rosa.get(SOMEWHERE).text
    assert 'action="/console/stop"' in page
    page = stop(rosa)
    assert is_stopped(here)
    assert "confirmations and receipts too" in page
    assert "Undo" in page
    assert 'action="/console/stop"' not in page
    page = rosa.does("/console/start", {"to": SOMEWHERE}).text
    assert not is_stopped(here)
    assert "Mail leaves again." in page
    assert here.woken


def test_while_it_stands_every_page_says_who_stopped_it_when_and_why(here: Visit) -> None:
    rosa = seated(here)
    stop(rosa, reason="the wrong <list>")
    for path in (SOMEWHERE, "/console/log", "/console/nowhere"):
        page = rosa.get(path).text
        assert "All mail is stopped." in page
        assert "By rosa@coalition.example" in page
        assert "the wrong &lt;list&gt;" in page


def test_who_only_looks_on_hears_that_it_is_stopped_and_not_by_whom(here: Visit) -> None:
    stop(seated(here))
    page = seated(here, Role.OBSERVER, name="Vera").get("/console/nowhere").text
    assert "All mail is stopped." in page
    assert "rosa@" not in page
    assert "/console/start" not in page


def test_staff_of_one_call_may_stop_all_mail_and_a_coordinator_of_all_starts_it(here: Visit) -> None:
    amina = seated(here, Role.STAFF, call_id=here.call.id or 0, name="Amina")
    assert "Undo" not in stop(amina)
    assert is_stopped(here)
    assert amina.post("/console/start", {"to": SOMEWHERE}).status_code == 404
    assert is_stopped(here)
    seated(here).post("/console/start", {"to": SOMEWHERE})
    assert not is_stopped(here)


def test_an_observer_stops_nothing(here: Visit) -> None:
    vera = seated(here, Role.OBSERVER, name="Vera")
    assert "Stop all mail" not in vera.get("/console/nowhere").text
    assert vera.post("/console/stop").status_code == 404
    assert not is_stopped(here)


def test_a_second_stop_and_a_second_start_say_that_nothing_changed(here: Visit) -> None:
    rosa = seated(here)
    stop(rosa)
    here.clock.turn(timedelta(minutes=1))
    assert "stopped already" in stop(rosa)
    rosa.does("/console/start", {"to": SOMEWHERE})
    assert "was not stopped" in rosa.does("/console/start", {"to": SOMEWHERE}).text


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", ""])
def test_a_stop_leads_back_into_the_console_and_nowhere_else(here: Visit, to: str) -> None:
    assert seated(here).post("/console/stop", {"to": to}).headers["location"] == "/console"


# Health.


def test_an_administrator_sees_every_finding_the_worst_first(here: Visit) -> None:
    page = seated(here, Role.ADMINISTRATOR).get(SOMEWHERE).text
    assert "fault" in page
    assert page.index("Address of the pages") < page.index("Panic stop")
    assert "have not been looked at yet" in page


def test_what_the_worker_found_is_shown_with_its_time(here: Visit) -> None:
    kept = (
        '{"at": "2027-01-11T11:50:00+00:00", "whole_at": null, "findings": ['
        '{"check": "disk", "level": "fault", "found": "1 MB is free.", "advice": "Make room."},'
        '{"check": "gone since", "level": "ok", "found": "x", "advice": ""}]}'
    )
    with here.app.database.changing() as session:
        remember(session, PROBED, kept)
    page = seated(here, Role.ADMINISTRATOR).get(SOMEWHERE).text
    assert "1 MB is free." in page
    assert "2027-01-11T11:50:00+00:00" in page


def test_an_administrator_can_ask_for_a_look_at_once(here: Visit) -> None:
    assert "within seconds" in seated(here, Role.ADMINISTRATOR).does("/console/health/look").text
    with here.app.database.reading() as session:
        assert remembered(session, PROBE_ASKED) == make.NOON.isoformat()
    assert seated(here, name="Ben").post("/console/health/look").status_code == 404


def test_staff_see_the_limits_and_no_finding(here: Visit) -> None:
    page = seated(here, Role.STAFF).get(SOMEWHERE).text
    assert "In any hour" in page
    assert "100,000" in page
    assert "Worker" not in page
    assert seated(here, Role.OBSERVER, name="Vera").get(SOMEWHERE).status_code == 404
