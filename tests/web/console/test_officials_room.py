"""Officials in the console: the register, one post, and what is kept right about it."""

import re

import pytest

from outreach.domain.users import Role
from outreach.store.tables import Post
from outreach.web.console.officials.keeping import typed_of
from tests import officials
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

OFFICIALS = "/console/officials"
DEEDS = ("edit", "holder", "close", "reopen", "fact", "fact/remove")


@pytest.fixture
def post(here: Visit) -> int:
    with here.app.database.changing() as session:
        return officials.post(session).id or 0


def now(here: Visit, number: int) -> Post:
    with here.app.database.reading() as session:
        return session.get_one(Post, number)


def test_posts_are_found_by_their_words_their_state_and_their_language(here: Visit, post: int) -> None:
    rosa, at = seated(here), f'href="{OFFICIALS}/{post}"'
    known = now(here, post)
    for query in ("", f"?q={known.slug}", f"?state={known.state}", f"?language={known.languages[0]}"):
        assert at in rosa.get(OFFICIALS + query).text
    for query in ("?q=zebra", "?q=%25", "?state=KE", "?language=xx", "?institution=zebra"):
        assert "No office fits." in rosa.get(OFFICIALS + query).text
    assert rosa.get(f"{OFFICIALS}?after=%00zz&state=odd").status_code == 200


def words_of(pattern: str, page: str) -> list[str]:
    """The words of links or labels, as somebody hears them who goes from one to the next."""
    return [" ".join(re.sub("<[^>]*>", " ", found).split()) for found in re.findall(pattern, page)]


def test_offices_of_one_name_are_told_apart_by_their_links_alone(here: Visit) -> None:
    with here.app.database.changing() as session:
        numbers = [
            officials.post(session, "chile-geneva").id,
            officials.post(session, "chile-new-york", institution="Permanent Mission of Chile in New York").id,
            officials.post(session, "kenya-geneva", institution="", state="KE").id,
            officials.post(session, "bay", institution="Council of the Bay", state="").id,
        ]
    rosa = seated(here)
    heard = words_of(rf'(?s)<a href="{OFFICIALS}/\d+">(.*?)</a>', rosa.get(OFFICIALS).text)
    assert heard == [
        "Permanent Representative Council of the Bay",
        f"Permanent Representative , Chile {officials.GENEVA}",
        "Permanent Representative , Chile Permanent Mission of Chile in New York",
        "Permanent Representative , Kenya",
    ]
    at = f"/console/calls/{here.call.slug}/officials"
    labels = words_of(r'(?s)<label for="post-\d+">(.*?)</label>', rosa.get(f"{at}/choose").text)
    assert labels == heard
    rosa.does(f"{at}/add", {"post": [str(number) for number in numbers]})
    page = rosa.get(at).text
    assert words_of(rf'(?s)<a href="{OFFICIALS}/\d+">(.*?)</a>', page) == heard
    links = words_of(r'(?s)<a href="[^"]*/officials/\d+">(The letter.*?)</a>', page)
    assert "The letter Permanent Representative, Chile, Permanent Mission of Chile in New York" in links
    assert len(set(links)) == len(links) == 4


def test_a_long_register_is_read_page_by_page(here: Visit) -> None:
    with here.app.database.changing() as session:
        posts = [officials.post(session, f"office-{number:03}").id for number in range(60)]
    rosa, read, path = seated(here), list[int](), OFFICIALS
    while path:
        page = rosa.get(path).text
        read += [int(number) for number in re.findall(rf'href="{OFFICIALS}/(\d+)"', page)]
        more = re.search(r'class="next" href="([^"]+)"', page)
        path = more.group(1).replace("&amp;", "&") if more else ""
    assert read == posts


def test_closing_a_post_is_undone_by_the_button_that_is_offered(here: Visit, post: int) -> None:
    rosa, at = seated(here), f"{OFFICIALS}/{post}"
    assert f'action="{at}/reopen"' in rosa.does(f"{at}/close").text
    assert now(here, post).closed_at is not None
    assert "No official is known" in rosa.get(OFFICIALS).text
    assert f'href="{at}"' in rosa.get(f"{OFFICIALS}?closed=yes").text
    rosa.does(f"{at}/reopen")
    assert now(here, post).closed_at is None


