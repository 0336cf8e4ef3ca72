"""What looks wrong about an entry: seen where it is wrong, and silent about hundreds of ordinary names."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.desk import doubt_words
from outreach.domain.desk.doubts import Doubt, DoubtReason, doubts, names_nobody, names_person
from outreach.domain.desk.name_words import spelt_plainly
from outreach.domain.entries import Entry
from outreach.domain.signatures import SignatureKind, Visibility

NAMES = (Path(__file__).parents[2] / "data" / "signatories-2025.txt").read_text(encoding="utf-8").splitlines()


def organisation(name: str, website: str = "", signer_name: str = "") -> Entry:
    return Entry(
        kind=SignatureKind.ORGANISATION,
        name=name,
        visibility=Visibility.PUBLIC,
        website=website,
        signer_name=signer_name,
    )


def individual(name: str) -> Entry:
    return Entry(kind=SignatureKind.INDIVIDUAL, name=name, visibility=Visibility.PUBLIC)


def reasons(entry: Entry, address: str = "") -> set[DoubtReason]:
    return {doubt.reason for doubt in doubts(entry, address)}


def test_among_the_names_of_2025_those_that_are_none_and_those_in_capitals_are_flagged_and_no_other() -> None:
    flagged = {name: found for name in NAMES if (found := reasons(organisation(name)))}
    assert flagged == {
        "Personal": {DoubtReason.NO_ORGANISATION},
        "US Citizen": {DoubtReason.NO_ORGANISATION},
        "Advocate Sunil Kumar Manchanda": {DoubtReason.PERSON},
        "ASOCIACIÓN PRO DERECHOS HUMANOS DE ESPAÑA": {DoubtReason.CAPITALS},
        "CODHES COLOMBIA": {DoubtReason.CAPITALS},
        "COMMUNITY MIGRANT RESOURCE CENTRE": {DoubtReason.CAPITALS},
        "DISABILITY PEOPLES FORUM UGANDA": {DoubtReason.CAPITALS},
    }


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Personal",
            "None",
            "N/A",
            "n.a.",
            "Self",
            "Myself",
            "Individual",
            "private person",
            "A concerned citizen",
        ),
        *(
            "US Citizen",
            "U.S. citizen",
            "Citizen of Kenya",
            "Canadian citizen",
            "Retired",
            "Student",
            "No organization",
        ),
        *("Particulier", "à titre personnel", "Citoyenne", "Étudiante", "Aucune", "Moi-même", "Retraité"),
        *("A título personal", "Ciudadana", "Ninguna", "Persona natural", "Jubilado", "Estudiante"),
        *("Privatperson", "Privat", "Bürgerin", "Keine", "Rentner", "Pessoa física", "Cidadão", "Nenhuma"),
        *("شخصي", "مواطنة", "لا يوجد", "بصفة شخصية", "Частное лицо", "гражданка", "нет", "Студент"),
    ],
)
def test_a_word_for_nobody_is_no_organisation(name: str) -> None:
    assert names_nobody(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Public Citizen", "Global Citizen", "Independent Diplomat", "Citizens Network", "Students for Peace"),
        *("Personal Rights Initiative", "Retired Teachers Association", "None of Us Is Free", "Estudiantes Unidos"),
        *("11.11.11", "人权", "Self Help Africa"),
    ],
)
def test_a_body_with_such_a_word_in_its_name_is_one(name: str) -> None:
    assert not names_nobody(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Advocate Sunil Kumar Manchanda", "Dr. Amara Okafor", "Prof. Dr. Jana Weiß", "Mme Claire d'Aubigné"),
        *(
            "Dra. Lucía de la Vega",
            "Abg. Pedro Salas",
            "Fr. Tomás Ruiz SJ",
            "DR AMARA OKAFOR",
            "Rev. J. B. Mensah",
            "Sr Mary O'Neill",
        ),
        *("Jane Smith, PhD", "Idris Bello, Esq.", "д-р Анна Петрова", "السيدة ليلى حداد"),
    ],
)
def test_a_title_or_a_degree_shows_a_person(name: str) -> None:
    assert names_person(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Dr. Martin Luther King Center", "Sister Helen Ministries", "Father Joe's Villages", "Sister Cities"),
        *("Advocates for Peace", "Dr Congo Solidarity Network", "Mr. Rogers", "Robert F. Kennedy Human Rights"),
        *("MD Anderson Fund", "Judge", "Lady Lawyers Foundation", "Frauen für Frieden"),
    ],
)
def test_a_body_named_after_a_person_is_a_body(name: str) -> None:
    assert not names_person(name)


def test_the_signer_s_own_name_in_the_place_of_the_organisation_is_seen() -> None:
    assert reasons(organisation("Idris Bello", signer_name="IDRIS  BELLO")) == {DoubtReason.PERSON}
    assert reasons(organisation("Harbour House", signer_name="Idris Bello")) == set()


@pytest.mark.parametrize(
    "name", ["HIAS", "STARTTS", "ACT UP", "AVSI Foundation ETS", "منظمة", "ჰარბორი კავშირი", "1325"]
)
def test_acronyms_and_scripts_without_capitals_are_no_odd_case(name: str) -> None:
    assert reasons(organisation(name)) == set()


def test_small_letters_are_seen_but_not_in_a_web_name() -> None:
    assert reasons(organisation("harbour house")) == {DoubtReason.SMALL_LETTERS}
    assert reasons(organisation("harbour.example")) == set()
    assert reasons(individual("rosa luz")) == {DoubtReason.SMALL_LETTERS}
    assert reasons(individual("ANA PAZ")) == {DoubtReason.CAPITALS}


@pytest.mark.parametrize(
    "name", ["Centre for Peace", "Harbour Inc.", "Refugees in Libya", "Lakes (NLK)", "Fundación Crea", "Фонд Озеро"]
)
def test_an_organisation_in_the_place_of_a_person_is_seen(name: str) -> None:
    assert DoubtReason.ORGANISATION in reasons(individual(name))


@pytest.mark.parametrize(
    "name",
    ["Rosa Luz", "Dr. Amara Okafor", "Jude Law", "Ann House", "Ana Sá", "J. Church", "Maria As", "ليلى حداد"],
)
def test_a_person_is_a_person(name: str) -> None:
    assert reasons(individual(name)) == set()


def test_a_look_alike_name_is_seen_in_name_and_acronym() -> None:
    assert reasons(organisation("Аmnesty International")) == {DoubtReason.MIXED_SCRIPTS}
    assert reasons(organisation("Мемориал")) == set()


def test_an_address_where_anybody_gets_one_and_one_of_another_domain_are_shown() -> None:
    lakes = organisation("Lakes", website="https://www.lakes.example/en")
    assert doubts(lakes, "rosa@gmail.com") == (Doubt(DoubtReason.FREE_MAIL, "gmail.com"),)
    assert doubts(lakes, "rosa@Harbour.example") == (Doubt(DoubtReason.OTHER_DOMAIN, "harbour.example"),)
    assert doubts(lakes, "rosa@mail.lakes.example") == doubts(lakes, "rosa@lakes.org") == doubts(lakes) == ()
    assert doubts(organisation("Lakes", website="https://facebook.com/lakes"), "rosa@harbour.example") == ()
    assert doubts(individual("Rosa Luz"), "rosa@gmail.com") == ()


@given(
    st.text(max_size=40), st.sampled_from(SignatureKind), st.sampled_from(["", "a@b.example", "x", "@", "a@[::"])
)
def test_nothing_that_people_write_breaks_it(name: str, kind: SignatureKind, address: str) -> None:
    entry = Entry(kind=kind, name=name, visibility=Visibility.PUBLIC, website="https://lakes.example")
    found = [doubt.reason for doubt in doubts(entry, address)]
    assert found == sorted(found, key=list(DoubtReason).index)


@pytest.mark.parametrize("table", ["NOBODY", "ROUND_NOBODY", "NOTHING", "TITLES", "DEGREES", "PARTICLES", "TOPICS"])
def test_every_word_of_the_tables_is_spelt_as_it_is_looked_up(table: str) -> None:
    assert {word for word in getattr(doubt_words, table) if spelt_plainly(word) != word} == set()
