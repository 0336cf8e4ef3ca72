"""A letter leaves the console: a second person authorises, the worker delivers, people note what they brought."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from outreach.domain.kinds import MessageKind
from outreach.domain.states import AddresseeState, CallState
from outreach.domain.tasks import TaskState
from outreach.store.tables import Addressee, Call, Delivery, Document, EditionCopy, Letter, Task
from outreach.usecases.authorise_letter import authorise_letter
from tests import make
from tests.web.console.addressed import (
    AT,
    SLUG,
    addressed,
    asks_for_two,
    mission,
    on_paper,
    signed_off,
    states,
    works,
)
from tests.web.console.made import form_of
from tests.web.console.seated import FROM_OUR_PAGE, Seated, seated
from tests.web.visit import Visit

CALL = f"/console/calls/{SLUG}"
LETTERS = "/console/letters"


def refused(who: Seated, path: str, data: dict[str, Any]) -> str:
    headers = {**FROM_OUR_PAGE, "referer": f"http://127.0.0.1:8080{AT}"}
    answer = who.request("POST", path, data=data, headers=headers)
    return who.get(answer.headers["location"]).text if answer.status_code == 303 else answer.text


def authorised(here: Visit, by: str = "Idris") -> None:
    with here.app.database.changing() as session:
        letter = session.get_one(Letter, session.get_one(Call, here.call.id).letter_id)
        authorise_letter(session, letter, now=here.clock.now(), by=by)


def test_the_first_page_counts_the_letters_that_the_list_behind_it_shows(here: Visit) -> None:
    asks_for_two(here)
    addressed(here, mission(here))
    rosa, idris = seated(here), seated(here, name="Idris")
    link = 'href="/console/letters?show=to-authorise"'
    assert link not in idris.get("/console").text
    signed_off(here)
    assert link in idris.get("/console").text
    assert "Safe passage" in idris.get(f"{LETTERS}?show=to-authorise").text
    assert link not in rosa.get("/console").text, "she signed off the list herself"
    assert "No letter waits for your consent." in rosa.get(f"{LETTERS}?show=to-authorise").text
    authorised(here, "idris@coalition.example")
    assert "No letter waits for your consent." in idris.get(f"{LETTERS}?show=to-authorise").text
    assert "Safe passage" in rosa.get(f"{LETTERS}?show=to-deliver").text


@pytest.mark.parametrize("asked", ["", "?show=odd", "?show=all&before=x", "?before=99999999999999999999999"])
def test_whatever_is_asked_of_the_list_of_letters_it_answers(here: Visit, asked: str) -> None:
    addressed(here, mission(here))
    page = seated(here).get(LETTERS + asked)
    assert page.status_code == 200
    assert "signing goes on" in page.text


def test_whoever_signed_off_the_list_is_told_that_somebody_else_authorises(here: Visit) -> None:
    asks_for_two(here)
    signed_off(here)
    addressed(here, mission(here))
    rosa = seated(here)
    page = rosa.get(AT).text
    assert "so it must be somebody else" in page
    assert f'action="{AT}/authorise"' not in page
    assert "is authorised by somebody else" in refused(rosa, f"{AT}/authorise", {})
    assert "A second person must authorise the letter first." in refused(rosa, f"{AT}/deliver", {})


def test_the_second_person_authorises_once_and_lets_another_deliver(here: Visit) -> None:
    asks_for_two(here)
    signed_off(here)
    addressed(here, mission(here))
    idris, rosa = seated(here, name="Idris"), seated(here)
    assert f'action="{AT}/authorise"' in idris.get(AT).text
    assert "You have authorised the letter" in idris.does(f"{AT}/authorise").text
    assert "is authorised already" in refused(idris, f"{AT}/authorise", {})
    assert "You authorised the letter yourself" in refused(idris, f"{AT}/deliver", {})
    assert "so somebody else lets it go" in idris.get(f"{AT}/deliver").text
    assert rosa.post(f"{AT}/deliver").headers["location"].startswith("/console/tasks/")
    works(here)
    assert len(here.mails(MessageKind.DELIVERY)) == 1


def test_a_typing_error_mended_after_the_sign_off_asks_for_another_sign_off_first(here: Visit) -> None:
    asks_for_two(here)
    signed_off(here)
    addressed(here, mission(here))
    with here.app.database.changing() as session:
        session.get_one(Letter, session.get_one(Call, here.call.id).letter_id).version += 1
    page = seated(here, name="Idris").get(AT).text
    assert f'action="{AT}/authorise"' not in page
    assert f'action="{CALL}/sign-off"' in page


def test_nobody_agrees_to_what_was_changed_since_she_looked(here: Visit) -> None:
    asks_for_two(here)
    signed_off(here)
    addressed(here, mission(here))
    idris, rosa = seated(here, name="Idris"), seated(here)
    seen = {"seen": form_of(idris.get(AT))["seen"]}
    addressed(here, on_paper(here))
    assert "were changed since you looked" in refused(idris, f"{AT}/authorise", seen)
    idris.does(f"{AT}/authorise", {"seen": form_of(idris.get(AT))["seen"]})
    seen = {"seen": form_of(rosa.get(f"{AT}/deliver"))["seen"]}
    rosa.post(f"{AT}/attach", files={"file": ("annex.pdf", b"%PDF", "application/pdf")})
    assert "A second person must authorise the letter first." in refused(rosa, f"{AT}/deliver", seen)
    authorised(here)
    assert "were changed since you looked" in refused(rosa, f"{AT}/deliver", seen)
    with here.app.database.reading() as session:
        assert not session.exec(select(Task)).all()


def test_whoever_ticks_some_and_chooses_all_is_asked_which(here: Visit) -> None:
    signed_off(here)
    chile = mission(here)
    addressed(here, chile, on_paper(here))
    rosa = seated(here)
    assert "say which of the two" in refused(rosa, f"{AT}/deliver", {"to": "all", "post": str(chile)})
    with here.app.database.reading() as session:
        assert not session.exec(select(Task)).all()


def test_nothing_is_delivered_while_people_sign_or_before_the_list_is_signed_off(here: Visit) -> None:
    addressed(here, mission(here))
    rosa = seated(here)
    assert "Signing goes on" in refused(rosa, f"{AT}/deliver", {})
    here.change_call(state=CallState.CLOSED)
    assert "The list is not signed off" in refused(rosa, f"{AT}/deliver", {})
    with here.app.database.reading() as session:
        assert not session.exec(select(Task)).all()


def test_before_it_is_delivered_the_page_says_what_will_happen_to_how_many(here: Visit) -> None:
    signed_off(here)
    posts = mission(here, copies_to=["desk@geneva.example"]), on_paper(here), mission(here, "FR", holder="")
    addressed(here, *posts)
    page = " ".join(seated(here).get(f"{AT}/deliver").text.split())
    assert "<b>2</b> officials get it" in page
    assert "1 by mail, with the letter in its text and as a PDF; 1 copy goes with them" in page
    assert "1 by hand: frozen now" in page
    assert "1 is held back, and stays for later" in page


def test_a_double_click_delivers_once(here: Visit) -> None:
    signed_off(here)
    addressed(here, mission(here))
    rosa = seated(here)
    rosa.post(f"{AT}/deliver")
    assert "This is being done already: it is task 1" in refused(rosa, f"{AT}/deliver", {})
    works(here)
    assert f'href="{AT}/note"' in rosa.get("/console/tasks/1").text
    assert "It has gone to all its officials." in rosa.get(f"{AT}/deliver").text
    assert "The letter has gone to all its officials." in refused(rosa, f"{AT}/deliver", {})
    assert len(here.mails(MessageKind.DELIVERY)) == 1


def test_it_goes_only_to_those_who_are_ticked_and_by_the_way_that_is_chosen(here: Visit) -> None:
    signed_off(here)
    chile, kenya = mission(here), on_paper(here)
    addressed(here, chile, kenya)
    rosa = seated(here)
    page = rosa.does(f"{AT}/deliver", {"to": "chosen", "post": str(chile), "way": "hand", "book": "yes"})
    assert "Delivery to officials" in page.text
    works(here)
    assert not here.mails(MessageKind.DELIVERY)
    assert "to be brought on paper" in rosa.get(f"{AT}?q=mission-cl").text
    assert "not released yet" in rosa.get(f"{AT}?q=mission-ke").text
    assert "Choose at least one official." in refused(rosa, f"{AT}/deliver", {"to": "chosen"})


@pytest.mark.parametrize("way", ["telephone", "odd", "MAIL", "\0"])
def test_a_way_that_no_letter_takes_is_declined(here: Visit, way: str) -> None:
    signed_off(here)
    addressed(here, mission(here))
    assert "Choose by which way the letter goes." in refused(seated(here), f"{AT}/deliver", {"way": way})


def released_on_paper(here: Visit) -> tuple[Seated, int, int]:
    signed_off(here)
    posts = on_paper(here), on_paper(here, "UG")
    addressed(here, *posts)
    rosa = seated(here)
    rosa.does(f"{AT}/deliver")
    works(here)
    return rosa, *posts


def test_what_was_brought_is_noted_for_several_at_once_with_one_proof(here: Visit) -> None:
    rosa, kenya, uganda = released_on_paper(here)
    page = rosa.get(f"{AT}/note").text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    said = {
        "post": [str(kenya), str(uganda)],
        "way": "hand",
        "on": here.clock.now().date().isoformat(),
        "note": "Front desk",
        "seen": seen.group(1),
    }
    proof = {"proof": ("stamped.pdf", b"%PDF stamped", "application/pdf")}
    assert "Noted for 2 officials." in rosa.does(f"{AT}/note", said, files=proof).text
    assert set(states(here).values()) == {AddresseeState.DELIVERED}
    with here.app.database.reading() as session:
        noted = session.exec(select(Delivery).where(col(Delivery.proof_id).is_not(None))).all()
        names = [session.get_one(Document, one.proof_id).name for one in noted]
    assert names == ["stamped.pdf"] * 2
    again = rosa.post(f"{AT}/note", said, files=proof)
    assert again.status_code == 422
    assert "Meanwhile a delivery to" in again.text
    with here.app.database.reading() as session:
        assert len(session.exec(select(Delivery)).all()) == 2, "a double click notes it once"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"way": ""}, "Say how it was brought."),
        ({"way": "mail"}, "Say how it was brought."),
        ({"way": "telephone"}, "Say how it was brought."),
        ({"on": ""}, "Say on which day it was brought."),
        ({"on": "soon"}, "Say on which day it was brought."),
        ({"on": "2019-01-01"}, "is before the letter was released"),
        ({"on": "2099-01-01"}, "is yet to come"),
        ({"note": "x" * 100_000}, "are the most"),
        ({"post": ""}, "Choose at least one official."),
    ],
)
def test_what_cannot_be_noted_is_declined_and_what_was_typed_stays(
    here: Visit, typed: dict[str, str], says: str
) -> None:
    rosa, kenya, _ = released_on_paper(here)
    said = {"post": str(kenya), "way": "hand", "on": here.clock.now().date().isoformat(), "note": "At the gate"}
    before = here.everything()
    answer = rosa.post(f"{AT}/note", said | typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert typed.get("note", "At the gate") in answer.text
    if "post" not in typed:
        assert f'value="{kenya}" checked' in answer.text
    assert here.everything() == before


def test_letters_on_paper_are_fetched_for_the_printer_as_they_were_released(here: Visit) -> None:
    rosa, kenya, _ = released_on_paper(here)
    task = rosa.post(f"{AT}/print", {"post": str(kenya)}).headers["location"]
    works(here)
    archive = zipfile.ZipFile(io.BytesIO(rosa.get(f"{task}/file").content))
    assert archive.namelist() == ["safe-passage-mission-ke.pdf"]
    own = rosa.get(f"{AT}/{kenya}/file")
    assert own.content == archive.read("safe-passage-mission-ke.pdf")
    assert own.headers["content-disposition"].startswith("attachment")


def test_all_that_wait_are_printed_and_noted_at_once(here: Visit) -> None:
    rosa, *_ = released_on_paper(here)
    task = rosa.post(f"{AT}/print", {"every": "yes"}).headers["location"]
    works(here)
    archive = zipfile.ZipFile(io.BytesIO(rosa.get(f"{task}/file").content))
    assert archive.namelist() == ["safe-passage-mission-ke.pdf", "safe-passage-mission-ug.pdf"]
    day = here.clock.now().date().isoformat()
    assert "Noted for 2 officials." in rosa.does(f"{AT}/note", {"every": "yes", "way": "hand", "on": day}).text
    assert set(states(here).values()) == {AddresseeState.DELIVERED}
    assert "Choose at least one official." in rosa.post(f"{AT}/note", {"every": "x", "way": "hand", "on": day}).text


def test_nobody_notes_for_all_that_a_mail_was_brought(here: Visit) -> None:
    signed_off(here)
    chile, kenya = mission(here), on_paper(here)
    addressed(here, chile, kenya)
    rosa = seated(here)
    rosa.post(f"{AT}/deliver")
    works(here)
    with here.app.database.changing() as session:
        mailed = session.exec(select(Addressee).where(Addressee.post_id == chile)).one()
        mailed.state, mailed.sent_at = AddresseeState.SENT, here.clock.now()
        session.add(mailed)
    day = here.clock.now().date().isoformat()
    done = rosa.does(f"{AT}/note", {"every": "yes", "way": "hand", "on": day, "seen": "99"})
    assert "Noted for Mission of KE." in done.text
    assert states(here) == {"mission-cl": AddresseeState.SENT, "mission-ke": AddresseeState.DELIVERED}


def test_the_letter_of_somebody_who_has_it_stays_what_it_was(here: Visit) -> None:
    rosa, kenya, _ = released_on_paper(here)
    rosa.does(f"/console/officials/{kenya}/holder", {"name": "Noor New", "from": "2027-01-11"})
    assert "Amina Kilele" in rosa.get(f"{AT}/{kenya}/framed").text
    page = rosa.get(f"{AT}/{kenya}").text
    assert "Noor New holds the post now" in page
    assert (
        "was released to mission-ke" not in refused(rosa, f"{AT}/take-off", {"post": str(kenya)}).split("<main")[0]
    )
    assert "mission-ke" in states(here), "what was released cannot be taken off"


def test_an_edition_is_written_as_a_file_by_the_worker_and_noted(here: Visit) -> None:
    signed_off(here)
    rosa = seated(here)
    page = rosa.get(f"{CALL}/editions").text
    assert "Edition 1" in page
    assert "unchanged since" in page
    for form in ("pdf", "docx", "csv"):
        task = rosa.post(f"{CALL}/editions/render", {"edition": "1", "language": "en", "format": form}).headers[
            "location"
        ]
        works(here)
        content = rosa.get(f"{task}/file").content
        assert content
        assert b"Quiet House" not in content
    with here.app.database.reading() as session:
        assert [one.detail for one in session.exec(select(EditionCopy))] == ["pdf", "docx", "csv"]
    assert "as a file" in rosa.get(f"{CALL}/editions").text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"format": "exe"}, "Choose a format."),
        ({"edition": "x"}, "There is no such edition."),
        ({"language": "zz"}, "Choose a language in which the letter is written."),
    ],
)
def test_a_file_that_cannot_be_is_declined(here: Visit, typed: dict[str, str], says: str) -> None:
    signed_off(here)
    data = {"edition": "1", "language": "en", "format": "pdf"} | typed
    assert says in refused(seated(here), f"{CALL}/editions/render", data)


def test_an_edition_that_there_is_not_is_declined_by_the_worker(here: Visit) -> None:
    signed_off(here)
    rosa = seated(here)
    rosa.post(f"{CALL}/editions/render", {"edition": "99", "language": "en", "format": "pdf"})
    works(here)
    with here.app.database.reading() as session:
        assert session.exec(select(Task)).one().state is TaskState.REFUSED


def test_the_kit_of_a_signatory_is_fetched_and_of_nobody_who_is_not_named(here: Visit) -> None:
    signed_off(here)
    rosa = seated(here)
    page = rosa.post(f"{CALL}/editions/find", {"q": "harbour"}).text
    number = re.search(r'name="signature" value="(\d+)"', page)
    assert number is not None
    assert "Quiet House" not in rosa.get(f"{CALL}/editions").text
    kit = rosa.post(f"{CALL}/editions/kit", {"signature": number.group(1)})
    assert zipfile.ZipFile(io.BytesIO(kit.content)).namelist()
    quiet = int(number.group(1)) + 1
    assert "is not named in the list" in refused(rosa, f"{CALL}/editions/kit", {"signature": quiet})
    assert rosa.post(f"{CALL}/editions/kit", {"signature": "7777"}).status_code == 404
    assert "Choose whose kit." in refused(rosa, f"{CALL}/editions/kit", {"signature": "x"})


def test_the_next_letter_is_begun_from_this_one_once(here: Visit) -> None:
    from dataclasses import replace

    here.app = replace(here.app, folder=make.ROOT)
    signed_off(here)
    rosa = seated(here)
    later = (here.clock.now() + timedelta(weeks=6)).strftime("%Y-%m-%dT17:00")
    typed = {"slug": "two-years-on", "deadline": later, "zone": "Europe/Brussels"}
    done = rosa.does(f"{CALL}/follow-up", typed)
    assert "cites this letter from the record" in done.text
    with here.app.database.reading() as session:
        follows = session.exec(select(Letter).where(Letter.slug == "two-years-on")).one().follows_id
    assert follows is not None
    again = rosa.post(f"{CALL}/follow-up", typed)
    assert again.status_code == 422
    assert "There is a call" in again.text


@pytest.mark.parametrize(
    "typed",
    [{"slug": ""}, {"slug": "new"}, {"slug": "Ünfit!"}, {"deadline": "2001-01-01T10:00"}, {"zone": "Mars"},
     {"deadline": "soon"}, {"slug": "safe-passage"}],
)  # fmt: skip
def test_a_next_letter_that_cannot_be_is_declined_with_what_was_typed(here: Visit, typed: dict[str, str]) -> None:
    signed_off(here)
    rosa = seated(here)
    before = here.everything()
    good = {"slug": "two-years-on", "deadline": "2027-06-01T17:00", "zone": "Europe/Brussels"}
    answer = rosa.post(f"{CALL}/follow-up", good | typed)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert here.everything() == before


@pytest.mark.parametrize("which", ["", "odd"])
def test_which_archive_must_be_said(here: Visit, which: str) -> None:
    assert "Choose which archive." in refused(seated(here), f"{AT}/proof", {"which": which})
