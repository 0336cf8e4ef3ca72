"""A new call in the console: its first form, whose it is, and that whatever is typed is only text."""

from dataclasses import replace

import pytest

from outreach.domain.kinds import OWN_KINDS
from outreach.domain.users import Role
from outreach.store.calls import export_call
from outreach.web.app import build_app
from tests import make
from tests.web.console.made import CANARY, MAKE, NEW, WRITTEN, begin, draft, mail_values, save
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit


@pytest.fixture
def begun(here: Visit) -> Seated:
    """Rosa has made a draft."""
    return begin(here)


def test_a_draft_is_whole_from_the_first_moment(here: Visit) -> None:
    begin(here)
    with here.app.database.reading() as session:
        file = export_call(session, draft(here))
    assert file.languages == ("en", "fr")
    assert {kind for kind, language in file.texts if language == "en"} >= set(OWN_KINDS)
    assert {language for _, language in file.texts} == {"en", "fr"}
    assert [str(one) for one in file.reminders] == ["21d", "7d"]
    assert str(file.last_call) == "24h"


def test_what_cannot_be_a_call_is_said_above_the_form_which_keeps_what_was_typed(here: Visit) -> None:
    begin(here)
    rosa = seated(here, name="Amina")
    for odd, said in (
        ({"title": ""}, "Give the call a title."),
        ({"title": "المرافئ"}, "in Latin letters"),
        ({"slug": "new"}, "taken by a page"),
        ({"slug": "Open Ports"}, "small letters"),
        ({"slug": "open-ports"}, "There is a call"),
        ({"deadline": "2020-01-01T10:00"}, "has passed already"),
        ({"zone": "CET"}, "abbreviation"),
        ({"deadline": "soon"}, "no date and time"),
        ({"organisers": ""}, "organisers"),
    ):
        page = rosa.post("/console/calls/new", {**NEW, **odd})
        assert page.status_code == 422, odd
        assert said in page.text, odd
        assert "Lantern Coast Network" in page.text


@pytest.mark.parametrize("role", [Role.STAFF, Role.OBSERVER])
def test_only_who_runs_calls_makes_one(here: Visit, begun: Seated, role: Role) -> None:
    other = seated(here, role, name="Amina")
    assert other.get("/console/calls/new").status_code == 404
    for page in ("name", "letter", "audience", "schedule", "mails", "check", "audience/counted", "mails/framed"):
        assert begun.get(f"{MAKE}/{page}").status_code == 200, page
        assert other.get(f"{MAKE}/{page}").status_code == 404, page
    assert other.post(f"{MAKE}/launch").status_code == 404
    assert other.post("/console/calls/new", NEW).status_code == 404


def test_who_runs_one_call_makes_no_other(here: Visit, begun: Seated) -> None:
    amina = seated(here, Role.COORDINATOR, call_id=here.call.id or 0, name="Amina")
    assert amina.get("/console/calls/new").status_code == 404
    assert amina.get(f"{MAKE}/letter").status_code == 404
    assert amina.post(f"{MAKE}/letter", WRITTEN).status_code == 404
    ben = seated(here, Role.COORDINATOR, call_id=draft(here).id or 0, name="Ben")
    assert ben.get(f"{MAKE}/letter").status_code == 200


def test_whatever_is_typed_is_text_on_every_page(here: Visit, begun: Seated) -> None:
    with here.app.database.changing() as session:
        make.contact(session, here.app.house, "canary@harbour.example", name=CANARY)
    bad = begun.post(
        "/console/calls/new", {**NEW, "title": CANARY, "organisers": CANARY, "zone": CANARY, "slug": CANARY}
    )
    assert CANARY not in bad.text
    letter = {name: f"{value} {CANARY}" for name, value in WRITTEN.items()}
    save(begun, "letter", letter)
    fields = ("tags", "organisations", "exclude_tags", "countries")
    save(begun, "audience", dict.fromkeys(fields, CANARY))
    save(begun, "audience", {"exclude": CANARY})
    values = mail_values(begun)
    begun.post(f"{MAKE}/mails", {**values, "source": values["source"] + f"\n\n{CANARY}"})
    pages = [
        begun.get(f"{MAKE}/{page}").text for page in ("name", "letter", "audience", "schedule", "mails", "check")
    ]
    pages.append(save(begun, "schedule", {"deadline": CANARY, "zone": CANARY, "reminders": CANARY}).text)
    pages.append(begun.post(f"{MAKE}/letter", {**letter, "title.en": CANARY, "version": "old"}).text)
    pages.append(begun.post(f"{MAKE}/mails/contact", {"q": CANARY}).text)
    pages.append(begun.get(f"{MAKE}/mails/framed").text)
    for page in pages:
        assert CANARY not in page


def test_odd_addresses_answer_like_any_other(begun: Seated) -> None:
    for odd in ("mails?kind=x", "mails?contact=99999999", "mails?contact=x", "check?count=%00"):
        assert begun.get(f"{MAKE}/{odd}").status_code == 200, odd
    assert begun.get(f"{MAKE}/nowhere").status_code == 404
    assert begun.get("/console/calls/nowhere/make/letter").status_code == 404


def test_the_console_of_another_process_shows_the_same(here: Visit, begun: Seated) -> None:
    begun.web = build_app(here.app)
    assert begun.get(f"{MAKE}/letter").status_code == 200


def test_the_way_there_stands_on_the_list_of_calls_and_on_the_draft(here: Visit, begun: Seated) -> None:
    assert 'href="/console/calls/new"' in begun.get("/console/calls").text
    assert f'href="{MAKE}/check"' in begun.get("/console/calls/open-ports").text
    staff = seated(here, Role.STAFF, name="Amina")
    assert "/console/calls/new" not in staff.get("/console/calls").text
    assert "/make/" not in staff.get("/console/calls/open-ports").text


def test_title_organisers_and_press_contacts_of_a_draft_are_changed_and_nothing_else(
    here: Visit, begun: Seated
) -> None:
    with here.app.database.reading() as session:
        before = export_call(session, draft(here))
    page = begun.get(f"{MAKE}/name").text
    assert before.title in page
    typed = {"title": "Open all ports", "organisers": "Quay House\n\nNight Ferry ", "press_contacts": "Rosa, +32 2"}
    answer = save(begun, "name", typed)
    assert answer.status_code == 303
    with here.app.database.reading() as session:
        after = export_call(session, draft(here))
    assert (after.title, after.organisers, after.press_contacts) == (
        "Open all ports",
        ("Quay House", "Night Ferry"),
        ("Rosa, +32 2",),
    )
    assert replace(after, title=before.title, organisers=before.organisers, press_contacts=()) == before
    refused = save(begun, "name", {**typed, "organisers": " "})
    assert refused.status_code == 422
    assert "organisers" in refused.text


def test_the_page_of_a_draft_leads_on_to_its_making(here: Visit) -> None:
    page = begin(here).get("/console/calls/open-ports").text
    assert f'<a class="button" href="{MAKE}/letter">Go on making it</a>' in page
    assert "Go on making it" not in seated(here, name="Amina").get("/console/calls/safe-passage").text
