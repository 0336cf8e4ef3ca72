"""Contacts in the console: found, shown with all that was sent and heard, changed, and left alone on their wish."""

import re

import pytest
from sqlmodel import col, select

from outreach.domain.users import Role
from outreach.store.tables import Contact, ContactTag, Event, Message, Organisation, Suppression, SuppressionReason
from tests import make
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

CANARY = '"><script>alert(1)</script>'
PAGES = (
    "/console/contacts",
    "/console/contacts/1",
    "/console/contacts/new",
    "/console/contacts/1/edit",
    "/console/contacts/import",
    "/console/contacts/export",
    "/console/organisations",
    "/console/organisations/1",
    "/console/suppressions",
)
DEEDS = ("find", "new", "import", "1/edit", "1/tags", "1/opt-out", "1/lift")


@pytest.fixture
def rosa(here: Visit) -> Seated:
    return seated(here)


def _stands(here: Visit, number: int = 1) -> Contact:
    with here.app.database.reading() as session:
        return session.get_one(Contact, number)


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_there_for_a_coordinator(here: Visit, rosa: Seated, path: str) -> None:
    answer = rosa.get(path)
    assert answer.status_code == 200, answer.text[-2000:]
    assert "idris@harbour.example" not in str(answer.url)


@pytest.mark.parametrize("path", PAGES)
def test_none_is_there_for_an_observer_nor_for_the_coordinator_of_one_call(here: Visit, path: str) -> None:
    observer = seated(here, Role.OBSERVER, name="Otto")
    of_a_call = seated(here, Role.COORDINATOR, call_id=here.call.id or 0, name="Ana")
    assert [one.get(path).status_code for one in (observer, of_a_call)] == [404, 404]


@pytest.mark.parametrize("deed", DEEDS)
def test_staff_see_contacts_and_change_none(here: Visit, deed: str) -> None:
    staff = seated(here, Role.STAFF, name="Ines")
    before = here.everything()
    answer = staff.post(f"/console/contacts/{deed}", {"tag": "x", "words": "on the telephone", "search": "idris"})
    assert answer.status_code == (200 if deed == "find" else 404)
    assert here.everything() == before
    assert "/edit" not in staff.get("/console/contacts/1").text


def test_she_is_found_by_the_beginning_of_a_word_and_the_address_bar_says_nothing(rosa: Seated) -> None:
    found = rosa.post("/console/contacts/find", {"search": "idr harb"})
    assert "/console/contacts/1" in found.text
    assert "No contact is like that" in rosa.post("/console/contacts/find", {"search": "nobody"}).text
    assert "No contact is like that" in rosa.get("/console/contacts?country=FR").text


def test_more_than_a_page_is_reached_page_by_page(here: Visit, rosa: Seated) -> None:
    with here.app.database.changing() as session:
        for number in range(70):
            make.contact(session, here.app.house, f"p{number}@lamp.example", name=f"Person {number}")
    page = rosa.get("/console/contacts?tag=migration")
    more = re.search(r'class="next" href="([^"]+)"', page.text)
    assert more
    rest = rosa.get(more.group(1).replace("&amp;", "&"))
    named = [set(re.findall(r"/console/contacts/(\d+)\"", one.text)) for one in (page, rest)]
    assert (len(named[0]), len(named[1]), named[0] & named[1]) == (50, 21, set())
    posted = rosa.post("/console/contacts/find", {"search": "person"}).text
    below = re.search(r'name="before" value="(\d+)"', posted)
    assert below
    assert "Person 0<" in rosa.post("/console/contacts/find", {"search": "person", "before": below.group(1)}).text


def test_the_history_tells_what_was_sent_and_heard(here: Visit, rosa: Seated) -> None:
    here.signed()
    rosa.post("/console/contacts/1/opt-out", {"words": "on the telephone, on Monday"})
    page = rosa.get("/console/contacts/1").text
    for said in ("Invitation", "Signature", "Harbour House", "wants no such mail", "on the telephone, on Monday"):
        assert said in page, said


