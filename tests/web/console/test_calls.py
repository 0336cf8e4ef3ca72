"""The first page, the list of calls, and a call's page: what they show to whom, and what can be done from them."""

import re

import pytest
from sqlmodel import select

from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CallState, MessageState, SignatureState
from outreach.domain.users import Role
from outreach.queries.call_progress import FEW
from outreach.store.tables import Call, Mailing, Task
from outreach.usecases.close_call import close_call
from tests import make
from tests.web.console.seated import seated
from tests.web.visit import Visit

CALL = "/console/calls/safe-passage"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def call_now(here: Visit) -> Call:
    with here.app.database.reading() as session:
        return session.get_one(Call, here.call.id)


def test_the_first_page_says_that_nothing_waits_and_shows_every_open_call(here: Visit) -> None:
    page = seated(here).get("/console")
    assert page.status_code == 200
    assert "Nothing waits for you." in page.text
    assert f'href="{CALL}"' in page.text
    assert "too early to say" in page.text


def test_what_needs_her_is_a_number_that_opens_its_rows(here: Visit) -> None:
    with here.app.database.changing() as session:
        mail = make.messages(session)[0]
        mail.state = MessageState.FAILED
        session.add(mail)
    page = seated(here).get("/console").text
    assert re.search(r'href="/console/outbox\?state=failed"><b>1</b>', page)


def test_an_observer_sees_how_a_call_stands_and_no_door_to_anybodys_data(here: Visit) -> None:
    with here.app.database.changing() as session:
        call = session.get_one(Call, here.call.id)
        make.signature(
            session, call, kind=SignatureKind.INDIVIDUAL, name="Hidden Harbour", visibility=Visibility.COUNTED
        )
    observer = seated(here, Role.OBSERVER)
    for path in ("/console", "/console/calls", CALL):
        page = observer.get(path)
        assert page.status_code == 200
        for private in (here.idris.address, here.idris.name, "Hidden Harbour", f"{CALL}/silent", "/signatures"):
            assert private not in page.text
    assert "What you can do" not in page.text
    assert observer.get(f"{CALL}/silent").status_code == 404
    assert observer.post(f"{CALL}/pause").status_code == 404
    assert call_now(here).paused_at is None


def test_a_role_for_one_call_opens_that_call_alone(here: Visit) -> None:
    with here.app.database.changing() as session:
        make.call(session, here.app.house, slug="another-one")
    amina = seated(here, Role.COORDINATOR, call_id=here.call.id or 0, name="Amina")
    assert "another-one" not in amina.get("/console/calls").text
    assert amina.get(CALL).status_code == 200
    assert amina.get("/console/calls/another-one").status_code == 404
    assert amina.post("/console/calls/another-one/cancel", {"name": "another-one"}).status_code == 404


def test_calls_are_found_by_their_words_and_their_state(here: Visit) -> None:
    with here.app.database.changing() as session:
        make.call(session, here.app.house, slug="another-one", title="A quiet harbour")
    rosa = seated(here)
    assert "another-one" in rosa.get("/console/calls?q=quiet").text
    assert "safe-passage" not in rosa.get("/console/calls?q=quiet").text
    assert "another-one" not in rosa.get("/console/calls?state=open").text
    assert "No call fits." in rosa.get("/console/calls?q=%25").text
    assert rosa.get("/console/calls?state=odd&before=x").status_code == 200


def test_a_call_s_page_has_its_numbers_as_pictures_and_as_tables(here: Visit) -> None:
    with here.app.database.changing() as session:
        make.submitted(session)
    page = seated(here).get(CALL).text
    assert page.count("<title id=") == page.count('role="img"') == 6
    assert page.count("The same as a table") == 2
    shown = text_of(page)
    assert "1 person invited" in shown
    assert "1 is silent" in shown
    assert "1 of 1 sent" in shown


def test_who_is_silent_stands_under_the_organisation_with_how_to_reach_them(here: Visit) -> None:
    with here.app.database.changing() as session:
        make.submitted(session)
    rosa = seated(here)
    assert here.idris.address in rosa.get(f"{CALL}/silent").text
    assert "Harbour House" in rosa.get(f"{CALL}/silent?q=harb").text
    assert "Nobody fits" in rosa.get(f"{CALL}/silent?q=zebra").text
    assert rosa.get(f"{CALL}/silent?after=odd").status_code == 200
    with here.app.database.changing() as session:
        make.signature(session, session.get_one(Call, here.call.id), here.idris)
    assert "Nobody is silent." in rosa.get(f"{CALL}/silent").text


