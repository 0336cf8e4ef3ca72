"""A call's letter to officials in the console: to whom it goes, how it reads for each, and what goes with it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from outreach.domain.states import AddresseeState
from outreach.domain.users import Role
from outreach.store.tables import Addressee, Event, LetterText, Post
from outreach.web.console.replies.evidence import SHUT
from tests import make, officials
from tests.web.console.addressed import AT, SLUG, addressed, mission, on_paper, signed_off, states
from tests.web.console.seated import FROM_OUR_PAGE, Seated, seated
from tests.web.visit import Visit

CALL = f"/console/calls/{SLUG}"
PARTS = ("", "/choose", "/choose/counted", "/check", "/deliver", "/note", "/attachments", "/after")
PAGES = (*(AT + part for part in PARTS), f"{CALL}/editions", f"{CALL}/follow-up", "/console/letters")
DEEDS = ("add", "take-off", "authorise", "deliver", "print", "note", "attach", "detach", "proof")
CANARY = "<script>alert(1)</script>"


def test_every_page_opens_before_there_is_an_official_and_when_there_are_some(here: Visit) -> None:
    rosa = seated(here)
    for path in PAGES:
        assert rosa.get(path).status_code == 200, path
    signed_off(here)
    addressed(here, chile := mission(here), on_paper(here))
    for path in (*PAGES, f"{AT}/{chile}", f"{AT}/{chile}/framed"):
        assert rosa.get(path).status_code == 200, path


def test_posts_are_chosen_by_ticking_them_and_that_is_undone(here: Visit) -> None:
    chile, kenya = mission(here), on_paper(here)
    rosa = seated(here)
    page = rosa.get(f"{AT}/choose").text
    assert f'name="post" value="{chile}"' in page
    assert "<b>2</b> are in the register" in page
    done = rosa.does(f"{AT}/add", {"post": [str(chile), str(kenya)]})
    assert "The letter is addressed to 2 officials now." in done.text
    assert set(states(here)) == {"mission-cl", "mission-ke"}
    undo = re.search(r'name="posts" value="([\d,]+)"', done.text)
    assert undo is not None
    assert "does not go to 2 officials any more" in rosa.does(f"{AT}/take-off", {"posts": undo.group(1)}).text
    assert not states(here)


def test_all_that_fit_a_filter_are_added_at_once_and_those_only(here: Visit) -> None:
    mission(here), on_paper(here)
    rosa = seated(here)
    assert "<b>1</b> fit" in rosa.get(f"{AT}/choose/counted?state=KE").text
    page = rosa.get(f"{AT}/choose?state=KE").text
    assert 'name="state" value="KE"' in page
    done = rosa.does(f"{AT}/add", {"all": "yes", "state": "KE"})
    assert "Mission of KE" in done.text
    assert set(states(here)) == {"mission-ke"}
    assert "gets it" in rosa.get(f"{AT}/choose").text
    assert "goes to all of these already" not in rosa.does(f"{AT}/add", {"all": "yes"}).text
    assert set(states(here)) == {"mission-cl", "mission-ke"}


def test_adding_twice_adds_once_and_says_so(here: Visit) -> None:
    chile = mission(here)
    rosa = seated(here)
    rosa.does(f"{AT}/add", {"post": str(chile)})
    assert "goes to all of these already" in rosa.does(f"{AT}/add", {"post": str(chile)}).text


@pytest.mark.parametrize("post", ["", "0", "-1", "99999999999999999999", "7777", "x", "1 2", "\u0661"])
@pytest.mark.parametrize("deed", ["add", "take-off", "print", "note"])
def test_a_number_that_is_no_official_changes_nothing_and_is_said_kindly(here: Visit, deed: str, post: str) -> None:
    signed_off(here)
    rosa, before = seated(here), here.everything()
    headers = {**FROM_OUR_PAGE, "referer": f"http://127.0.0.1:8080{AT}"}
    data = {"post": post, "way": "hand", "on": make.NOON.date().isoformat()}
    answer = rosa.request("POST", f"{AT}/{deed}", data=data, headers=headers)
    page = rosa.get(answer.headers["location"]) if answer.status_code == 303 else answer
    assert answer.status_code in (303, 422)
    said = re.search(r"Choose at least one official|no such official|one of these officials any more", page.text)
    assert said is not None
    assert here.everything() == before


@pytest.mark.parametrize("number", ["0", "7777", "99999999999999999999", "x", "-1"])
@pytest.mark.parametrize("page", ["", "/framed", "/file"])
def test_a_letter_to_nobody_is_not_there(here: Visit, number: str, page: str) -> None:
    assert seated(here).get(f"{AT}/{number}{page}").status_code == 404


def test_an_official_of_another_letter_has_no_letter_here(here: Visit) -> None:
    chile = mission(here)
    assert seated(here).get(f"{AT}/{chile}").status_code == 404


def test_each_reads_as_its_own_official_will_read_it_and_nobody_counted_is_named(here: Visit) -> None:
    signed_off(here)
    addressed(here, chile := mission(here))
    rosa = seated(here)
    page = rosa.get(f"{AT}/{chile}")
    assert f'src="{AT}/{chile}/framed" sandbox' in page.text
    frame = rosa.get(f"{AT}/{chile}/framed")
    assert frame.headers["content-security-policy"] == SHUT
    assert "Vera Fuentes" in frame.text
    assert "Quiet House" in frame.text, "the addressee may see it"
    assert "ZZCANARY" not in frame.text + page.text


def test_what_people_typed_is_shown_as_text_on_every_page(here: Visit) -> None:
    signed_off(here)
    with here.app.database.changing() as session:
        post = officials.post(session, salt=here.app.house.salt, office=CANARY, institution=CANARY)
        officials.holder(session, post, CANARY, form_of_address={"en": CANARY, "es": CANARY})
        for text in session.exec(select(LetterText)):
            text.body = f"{CANARY}\n\n{{% if facts.odd %}}x{{% endif %}}{{{{ facts.odd }}}}"
        number = post.id or 0
    rosa = seated(here)
    addressed(here, number)
    rosa.post(f"{AT}/attach", files={"file": (f"{CANARY}.pdf", b"%PDF", "application/pdf")})
    for path in (*PAGES, f"{AT}/{number}", f"{AT}/{number}/framed"):
        page = rosa.get(path)
        assert page.status_code == 200
        assert CANARY not in page.text, path


def test_the_check_names_what_holds_back_which_and_lets_the_others_go(here: Visit) -> None:
    signed_off(here)
    addressed(here, mission(here), vacant := mission(here, "KE", holder=""))
    rosa = seated(here)
    page = rosa.get(f"{AT}/check").text
    assert "Nobody is known to hold the post.</bdi>" in page, "a link stands beside it, and no command in it"
    held, ready = page.split('id="ready"')
    assert "Mission of KE" in held
    assert "Mission of CL" in ready.split("</table>")[0]
    assert f'href="/console/officials/{vacant}"' in held
    one = rosa.get(f"{AT}/{vacant}").text
    assert "It is held back:" in one


def test_who_took_over_a_post_after_the_release_is_named_beside_whom_it_was_released_to(here: Visit) -> None:
    signed_off(here)
    addressed(here, chile := mission(here))
    with here.app.database.changing() as session:
        to = session.exec(select(Addressee)).one()
        to.frozen = {**_frozen(here, chile), "name": "Berta Before", "form_of_address": "Ms Berta Before"}
        to.released_at = here.clock.now()
    page = seated(here).get(f"{AT}/check").text
    assert "released to Ms Berta Before; Vera Fuentes holds the post now" in page


def _frozen(here: Visit, number: int) -> dict[str, object]:
    from outreach.store.officials import addressed_on

    with here.app.database.reading() as session:
        return addressed_on(session, session.get_one(Post, number), "en", date(2027, 1, 11)).table()


def test_a_file_is_attached_listed_fetched_and_taken_off(here: Visit) -> None:
    rosa = seated(here)
    addressed(here, mission(here))
    file = {"file": ("annex.pdf", b"%PDF annex", "application/pdf")}
    done = rosa.does(f"{AT}/attach", files=file)
    assert "annex.pdf goes with every copy from now on." in done.text
    assert "application/pdf" in done.text
    number = re.search(rf'href="{AT}/attachments/(\d+)/file"', done.text)
    assert number is not None
    fetched = rosa.get(f"{AT}/attachments/{number.group(1)}/file")
    assert fetched.content == b"%PDF annex"
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert rosa.post(f"{AT}/attach", files=file).status_code == 303
    assert rosa.get(f"{AT}/attachments").text.count("annex.pdf</bdi>") == 1, "a double click attaches once"
    assert "annex.pdf goes with no further copy." in rosa.does(f"{AT}/detach", {"file": number.group(1)}).text
    assert rosa.get(f"{AT}/attachments/{number.group(1)}/file").status_code == 404
    assert "does not go with the letter" in _refused(rosa, f"{AT}/detach", {"file": number.group(1)})


def _refused(who: Seated, path: str, data: dict[str, Any]) -> str:
    headers = {**FROM_OUR_PAGE, "referer": f"http://127.0.0.1:8080{AT}"}
    return who.get(who.request("POST", path, data=data, headers=headers).headers["location"]).text


def test_a_file_that_is_missing_or_empty_is_declined_in_a_sentence(here: Visit) -> None:
    rosa = seated(here)
    assert "Choose one file." in _refused(rosa, f"{AT}/attach", {})
    headers = {**FROM_OUR_PAGE, "referer": f"http://127.0.0.1:8080{AT}/attachments"}
    answer = rosa.request("POST", f"{AT}/attach", files={"file": ("a.pdf", b"", "x")}, headers=headers)
    assert "is empty" in rosa.get(answer.headers["location"]).text


def test_how_long_an_office_has_is_told_in_its_own_working_days(here: Visit) -> None:
    addressed(here, mission(here), on_paper(here))
    with here.app.database.changing() as session:
        first, second = session.exec(select(Addressee).order_by(Addressee.id)).all()  # type: ignore[arg-type]
        for to, due in ((first, timedelta(days=7)), (second, timedelta(days=-7))):
            to.state, to.sent_at, to.released_at = AddresseeState.SENT, make.NOON, make.NOON
            to.due_on = make.NOON.date() + due
    page = seated(here).get(AT).text
    assert "in 5 working days" in page
    assert "5 working days ago" in page
    assert "overdue" in page
    only = seated(here, name="Lena").get(f"{AT}?stage=overdue").text
    assert ("Mission of KE" in only, "Mission of CL" in only) == (True, False)


def test_many_officials_are_read_page_by_page_and_found_by_their_words(here: Visit) -> None:
    with here.app.database.changing() as session:
        numbers = [officials.post(session, f"office-{n:03}", office=f"Office {n}").id or 0 for n in range(60)]
    addressed(here, *numbers)
    rosa, read, path = seated(here), list[int](), AT
    while path:
        page = rosa.get(path).text
        read += [int(number) for number in re.findall(rf'href="{AT}/(\d+)"', page)]
        more = re.search(r'class="next" href="([^"]+)"', page)
        path = more.group(1).replace("&amp;", "&") if more else ""
    assert read == numbers
    assert re.findall(rf'href="{AT}/(\d+)"', rosa.get(f"{AT}?q=office-007").text) == [str(numbers[7])]
    assert "No office fits." in rosa.get(f"{AT}?q=%25%00zebra&stage=odd&after=%00").text


def test_strangers_to_the_call_find_none_of_it_and_change_none_of_it(here: Visit) -> None:
    signed_off(here)
    addressed(here, chile := mission(here))
    with here.app.database.changing() as session:
        other = make.call(session, here.app.house, slug="another").id or 0
    otto, before = seated(here, call_id=other, name="Otto"), here.everything()
    for path in (*PAGES[:-1], f"{AT}/{chile}", f"{AT}/{chile}/framed", f"{AT}/{chile}/file"):
        assert otto.get(path).status_code == 404, path
    for deed in (*(f"{AT}/{one}" for one in DEEDS), f"{CALL}/editions/render", f"{CALL}/editions/kit"):
        assert otto.post(deed, {"post": str(chile)}).status_code == 404, deed
    assert otto.post(f"{CALL}/follow-up", {"slug": "x"}).status_code == 404
    assert "Safe passage" not in otto.get("/console/letters").text
    assert here.everything() == before


@pytest.mark.parametrize("role", [Role.STAFF, Role.OBSERVER])
def test_staff_read_and_observers_do_not_and_neither_delivers(here: Visit, role: Role) -> None:
    signed_off(here)
    addressed(here, chile := mission(here))
    lena, before = seated(here, role, name="Lena"), here.everything()
    reads = role is Role.STAFF
    for part in ("", "/check", "/attachments", "/after", f"/{chile}", f"/{chile}/framed"):
        assert lena.get(AT + part).status_code == (200 if reads else 404), part
    for part in ("/choose", "/deliver", "/note"):
        assert lena.get(AT + part).status_code == 404, part
    for deed in ("add", "take-off", "authorise", "deliver", "note", "attach", "detach"):
        assert lena.post(f"{AT}/{deed}", {"post": str(chile)}).status_code == 404, deed
    assert here.everything() == before


def test_a_coordinator_of_this_call_alone_sees_to_its_letter(here: Visit) -> None:
    signed_off(here)
    chile = mission(here)
    nadia = seated(here, call_id=here.call.id or 0, name="Nadia")
    assert "Mission of CL" in nadia.does(f"{AT}/add", {"post": str(chile)}).text
    for part in PARTS:
        assert nadia.get(AT + part).status_code == 200, part
    assert nadia.get(f"{CALL}/follow-up").status_code == 404, "she may make no calls"
    assert "Officials" in nadia.get(CALL).text


def test_what_is_done_goes_on_record_with_whoever_did_it(here: Visit) -> None:
    rosa = seated(here)
    rosa.does(f"{AT}/add", {"post": str(mission(here))})
    with here.app.database.reading() as session:
        found = session.exec(select(Event).where(Event.verb == "address_letter")).one()
    assert found.by == "rosa@coalition.example"