def test_a_contact_is_added_with_its_organisations_and_tags(here: Visit, rosa: Seated) -> None:
    filled = {
        "address": "Zoe@phare.example",
        "name": "Zoé Lumière",
        "country": "France",
        "language": "French",
        "tags": "press; migration",
        "basis": "consent",
        "organisations": "Le Phare\r\nHarbour House",
    }
    page = rosa.does("/console/contacts/new", filled)
    assert "The contact is added" in page.text
    zoe = _stands(here, 2)
    assert (zoe.country, zoe.language, zoe.time_zone, zoe.basis) == ("FR", "fr", "Europe/Paris", "consent")
    for said in ("Le Phare", "Harbour House", "press", "migration"):
        assert said in page.text
    with here.app.database.reading() as session:
        assert session.exec(select(Event.by).where(Event.verb == "add_contact")).one() == "rosa@coalition.example"


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"address": "nobody"}, "nobody"),
        ({"address": "IDRIS@harbour.example"}, "is a contact already"),
        ({"address": "calls@lanterncoast.coop"}, "address of this workspace itself"),
        ({"address": "a@b.example", "country": "Atlantis"}, "is no country that is known"),
        ({"address": "a@b.example", "name": "x@y.example"}, "looks like an address"),
        ({"address": "a@b.example", "organisations": "x@y.example"}, "looks like an address"),
    ],
)
def test_what_cannot_be_added_is_said_on_the_form_with_what_was_typed(
    here: Visit, rosa: Seated, filled: dict[str, str], said: str
) -> None:
    before = here.everything()
    answer = rosa.post("/console/contacts/new", filled)
    assert (answer.status_code, here.everything() == before) == (422, True)
    assert said in answer.text
    assert all(value in answer.text for value in filled.values())


def test_a_contact_is_changed_and_what_is_left_empty_is_empty(here: Visit, rosa: Seated) -> None:
    form = rosa.get("/console/contacts/1/edit").text
    assert "idris@harbour.example" in form
    changed = {"name": "Idris B.", "organisations": "Harbour Lamp", "tags": "", "basis": "partner"}
    assert "The contact is changed" in rosa.does("/console/contacts/1/edit", changed).text
    idris = _stands(here)
    assert (idris.name, idris.basis, idris.country) == ("Idris B.", "partner", "")
    with here.app.database.reading() as session:
        assert session.exec(select(ContactTag)).all() == []
        lamp = session.exec(select(Organisation).where(Organisation.name == "Harbour Lamp")).one()
    assert idris.organisation_id == lamp.id
    assert "Nothing was changed" in rosa.does("/console/contacts/1/edit", changed).text
    assert rosa.post("/console/contacts/1/edit", {"country": "Atlantis"}).status_code == 422


def test_a_tag_is_put_on_taken_off_and_back_again(here: Visit, rosa: Seated) -> None:
    page = rosa.does("/console/contacts/1/tags", {"tag": "press"})
    assert 'action="/console/contacts/1/tags"' in page.text
    rosa.does("/console/contacts/1/tags", {"tag": "press", "off": "yes"})
    with here.app.database.reading() as session:
        assert set(session.exec(select(ContactTag.tag))) == {"migration"}


def test_who_asks_for_it_is_written_to_no_more_and_how_she_said_it_is_kept(here: Visit, rosa: Seated) -> None:
    rosa.does("/console/contacts/1/opt-out", {"words": "on the telephone, on Monday"})
    with here.app.database.reading() as session:
        stop = session.exec(select(Suppression)).one()
        assert set(session.exec(select(Message.state).where(col(Message.bulk).is_(True)))) == {"cancelled"}
    assert (stop.reason, stop.scope) == (SuppressionReason.OPT_OUT, 0)
    assert stop.evidence == "noted by rosa@coalition.example: on the telephone, on Monday"
    refused = rosa.does("/console/contacts/1/opt-out", {"words": "  "})
    assert "Write down how it was said" in refused.text


def test_what_staff_noted_by_mistake_is_lifted_and_its_mails_wait_again(here: Visit, rosa: Seated) -> None:
    rosa.does("/console/contacts/1/opt-out", {"words": "on the telephone"})
    lifted = rosa.does("/console/contacts/1/lift", {"suppression": "1", "why": "it was another Idris"})
    assert "may be written to again" in lifted.text
    with here.app.database.reading() as session:
        assert session.exec(select(Suppression)).all() == []
        assert set(session.exec(select(Message.state).where(col(Message.bulk).is_(True)))) == {"queued"}


