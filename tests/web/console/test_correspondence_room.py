"""The correspondence in the console: how far each letter has come, the thread, answers logged and put right."""

import re
from datetime import date
from urllib.parse import quote

import pytest

from outreach.domain.correspondence import AnswerKind
from outreach.domain.kinds import MessageKind
from outreach.domain.states import AddresseeState
from outreach.store.tables import Delivery
from tests import exchange, officials
from tests.web.console.answered import (
    CANARY,
    CORRESPONDENCE,
    LOGGED,
    OFFICIALS,
    Letters,
    answers,
    letter,
    logged,
    went,
)
from tests.web.console.made import form_of
from tests.web.console.seated import FROM_OUR_PAGE, Seated, seated
from tests.web.visit import Visit


@pytest.fixture
def letters(here: Visit) -> Letters:
    return went(here)


@pytest.fixture
def rosa(here: Visit, letters: Letters) -> Seated:
    return seated(here)


def test_each_letter_stands_in_the_list_and_filters_leave_some(rosa: Seated, letters: Letters) -> None:
    chile, kenya = (f'href="{OFFICIALS}/{post}#letter-' for post in (letters.chile, letters.kenya))
    page = rosa.get(CORRESPONDENCE).text
    assert chile in page
    assert kenya in page
    assert "overdue" in page
    only = rosa.get(f"{CORRESPONDENCE}?state=KE").text
    assert kenya in only
    assert chile not in only
    assert chile in rosa.get(f"{CORRESPONDENCE}?call={letters.slug}&standing=overdue").text
    for query in ("?standing=closed", "?call=nowhere", "?state=ZZ", "?before=1"):
        page = rosa.get(CORRESPONDENCE + query).text
        assert chile not in page, query
    for query in ("?standing=odd", "?before=x", f"?before={10**30}", "?call=%00", "?state=%F0%9F%A6%93"):
        assert rosa.get(CORRESPONDENCE + query).status_code == 200, query


def test_a_long_list_is_read_page_by_page(here: Visit, rosa: Seated, letters: Letters) -> None:
    with here.app.database.changing() as session:
        gone = letter(here, letters.to_chile)
        for number in range(60):
            post = officials.post(session, f"office-{number:03}")
            session.add(
                type(gone)(letter_id=gone.letter_id, post_id=post.id or 0, added_by="Rosa", added_at=exchange.WENT)
            )
    read, path = list[int](), CORRESPONDENCE
    while path:
        page = rosa.get(path).text
        read += [int(number) for number in re.findall(r"#letter-(\d+)", page)]
        more = re.search(r'class="next" href="([^"]+)"', page)
        path = more.group(1).replace("&amp;", "&") if more else ""
    assert read == sorted(read, reverse=True)
    assert len(read) == len(set(read)) == 62


def test_what_is_overdue_leads_to_its_place_in_the_thread(rosa: Seated, letters: Letters) -> None:
    page = rosa.get(f"{OFFICIALS}/overdue").text
    assert f'href="{OFFICIALS}/{letters.chile}#letter-{letters.to_chile}"' in page
    assert "Enquire by mail." in page
    assert "outreach correspondence" not in page
    thread = rosa.get(f"{OFFICIALS}/{letters.chile}").text
    assert f'id="letter-{letters.to_chile}"' in thread
    assert "An acknowledgement is awaited by" in thread
    assert "That day is past: enquire, or close it." in thread
    there = rosa.get(f"{CORRESPONDENCE}/{letters.to_chile}")
    assert there.headers["location"] == f"{OFFICIALS}/{letters.chile}#letter-{letters.to_chile}"


File = tuple[str, bytes]


def log(rosa: Seated, letters: Letters, *files: File, **more: str) -> str:
    """The page to which logging leads, or the form with what is wrong."""
    data = {**LOGGED, "letter": str(letters.to_chile), **more}
    sent = [("scan", one) for one in files]
    done = rosa.request("POST", f"{OFFICIALS}/{letters.chile}/log", data=data, files=sent, headers=FROM_OUR_PAGE)
    return rosa.get(done.headers["location"]).text if done.status_code == 303 else done.text


