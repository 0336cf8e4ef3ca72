import pytest

from outreach.domain.counts import Counts
from outreach.rendering.letters.languages import SPOKEN, words_for
from outreach.rendering.publication import GroupHeading


def said(language: str, organisations: int, individuals: int = 0, unnamed: int = 0) -> str:
    counts = Counts(organisations=organisations, individuals=individuals, unnamed_individuals=unnamed)
    return words_for(language).count(counts)


def test_the_count_is_a_sentence() -> None:
    assert said("en", 267, 12) == "Signed by 267 organisations and 12 individuals."
    assert said("en", 1) == "Signed by 1 organisation."
    assert said("en", 0, 1) == "Signed by 1 individual."
    assert said("en", 1004) == "Signed by 1,004 organisations."
    assert said("en", 0) == "Nobody has signed yet."


def test_those_who_are_not_named_are_counted_after_it() -> None:
    assert said("en", 3, 0, 1) == "Signed by 3 organisations. 1 more has signed without being named."
    assert said("en", 3, 0, 5) == "Signed by 3 organisations. 5 more have signed without being named."
    assert said("en", 0, 0, 5) == "5 more have signed without being named."


def test_each_language_has_its_own_plurals() -> None:
    assert said("fr", 267, 1) == "Lettre signée par 267 organisations et 1 personne à titre individuel."
    assert said("es", 1, 2) == "Carta firmada por 1 organización y 2 personas a título individual."
    assert said("pt", 2) == "Carta assinada por 2 organizações."
    assert said("de", 1, 12) == "Unterzeichnet von 1 Organisation und 12 Einzelpersonen."
    assert said("ru", 21, 2) == "Письмо подписали: 21 организация и 2 частных лица."
    assert said("ru", 5, 0, 11) == "Письмо подписали: 5 организаций. Ещё 11 подписей без указания имени."


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "منظمة واحدة"),
        (2, "منظمتان"),
        (3, "3 منظمات"),
        (11, "11 منظمة"),
        (100, "100 منظمة"),
        (103, "103 منظمات"),
    ],
)
def test_arabic_counts_in_its_six_ways(number: int, words: str) -> None:
    assert said("ar", number) == f"وقّع على الرسالة: {words}."


def test_a_region_is_its_language_and_a_language_that_we_do_not_speak_is_english() -> None:
    assert words_for("pt-BR").language == "pt"
    assert words_for("zh-Hant").language == "en"


def test_every_language_has_a_word_for_every_heading_but_a_country_and_none() -> None:
    for words in SPOKEN.values():
        assert set(words.headings) == set(GroupHeading) - {GroupHeading.COUNTRY, GroupHeading.NONE}
