"""Where the workspace asks for two people, what an open call says anew waits for the second one's log-in."""

import html
import re
from dataclasses import replace

import pytest
from sqlmodel import select

from outreach.domain.tasks import TaskState
from outreach.domain.users import Role
from outreach.store.calls import export_call
from outreach.store.tables import Call, CallText, Message, Task
from tests import make, tasks
from tests.web.console.made import form_of
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

CALL = "/console/calls/safe-passage"
ERRATUM = {"corrects": "invitation", "text": "The day was wrong.", "authorised_by": "Anybody"}


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def here(here: Visit) -> Visit:
    here.app = replace(here.app, house=make.house(here.app.database, workspace={"second_person": True}))
    with here.app.database.changing() as session:
        make.submitted(session)
    return here


def proposed(rosa: Seated, page: str, values: dict[str, str]) -> str:
    """The page of the task that comes of it."""
    location = rosa.post(page, values).headers["location"]
    assert location.startswith("/console/tasks/")
    return location


def worked(here: Visit) -> None:
    tasks.worker(here.app.database, here.app.house, here.clock).once()


def messages(here: Visit) -> int:
    with here.app.database.reading() as session:
        return len(session.exec(select(Message)).all())


def test_a_name_that_is_typed_is_no_consent(here: Visit) -> None:
    before, task = messages(here), proposed(seated(here), f"{CALL}/erratum", ERRATUM)
    worked(here)
    assert messages(here) == before
    assert "Waiting for a second person" in seated(here, name="Amina").get(task).text


def test_a_correction_goes_out_when_a_second_person_has_consented(here: Visit) -> None:
    rosa, amina = seated(here), seated(here, name="Amina")
    before, task = messages(here), proposed(rosa, f"{CALL}/erratum", ERRATUM)
    assert "changes wait for your consent" in amina.get("/console").text
    assert "changes wait for your consent" not in rosa.get("/console").text
    assert "Waiting for your consent" in amina.get("/console/tasks").text
    page = amina.get(task).text
    assert "The day was wrong." in page
    assert "Invitation" in page
    assert "/consent" not in rosa.get(task).text
    assert "it takes somebody else to consent" in rosa.does(f"{task}/consent").text
    after = amina.does(f"{task}/consent")
    assert after.status_code == 200
    assert "You have consented." in after.text
    worked(here)
    assert messages(here) == before + 1
    for person in (rosa, amina):
        assert "Told: 1." in person.get(task).text
    assert seated(here, name="Ines").get(task).status_code == 404, "she had no part in it"


def test_a_new_version_of_the_letter_is_shown_word_by_word_before_anybody_consents(here: Visit) -> None:
    rosa, amina = seated(here), seated(here, name="Amina")
    form = rosa.get(f"{CALL}/make/letter")
    words = {"title": "Open ports", "addressee": "Ministers", "asks": "", "body": "Open them."}
    with here.app.database.reading() as session:
        languages = list(export_call(session, session.get_one(Call, here.call.id)).letters)
    letter = {f"{name}.{language}": text for language in languages for name, text in words.items()}
    more = {"version": form_of(form)["version"], "substance": "It asks more."}
    task = proposed(rosa, f"{CALL}/make/letter/amend", {**letter, **more})
    page = amina.get(task).text
    assert "It asks more." in page
    assert "<ins>" in page
    assert "Open them." in text_of(page)
    assert "You have consented." in amina.does(f"{task}/consent").text
    worked(here)
    with here.app.database.reading() as session:
        assert session.get_one(Call, here.call.id).letter_version == 2


def test_a_mail_s_new_text_can_be_declined(here: Visit) -> None:
    rosa, amina = seated(here), seated(here, name="Amina")
    page = f"{CALL}/make/mails"
    form = {**form_of(rosa.get(page)), "kind": "reminder", "language": "en"}
    form["version"] = form_of(rosa.get(f"{page}?kind=reminder&language=en"))["version"]
    with here.app.database.reading() as session:
        source = session.exec(select(CallText.source).where(CallText.kind == "reminder")).first() or ""
    task = proposed(rosa, page, {**form, "source": f"{source}\nOne line more."})
    assert "One line more." in text_of(amina.get(task).text)
    declined = amina.does(f"{task}/decline")
    assert declined.status_code == 200
    assert "nothing was changed" in declined.text
    assert "Amina did not consent." in rosa.get(task).text
    worked(here)
    with here.app.database.reading() as session:
        assert [one.state for one in session.exec(select(Task))] == [TaskState.REFUSED]


def test_who_may_not_consent_sees_no_proposal_of_others(here: Visit) -> None:
    task = proposed(seated(here), f"{CALL}/erratum", ERRATUM)
    staff = seated(here, Role.STAFF, name="Otto")
    other = seated(here, Role.COORDINATOR, call_id=999, name="Ines")
    for person in (staff, other):
        assert person.get(task).status_code == 404
        assert person.post(f"{task}/consent").status_code == 404
        assert person.post(f"{task}/decline").status_code == 404
        assert "changes wait" not in person.get("/console").text
