"""The pre-flight and the launch in the console: what stands in the way, who consents, once and as it was shown."""

from dataclasses import replace

import pytest

from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState
from outreach.queries.draft_figures import AT_ONCE
from tests import make, tasks
from tests.web.console.made import MAKE, WRITTEN, begin, draft, form_of, mail_values, save, written
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit


@pytest.fixture
def begun(here: Visit) -> Seated:
    """Rosa has made a draft."""
    return begin(here)


def test_what_stands_in_the_way_is_named_with_the_page_that_mends_it(here: Visit, begun: Seated) -> None:
    page = begun.get(f"{MAKE}/check").text
    assert "The letter in English still says that something is to be written in it." in page
    assert f'<a href="{MAKE}/letter">Mend it</a>' in page
    assert "/make/launch" not in page
    save(begun, "audience", {"tags": "nobody-has-this"})
    page = begun.get(f"{MAKE}/check").text
    assert f'<a href="{MAKE}/audience">Mend it</a>' in page
    refused = begun.does(f"{MAKE}/launch", {"draft": "x"})
    assert "was changed since you looked" in refused.text
    assert draft(here).state is CallState.DRAFT


def test_languages_that_the_call_is_not_written_in_are_named_in_words(here: Visit, begun: Seated) -> None:
    with here.app.database.changing() as session:
        make.contact(session, here.app.house, "amal@quay.example", language="ar")
    assert "read Arabic, and get it in English" in begun.get(f"{MAKE}/check").text


def test_it_is_launched_once_and_by_nobody_who_saw_another_draft(here: Visit, begun: Seated) -> None:
    written(begun)
    seen = form_of(begun.get(f"{MAKE}/check"))
    assert "1 person is invited at once" in begun.get(f"{MAKE}/check").text
    save(seated(here, name="Amina"), "letter", {**WRITTEN, "title.en": "Another"})
    assert "was changed since you looked" in begun.does(f"{MAKE}/launch", seen).text
    page = begun.does(f"{MAKE}/launch", form_of(begun.get(f"{MAKE}/check")))
    assert "Launched. 1 invitation is queued." in page.text
    assert draft(here).state is CallState.OPEN
    assert begun.post(f"{MAKE}/launch", seen).status_code == 303
    assert len(here.mails(MessageKind.INVITATION)) == 2  # one of them is the other call's
    assert "This call has been launched" in begun.get(f"{MAKE}/check").text
    for page_name in ("letter", "audience", "schedule", "mails"):
        assert begun.get(f"{MAKE}/{page_name}").status_code == 200
    assert begun.post(f"{MAKE}/audience", {"tags": "x"}).status_code == 409


def test_in_an_open_call_a_mails_text_may_change_still(here: Visit, begun: Seated) -> None:
    written(begun)
    begun.post(f"{MAKE}/launch", form_of(begun.get(f"{MAKE}/check")))
    values = mail_values(begun, f"{MAKE}/mails?kind=reminder&language=en")
    done = begun.post(f"{MAKE}/mails", {**values, "source": values["source"] + "\n\nOne line more."})
    assert done.status_code == 303
    assert "One line more." in mail_values(begun, f"{MAKE}/mails?kind=reminder&language=en")["source"]


def test_where_the_workspace_asks_for_it_a_second_person_launches_what_was_asked_for(here: Visit) -> None:
    here.app = replace(here.app, house=make.house(here.app.database, workspace={"second_person": True}))
    rosa = begin(here)
    amina = seated(here, name="Amina")
    written(rosa)
    seen = form_of(rosa.get(f"{MAKE}/check"))
    assert "asks for a second person" in rosa.does(f"{MAKE}/launch", seen).text
    assert "Nobody has asked" in amina.does(f"{MAKE}/consent", seen).text
    assert "Asked." in rosa.does(f"{MAKE}/ask", seen).text
    assert "Waits for a second person" in rosa.get(f"{MAKE}/check").text
    assert "must be somebody else" in rosa.does(f"{MAKE}/consent", seen).text
    save(rosa, "letter", {**WRITTEN, "title.en": "Another"})
    now = form_of(amina.get(f"{MAKE}/check"))
    assert "ask for it anew" in amina.does(f"{MAKE}/consent", now).text
    rosa.post(f"{MAKE}/ask", form_of(rosa.get(f"{MAKE}/check")))
    page = amina.get(f"{MAKE}/check")
    assert "rosa@coalition.example has asked for your consent" in page.text
    assert "Launched." in amina.does(f"{MAKE}/consent", form_of(page)).text
    assert draft(here).state is CallState.OPEN


def test_consent_is_nothing_where_nobody_asks_for_it(here: Visit, begun: Seated) -> None:
    written(begun)
    refused = begun.does(f"{MAKE}/consent", form_of(begun.get(f"{MAKE}/check")))
    assert "asks for nobody" in refused.text


def test_a_rehearsal_is_said_loudly(here: Visit) -> None:
    here.app = replace(here.app, house=make.house(here.app.database, mail={"transport": "files"}))
    rosa = begin(here)
    written(rosa)
    page = rosa.get(f"{MAKE}/check").text
    assert "This is a rehearsal." in page
    assert "Launch the rehearsal" in page


def test_among_many_contacts_the_worker_launches_what_was_looked_at(here: Visit, begun: Seated) -> None:
    written(begun)
    with here.app.database.changing() as session:
        make.contact(session, here.app.house, "far@harbour.example", id=AT_ONCE + 1)
    page = begun.get(f"{MAKE}/check").text
    assert "It is being counted" in page
    assert "/make/launch" not in page
    counted = begun.get(f"{MAKE}/check/counted").text
    assert counted.count("people are invited at once") == 1
    assert begun.get(f"{MAKE}/check?count=yes").text.count("people are invited at once") == 1
    done = begun.post(f"{MAKE}/launch", form_of(counted))
    assert done.headers["location"].startswith("/console/tasks/")
    assert draft(here).state is CallState.DRAFT
    assert tasks.worker(here.app.database, here.app.house).once() == 1
    assert draft(here).state is CallState.OPEN
    assert "2 invitations are queued" in begun.get(done.headers["location"]).text