def test_an_answer_is_logged_with_its_scan_and_the_clock_stops(here: Visit, rosa: Seated, letters: Letters) -> None:
    assert f'value="{letters.to_chile}"' in rosa.get(f"{OFFICIALS}/{letters.chile}/log").text
    page = log(rosa, letters, ("Brief <1>.pdf", b"%PDF-1.7 a scan"), ("list.csv", b"a,b"))
    (answer,) = answers(here)
    assert f"Logged as answer {answer.id}." in page
    assert "The letter is answered now." in page
    assert "GVA/2027/117" in page
    assert letter(here, letters.to_chile).state is AddresseeState.ANSWERED
    assert here.woken == [True]
    (scan, _) = re.findall(rf'href="({OFFICIALS}/{letters.chile}/files/\d+)"', page)
    file = rosa.get(scan)
    assert file.content == b"%PDF-1.7 a scan"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in file.headers["content-security-policy"]
    assert file.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"sender": ""}, "Say who signed it."),
        ({"dated": ""}, "Say which day stands on it."),
        ({"dated": "4 February"}, "is no day: write it as"),
        ({"dated": "2027-02-31"}, "is no day: write it as"),
        ({"dated": "2027-02-09"}, "cannot be dated 2027-02-09, which is later"),
        ({"received": "2031-01-01"}, "has not been written yet"),
        ({"way": "pigeon"}, "Choose the way by which it came."),
        ({"kind": "answers"}, "Choose what it is."),
        ({"summary": " \n "}, "there is no other evidence"),
        ({"summary": "x" * 20_001}, "at most 20,000 characters"),
    ],
)
def test_what_cannot_be_logged_is_said_and_nothing_typed_is_lost(
    here: Visit, rosa: Seated, letters: Letters, more: dict[str, str], sentence: str
) -> None:
    page = log(rosa, letters, **{"subject": "Our ports & yours", **more})
    assert sentence in page
    assert 'value="Our ports &amp; yours"' in page
    assert answers(here) == []


def test_an_empty_file_is_refused_and_one_of_no_letter_too(here: Visit, rosa: Seated, letters: Letters) -> None:
    assert "is empty." in log(rosa, letters, ("scan.pdf", b""))
    for number in ("999", "0", "-1", "x", "9" * 30, str(letters.to_kenya)):
        done = rosa.post(f"{OFFICIALS}/{letters.chile}/log", {**LOGGED, "letter": number})
        assert done.status_code == 404, number
    assert answers(here) == []


def test_two_clicks_log_one_answer_unless_somebody_says_that_there_are_two(
    here: Visit, rosa: Seated, letters: Letters
) -> None:
    log(rosa, letters)
    again = log(rosa, letters)
    assert "was it logged before?" in again
    assert 'name="certain"' in again
    assert len(answers(here)) == 1
    log(rosa, letters, certain="yes")
    assert len(answers(here)) == 2


def test_an_acknowledgement_needs_its_number_alone_and_sets_the_clock_anew(
    here: Visit, rosa: Seated, letters: Letters
) -> None:
    assert "The office has the letter" in rosa.get(f"{OFFICIALS}/{letters.chile}/log?kind=acknowledgement").text
    bare = {"kind": "acknowledgement", "sender": "", "summary": "", "subject": "", "dated": "", "reference": ""}
    assert "Give the office’s number" in log(rosa, letters, **bare)
    page = log(rosa, letters, **{**bare, "reference": "N 5"})
    assert "The letter is acknowledged now." in page
    (answer,) = answers(here)
    assert (answer.kind, answer.reference) == (AnswerKind.ACKNOWLEDGEMENT, "N 5")


def test_an_answer_to_nobody_knows_what_waits_in_the_list_until_somebody_knows(
    here: Visit, rosa: Seated, letters: Letters
) -> None:
    page = log(rosa, letters, letter="")
    assert "Nobody has said which letter it answers" in page
    (answer,) = answers(here)
    assert f'href="{CORRESPONDENCE}/answers/{answer.id}"' in rosa.get(CORRESPONDENCE).text
    at = f"{CORRESPONDENCE}/answers/{answer.id}"
    done = rosa.does(f"{at}/correct", {"letter": str(letters.to_chile)}).text
    assert "is corrected" in done
    assert letter(here, letters.to_chile).state is AddresseeState.ANSWERED
    assert f'action="{at}/correct"' in done
    rosa.does(f"{at}/correct", {"letter": ""})
    assert letter(here, letters.to_chile).state is AddresseeState.SENT