def test_pausing_says_what_stops_and_is_undone_by_a_button(here: Visit) -> None:
    rosa = seated(here)
    assert "1 mail that waits stops at once" in text_of(rosa.get(CALL).text)
    done = rosa.does(f"{CALL}/pause")
    assert "Paused: no mail of this call leaves" in done.text
    assert f'action="{CALL}/resume"' in done.text
    assert call_now(here).paused_at is not None
    assert "go on" in rosa.does(f"{CALL}/resume").text
    assert call_now(here).paused_at is None


def test_moving_the_deadline_takes_what_a_browser_sends_and_says_who_is_told(here: Visit) -> None:
    done = seated(here).does(f"{CALL}/extend", {"deadline": "2027-03-05T17:00", "release": "2027-03-09T10:00"})
    assert "2027-03-05 17:00 America/Los_Angeles" in done.text
    assert call_now(here).deadline_revision == 2


def test_a_deadline_that_is_none_is_declined_in_a_sentence_and_nothing_is_changed(here: Visit) -> None:
    rosa = seated(here)
    done = rosa.does(f"{CALL}/extend", {"deadline": "2026-01-01T17:00"})
    assert "is not later than the present one" in done.text
    assert call_now(here).deadline_revision == 1


def test_an_erratum_tells_those_who_got_the_mailing(here: Visit) -> None:
    with here.app.database.changing() as session:
        make.submitted(session)
    done = seated(here).does(f"{CALL}/erratum", {"corrects": "invitation", "text": "The date was wrong."})
    assert "Told: 1" in done.text
    assert "Choose which mailing" in seated(here, name="Amina").does(f"{CALL}/erratum", {"text": "x"}).text


def test_closing_then_signing_off_is_asked_of_the_worker_as_a_task(here: Visit) -> None:
    with here.app.database.changing() as session:
        make.signature(session, session.get_one(Call, here.call.id), here.idris)
    rosa = seated(here)
    assert "Signing has ended" in rosa.does(f"{CALL}/close").text
    assert "The list must be signed off first." in rosa.get(CALL).text
    done = rosa.post(f"{CALL}/sign-off", {"reason": ""})
    assert done.headers["location"].startswith("/console/tasks/")
    with here.app.database.reading() as session:
        assert [task.verb for task in session.exec(select(Task))] == ["sign-off"]
    assert rosa.post(f"{CALL}/release").headers["location"].startswith("/console/tasks/")


def test_a_call_is_given_up_only_by_its_name(here: Visit) -> None:
    rosa = seated(here)
    assert "Type the name" in rosa.does(f"{CALL}/cancel", {"name": "safe"}).text
    assert call_now(here).state is CallState.OPEN
    assert "Cancelled, and 1 mails" in rosa.does(f"{CALL}/cancel", {"name": "safe-passage"}).text
    assert call_now(here).state is CallState.CANCELLED


@pytest.mark.parametrize("state", CallState)
def test_a_call_s_page_stands_in_every_state(here: Visit, state: CallState) -> None:
    with here.app.database.changing() as session:
        call = session.get_one(Call, here.call.id)
        call.state = state
        call.launched_at = None if state is CallState.DRAFT else call.launched_at
        make.signature(session, call, here.idris, state=SignatureState.PROPOSED)
    for role in Role:
        assert seated(here, role, name=role.value).get(CALL).status_code == 200


def test_an_empty_workspace_says_what_to_do_first(here: Visit) -> None:
    with here.app.database.changing() as session:
        call = session.get_one(Call, here.call.id)
        close_call(session, call, now=here.clock.now(), by="Rosa")
    assert "No call is open." in seated(here).get("/console").text
    assert (
        "There is no call yet that you may see."
        in seated(here, Role.OBSERVER, call_id=999, name="Ben").get("/console").text
    )


def test_moments_and_mailings_name_only_what_is_there(here: Visit) -> None:
    with here.app.database.reading() as session:
        mailings = len(session.exec(select(Mailing)).all())
        assert len(make.messages(session)) == 1
    page = seated(here).get(CALL).text
    assert page.count('<g class="stop') == 2 * (mailings + 3)


def test_where_those_stand_who_were_invited_to_a_large_call_comes_after_its_page(here: Visit) -> None:
    with here.app.database.changing() as session:
        make.counted(session, here.call, FEW)
    rosa = seated(here)
    page = rosa.get(CALL).text
    assert f'hx-get="{CALL}/funnel"' in page
    assert "It is being counted" in page
    assert "are silent" not in page
    assert "About 20,000 people are told of it" in text_of(page)
    assert "By organisation" in rosa.get(f"{CALL}/silent").text
    assert "The last eight rows add up" in rosa.get(f"{CALL}?count=yes").text
    assert "The last eight rows add up" in rosa.get(f"{CALL}/funnel").text
    assert "It is being counted" not in rosa.get(CALL).text, "what was counted is kept until it changes"
