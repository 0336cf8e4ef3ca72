"""The inbox in the console: each deed does what its verb does, says so, and leads to the next that waits."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from outreach.domain.kinds import MessageKind
from outreach.domain.replies import MatchedBy, ReplyKind
from outreach.domain.states import ReplyState, SignatureState
from outreach.store.tables import Answer, SuppressionReason
from tests import make, officials
from tests.web.console.seated import Seated, seated
from tests.web.console.sorted_replies import STRANGER, YES, came, stands, stranger_came
from tests.web.visit import Visit

DECLINED = 422
UNDO = re.compile(r'<form method="post" action="([^"]+)">\s*((?:<input type="hidden"[^>]*>\s*)*)<button[^>]*>Undo')


def version(person: Seated, number: int) -> str:
    """What a form on the reply's page carries."""
    found = re.search(r'name="version" value="(\w+)"', person.get(f"/console/replies/{number}").text)
    assert found
    return found[1]


def does(person: Seated, number: int, deed: str, **values: str) -> str:
    """The page to which the deed leads."""
    done = person.post(f"/console/replies/{number}/{deed}", {"version": version(person, number), **values})
    if done.status_code == DECLINED:
        return done.text
    page = person.get(done.headers["location"])
    assert page.status_code == 200
    return page.text


def where(person: Seated, number: int, deed: str, **values: str) -> str:
    """The address to which the deed leads."""
    answer = person.post(f"/console/replies/{number}/{deed}", {"version": version(person, number), **values})
    assert answer.status_code == 303, answer.text[:1000]
    return answer.headers["location"]


def make_dead(here: Visit) -> None:
    """Idris complains: nothing goes to him any more."""
    with here.app.database.changing() as session:
        make.suppression(session, here.idris, SuppressionReason.COMPLAINT)


def undo(person: Seated, page: str) -> str:
    """Press the button that the sentence on the page offers."""
    form = re.search(
        r'<form method="post" action="([^"]+)">\s*((?:<input type="hidden"[^>]*>\s*)*)<button[^>]*>Undo', page
    )
    assert form
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    return person.does(form[1], values).text


def test_nothing_waits_at_first_and_the_page_says_what_to_do(here: Visit) -> None:
    page = seated(here).get("/console/replies").text
    assert "Nothing waits for a person." in page
    assert "/console/replies?state=all" in page


def test_what_waits_stands_in_the_list_with_who_and_what_and_about_what(here: Visit) -> None:
    came(here)
    stranger_came(here, "Is it still open?")
    page = seated(here).get("/console/replies").text
    for words in ("Idris Belhaj", "Harbour House", "Who else has signed so far?", "Safe passage", STRANGER):
        assert words in page
    assert "belongs to no call yet" in page


def test_the_list_is_narrowed_and_what_is_not_there_is_not_found(here: Visit) -> None:
    rosa, question, yes = seated(here), came(here), came(here, YES)
    page = rosa.get("/console/replies?kind=signs").text
    assert (f"/console/replies/{yes}?kind=signs" in page, f"/console/replies/{question}?" in page) == (True, False)
    assert f"/console/replies/{question}?call=safe-passage" in rosa.get("/console/replies?call=safe-passage").text
    assert "There is no such reply." in rosa.get("/console/replies?kind=bounce").text
    assert rosa.get("/console/replies?call=nowhere").status_code == 404
    assert rosa.get("/console/replies?kind=nonsense&state=x&after=y").status_code == 200


def test_a_search_is_posted_because_an_address_stands_in_no_link(here: Visit) -> None:
    rosa, number = seated(here), came(here)
    stranger_came(here)
    page = rosa.post("/console/replies/find", {"search": "idris@harbour.example"}).text
    assert (f"/console/replies/{number}" in page, STRANGER in page) == (True, False)
    assert "There is no such reply." in rosa.post("/console/replies/find", {"search": "nobody at all"}).text


def test_one_reply_shows_its_new_text_and_what_the_machine_believes_and_why(here: Visit) -> None:
    number = came(here, YES + "\n\nOn Mon, 11 Jan 2027, Rosa wrote:\n> Please sign the letter.")
    page = seated(here).get(f"/console/replies/{number}").text
    for words in ("Yes, please add us.", "agreement en", "90 % sure", "proposed: Harbour House"):
        assert words in page
    assert "an address that only our mail to this person carried" in page
    assert "our mail</span>" not in page
    whole = page.index("The whole mail, with what it quotes")
    assert page.index("Yes, please add us.") < whole < page.index("Please sign the letter.")