def test_an_answer_is_corrected_and_the_undo_makes_it_what_it_was(
    here: Visit, rosa: Seated, letters: Letters
) -> None:
    at = f"{CORRESPONDENCE}/answers/{logged(here, letters)}"
    assert "Nothing is other than before." in rosa.does(f"{at}/correct", {"sender": "Vera Fuentes"}).text
    done = rosa.does(f"{at}/correct", {"sender": "Somebody else", "dated": "2027-02-05"}).text
    assert answers(here)[0].sender == "Somebody else"
    undo = dict(re.findall(r'<input type="hidden" name="(sender|dated)" value="([^"]*)">', done))
    rosa.does(f"{at}/correct", undo)
    assert answers(here)[0].sender == "Vera Fuentes"
    for wrong in ({"dated": ""}, {"dated": "x"}, {"received": "2031-01-01"}, {"kind": "odd"}, {"way": "odd"}):
        refused = rosa.does(f"{at}/correct", wrong).text
        assert "said refused" in refused or "refused" in refused, wrong
    assert rosa.post(f"{at}/correct", {"letter": "999"}).status_code == 404


@pytest.mark.parametrize(("letter_of_it", "undone"), [("ش", True), ("語", False)])
def test_what_was_done_is_said_in_every_script_and_its_undo_goes_first_where_a_cookie_is_full(
    here: Visit, rosa: Seated, letters: Letters, letter_of_it: str, *, undone: bool
) -> None:
    at = f"{CORRESPONDENCE}/answers/{logged(here, letters, summary=letter_of_it * 1100)}"
    done = rosa.post(f"{at}/correct", {"summary": "They will look at it."})
    assert len(done.headers["set-cookie"]) < 4096, "browsers drop a longer one"
    page = rosa.get(at).text
    assert "is corrected" in page
    assert ('<input type="hidden" name="summary"' in page) == undone


def test_of_two_who_correct_an_answer_nobody_undoes_what_the_other_did(
    here: Visit, rosa: Seated, letters: Letters
) -> None:
    at = f"{CORRESPONDENCE}/answers/{logged(here, letters)}"
    idris = seated(here, name="Idris")
    both_saw = {"version": form_of(rosa.get(at))["version"], "sender": "Vera Fuentes", "dated": "2027-02-04"}
    rosa.does(f"{at}/correct", {**both_saw, "dated": "2027-02-05"})
    told = idris.does(f"{at}/correct", {**both_saw, "sender": "Somebody else"})
    assert told.status_code == 200
    assert (answers(here)[0].sender, answers(here)[0].dated) == ("Vera Fuentes", date(2027, 2, 5))
    now_seen = {**both_saw, "version": form_of(idris.get(at))["version"], "dated": "2027-02-05"}
    assert "is corrected" in idris.does(f"{at}/correct", {**now_seen, "sender": "Somebody else"}).text
    assert (answers(here)[0].sender, answers(here)[0].dated) == ("Somebody else", date(2027, 2, 5))


def test_an_answer_without_files_is_taken_off_the_record_and_put_back(
    here: Visit, rosa: Seated, letters: Letters
) -> None:
    at = f"{CORRESPONDENCE}/answers/{logged(here, letters)}"
    assert "Tick that it was logged by mistake." in rosa.does(f"{at}/withdraw").text
    done = rosa.does(f"{at}/withdraw", {"sure": "yes"}).text
    assert answers(here) == []
    assert "is off the record" in done
    undo = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', done.split('class="said"')[1]))
    back = re.search(rf'action="({OFFICIALS}/{letters.chile}/log)"', done)
    assert back is not None
    rosa.does(back.group(1), undo)
    assert answers(here)[0].sender == "Vera Fuentes"
    assert rosa.post(f"{at}/withdraw", {"sure": "yes"}).status_code in (303, 404)


def test_a_letter_is_closed_with_its_reason_and_opened_again(here: Visit, rosa: Seated, letters: Letters) -> None:
    at = f"{CORRESPONDENCE}/{letters.to_chile}"
    assert "Say why it is closed." in rosa.does(f"{at}/close", {"reason": " "}).text
    done = rosa.does(f"{at}/close", {"reason": "A new <government>"}).text
    assert "Nothing more is expected: A new &lt;government&gt;" in done
    assert f'action="{at}/reopen"' in done
    assert "It is closed since" in rosa.does(f"{at}/close", {"reason": "again"}).text
    back = rosa.does(f"{at}/reopen").text
    assert "Open again: it is sent." in back
    assert 'name="reason" value="A new &lt;government&gt;"' in back
    assert "It is not closed" in rosa.does(f"{at}/reopen").text


