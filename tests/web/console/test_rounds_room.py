"""Responses and their rounds in the console: drafted from an answer, asked, noted by telephone, revised."""

import re
from dataclasses import replace

import pytest
from sqlmodel import select

from outreach.domain.kinds import MessageKind
from outreach.domain.states import SignatureState
from outreach.store.tables import Call, Organisation, RoundMember
from tests import make, rounds
from tests.rounds import HOME, THEN
from tests.web.console.answered import CANARY
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

ROUND = "/console/calls/response/round"
FORM = {
    "language": "en",
    "slug": "second-response",
    "title": "Our answer",
    "addressee": "Her Excellency Ms. Vera Fuentes",
    "body": "{{ official.salutation }}\n\nThank you for your letter of {{ answer.date }}.",
    "deadline": "2027-07-20T17:00",
    "zone": "Europe/Brussels",
    "reminder": "3d",
    "last_call": "1d",
}


@pytest.fixture
def draft(here: Visit) -> int:
    """The response is a draft, as of 1 July; the number of the answer that it responds to."""
    here.app = replace(here.app, folder=make.ROOT)
    with here.app.database.changing() as session:
        made = rounds.drafted(session, here.app.house)
        number = made.answer.id or 0
    here.clock.turn(THEN - here.clock.now())
    return number


@pytest.fixture
def rosa(here: Visit, draft: int) -> Seated:
    return seated(here)


def begin(here: Visit) -> None:
    with here.app.database.changing() as session:
        from outreach.usecases.launch_call import launch_call

        call = session.exec(select(Call).where(Call.slug == "response")).one()
        launch_call(session, call, now=THEN, by="Rosa", house=here.app.house)


def member(here: Visit, who: str) -> int:
    with here.app.database.reading() as session:
        return session.exec(select(Organisation.id).where(Organisation.name == HOME[who])).one() or 0


def members(here: Visit, slug: str) -> list[str]:
    with here.app.database.reading() as session:
        found = (
            select(Organisation.name)
            .join(RoundMember)
            .join(Call)
            .where(Call.slug == slug)
            .order_by(Organisation.name)
        )
        return list(session.exec(found))


def respond(rosa: Seated, answer: int, members: list[str], **more: str) -> str:
    at = f"/console/correspondence/answers/{answer}/respond"
    done = rosa.post(at, {**FORM, "members": members, **more})
    return rosa.get(done.headers["location"]).text if done.status_code == 303 else done.text


def signed(rosa: Seated, answer: int) -> list[str]:
    page = rosa.get(f"/console/correspondence/answers/{answer}/respond").text
    return re.findall(r'name="members" value="(\d+)"', page)


def test_the_form_cites_the_record_and_names_those_who_signed(here: Visit, rosa: Seated, draft: int) -> None:
    page = rosa.get(f"/console/correspondence/answers/{draft}/respond").text
    assert "{{ answer.date }}" in page
    for name in HOME.values():
        assert name in page
    assert "nobody is known to ask" in page
    assert "Otto" not in page
    assert "Le agradecemos" in rosa.get(f"/console/correspondence/answers/{draft}/respond?language=es").text
    assert rosa.get(f"/console/correspondence/answers/{draft}/respond?language=%00").status_code == 200


def test_a_response_is_a_draft_whose_round_asks_all_or_a_part(here: Visit, rosa: Seated, draft: int) -> None:
    numbers = signed(rosa, draft)
    page = respond(rosa, draft, numbers)
    assert "its round will ask 4 organisations" in page
    assert "Nobody is known to ask for Quiet House." in page
    assert f'href="/console/correspondence/answers/{draft}"' in page
    assert members(here, "second-response") == sorted(HOME.values())
    assert "one organisation" not in respond(rosa, draft, numbers[:1], slug="third-response")
    assert len(members(here, "third-response")) == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"title": ""}, "Give the response a title."),
        ({"slug": ""}, "Give it a short name"),
        ({"slug": "Not A Slug!"}, "Not A Slug!"),
        ({"slug": "response"}, "response"),
        ({"deadline": ""}, "Say until when"),
        ({"deadline": "soon"}, "soon"),
        ({"zone": "Mars/Base"}, "Mars/Base"),
        ({"reminder": "often"}, "often"),
        ({"language": "xx1"}, "Write the language"),
        ({"body": "{{ nobody }}"}, "nobody"),
        ({"body": ""}, "Write what it says."),
    ],
)
def test_what_cannot_be_a_response_is_said_and_what_was_written_stays(
    here: Visit, rosa: Seated, draft: int, more: dict[str, str], sentence: str
) -> None:
    page = respond(rosa, draft, signed(rosa, draft), **{"title": "A title & more", **more})
    assert 'class="faults"' in page, page[:500]
    assert sentence in page
    assert members(here, "second-response") == []


def test_nobody_chosen_is_nobody_asked(here: Visit, rosa: Seated, draft: int) -> None:
    for chosen in ([], ["999", "x"]):
        assert "Choose at least one organisation" in respond(rosa, draft, chosen)
    assert members(here, "second-response") == []


def test_a_draft_says_what_will_happen_and_to_how_many(here: Visit, rosa: Seated) -> None:
    page = rosa.get(ROUND).text
    assert "3 of 4 organisations get a mail" in page
    assert "The others cannot be asked by mail" in page
    assert 'href="/console/calls/response/make/check"' in page
    assert f'href="{ROUND}"' in rosa.get("/console/calls/response").text
    assert ROUND in rosa.get("/console/calls/response/make/letter").text
    assert "Audience" not in rosa.get("/console/calls/response/make/letter").text
    check = rosa.get("/console/calls/response/make/check")
    assert check.status_code == 200


