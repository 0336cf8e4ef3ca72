"""What people answer when they are asked whether they may be named; in doubt nobody is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.lists.visibility_words import read_visibility
from outreach.domain.signatures import Visibility

ASKED = "May we publish your name? (Yes/No)"
PUBLIC, ADDRESSEE, COUNTED = Visibility


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        *(
            (yes, PUBLIC)
            for yes in ("Yes", "oui", "Sí", "Ja", "Sim", "نعم", "TRUE", "I agree", "public", "Public.")
        ),
        ("Yes, publish my name", PUBLIC),
        *(
            (no, COUNTED)
            for no in ("No", "non", "Nein", "Não", "لا", "FALSE", "I do not agree", "private", "counted")
        ),
        ("No, keep me anonymous", COUNTED),
        ("Ne pas publier", COUNTED),
        ("No publicar", COUNTED),
        ("nicht veröffentlichen", COUNTED),
        ("لا أوافق على النشر", COUNTED),
        *((one, ADDRESSEE) for one in ("addressee", "Only to the addressee", "Seulement au destinataire")),
        ("nur für den Adressaten", ADDRESSEE),
        ("Only in the letter to the officials", ADDRESSEE),
    ],
)
def test_an_answer_is_understood(answer: str, meant: Visibility) -> None:
    assert read_visibility(answer, ASKED) is meant


@pytest.mark.parametrize(
    "answer",
    [
        "maybe",
        "Yes, but not my title",
        "Yes, anonymously",
        "Yes, only my organisation",
        "ask me first",
        "not private",
    ],
)
def test_an_answer_with_two_meanings_is_for_a_person(answer: str) -> None:
    assert read_visibility(answer, ASKED) is None


def test_a_yes_under_a_question_about_hiding_hides() -> None:
    assert read_visibility("Yes", "Do you wish to remain anonymous?") is COUNTED
    assert read_visibility("No", "Do you wish to remain anonymous?") is PUBLIC
    assert read_visibility("TRUE", "Do not publish my name") is COUNTED
    assert read_visibility("FALSE", "Do not publish my name") is None
    assert read_visibility("Yes", "Q7") is None


@given(st.sampled_from(["No", "Non", "Nein", "Não", "لا", "Nope, no"]), st.text(max_size=20))
def test_a_no_to_publication_is_never_public(no: str, more: str) -> None:
    assert read_visibility(f"{no} {more}", ASKED) is not PUBLIC
