"""What the pages say, in each language that they speak."""

import dataclasses
import re
from pathlib import Path

import pytest

from outreach.store.database import Database
from outreach.web.words import LANGUAGES, Words, words_in
from outreach.web.words.english import ENGLISH
from tests.web.visit import IN_PERSON, visit

GROUPS = ("form", "lists", "own", "round")


def sentences_of(words: Words) -> dict[str, str]:
    """Every sentence of a language by its name, those of its groups among them."""
    said = {field.name: getattr(words, field.name) for field in dataclasses.fields(words)}
    groups = {group: said.pop(group) for group in GROUPS}
    return said | {
        f"{group}.{field.name}": getattr(of, field.name)
        for group, of in groups.items()
        for field in dataclasses.fields(of)
    }


SENTENCES = {language: sentences_of(words) for language, words in LANGUAGES.items()}
PLACES = re.compile(r"{(\w+)}")


def test_the_pages_speak_english_french_spanish_and_arabic() -> None:
    assert set(LANGUAGES) == {"en", "fr", "es", "ar"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_with_the_same_values_in_it(language: str) -> None:
    for name, english in sentences_of(ENGLISH).items():
        sentence = SENTENCES[language][name]
        assert sentence, name
        assert sentence == sentence.strip(), name
        assert set(PLACES.findall(sentence)) == set(PLACES.findall(english)), name


def test_no_sentence_was_left_in_another_language() -> None:
    for name in sentences_of(ENGLISH):
        said = [sentences[name] for sentences in SENTENCES.values()]
        assert len(set(said)) == len(said), name


@pytest.mark.parametrize(
    ("wanted", "spoken"), [("pt-BR fr", "fr"), ("ar_LB", "ar"), ("ES-mx", "es"), ("de", "en"), ("", "en")]
)
def test_a_reader_is_spoken_to_in_the_first_language_that_we_have(wanted: str, spoken: str) -> None:
    assert words_in(wanted.split()).language == spoken


@pytest.mark.parametrize(("language", "side"), [("en", "ltr"), ("fr", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_every_page_of_a_personal_link_speaks_the_contact_s_language(
    sqlite: Database, tmp_path: Path, language: str, side: str
) -> None:
    here = visit(sqlite, tmp_path, language=language)
    _, confirm = here.signed()
    english = {"accept-language": "en"}
    pages = [
        here.get(here.organisation_link, headers=english),
        here.get(here.individual_link, headers=english),
        here.post(here.individual_link, {"name": ""}, headers=english),
        here.post(here.individual_link, IN_PERSON, headers=english),
        here.get(confirm, headers=english),
        here.post(confirm, headers=english),
        here.get(here.way_out, headers=english),
        here.post(here.way_out, {"from": "page", "scope": "this"}, headers=english),
        here.post(here.way_out, {"from": "page", "scope": "everything"}, headers=english),
    ]
    assert all(f'<html lang="{language}" dir="{side}">' in page.text for page in pages)


def test_somebody_whose_language_is_not_known_is_spoken_to_in_the_call_s(sqlite: Database, tmp_path: Path) -> None:
    here = visit(sqlite, tmp_path, language="", changes={"default_language": "fr"})
    assert '<html lang="fr" dir="ltr">' in here.get(here.organisation_link).text
