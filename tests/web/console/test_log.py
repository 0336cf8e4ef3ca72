"""The log as a page: of everything, of one call, for those who may read people's data."""

import re

from outreach.domain.users import Role
from outreach.store.tables import Call, Contact
from outreach.usecases.pause_call import pause_call
from outreach.usecases.resume_call import resume_call
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

ROSA = "rosa@coalition.example"


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="line-(\d+)"', page)]


def paused_and_resumed(here: Visit, times: int = 1) -> None:
    for _ in range(times):
        for verb in (pause_call, resume_call):
            with here.app.database.changing() as session:
                verb(
                    session, session.get_one(Call, here.call.id), now=here.clock.now(), by="rosa@coalition.example"
                )


def test_the_newest_stands_first_with_who_did_it_and_what_stood_there_before(here: Visit) -> None:
    paused_and_resumed(here)
    page = seated(here).get("/console/log").text
    assert numbers(page) == sorted(numbers(page), reverse=True)
    assert page.index("resume call") < page.index("pause call")
    assert ROSA in page
    assert "paused at" in page
    assert "Monday 11 January 2027 at 13:00" in page


def test_a_long_log_is_read_page_by_page_and_no_line_is_missed(here: Visit) -> None:
    paused_and_resumed(here, 60)
    rosa, read, path = seated(here), list[int](), "/console/log"
    while path:
        page = rosa.get(path).text
        read += numbers(page)
        more = re.search(r'class="next" href="([^"]+)"', page)
        path = more.group(1).replace("&amp;", "&") if more else ""
    assert read == list(range(max(read), 0, -1))


def test_only_what_one_person_did_and_only_one_verb_can_be_asked_for(here: Visit) -> None:
    paused_and_resumed(here, 2)
    page = seated(here).get("/console/log?by=rosa@coalition.example&verb=pause_call").text
    assert len(numbers(page)) == 2
    assert "Nothing was recorded that fits." in seated(here, name="Amina").get("/console/log?by=Otto").text


def test_the_log_of_a_call_leaves_out_what_is_about_another(here: Visit) -> None:
    paused_and_resumed(here)
    rosa = seated(here)
    assert len(numbers(rosa.get("/console/calls/safe-passage/log").text)) >= 2
    assert rosa.get("/console/calls/nowhere/log").status_code == 404


def test_a_role_for_one_call_reads_the_log_of_that_call_alone(here: Visit) -> None:
    amina = seated(here, Role.STAFF, call_id=here.call.id or 0, name="Amina")
    other = seated(here, Role.STAFF, call_id=99, name="Ben")
    assert amina.get("/console/calls/safe-passage/log").status_code == 200
    assert {who.get("/console/log").status_code for who in (amina, other)} == {404}
    assert other.get("/console/calls/safe-passage/log").status_code == 404


def test_an_observer_reads_no_log_because_people_stand_in_it(here: Visit) -> None:
    observer: Seated = seated(here, Role.OBSERVER)
    assert {observer.get(f"/console{path}").status_code for path in ("/log", "/calls/safe-passage/log")} == {404}


def test_whatever_was_written_is_text_on_the_page(here: Visit) -> None:
    canary = "<script>alert(1)</script>"
    with here.app.database.changing() as session:
        session.get_one(Contact, here.idris.id).name = canary
        pause_call(session, session.get_one(Call, here.call.id), now=here.clock.now(), by=canary)
    page = seated(here).get("/console/log").text
    assert canary not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2


def test_a_page_number_that_is_none_is_the_first(here: Visit) -> None:
    paused_and_resumed(here)
    first = numbers(seated(here).get("/console/log").text)
    for odd in ("x", "-1", "9" * 30, "%00"):
        assert numbers(seated(here, name=f"R{ord(odd[0])}").get(f"/console/log?before={odd}").text) == first


def test_the_log_of_a_contact_and_of_an_organisation_stands_behind_their_pages(here: Visit) -> None:
    rosa, number = seated(here), here.idris.id
    rosa.does(f"/console/contacts/{number}/edit", {"name": "Idris B.", "language": "fr"})
    assert f'href="/console/contacts/{number}/log"' in rosa.get(f"/console/contacts/{number}").text
    page = rosa.get(f"/console/contacts/{number}/log")
    assert page.status_code == 200
    assert "edit contact" in page.text
    assert "Nothing was recorded that fits." in rosa.get(f"/console/contacts/{number}/log?verb=launch_call").text
    body = here.idris.organisation_id
    assert f'href="/console/organisations/{body}/log"' in rosa.get(f"/console/organisations/{body}").text
    assert rosa.get(f"/console/organisations/{body}/log").status_code == 200
    for path in ("contacts/0/log", "contacts/999999/log", f"organisations/{9**25}/log"):
        assert rosa.get(f"/console/{path}").status_code == 404, path