def test_the_round_is_opened_from_its_check(here: Visit, rosa: Seated) -> None:
    page = rosa.get("/console/calls/response/make/check").text
    value = re.search(r'name="draft" value="([^"]+)"', page)
    assert value is not None
    done = rosa.does("/console/calls/response/make/launch", {"draft": value.group(1)})
    assert "Launched." in done.text
    assert len(here.mails(MessageKind.INVITATION)) >= 3
    assert "silent" in rosa.get(ROUND).text


def test_a_draft_chooses_anew_whom_it_asks(here: Visit, rosa: Seated) -> None:
    page = rosa.get(ROUND).text
    numbers = re.findall(r'name="members" value="(\d+)" checked', page)
    assert len(numbers) == 4
    done = rosa.does(f"{ROUND}/members", {"members": numbers[:2]})
    assert "The round will ask 2 organisations." in done.text
    assert "Choose at least one organisation" in rosa.does(f"{ROUND}/members", {}).text
    assert len(members(here, "response")) == 2


def note(rosa: Seated, number: int, **more: str) -> str:
    said = {"answer": "approves", "channel": "telephone", "evidence": "Their director to Rosa, this morning"}
    done = rosa.post(f"{ROUND}/{number}/answer", {**said, **more})
    return rosa.get(done.headers["location"]).text if done.status_code == 303 else done.text


def test_what_was_said_by_telephone_is_noted_and_the_newest_answer_holds(here: Visit, rosa: Seated) -> None:
    begin(here)
    four = member(here, "four")
    page = rosa.get(f"{ROUND}/{four}").text
    assert "nobody is known to ask" in page
    assert "Quiet House: It approves." in note(rosa, four)
    assert "Quiet House: It approves." in note(rosa, four), "a second click keeps nothing more"
    page = note(rosa, four, answer="asks-for-change", comment=f"Say {CANARY}")
    assert "asks for a change" in page
    assert CANARY not in page
    assert CANARY not in rosa.get(f"{ROUND}/{four}").text
    with here.app.database.reading() as session:
        call = session.exec(select(Call).where(Call.slug == "response")).one()
        (signature,) = [one for one in here.signatures() if one.call_id == call.id]
    assert signature.state is SignatureState.WITHDRAWN


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"answer": ""}, "Choose what it said."),
        ({"answer": "maybe"}, "Choose what it said."),
        ({"channel": "form"}, "Choose the way by which it came."),
        ({"evidence": " "}, "Say who said so, when, and to whom"),
        ({"answer": "asks-for-change"}, "Say in a comment what should be changed"),
        ({"answer": "approves-with-comment", "comment": "x" * 4001}, "more than 4000 characters"),
    ],
)
def test_what_cannot_be_noted_is_said(here: Visit, rosa: Seated, more: dict[str, str], sentence: str) -> None:
    begin(here)
    assert sentence in note(rosa, member(here, "four"), **more)


def test_a_round_that_has_not_begun_takes_no_answer(here: Visit, rosa: Seated) -> None:
    four = member(here, "four")
    assert "The round takes no answers now" in note(rosa, four)
    assert "The round takes no answers now" in rosa.get(f"{ROUND}/{four}").text


def test_somebody_is_named_and_asked_at_once(here: Visit, rosa: Seated) -> None:
    begin(here)
    four = member(here, "four")
    for address, sentence in (("nobody@x.example", "is no contact"), ("nonsense", "nonsense"), ("", "")):
        wrong = rosa.post(f"{ROUND}/{four}/name", {"address": address})
        assert wrong.status_code == 422
        assert sentence in wrong.text
    done = rosa.does(f"{ROUND}/{four}/name", {"address": "reader@elsewhere.example"}).text
    assert "Quiet House is asked by reader@elsewhere.example." in done
    assert "The draft is on its way there." in done
    again = rosa.does(f"{ROUND}/{four}/name", {"address": "reader@elsewhere.example"}).text
    assert "The draft is on its way there." not in again


def test_revising_the_draft_shows_what_changed_and_asks_again(here: Visit, rosa: Seated) -> None:
    begin(here)
    note(rosa, member(here, "four"))
    letter = "/console/calls/response/make/letter"
    page = rosa.get(letter).text
    version = re.search(r'name="version" value="(\w+)"', page)
    assert version is not None
    values = {
        "title.en": "Our response",
        "addressee.en": "Her Excellency Ms. Vera Fuentes",
        "asks.en": "",
        "body.en": "We thank you for your letter of 20 June. We ask for a meeting in September.",
        "substance": "It asks for a meeting.",
        "version": version.group(1),
    }
    assert "Asked again: 3." in rosa.does(f"{letter}/amend", values).text
    page = rosa.get(ROUND).text
    assert "<ins>" in page
    assert "asked again: the draft changed" in page
    assert len(here.mails(MessageKind.LETTER_CHANGED)) == 3


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999"])
def test_an_organisation_that_is_not_asked_is_not_there(here: Visit, rosa: Seated, number: str) -> None:
    assert rosa.get(f"{ROUND}/{number}").status_code == 404
    for deed in ("answer", "name"):
        assert rosa.post(f"{ROUND}/{number}/{deed}", {"answer": "approves"}).status_code == 404


def test_a_call_that_is_signed_publicly_is_no_round(here: Visit, rosa: Seated) -> None:
    assert rosa.get(f"/console/calls/{here.call.slug}/round").status_code == 404
    assert rosa.get("/console/calls/nowhere/round").status_code == 404
    assert "/round" not in rosa.get(f"/console/calls/{here.call.slug}").text
