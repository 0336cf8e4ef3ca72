"""Countries and languages are recognised as people write them, and never guessed."""

import pytest

from outreach.domain.places import country_code, language_code, language_name, zone_of_country


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("KE", "KE"),
        (" ke ", "KE"),
        ("KEN", "KE"),
        ("Kenya", "KE"),
        ("Suisse", "CH"),
        ("SUIZA", "CH"),
        ("Schweiz", "CH"),
        ("سويسرا", "CH"),
        ("Perú", "PE"),
        ("peru", "PE"),
        ("Brasil", "BR"),
        ("UK", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("Estados Unidos", "US"),
        ("Cote d'Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Czech Republic", "CZ"),
        ("Turkey", "TR"),
        ("Palestine", "PS"),
        ("DR Congo", "CD"),
        ("République démocratique du Congo", "CD"),
        ("Kosovo", "XK"),
        ("Bosnia and Herzegovina", "BA"),
        ("Saint Kitts and Nevis", "KN"),
    ],
)
def test_a_country_is_known_by_its_code_and_its_names(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text", ["", "Congo", "Atlantis", "EU", "European Union", "001", "World", "ZZ", "XX", "Kenia y Perú"]
)
def test_what_is_no_one_country_is_not_guessed(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fra", "fr"),
        ("fr-CH", "fr"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("French", "fr"),
        ("français", "fr"),
        ("Francais", "fr"),
        ("francés", "fr"),
        ("الفرنسية", "fr"),
        ("العربية", "ar"),
        ("Arabic", "ar"),
        ("Español", "es"),
        ("Kiswahili", "sw"),
        ("Türkçe", "tr"),
        ("Русский", "ru"),
        ("中文", "zh"),
        ("Tigrinya", "ti"),
    ],
)
def test_a_language_is_known_by_its_tag_and_its_names(text: str, code: str) -> None:
    assert language_code(text) == code


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("es", "en", "Spanish"),
        ("ar", "fr", "arabe"),
        ("pt-BR", "en", "Portuguese (Brazil)"),
        ("qq", "en", "qq"),
        ("?", "en", "?"),
        ("", "en", ""),
    ],
)
def test_a_language_is_called_by_its_name_where_it_has_one(code: str, language: str, name: str) -> None:
    assert language_name(code, language) == name


@pytest.mark.parametrize("text", ["", "xx", "Klingonian", "fr;en", "und", "12", "fr-"])
def test_what_is_no_language_is_not_guessed(text: str) -> None:
    assert language_code(text) is None


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("KE", "Africa/Nairobi"),
        ("PH", "Asia/Manila"),
        ("CH", "Europe/Zurich"),
        ("DE", "Europe/Berlin"),
        ("IN", "Asia/Kolkata"),
    ],
)
def test_a_country_with_one_time_has_a_zone(country: str, zone: str) -> None:
    assert zone_of_country(country) == zone


@pytest.mark.parametrize("country", ["US", "BR", "CD", "AU", "UA", "XK", "ZZ", ""])
def test_a_country_whose_clocks_differ_has_none(country: str) -> None:
    assert zone_of_country(country) is None