def test_an_enquiry_is_shown_edited_and_sent_by_one_click(here: Visit, rosa: Seated, letters: Letters) -> None:
    at = f"{CORRESPONDENCE}/{letters.to_chile}/enquire"
    before = here.everything()
    page = rosa.get(at).text
    assert "mission-chl@geneva.example" in page
    assert "It is early" not in page
    assert here.everything() == before
    assert "The enquiry says nothing." in rosa.post(at, {"way": "mail", "text": " ", "was": "x"}).text
    assert "Choose how the office is asked." in rosa.post(at, {"way": "pigeon"}).text
    wrong = rosa.post(at, {"way": "mail", "text": "{{ nobody }} <b>", "was": "x"})
    assert wrong.status_code == 422
    assert "{{ nobody }} &lt;b&gt;" in wrong.text
    done = rosa.does(at, {"way": "mail", "text": "Madam,\n\nhas it come?", "was": "x"}).text
    assert "The enquiry is on its way." in done
    (mail,) = [one for one in here.mails(MessageKind.ENQUIRY) if one.address == "mission-chl@geneva.example"]
    assert mail.contact_id is None
    again = rosa.post(at, {"way": "mail", "text": "Madam,", "was": "x"})
    assert again.status_code == 422
    assert "give the office 5 working days" in again.text
    assert len(here.mails(MessageKind.ENQUIRY)) == 1


def test_an_enquiry_by_telephone_is_noted_and_the_office_has_time_anew(
    here: Visit, rosa: Seated, letters: Letters
) -> None:
    at = f"{CORRESPONDENCE}/{letters.to_chile}/enquire"
    done = rosa.does(at, {"way": "telephone", "note": "Spoke to the desk"}).text
    assert "Noted: the office was asked by telephone." in done
    assert "Spoke to the desk" in done
    assert "It is early: the office has time until" not in done
    with here.app.database.reading() as session:
        assert session.get(Delivery, 3) is not None


def test_it_is_said_when_it_is_too_early_to_ask(here: Visit, rosa: Seated, letters: Letters) -> None:
    rosa.does(f"{CORRESPONDENCE}/{letters.to_chile}/close", {"reason": "x"})
    assert "is closed with" in rosa.get(f"{CORRESPONDENCE}/{letters.to_chile}/enquire").text
    logged(here, letters, to=letters.to_kenya, post=letters.kenya, kind=AnswerKind.ACKNOWLEDGEMENT)
    assert "It is early: the office has time until" in rosa.get(f"{CORRESPONDENCE}/{letters.to_kenya}/enquire").text


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999"])
@pytest.mark.parametrize("page", ["{}", "{}/enquire", "answers/{}", "answers/{}/mail", "answers/{}/respond"])
def test_a_number_that_is_nobodys_is_not_there(rosa: Seated, page: str, number: str) -> None:
    assert rosa.get(f"{CORRESPONDENCE}/{page.format(number)}").status_code == 404


def test_files_and_posts_that_are_nobodys_are_not_there(rosa: Seated, letters: Letters) -> None:
    for path in (f"{letters.chile}/files/1", f"{letters.chile}/files/{9**25}", "999", "999/log", "0/log"):
        assert rosa.get(f"{OFFICIALS}/{path}").status_code == 404, path


def test_whatever_an_office_wrote_is_text_on_every_page(here: Visit, rosa: Seated, letters: Letters) -> None:
    log(rosa, letters, (f"{CANARY}.pdf", b"x"), sender=CANARY, subject=CANARY, summary=CANARY, reference=CANARY)
    (answer,) = answers(here)
    assert answer.summary == CANARY
    for path in (
        CORRESPONDENCE,
        f"{OFFICIALS}/{letters.chile}",
        f"{CORRESPONDENCE}/answers/{answer.id}",
        f"{CORRESPONDENCE}/answers/{answer.id}/respond",
        f"{CORRESPONDENCE}?call={quote(CANARY)}",
    ):
        page = rosa.get(path)
        assert page.status_code == 200, path
        assert CANARY not in page.text, path
