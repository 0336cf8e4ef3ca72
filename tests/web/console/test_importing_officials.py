"""Tables of officials and of facts come in by the browser: columns named, tried by the worker, then taken in."""

import pytest
from sqlmodel import func, select

from outreach.domain.users import Role
from outreach.store.documents import keep_document
from outreach.store.tables import Fact, Post
from outreach.worker.tasks import Tasks
from tests.web.console.seated import FROM_OUR_PAGE, Seated, seated
from tests.web.visit import Visit

IMPORT = "/console/officials/import"
POSTS = """post,office,institution,state,email,name,title.en,Colour
chile-geneva,Permanent Representative,Permanent Mission of Chile,CL,mission@chile.example,Vera Fuentes,Envoy,red
,No name,,CL,,,,blue
"""
FACTS = "State,Fact,Value,Since\nCL,ratified_it,yes,2026-03-01\nNowhere,ratified_it,yes,2026-03-01\n"


@pytest.fixture
def rosa(here: Visit) -> Seated:
    return seated(here)


def given(person: Seated, what: str, content: str, name: str = "table.csv") -> str:
    answer = person.request(
        "POST", f"{IMPORT}/{what}", files={"file": (name, content.encode())}, headers=FROM_OUR_PAGE
    )
    assert answer.status_code == 303, answer.text[-800:]
    return answer.headers["location"]


def worked(here: Visit) -> None:
    Tasks(here.app, "a worker").once()


def rows(here: Visit, table: type[Post] | type[Fact]) -> int:
    with here.app.database.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_posts_are_tried_first_and_then_taken_in(here: Visit, rosa: Seated) -> None:
    assert f'href="{IMPORT}/officials"' in rosa.get("/console/officials").text
    columns = given(rosa, "officials", POSTS)
    page = rosa.get(columns).text
    for said in ('<option value="post" selected>', '<option value="title.en" selected>', "Vera Fuentes", "red"):
        assert said in page, said
    fields = ("post", "office", "institution", "state", "email", "name", "title.en", "ignore")
    tried = rosa.post(columns, {f"column-{place}": field for place, field in enumerate(fields)})
    at = tried.headers["location"]
    assert rosa.get(at).status_code == 200
    worked(here)
    page = rosa.get(at).text
    assert "Posts: 1 added" in page
    assert "row 3" in page
    assert rows(here, Post) == 0
    done = rosa.post(at).headers["location"]
    assert rosa.post(at).status_code == 303, "a second click asks for nothing more"
    worked(here)
    assert "Posts: 1 added" in rosa.get(done).text
    assert rows(here, Post) == 1


def test_facts_are_tried_first_and_then_taken_in(here: Visit, rosa: Seated) -> None:
    columns = given(rosa, "facts", FACTS)
    fields = ("state", "fact", "value", "date")
    at = rosa.post(columns, {f"column-{n}": one for n, one in enumerate(fields)}).headers["location"]
    worked(here)
    assert "Facts: 1 added" in rosa.get(at).text
    rosa.post(at)
    worked(here)
    assert rows(here, Fact) == 1


def test_what_is_no_table_and_what_says_no_post_is_refused_in_a_sentence(here: Visit, rosa: Seated) -> None:
    assert "Choose a file first." in rosa.post(f"{IMPORT}/officials").text
    empty = rosa.request("POST", f"{IMPORT}/facts", files={"file": ("a.csv", b"")}, headers=FROM_OUR_PAGE)
    assert empty.status_code == 422
    columns = given(rosa, "officials", POSTS)
    wrong = rosa.post(columns, {"column-0": "ignore", "column-1": "office"})
    assert wrong.status_code == 422
    assert "No column says the short names of the posts" in wrong.text
    odd = rosa.post(columns, {"column-0": "post", "column-1": "pigeon"})
    assert odd.status_code == 422


def test_only_who_gave_a_file_goes_on_with_it_and_only_who_keeps_people_may(here: Visit, rosa: Seated) -> None:
    columns = given(rosa, "officials", POSTS)
    other, staff = seated(here, name="Amina"), seated(here, Role.STAFF, name="Ben")
    one_call = seated(here, call_id=here.call.id or 0, name="Otto")
    assert other.get(columns).status_code == 404
    for person in (staff, one_call):
        assert {person.get(path).status_code for path in (columns, f"{IMPORT}/officials")} == {404}
    for path in ("nonsense", "facts/1", "officials/999", f"officials/{9**25}", "officials/1/tasks/9"):
        assert rosa.get(f"{IMPORT}/{path}").status_code == 404, path


def test_a_cell_is_text_on_every_page(here: Visit, rosa: Seated) -> None:
    canary = "<script>alert(1)</script>"
    columns = given(rosa, "officials", f"post,office,{canary}\nx,{canary},1\n", name=f"{canary}.csv")
    assert canary not in rosa.get(columns).text
    at = rosa.post(columns, {"column-0": "post", "column-1": "office"}).headers["location"]
    worked(here)
    assert canary not in rosa.get(at).text


def test_the_page_of_an_import_names_no_other_file(here: Visit, rosa: Seated) -> None:
    columns = given(rosa, "officials", POSTS)
    tried = rosa.post(
        columns, {f"column-{place}": field for place, field in enumerate(("post", "office"))}
    ).headers["location"]
    with here.app.database.changing() as session:
        number = keep_document(session, "secret-scan.pdf", "", b"a scan", now=here.clock.now(), by="Idris").id
    page = rosa.get(f"{columns.rpartition('/')[0]}/{number}/tasks/{tried.rpartition('/')[2]}")
    assert page.status_code == 200
    assert "secret-scan" not in page.text