@pytest.mark.parametrize("number", [0, 99, 2**31, 2**63])
def test_a_reply_that_is_not_there_is_not_there(here: Visit, number: int) -> None:
    rosa = seated(here)
    for path in ("", "/mail", "/source", "/files/1", "/official"):
        assert rosa.get(f"/console/replies/{number}{path}").status_code == 404


def test_right_and_done_leads_to_the_next_that_waits_and_can_be_undone(here: Visit) -> None:
    rosa, first, second = seated(here), came(here), came(here, "And who reads it?")
    assert where(rosa, first, "done") == f"/console/replies/{second}"
    assert stands(here, first).handled_by == rosa.user.address
    page = rosa.get(f"/console/replies/{second}").text
    assert f"Reply {first} is done." in page
    assert "waits again" in undo(rosa, page)
    assert stands(here, first).state is ReplyState.WAITING
    does(rosa, first, "done")
    assert where(rosa, second, "done") == "/console/replies"


def test_the_next_is_one_of_those_that_she_looks_at(here: Visit) -> None:
    rosa, first, yes, third = seated(here), came(here), came(here, YES), came(here, "And who reads it?")
    assert yes
    to = where(rosa, first, "done", in_kind="question", in_call="safe-passage")
    assert to == f"/console/replies/{third}?kind=question&call=safe-passage"


def test_a_correction_undoes_what_had_followed_and_is_itself_undone(here: Visit) -> None:
    rosa, number = seated(here), came(here, YES)
    page = does(rosa, number, "correct", kind="question")
    assert (stands(here, number).kind, here.signatures()) == (ReplyKind.QUESTION, [])
    undo(rosa, page)
    assert stands(here, number).kind is ReplyKind.SIGNS
    assert [one.state for one in here.signatures()] == [SignatureState.PROPOSED]


def test_an_absence_has_a_last_day_and_nothing_else_has_one(here: Visit) -> None:
    rosa, number = seated(here), came(here)
    does(rosa, number, "correct", kind="out-of-office", until="2027-03-08")
    assert str(stands(here, number).until) == "2027-03-08"
    does(rosa, number, "correct", kind="question", until="2027-03-08")
    assert stands(here, number).until is None
    before = here.everything()
    page = does(rosa, number, "correct", kind="out-of-office", until="soon")
    assert "Write the last day as 2027-03-08." in page
    assert "Choose what it says." in does(rosa, number, "correct", kind="nonsense")
    assert {k: v for k, v in here.everything().items() if k != "reply_watch"} == {
        k: v for k, v in before.items() if k != "reply_watch"
    }


def test_a_guess_is_accepted_and_taken_back(here: Visit) -> None:
    rosa = seated(here)
    with here.app.database.changing() as session:
        make.submitted(session, now=here.clock.now() + timedelta(days=2))
    number = stranger_came(here, YES, sender="idris.belhaj@harbour.example")
    assert "Accept the first guess" in rosa.get(f"/console/replies/{number}").text
    page = does(rosa, number, "place", guess="1")
    assert (stands(here, number).call_id, stands(here, number).matched_by) == (here.call.id, MatchedBy.PERSON)
    assert "Accept the signature of" in page
    undo(rosa, page)
    assert stands(here, number).call_id is None
    assert here.signatures() == []


def test_it_is_placed_by_call_and_contact(here: Visit) -> None:
    rosa, number = seated(here), stranger_came(here)
    does(rosa, number, "place", call="safe-passage", contact="idris@harbour.example")
    assert stands(here, number).contact_id == here.idris.id
    assert "There is no contact with the address" in does(
        rosa, number, "place", call="safe-passage", contact="nobody@nowhere.example"
    )
    assert "Choose the call." in does(rosa, number, "place", call="")
    page = does(rosa, number, "place", call="safe-passage")
    assert stands(here, number).contact_id is None
    undo(rosa, page)
    assert stands(here, number).contact_id == here.idris.id


