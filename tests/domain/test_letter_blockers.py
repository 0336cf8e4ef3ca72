from dataclasses import replace
from datetime import date

from outreach.domain.addressing import Addressed
from outreach.domain.letter_blockers import LetterFacts, letter_blockers
from outreach.domain.officials import Way

VERA = Addressed(
    post="mission-chl",
    language="en",
    holder_id=7,
    name="Vera Montes",
    form_of_address="Her Excellency Ms. Vera Montes",
    salutation="Excellency,",
    state="CL",
    ways=(Way.MAIL,),
    address="mission-chl@geneva.example",
)


def test_nothing_stands_in_the_way_of_a_letter_to_whom_all_is_known_of() -> None:
    assert letter_blockers(LetterFacts(VERA, former=("Otto Krane",))) == []


def test_a_holder_who_has_left_is_named_with_the_day() -> None:
    vacant = replace(VERA, holder_id=0, name="")
    (reason,) = letter_blockers(LetterFacts(vacant, last_holder="Otto Krane", until=date(2026, 3, 31)))
    assert "Otto Krane held it until 2026-03-31" in reason
    assert "officials holder mission-chl" in reason


def test_a_salutation_that_still_greets_the_predecessor_blocks() -> None:
    old = replace(VERA, salutation="Dear Ambassador Krane,")
    (reason,) = letter_blockers(LetterFacts(old, former=("Otto Krane",)))
    assert reason == "The salutation “Dear Ambassador Krane,” names Otto Krane, who holds the post no more."


def test_a_name_that_both_holders_have_is_no_sign_of_the_predecessor() -> None:
    married = replace(VERA, salutation="Dear Ambassador Montes,")
    assert letter_blockers(LetterFacts(married, former=("Otto Montes",))) == []


def test_a_form_of_address_for_somebody_else_blocks() -> None:
    wrong = replace(VERA, form_of_address="His Excellency Mr. Idris Belhaj")
    (reason,) = letter_blockers(LetterFacts(wrong))
    assert "does not name Vera Montes" in reason


def test_a_name_that_is_written_in_another_script_is_not_compared() -> None:
    arabic = replace(VERA, language="ar", form_of_address="سعادة السيدة فيرا مونتيس", salutation="سعادتكم،")
    assert letter_blockers(LetterFacts(arabic)) == []


def test_what_is_missing_is_said_once() -> None:
    silent = replace(VERA, salutation="", form_of_address="")
    missing = ("the salutation is not recorded.", "Nobody recorded whether CL ratified.")
    assert letter_blockers(LetterFacts(silent, missing=missing)) == [
        "Vera Montes has no form of address, salutation in the language of the letter (en).",
        "Nobody recorded whether CL ratified.",
    ]


def test_an_office_that_cannot_be_reached_blocks() -> None:
    assert letter_blockers(LetterFacts(replace(VERA, ways=()))) == ["No way to this office is recorded."]
    (reason,) = letter_blockers(LetterFacts(replace(VERA, address="")))
    assert "has no mail address" in reason


def test_a_post_that_exists_no_more_is_said_first() -> None:
    (reason,) = letter_blockers(LetterFacts(replace(VERA, salutation=""), post_closed=True))
    assert "exists no more" in reason