def test_what_is_known_of_a_post_is_corrected_and_taken_back(here: Visit, post: int) -> None:
    rosa, at = seated(here), f"{OFFICIALS}/{post}"
    before = now(here, post).office
    done = rosa.does(f"{at}/edit", {"office": "The Permanent Mission at the Lake"})
    assert "Corrected: office." in done.text
    assert now(here, post).office == "The Permanent Mission at the Lake"
    undo = dict(re.findall(r'<input type="hidden" name="(office)" value="([^"]*)">', done.text))
    rosa.does(f"{at}/edit", undo)
    assert now(here, post).office == before
    assert "post needs the name of its office" in rosa.does(f"{at}/edit", {"office": ""}).text
    assert "Nothing is other than before." in rosa.does(f"{at}/edit", {"office": before}).text


def test_a_form_that_is_sent_as_it_stood_changes_nothing(here: Visit) -> None:
    with here.app.database.changing() as session:
        number = officials.post(session, copies_to=["a@geneva.example", "b@geneva.example"]).id or 0
    typed = {name: words.replace("\n", "\r\n") for name, words in typed_of(now(here, number)).items()}
    assert "Nothing is other than before." in seated(here).does(f"{OFFICIALS}/{number}/edit", typed).text


def test_somebody_new_holds_a_post(here: Visit, post: int) -> None:
    rosa, at = seated(here), f"{OFFICIALS}/{post}"
    done = rosa.does(f"{at}/holder", {"name": "Nuria Faro", "from": "2027-01-04"})
    assert "Nuria Faro holds the post." in done.text
    assert "Say who holds the post." in rosa.does(f"{at}/holder", {"name": ""}).text


def test_a_fact_is_noted_changed_and_removed_each_with_its_undo(here: Visit, post: int) -> None:
    rosa, at = seated(here), f"{OFFICIALS}/{post}"
    said = {"about": "state", "fact": "ratified_it", "value": "no", "date": "2026-03-01"}
    assert f'action="{at}/fact/remove"' in rosa.does(f"{at}/fact", said).text
    done = rosa.does(f"{at}/fact", {**said, "value": "yes"})
    assert "ratified_it is “yes”" in done.text
    assert '<input type="hidden" name="value" value="no">' in done.text
    gone = rosa.does(f"{at}/fact/remove", said)
    assert "is known no more" in gone.text
    assert '<input type="hidden" name="value" value="yes">' in gone.text
    assert "is empty" in rosa.does(f"{at}/fact", {"about": "state"}).text


def every_deed(person: Seated, post: int) -> set[int]:
    return {person.post(f"{OFFICIALS}/{post}/{deed}", {"name": "x", "office": "x"}).status_code for deed in DEEDS}


def test_officials_are_for_those_who_read_everything_and_are_changed_by_those_who_keep_people(
    here: Visit, post: int
) -> None:
    strangers = [
        seated(here, Role.OBSERVER),
        seated(here, Role.COORDINATOR, call_id=here.call.id or 0, name="Amina"),
    ]
    staff = seated(here, Role.STAFF, name="Ben")
    before = here.everything()
    for path in (OFFICIALS, f"{OFFICIALS}/{post}"):
        assert {person.get(path).status_code for person in strangers} == {404}
        assert staff.get(path).status_code == 200
    assert [every_deed(person, post) for person in (*strangers, staff)] == [{404}] * 3
    assert here.everything() == before
    assert "What you can do" not in staff.get(f"{OFFICIALS}/{post}").text
    assert staff.get(f"{OFFICIALS}/999").status_code == 404


def test_whatever_is_known_of_an_office_is_text_on_its_pages(here: Visit, post: int) -> None:
    canary = "<script>alert(1)</script>"
    with here.app.database.changing() as session:
        kept = session.get_one(Post, post)
        kept.office = kept.institution = kept.note = kept.source = canary
    rosa = seated(here)
    for path in (OFFICIALS, f"{OFFICIALS}/{post}", f"{OFFICIALS}/overdue"):
        assert canary not in rosa.get(path).text
