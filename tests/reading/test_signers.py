"""Who signs is taken from the mail where it says so plainly, and left empty where it does not."""

import pytest

from outreach.reading.rules import Signer
from tests.reading.mails import mail, understood

SIGNERS = [
    (
        "Please add The Harbour Light Foundation (HLF), Malta.",
        Signer("", "", "The Harbour Light Foundation (HLF)", "MT"),
    ),
    (
        "Yes, sign us up.\n\nBest regards,\nTom Ashdown\nDirector\nSeaview Legal Centre, Ireland",
        Signer("Tom Ashdown", "Director", "Seaview Legal Centre", "IE"),
    ),
    (
        "Oui, ajoutez-nous : Portes Ouvertes de l'Ouest (POO), France.",
        Signer("", "", "Portes Ouvertes de l'Ouest (POO)", "FR"),
    ),
    ("Nos sumamos. Firma: Colectivo Marea, Chile.", Signer("", "", "Colectivo Marea", "CL")),
    ("Umthombo Rights Centre, South Africa, signs.", Signer("", "", "Umthombo Rights Centre", "ZA")),
    ("On behalf of the Tide Trust, I am happy to sign.", Signer("", "", "Tide Trust", "")),
    ("Yes.", None),
]


@pytest.mark.parametrize(("text", "signer"), SIGNERS)
def test_a_signer_is_read_from_the_mail(text: str, signer: Signer | None) -> None:
    assert understood(mail(text, sender="ada@tide.example")).signer == signer


def test_the_senders_name_signs_where_no_other_does() -> None:
    assert understood(mail("Yes, count me in.", sender="Ada Holm <ada@tide.example>")).signer == Signer(
        name="Ada Holm"
    )


def test_two_countries_are_none() -> None:
    found = understood(mail("We sign. We work in Malta, Italy and Greece.", sender="ada@tide.example")).signer
    assert found is None or found.country == ""


def test_a_refusal_has_no_signer() -> None:
    assert understood(mail("We cannot sign.\n\nRegards,\nTom Ashdown\nDirector")).signer is None
