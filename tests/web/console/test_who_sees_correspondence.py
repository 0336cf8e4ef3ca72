"""Who has a role for one call sees the letters of that call and what answers them, and nothing of any other."""

from datetime import date

import pytest

from outreach.domain.states import AddresseeState
from outreach.domain.users import Role
from outreach.store.tables import Addressee, Call, Letter, Post
from tests import exchange
from tests.web.console.answered import (
    CORRESPONDENCE,
    LOGGED,
    OFFICIALS,
    Letters,
    answers,
    letter,
    logged,
    went,
)
from tests.web.console.seated import FROM_OUR_PAGE, Seated, seated
from tests.web.visit import Visit

OTHER = "A secret of the other call"


@pytest.fixture
def letters(here: Visit) -> Letters:
    return went(here)


@pytest.fixture
def other(here: Visit, letters: Letters) -> int:
    """Another call's letter went to Chile, too, and is answered; an answer lies there that belongs to no letter."""
    with here.app.database.changing() as session:
        call = session.get_one(Call, here.call.id)
        chile = session.get_one(Post, letters.chile)
        own = session.get_one(Letter, call.letter_id)
        to = exchange.gone(session, here.app.house, own, chile, at=here.clock.now()).id or 0
    logged(here, letters, to=to, summary=OTHER, dated=date(2027, 2, 10), received_on=date(2027, 2, 10))
    logged(here, letters, to=None, summary=OTHER, dated=date(2027, 2, 1))
    return to


def amina(here: Visit, letters: Letters, role: Role = Role.COORDINATOR) -> Seated:
    return seated(here, role, call_id=letters.call, name="Amina")


def test_who_has_one_call_sees_its_letters_and_no_others(here: Visit, letters: Letters, other: int) -> None:
    own = logged(here, letters, summary="Her own call's answer")
    person = amina(here, letters)
    listed = person.get(CORRESPONDENCE).text
    assert f"#letter-{letters.to_chile}" in listed
    assert f"#letter-{other}" not in listed
    assert "Nobody knows what these answer" not in listed
    thread = person.get(f"{OFFICIALS}/{letters.chile}").text
    assert "Her own call" in thread
    assert OTHER not in thread
    assert f'id="letter-{other}"' not in thread
    assert f'href="{OFFICIALS}"' not in thread
    assert "Correct what is known of the post" not in thread
    assert person.get(f"{CORRESPONDENCE}/answers/{own}").status_code == 200
    others = [answer.id for answer in answers(here) if answer.summary == OTHER]
    assert len(others) == 2
    for number in others:
        for path in ("", "/mail", "/respond"):
            assert person.get(f"{CORRESPONDENCE}/answers/{number}{path}").status_code == 404
        for deed in ("correct", "withdraw", "respond"):
            done = person.post(f"{CORRESPONDENCE}/answers/{number}/{deed}", {"sure": "yes", "sender": "X"})
            assert done.status_code == 404, deed


def test_the_overdue_list_that_her_first_page_leads_to_is_there_and_holds_her_own(
    here: Visit, letters: Letters, other: int
) -> None:
    with here.app.database.changing() as session:
        session.get_one(Addressee, other).due_on = date(2027, 1, 20)
    person = amina(here, letters, Role.STAFF)
    assert f'href="{OFFICIALS}/overdue"' in person.get("/console").text
    page = person.get(f"{OFFICIALS}/overdue").text
    assert f"#letter-{letters.to_chile}" in page
    assert f"#letter-{other}" not in page
    whole = seated(here, Role.STAFF, name="Ben").get(f"{OFFICIALS}/overdue").text
    assert f"#letter-{other}" in whole


def test_a_post_to_which_no_letter_of_hers_goes_is_not_there(here: Visit, letters: Letters) -> None:
    person = seated(here, Role.COORDINATOR, call_id=here.call.id or 0, name="Otto")
    for path in (f"{OFFICIALS}/{letters.chile}", f"{OFFICIALS}/{letters.chile}/log", OFFICIALS):
        assert person.get(path).status_code == 404, path
    assert "No letter is addressed to an official yet." in person.get(CORRESPONDENCE).text


