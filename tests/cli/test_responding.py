"""Rosa answers an ambassador together with those who signed the letter."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from outreach.bootstrap import open_workspace
from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.signatures import Visibility
from outreach.usecases.close_call import close_call
from tests import make, officials, rounds
from tests.cli.conftest import Terminal
from tests.cli.responding import CHANGING, READING
from tests.cli.test_json_and_dry_run import dump, without_times

HOMES = ("Harbour Light", "Lantern Coast", "Night Ferry")


def typed(rosa: Terminal, words: tuple[str, ...]) -> list[str]:
    return [word.format(folder=rosa.folder, deadline=in_days(14)) for word in words]


@pytest.fixture
def answered(draft: Terminal) -> Terminal:
    """Three organisations signed a letter, one of them for the addressee only; the ambassador has answered it."""
    opened = open_workspace(draft.folder)
    now = opened.clock.now()
    with opened.database.changing() as session:
        made = make.contact(session, opened.house, "reader@elsewhere.example")
        assert made.id
        call, _ = make.launched(session, opened.house, now=now, slug="earlier", deadline=make_deadline())
        for number, name in enumerate(HOMES):
            person = make.contact(
                session, opened.house, f"p{number}@house{number}.example", organisation=name, basis=""
            )
            seen = Visibility.ADDRESSEE if number == 1 else Visibility.PUBLIC
            make.signature(session, call, person, name=name, visibility=seen, at=now)
        close_call(session, call, now=now, by="Rosa")
        edition = make.edition(session, call, opened.house, now=now)
        chile = officials.post(session)
        officials.holder(session, chile)
        went = rounds.addressee(session, call.letter_id, chile, edition, released_at=now)
        rounds.answer(session, chile, went)
    opened.database.close()
    return draft


def make_deadline() -> WallClock:
    return parse_wall_clock(in_days(20))


def in_days(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d} 17:00 Europe/Brussels"


def responds(rosa: Terminal, *more: str) -> str:
    """The response is a draft."""
    text = rosa.file("response.en.md")
    rosa.does("letters", "draft-response", "1", "--output", text)
    rosa.rewrites("response.en.md", "What we have to say to it: write it here.", "We would welcome a meeting.")
    return rosa.does(
        "letters", "respond", "1", "--slug", "response", "--text", text, "--deadline", in_days(14), *more
    )


def test_the_draft_cites_what_it_answers_from_the_record(answered: Terminal) -> None:
    said = answered.does("letters", "draft-response", "1", "--output", answered.file("response.en.md"))
    assert "outreach letters respond 1 --slug NAME" in said
    written = answered.file("response.en.md").read_text()
    assert "addressee: Her Excellency Ms. Vera Fuentes" in written
    assert written.count("Permanent Representative") == 1
    assert "Thank you for your letter of {{ answer.date }}" in written
    refused = answered.is_refused("letters", "draft-response", "1", "--output", answered.file("response.en.md"))
    assert "is there already" in refused
    assert "There is no answer 9" in answered.is_refused(
        "letters", "draft-response", "9", "--output", answered.file("x.en.md")
    )
    assert "in which language" in answered.is_refused(
        "letters", "draft-response", "1", "--output", answered.file("x.md"), code=2
    )


def test_a_response_that_still_says_write_it_here_does_not_go_round(answered: Terminal) -> None:
    text = answered.file("response.en.md")
    answered.does("letters", "draft-response", "1", "--output", text)
    answered.does("letters", "respond", "1", "--slug", "response", "--text", text, "--deadline", in_days(14))
    assert "something is to be written in it" in answered.is_refused("letters", "ask", "response", "--yes")


def test_from_the_answer_to_the_round_and_what_each_says(answered: Terminal) -> None:
    assert "will ask 3 organisations." in responds(answered)
    listed = answered.does("calls", "list")
    assert "round of approval" in listed
    asked = answered.does("letters", "ask", "response")
    assert "Nothing has been done. To launch it:  outreach letters ask response --yes" in asked
    assert "3 people will be invited" in answered.does("letters", "ask", "response", "--yes")
    note = ("letters", "round-answer", "response")
    answered.does(*note, "Harbour Light", "approves", "--evidence", "Ida, by telephone", "--comment", "Gladly")
    answered.does(*note, "night ferry", "declines", "--evidence", "Bo, in the meeting", "--channel", "meeting")
    shown = answered.does("letters", "round", "response")
    assert "1 approved, 1 declined, 1 silent" in shown
    assert "Gladly" in shown
    data = json.loads(answered.does("letters", "round", "response", "--json"))
    assert data["counts"] == {"approved": 1, "declined": 1, "silent": 1}
    assert [one["organisation"] for one in data["members"]] == ["Harbour Light", "Night Ferry", "Lantern Coast"]


def test_what_makes_no_sense_is_refused(answered: Terminal) -> None:
    assert "Otto has not signed earlier" in answered.is_refused(
        *("letters", "respond", "1", "--slug", "other", "--deadline", in_days(14), "--only", "Otto"),
        *("--text", _written(answered)),
    )
    responds(answered, "--without", "Night Ferry")
    note = ("letters", "round-answer", "response")
    assert "Night Ferry is not asked" in answered.is_refused(*note, "Night Ferry", "declines", "--evidence", "x")
    assert "it is draft" in answered.is_refused(*note, "Harbour Light", "approves", "--evidence", "x")
    assert "--channel is one of" in answered.is_refused(
        *note, "Harbour Light", "approves", "--evidence", "x", "--channel", "import", code=2
    )
    assert "signed publicly" in answered.is_refused("letters", "round", "earlier")
    assert "is no contact's address" in answered.is_refused(
        "letters", "name-member", "response", "Harbour Light", "nobody@house.example"
    )


def _written(rosa: Terminal) -> str:
    path = rosa.file("other.en.md")
    path.write_text("---\ntitle: Ours\naddressee: Vera\n---\n\nThank you.\n")
    return str(path)


def test_a_draft_that_is_edited_says_that_its_letter_was_taken_over(answered: Terminal) -> None:
    responds(answered)
    answered.does("calls", "export", "response", answered.file("out"))
    answered.rewrites("out/letter.en.md", "We would welcome a meeting.", "We ask for a meeting.")
    said = answered.does("calls", "edit", "response", answered.file("out/response.toml"))
    assert said.startswith("The draft of response, with its letter, is as its files say now.")


def test_another_contact_can_be_named(answered: Terminal) -> None:
    responds(answered)
    said = answered.does("letters", "name-member", "response", "Harbour Light", "reader@elsewhere.example")
    assert said == "Harbour Light is asked by reader@elsewhere.example.\n"
    assert "3 people will be invited" in answered.does("letters", "ask", "response")


def test_a_draft_call_can_be_sent_round_to_those_who_signed_another_letter(answered: Terminal) -> None:
    said = answered.does("letters", "open-round", "safe-passage", "--signed", "earlier", "--only", "Night Ferry")
    assert "will ask 1 organisation." in said
    assert "Night Ferry" in answered.does("letters", "round", "safe-passage")


def test_a_dry_run_of_each_command_shows_the_same_and_changes_nothing(answered: Terminal) -> None:
    rosa = answered
    rosa.file("ours.en.md").write_text("---\ntitle: Ours\naddressee: Vera\n---\n\nThank you.\n")
    for words in CHANGING:
        before = dump(rosa)
        dry = rosa.does(*typed(rosa, words), "--dry-run")
        assert json.loads(rosa.does(*typed(rosa, words), "--dry-run", "--json"))
        assert dump(rosa) == before, words
        assert without_times(rosa.does(*typed(rosa, words))) == without_times(dry)
        assert dump(rosa) != before, words
    for words in READING:
        before = dump(rosa)
        assert json.loads(rosa.does(*typed(rosa, words), "--json"))
        assert dump(rosa) == before, words
