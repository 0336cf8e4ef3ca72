"""Posts and who holds them: found, chosen, and addressed as on the letter's day."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from outreach.domain.addressing import Addressed, FactNow
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import Way
from outreach.store.database import Database
from outreach.store.officials import about_posts, addressed_on, choose_posts, find_post, holder_on
from outreach.store.tables import Post
from tests import make, officials

DAY = date(2027, 1, 11)
RATIFIED = "ratified_migrant_workers_convention"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.changing() as session:
        yield session


def known(session: Session, post: Post, day: date) -> dict[str, FactNow]:
    return about_posts(session, [post], day)[post.id or 0].facts


def test_a_post_that_is_misspelt_is_refused_with_those_that_may_be_meant(session: Session) -> None:
    with pytest.raises(Refusal, match=r"there is none at all. 'outreach officials import'"):
        find_post(session, "chile-geneva")
    kept = officials.post(session)
    assert find_post(session, "chile-geneva") is kept
    with pytest.raises(Refusal, match=r"no post 'chile-genf'. Did you mean chile-geneva"):
        find_post(session, "chile-genf")
    with pytest.raises(Refusal, match=r"no post 'zz'. 'outreach officials list' shows them"):
        find_post(session, "zz")


def test_a_holder_holds_on_the_first_and_the_last_day_and_on_no_other(session: Session) -> None:
    post = officials.post(session)
    first, last = date(2026, 3, 1), date(2027, 1, 11)
    vera = officials.holder(session, post, since=first, until=last)
    assert [holder_on(session, post, day) for day in (first, last)] == [vera, vera]
    assert holder_on(session, post, first - timedelta(days=1)) is None
    assert holder_on(session, post, last + timedelta(days=1)) is None


def test_of_several_holders_the_one_who_came_last_holds(session: Session) -> None:
    post = officials.post(session)
    first = officials.holder(session, post, "Ana First")
    later = officials.holder(session, post, "Ben Later", since=date(2027, 1, 1))
    officials.holder(session, officials.post(session, "kenya"), "Someone Else", since=DAY)
    assert holder_on(session, post, date(2026, 12, 31)) == first
    assert holder_on(session, post, DAY) == later


def test_facts_are_those_of_the_day_and_the_institutions_go_before_the_states(session: Session) -> None:
    post = officials.post(session)
    officials.fact(session, RATIFIED, "no", date(2000, 1, 1))
    officials.fact(session, RATIFIED, "yes", date(2005, 3, 21))
    officials.fact(session, RATIFIED, "yes", date(2003, 6, 5), state="KE")
    officials.fact(session, "seat", "elected in 2024", date(2024, 10, 9))
    officials.fact(session, "seat", "observer", date(2020, 1, 1), institution=officials.GENEVA)
    assert about_posts(session, [post], date(2005, 3, 20))[post.id or 0].facts == {
        RATIFIED: FactNow("no", date(2000, 1, 1))
    }
    assert about_posts(session, [post], date(2005, 3, 21))[post.id or 0].facts == {
        RATIFIED: FactNow("yes", date(2005, 3, 21))
    }
    assert about_posts(session, [post], DAY)[post.id or 0].facts["seat"] == FactNow("observer", date(2020, 1, 1))


def test_an_office_of_no_state_and_no_institution_has_no_facts_of_anybody(session: Session) -> None:
    post = officials.post(session, state="", institution="")
    officials.fact(session, RATIFIED, "yes", date(2005, 3, 21))
    officials.fact(session, "seat", "observer", date(2020, 1, 1), institution=officials.GENEVA)
    assert known(session, post, DAY) == {}


def test_an_official_is_addressed_in_the_letters_language(session: Session) -> None:
    post = officials.post(session, copies_to=["desk@minrel.example"])
    vera = officials.holder(session, post, since=date(2026, 3, 1))
    officials.fact(session, RATIFIED, "yes", date(2005, 3, 21))
    assert addressed_on(session, post, "es", DAY) == Addressed(
        post="chile-geneva",
        language="es",
        holder_id=vera.id or 0,
        name="Vera Fuentes",
        title="Embajadora, Representante Permanente",
        form_of_address="Excma. Sra. Vera Fuentes",
        salutation="Excelencia:",
        office="Permanent Representative",
        institution=officials.GENEVA,
        state="CL",
        state_name="Chile",
        lines=(
            "Excma. Sra. Vera Fuentes",
            "Embajadora, Representante Permanente",
            officials.GENEVA,
            "Rue des Tilleuls 12",
            "1202 Genève",
            "SWITZERLAND",
        ),
        address="mission-chl@geneva.example",
        ways=(Way.MAIL, Way.POST),
        copies_to=("desk@minrel.example",),
        facts={RATIFIED: FactNow("yes", date(2005, 3, 21))},
    )


def test_what_nobody_said_in_a_language_is_empty_and_a_variety_has_its_languages_words(session: Session) -> None:
    post = officials.post(session)
    officials.holder(session, post)
    french = addressed_on(session, post, "fr", DAY)
    assert (french.salutation, french.form_of_address, french.title, french.state_name) == ("", "", "", "Chili")
    assert french.lines[:2] == ("Vera Fuentes", "Permanent Representative")
    assert addressed_on(session, post, "es-419", DAY).salutation == "Excelencia:"


def test_a_vacant_post_is_addressed_by_its_office(session: Session) -> None:
    post = officials.post(session)
    officials.holder(session, post, until=date(2026, 12, 31))
    vacant = addressed_on(session, post, "en", DAY)
    assert (vacant.holder_id, vacant.name, vacant.salutation) == (0, "", "")
    assert vacant.lines[:2] == ("Permanent Representative", officials.GENEVA)


def test_an_official_comes_back_from_json_as_it_was(session: Session) -> None:
    post = officials.post(session)
    officials.holder(session, post)
    officials.fact(session, RATIFIED, "yes", date(2005, 3, 21))
    one = addressed_on(session, post, "en", DAY)
    assert Addressed.read(one.table()) == one


def test_posts_are_chosen_by_state_institution_name_or_all_of_them(session: Session) -> None:
    for slug, state, place in (
        ("niger-geneva", "NE", "Geneva"),
        ("nigeria-geneva", "NG", "Geneva"),
        ("niger-new-york", "NE", "New York"),
    ):
        officials.post(
            session, slug, state=state, institution=f"Permanent Mission of {slug.split('-')[0]}, {place}"
        )

    def chosen(**by: tuple[str, ...] | bool) -> list[str]:
        return [post.slug for post in choose_posts(session, **by)]  # type: ignore[arg-type]

    assert chosen(all=True) == ["niger-geneva", "niger-new-york", "nigeria-geneva"]
    assert chosen(states=("Niger",)) == ["niger-geneva", "niger-new-york"]
    assert chosen(states=("NE",), institutions=("geneva",)) == ["niger-geneva"]
    assert chosen(institutions=("new  YORK",), slugs=("nigeria-geneva",)) == ["niger-new-york", "nigeria-geneva"]
    assert chosen(institutions=("mission of niger",)) == ["niger-geneva", "niger-new-york"]


def test_a_choice_that_means_nobody_or_cannot_be_meant_is_refused(session: Session) -> None:
    officials.post(session)
    officials.post(session, "closed", closed_at=make.NOON)
    with pytest.raises(InvalidInput, match="'Atlantis' is no State"):
        choose_posts(session, states=("Atlantis",))
    with pytest.raises(Refusal, match="no open post among these"):
        choose_posts(session, states=("KE",))
    with pytest.raises(Refusal, match="The post closed is closed"):
        choose_posts(session, slugs=("chile-geneva", "closed"))
    with pytest.raises(InvalidInput, match="Say which officials"):
        choose_posts(session)
    assert [post.slug for post in choose_posts(session, all=True)] == ["chile-geneva"]


def test_many_posts_are_known_at_once_as_each_of_them_is_alone(session: Session) -> None:
    posts = [officials.post(session, f"mission-{state.lower()}", state=state) for state in ("CL", "KE", "")]
    for number, post in enumerate(posts):
        officials.holder(session, post, f"Earlier {number}", until=date(2026, 12, 31))
        officials.holder(session, post, f"Vera {number}", since=DAY)
    officials.fact(session, RATIFIED, "yes", date(2005, 3, 21))
    officials.fact(session, RATIFIED, "no", date(2001, 1, 1), state="KE")
    officials.fact(session, "elsewhere", "yes", date(2001, 1, 1), state="FR")
    about = about_posts(session, posts, DAY)
    assert [one.holds.name for one in about.values() if one.holds] == ["Vera 0", "Vera 1", "Vera 2"]
    assert [len(one.holders) for one in about.values()] == [2, 2, 2]
    assert [one.facts.get(RATIFIED) for one in about.values()] == [
        FactNow("yes", date(2005, 3, 21)),
        FactNow("no", date(2001, 1, 1)),
        None,
    ]
    assert about_posts(session, [], DAY) == {}
