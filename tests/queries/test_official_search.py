"""The register as the console searches it, on both databases."""

from datetime import date

import pytest

from outreach.queries.official_search import Wanted, fact_names, search_posts, states_known
from outreach.store.database import Database
from tests import officials

TODAY = date(2027, 1, 11)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["chile-geneva", "kenya-geneva"]),
        (Wanted("vera"), ["chile-geneva"]),
        (Wanted("permanent KENYA"), ["kenya-geneva"]),
        (Wanted(state="ke"), ["kenya-geneva"]),
        (Wanted(language="es"), ["chile-geneva"]),
        (Wanted(institution="mission of chile"), ["chile-geneva"]),
        (Wanted("_"), []),
    ],
)
def test_posts_are_found_with_who_holds_them(database: Database, wanted: Wanted, found: list[str]) -> None:
    with database.changing() as session:
        officials.holder(session, officials.post(session))
        officials.post(
            session, "kenya-geneva", state="KE", languages=["en"], institution="Permanent Mission of Kenya"
        )
        page = search_posts(session, wanted, day=TODAY)
        assert [line.slug for _, line in page.posts] == found
        assert all((line.holder == "Vera Fuentes") == (line.slug == "chile-geneva") for _, line in page.posts)
        assert states_known(session) == ["CL", "KE"]


def test_a_page_goes_on_behind_a_name(database: Database) -> None:
    with database.changing() as session:
        chile = officials.post(session)
        officials.post(session, "kenya-geneva")
        officials.fact(session, "ratified_it", "yes", TODAY)
        first = search_posts(session, Wanted(), day=TODAY, limit=1)
        assert ([number for number, _ in first.posts], first.after) == ([chile.id], "chile-geneva")
        assert search_posts(session, Wanted(), day=TODAY, after=first.after).after == ""
        assert fact_names(session) == ["ratified_it"]