def test_what_she_asked_for_by_herself_is_lifted_by_nobody_nor_weakened_by_a_note(
    here: Visit, rosa: Seated
) -> None:
    here.post(here.way_out, {"from": "page", "scope": "everything"})
    with here.app.database.reading() as session:
        evidence = session.exec(select(Suppression.evidence)).one()
    assert evidence == "opt-out page"
    assert "It was so already" in rosa.does("/console/contacts/1/opt-out", {"words": "on the telephone"}).text
    assert "nobody else can take it back" in rosa.get("/console/contacts/1").text
    refused = rosa.does("/console/contacts/1/lift", {"suppression": "1", "why": "we would like to"})
    assert "nobody else can take it back" in refused.text
    with here.app.database.reading() as session:
        assert session.exec(select(Suppression.evidence)).one() == evidence


def test_a_suppression_is_found_by_the_address_even_when_the_contact_is_gone(here: Visit, rosa: Seated) -> None:
    rosa.does("/console/contacts/1/opt-out", {"words": "on the telephone"})
    assert "on the telephone" in rosa.get("/console/suppressions").text
    found = rosa.post("/console/suppressions/find", {"address": " IDRIS@harbour.example"})
    assert "on the telephone" in found.text
    assert "on the telephone" not in rosa.post("/console/suppressions/find", {"address": "ana@x.example"}).text
    assert "on the telephone" not in rosa.post("/console/suppressions/find", {"address": "nonsense"}).text
    assert "on the telephone" not in rosa.get("/console/suppressions?reason=complaint").text


def test_an_organisation_is_found_with_its_people_and_what_it_signed(here: Visit, rosa: Seated) -> None:
    here.signed()
    assert "Harbour House" in rosa.get("/console/organisations?search=harb").text
    assert "There is no such organisation" in rosa.get("/console/organisations?search=zzz").text
    card = rosa.get("/console/organisations/1").text
    assert "idris@harbour.example" in card
    assert "pending" in card


def test_scripts_in_every_field_do_nothing(here: Visit, rosa: Seated) -> None:
    with here.app.database.changing() as session:
        body = Organisation(name=CANARY, name_key="canary", acronym=CANARY, website=CANARY, created_at=make.NOON)
        session.add(body)
        session.flush()
        make.contact(
            session,
            here.app.house,
            "otto@x.example",
            name=CANARY,
            role=CANARY,
            tags=(CANARY,),
            source=CANARY,
            organisation_id=body.id,
            custom={"canary": CANARY},
        )
        otto = session.get_one(Contact, 2)
        make.suppression(session, otto)
    rosa.does("/console/contacts/2/opt-out", {"words": CANARY, "call": here.call.slug})
    for path in (*PAGES, "/console/contacts/2", "/console/contacts/2/edit", "/console/organisations/2"):
        if not path.endswith("export"):
            page = rosa.get(path).text
            assert "<script>alert" not in page, path
    for path in ("contacts", "suppressions"):
        for field in ("search", "tag", "country", "address"):
            found = rosa.post(f"/console/{path}/find", {field: CANARY})
            assert (found.status_code, "<script>alert" in found.text) == (200, False)


@pytest.mark.parametrize(
    "path",
    [
        "/console/contacts/999999",
        "/console/contacts/99999999999999999999",
        "/console/contacts/x",
        "/console/organisations/999999",
        "/console/organisations/99999999999999999999",
        "/console/contacts/import/1",
        "/console/contacts/import/1/tasks/1",
    ],
)
def test_what_is_not_there_is_not_there(rosa: Seated, path: str) -> None:
    assert rosa.get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "before=99999999999999999999", "writable=x&basis=%00", "tag=%00"]
)
def test_nonsense_in_the_address_is_nonsense(rosa: Seated, query: str) -> None:
    assert rosa.get(f"/console/contacts?{query}").status_code == 200


def test_an_export_is_streamed_and_computes_nothing(here: Visit, rosa: Seated) -> None:
    with here.app.database.changing() as session:
        make.contact(session, here.app.house, "otto@x.example", name="=HYPERLINK(1)")
    answer = rosa.get("/console/contacts/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="contacts.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfemail,name")
    assert "otto@x.example,'=HYPERLINK(1)" in answer.text
    assert "idris@harbour.example,Idris Belhaj" in answer.text
