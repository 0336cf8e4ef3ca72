"""Near-duplicates: what a person should see side by side, and what is nobody's twin."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.desk.likeness import Likeness, Named, Pair, alike

NAMES = (Path(__file__).parents[2] / "data" / "signatories-2025.txt").read_text(encoding="utf-8").splitlines()


def pairs(*names: str) -> list[Pair]:
    return alike([Named(number, name) for number, name in enumerate(names)])


def why(one: str, other: str) -> Likeness | None:
    found = pairs(one, other)
    return found[0].why if found else None


def test_among_the_names_of_2025_only_bodies_and_their_chapters_come_out_and_mean_different() -> None:
    found = {(pair.why, NAMES[pair.first], NAMES[pair.second]) for pair in pairs(*NAMES)}
    assert found == {
        (Likeness.CHAPTER, "Amnesty International", "Amnesty International Australia"),
        (Likeness.CHAPTER, "Pax Christi International", "Pax Christi USA"),
        (Likeness.CHAPTER, "Rural Australians for Refugees", "Rural Australians for Refugees Southern Highlands"),
    }


def test_every_one_of_them_signing_twice_is_found() -> None:
    again = [Named(len(NAMES) + number, name.upper()) for number, name in enumerate(NAMES)]
    found = alike([*(Named(number, name) for number, name in enumerate(NAMES)), *again])
    same = {(pair.first, pair.second) for pair in found if pair.why is Likeness.SAME}
    assert same == {(number, number + len(NAMES)) for number in range(len(NAMES))}


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Amnesty International", "AMNESTY INTERNATIONAL ", Likeness.SAME),
        ("Fundacion Refugiados Unidos", "Fundación Refugiados Unidos", Likeness.SAME),
        ("Ho'opae Pono Peace Project", "Hoʻopae Pono Peace Project", Likeness.SAME),
        ("Last Mile4D", "Last Mile 4D", Likeness.SAME),
        ("U.S. Committee for Refugees & Immigrants", "US Committee for Refugees and Immigrants", Likeness.SAME),
        ("Help Himalayan Youth Foundation Inc", "Help Himalayan Youth Foundation, Inc.", Likeness.SAME),
        ("Аmnesty International", "Amnesty International", Likeness.LETTERS),
        ("Amnesty lnternational", "Amnesty International", Likeness.LETTERS),
        ("0xfam", "Oxfam", Likeness.LETTERS),
        ("Οxfam", "Oxfam", Likeness.LETTERS),
        ("Amnesty International", "Amnesty  International e.V.", Likeness.FORM),
        ("The Refugee Centre", "Refugee Centre", Likeness.FORM),
        ("Stichting Vluchteling", "Vluchteling", Likeness.FORM),
        ("Burke PLLC", "Burke", Likeness.FORM),
        ("Apoyo a Migrantes, A. C.", "Apoyo a Migrantes", Likeness.FORM),
        ("Refugiados y Migrantes", "Refugiados & Migrantes", Likeness.FORM),
        ("CAFOD (Catholic Agency for Overseas Development)", "CAFOD", Likeness.ACRONYM),
        ("OCASI - Ontario Council of Agencies Serving Immigrants", "OCASI", Likeness.ACRONYM),
        ("Conselho Indigenista Missionário CIMI", "CIMI", Likeness.ACRONYM),
        ("Asia Pacific Refugee Rights Network [APRRN]", "Asia Pacific Refugee Rights Network", Likeness.ACRONYM),
        ("Refugees Platform In Egypt-RPE", "Refugees Platform in Egypt", Likeness.ACRONYM),
        ("Somali Diaspora in Deutschland (SOMDID) e.V.", "Somali Diaspora in Deutschland", Likeness.ACRONYM),
        ("International Detention Coalition IDC", "Intl. Detention Coalition (IDC)", Likeness.ACRONYM),
        ("American Civil Liberties Union", "ACLU", Likeness.ACRONYM),
        ("Le Centre de Réfugiés / The Refugee Centre", "The Refugee Centre", Likeness.OTHER_NAME),
        ("Legal Aid (Stowarzyszenie Pomocy Prawnej), Poland", "Stowarzyszenie Pomocy Prawnej", Likeness.OTHER_NAME),
        ("Мемориал", "Memorial", Likeness.SCRIPT),
        ("Ελληνικό Συμβούλιο για τους Πρόσφυγες", "Elliniko Symvoulio gia tous Prosfyges", Likeness.SCRIPT),
        ("منظمة العفو الدولية", "Munazzamat al-Afw al-Dawliya", Likeness.SCRIPT),
        ("جمعية الأمل العراقية", "Jamiyat al-Amal al-Iraqiya", Likeness.SCRIPT),
        ("Danish Refugee Council", "Danish Refugee Councel", Likeness.SPELLING),
        ("Center for Gender Studies", "Centre for Gender Studies", Likeness.SPELLING),
        ("Flüchtlingsrat Hessen", "Fluechtlingsrat Hessen", Likeness.SPELLING),
        ("Refugee Council of Australia", "Australia Refugee Council", Likeness.SPELLING),
        ("Oxfam", "Oxfan", Likeness.SPELLING),
        ("Oxfam", "Oxfam (Kenya)", Likeness.CHAPTER),
        ("Oxfam", "Oxfam International", Likeness.CHAPTER),
        ("Red Cross", "Kenya Red Cross", Likeness.CHAPTER),
        ("Jesuit Refugee Service", "Jesuit Refugee Service/USA", Likeness.CHAPTER),
        ("Asociación Pop No'j (Guatemala)", "Asociación Pop No'j", Likeness.CHAPTER),
        ("Danish Refugee Council", "Norwegian Refugee Council", None),
        ("Dutch Council for Refugees", "Danish Refugee Council", None),
        ("Refugee Council of Australia", "Refugee Council of Austria", None),
        ("Amnesty International Kenya", "Amnesty International Uganda", None),
        ("Western States Center", "Eastern States Center", None),
        ("Refugee Action", "Refugee Action Campaign Canberra", None),
        ("Article 19", "Article 18", None),
        ("हिन्दी संस्था", "हन्द संस्था", None),
        ("Justice", "Justice in Motion", None),
    ],
)
def test_two_names_are_alike_for_the_most_telling_reason_or_not_at_all(
    one: str, other: str, reason: Likeness | None
) -> None:
    assert why(one, other) is reason
    assert why(other, one) is reason


def test_three_spellings_of_one_name_are_three_pairs() -> None:
    found = pairs("Amnesty International", "AMNESTY INTERNATIONAL ", "Amnesty  International e.V.")
    assert [(pair.first, pair.second, pair.why) for pair in found] == [
        (0, 1, Likeness.SAME),
        (0, 2, Likeness.FORM),
        (1, 2, Likeness.FORM),
    ]


def test_an_acronym_that_was_filled_in_counts_as_one_in_the_name() -> None:
    found = alike([Named(7, "Institute of Lakes", acronym="ILMA"), Named(4, "ILMA")])
    assert [(pair.first, pair.second, pair.why) for pair in found] == [(7, 4, Likeness.ACRONYM)]


def test_bodies_that_only_share_an_acronym_are_no_pair() -> None:
    assert why("International Rescue Council (IRC)", "Indigenous Rivers Campaign (IRC)") is None


def test_the_country_and_the_site_weigh_in() -> None:
    def score(*named: Named) -> float:
        return alike(named)[0].score

    plain = score(Named(1, "Lantern"), Named(2, "The Lantern"))
    apart = score(Named(1, "Lantern", country="KE"), Named(2, "The Lantern", country="PE"))
    together = score(
        Named(1, "Lantern", domain="lantern.example"), Named(2, "The Lantern", website="lantern.example")
    )
    assert apart < plain <= together


def test_different_names_with_one_site_are_shown_but_not_with_one_mail_provider() -> None:
    one = Named(1, "Red de Lagos", domain="mail.lakes.example")
    assert [
        pair.why for pair in alike([one, Named(2, "Lakes Network", website="https://www.lakes.example/en")])
    ] == [Likeness.SITE]
    assert (
        alike([Named(1, "Red de Lagos", domain="gmail.com"), Named(2, "Lakes Network", domain="gmail.com")]) == []
    )
    assert alike([Named(n, f"{word} House", website="https://facebook.com/x") for n, word in enumerate("ab")]) == []


@given(st.lists(st.text("aAà 1Iи(.-/", max_size=9), max_size=7))
def test_no_name_is_its_own_twin_and_no_pair_comes_twice(names: list[str]) -> None:
    found = pairs(*names)
    assert all(pair.first < pair.second and 0 <= pair.score <= 100 for pair in found)
    assert len({(pair.first, pair.second) for pair in found}) == len(found)


@pytest.mark.parametrize("kind", ["usual", "all the same", "numbered"])
def test_ten_thousand_names_are_compared_while_one_waits(kind: str) -> None:
    draw = random.Random(1)  # noqa: S311  a sample, not a secret
    words = [word for name in NAMES for word in name.split()]
    names = {
        "usual": [" ".join(draw.choices(words, k=5)) for _ in range(10_000)],
        "all the same": ["Harbour"] * 10_000,
        "numbered": [f"Harbour {number}" for number in range(10_000)],
    }[kind]
    started = time.process_time()
    assert len(pairs(*names)) < 20_000
    assert time.process_time() - started < 20