def test_a_proposed_signature_is_accepted_or_rejected(here: Visit) -> None:
    rosa, number = seated(here), came(here, YES)
    (signature,) = here.signatures()
    assert "Harbour House" in does(rosa, number, "accept", signature=str(signature.id))
    assert here.stands(signature.id or 0).state in (SignatureState.PENDING, SignatureState.CONFIRMED)
    assert stands(here, number).state is ReplyState.DONE


def test_a_rejected_proposal_does_not_count(here: Visit) -> None:
    rosa, number = seated(here), came(here, YES)
    (signature,) = here.signatures()
    does(rosa, number, "reject", signature=str(signature.id))
    assert here.stands(signature.id or 0).state is SignatureState.REJECTED


def test_only_the_signature_that_this_reply_proposed_is_decided_here(here: Visit) -> None:
    rosa, number = seated(here), came(here)
    other, _ = here.signed()
    data = {"version": version(rosa, number), "signature": str(other.id)}
    assert rosa.post(f"/console/replies/{number}/reject", data).status_code == 404
    assert here.stands(other.id or 0).state is SignatureState.PENDING


def test_an_answer_begins_with_a_short_one_and_is_queued_as_it_was_edited(here: Visit) -> None:
    rosa, number = seated(here), came(here)
    page = rosa.get(f"/console/replies/{number}?text=how-to-sign.en").text
    assert "Dear Idris," not in page.partition("<textarea")[0]
    filled = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "Open letter" in filled or "Thank you for your interest" in filled
    assert "/letters/safe-passage" in filled
    said = does(rosa, number, "answer", text="Twelve so far.\r\n\r\nRosa")
    assert "is queued" in said
    (mail,) = here.mails(MessageKind.ANSWER)
    assert mail.values["answer"]["text"] == "Twelve so far.\n\nRosa"
    assert (stands(here, number).state, here.woken) == (ReplyState.DONE, [True])


def test_an_answer_without_words_is_declined_and_nothing_is_queued(here: Visit) -> None:
    rosa, number = seated(here), came(here)
    assert "The answer is empty." in does(rosa, number, "answer", text="  ")
    make_dead(here)
    page = does(rosa, number, "answer", text="A long answer that took an hour.")
    assert "Nothing goes to" in page
    assert "A long answer that took an hour." in page
    assert here.mails(MessageKind.ANSWER) == []


def test_a_short_answer_that_is_not_there_fills_nothing_in(here: Visit) -> None:
    rosa, number = seated(here), came(here)
    for key in ("nowhere.en", "../../config", "x", "how-to-sign."):
        assert rosa.get(f"/console/replies/{number}", params={"text": key}).status_code == 200


def test_an_officials_mail_goes_on_record_from_here(here: Visit) -> None:
    rosa, number = seated(here), stranger_came(here, "Thank you for your letter. The Minister will consider it.")
    page = rosa.get(f"/console/replies/{number}/official").text
    assert "Which office wrote it?" in page
    data = {"version": version(rosa, number), "post": ""}
    assert "Choose the office." in rosa.does(f"/console/replies/{number}/official", data).text
    assert rosa.post(f"/console/replies/{number}/official", data | {"post": "nowhere"}).status_code == 303


def test_what_an_office_wrote_leads_to_its_place_on_record(here: Visit) -> None:
    rosa, number = seated(here), stranger_came(here, "Thank you for your letter. The Minister will consider it.")
    assert "Nothing followed from it." in rosa.get(f"/console/replies/{number}").text
    with here.app.database.changing() as session:
        post = officials.post(session)
        slug, address, institution = post.slug, f"/console/officials/{post.id}", post.institution
    data = {"version": version(rosa, number), "post": slug}
    rosa.does(f"/console/replies/{number}/official", data)
    page = rosa.get(f"/console/replies/{number}").text
    with here.app.database.reading() as session:
        (answer,) = session.exec(select(Answer)).all()
    assert f'<a href="/console/correspondence/answers/{answer.id}">It is on record' in page
    assert "Nothing followed from it." not in page
    assert "Nothing else passed" not in page
    assert f'<a href="{address}">' in page
    assert institution in page


def test_mails_that_passed_are_called_as_everywhere(here: Visit) -> None:
    rosa, number = seated(here), came(here)
    assert re.search(r"our mail: Invitation, \w+", rosa.get(f"/console/replies/{number}").text)
