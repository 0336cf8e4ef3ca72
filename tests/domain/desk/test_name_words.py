"""The words of names: what only says of what kind a body is, and the short names that bodies write into theirs."""

import pytest

from outreach.domain.desk import name_vocabulary
from outreach.domain.desk.acronyms import taken_apart
from outreach.domain.desk.name_words import core_words, legal_form_of, spelt_plainly, words_of


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("The Workers Circle", "workers circle"),
        ("Somali Diaspora e. V.", "somali diaspora"),
        ("ONG Lagos S.A.", "lagos"),
        ("A. B. Smith Inc.", "ab smith"),
        ("U.S. Campaign for Burma", "us campaign for burma"),
        ("Hoʻopae & Co", "hoopae co"),
        ("Inc", "inc"),
    ],
)
def test_the_core_is_without_article_and_legal_form(name: str, core: str) -> None:
    assert " ".join(core_words(words_of(name))) == core


@pytest.mark.parametrize(
    ("name", "stem", "acronyms"),
    [
        ("Border Network (BNHR)", "Border Network", {"bnhr"}),
        ("Asia Pacific Network [APN]", "Asia Pacific Network", {"apn"}),
        ("Rohingya Youth Union-RYU", "Rohingya Youth Union", {"ryu"}),
        ("Drylands Building Initiative- DLCI", "Drylands Building Initiative", {"dlci"}),
        ("Coalition des Volontaires, CVPD", "Coalition des Volontaires", {"cvpd"}),
        ("COOPI - Cooperazione Internazionale", "Cooperazione Internazionale", {"coopi"}),
        ("Women's All Points Bulletin WAPB", "Women's All Points Bulletin", {"wapb"}),
        ("Red Jesuita (RJM LAC)", "Red Jesuita", {"rjmlac"}),
        ("CODHES COLOMBIA", "CODHES COLOMBIA", set()),
        ("Refugee Council USA", "Refugee Council USA", set()),
        ("Jesuit Social Center (Tokyo)", "Jesuit Social Center (Tokyo)", set()),
        ("Sin Fronteras IAP", "Sin Fronteras IAP", set()),
        ("STARTTS", "STARTTS", set()),
    ],
)
def test_an_acronym_is_told_from_a_place_and_a_legal_form(name: str, stem: str, acronyms: set[str]) -> None:
    parts = taken_apart(name)
    assert (parts.stem, set(parts.acronyms)) == (stem, acronyms)


def test_the_legal_form_stands_at_the_end() -> None:
    assert legal_form_of("Harbour gGmbH") == "ggmbh"
    assert legal_form_of("Sa Harbour") == ""


@pytest.mark.parametrize("table", ["LEGAL_FORMS", "LEADING_FORMS", "GLOBAL", "DISTINCT", "BRANCHES", "BODIES"])
def test_every_word_of_the_tables_is_spelt_as_it_is_looked_up(table: str) -> None:
    words = getattr(name_vocabulary, table)
    assert {word for word in words if words_of(word) != (word,) or spelt_plainly(word) != word} == set()