def test_files_of_other_calls_are_not_hers(here: Visit, letters: Letters, other: int) -> None:
    rosa, person = seated(here), amina(here, letters)
    numbers: dict[str, set[bytes]] = {}
    for name, to in (("own.pdf", letters.to_chile), ("other.pdf", other)):
        data = {**LOGGED, "letter": str(to), "certain": "yes", "dated": "2027-02-10", "received": "2027-02-10"}
        sent = [("scan", (name, name.encode()))]
        rosa.request("POST", f"{OFFICIALS}/{letters.chile}/log", data=data, files=sent, headers=FROM_OUR_PAGE)
    for number in range(1, 5):
        for who, seen in ((rosa, "all"), (person, "own")):
            file = who.get(f"{OFFICIALS}/{letters.chile}/files/{number}")
            if file.status_code == 200:
                numbers.setdefault(seen, set()).add(file.content)
    assert numbers == {"all": {b"own.pdf", b"other.pdf"}, "own": {b"own.pdf"}}


def test_she_logs_answers_to_her_letters_and_to_no_others(here: Visit, letters: Letters, other: int) -> None:
    person, before = amina(here, letters, Role.STAFF), len(answers(here))
    at = f"{OFFICIALS}/{letters.chile}/log"
    form = person.get(at).text
    assert f'<option value="{letters.to_chile}"' in form
    assert f'<option value="{other}"' not in form
    assert person.post(at, {**LOGGED, "letter": str(other)}).status_code == 404
    assert "Choose which letter it answers." in person.post(at, {**LOGGED, "letter": ""}).text
    assert len(answers(here)) == before
    assert person.post(at, {**LOGGED, "letter": str(letters.to_chile)}).status_code == 303
    number = answers(here)[-1].id
    moved = person.post(f"{CORRESPONDENCE}/answers/{number}/correct", {"letter": str(other)})
    assert moved.status_code == 404
    assert "Choose which letter" in person.does(f"{CORRESPONDENCE}/answers/{number}/correct", {"letter": ""}).text
    assert answers(here)[-1].addressee_id == letters.to_chile


DEEDS = (
    ("{letter}/close", Role.STAFF),
    ("{letter}/reopen", Role.STAFF),
    ("{letter}/enquire", Role.COORDINATOR),
)


@pytest.mark.parametrize(("path", "least"), DEEDS)
def test_each_deed_asks_for_its_right_for_that_call(
    here: Visit, letters: Letters, other: int, path: str, least: Role
) -> None:
    data = {"reason": "over", "way": "telephone"}
    own, others = (f"{CORRESPONDENCE}/{path.format(letter=number)}" for number in (letters.to_chile, other))
    observer = seated(here, Role.OBSERVER, name="Olga")
    person = amina(here, letters, least)
    before = here.everything()
    assert observer.post(own, data).status_code == 404
    assert person.post(others, data).status_code == 404
    if least is Role.COORDINATOR:
        staff = seated(here, Role.STAFF, name="Ben")
        before = here.everything()
        assert staff.post(own, data).status_code == 404
    assert here.everything() == before
    assert person.post(own, data).status_code == 303


def test_an_observer_and_a_stranger_see_nothing_of_it(here: Visit, letters: Letters) -> None:
    number, observer = logged(here, letters), seated(here, Role.OBSERVER)
    paths = (
        CORRESPONDENCE,
        f"{CORRESPONDENCE}/{letters.to_chile}",
        f"{CORRESPONDENCE}/answers/{number}",
        f"{OFFICIALS}/overdue",
        f"{OFFICIALS}/{letters.chile}",
    )
    for path in paths:
        assert observer.get(path).status_code == 404, path
        assert here.get(path).status_code == 303, path
    assert CORRESPONDENCE not in observer.get("/console").text


def test_a_role_for_one_call_responds_to_nothing_for_that_makes_another_call(here: Visit, letters: Letters) -> None:
    number, person = logged(here, letters), amina(here, letters)
    assert person.get(f"{CORRESPONDENCE}/answers/{number}/respond").status_code == 404
    assert "Draft a response" not in person.get(f"{CORRESPONDENCE}/answers/{number}").text
    assert "Draft a response" in seated(here).get(f"{CORRESPONDENCE}/answers/{number}").text
    assert letter(here, letters.to_chile).state is AddresseeState.ANSWERED
