"""What is filled in becomes an entry, or every fault is named; a printed line changes no name."""

from pathlib import Path

import pytest

from outreach.domain.entries import Entry, Fault, FaultReason, Faults, printed_line, read_entry
from outreach.domain.signatures import SignatureKind, Visibility, shows_more

ORGANISATION, INDIVIDUAL = SignatureKind.ORGANISATION, SignatureKind.INDIVIDUAL
PRINTED = (Path(__file__).parent.parent / "data" / "signatories-2025.txt").read_text(encoding="utf-8").splitlines()


def organisation(**given: str) -> Entry:
    entry = read_entry(ORGANISATION, {"name": "Harbour Lamp", "visibility": "public", **given})
    assert isinstance(entry, Entry)
    return entry


def faults(**given: str) -> set[tuple[str, FaultReason]]:
    entry = read_entry(ORGANISATION, {"name": "Harbour Lamp", "visibility": "public", **given})
    assert isinstance(entry, Faults)
    return {(fault.field, fault.reason) for fault in entry.faults}


@pytest.mark.parametrize("name", PRINTED)
def test_every_name_of_a_real_list_is_kept_and_printed_byte_for_byte(name: str) -> None:
    assert printed_line(organisation(name=name)) == name


@pytest.mark.parametrize(
    "name",
    ['"; DROP TABLE contacts;--', "O'Brien & Søns «Ж» 人权", "{{ contact.email }}", "${7*7}", "+1+1", "350.org"],
)
def test_odd_names_are_names(name: str) -> None:
    assert organisation(name=name).name == name


def test_every_fault_is_named_at_once() -> None:
    given = {"name": " \u200b ", "country": "Atlantis", "website": "javascript:alert(1)", "visibility": "everyone"}
    assert faults(**given) == {
        ("name", FaultReason.BLANK),
        ("country", FaultReason.NO_COUNTRY),
        ("website", FaultReason.NO_WEBSITE),
        ("visibility", FaultReason.NOT_CHOSEN),
    }


@pytest.mark.parametrize("name", ["see https://evil.example/x", "t.me/evil", "call +32 2 123 45 67", "a@b.example"])
def test_what_would_advertise_in_our_mails_is_no_name(name: str) -> None:
    assert faults(name=name) == {("name", FaultReason.CONTACT_DETAILS)}
    assert faults(signer_name=name) == {("signer_name", FaultReason.CONTACT_DETAILS)}


def test_a_name_that_would_be_cut_is_refused_instead() -> None:
    assert faults(name="a" * 201) == {("name", FaultReason.TOO_LONG)}
    assert faults(acronym="A" * 41) == {("acronym", FaultReason.TOO_LONG)}
    assert str(Fault("name", FaultReason.TOO_LONG)).startswith("name is too long; 200 ")


@pytest.mark.parametrize(
    "website", ["https://user@evil.example", "https://127.0.0.1", "ftp://harbour.example", "no", "http://[::1"]
)
def test_a_website_is_a_host_by_name(website: str) -> None:
    assert faults(website=website) == {("website", FaultReason.NO_WEBSITE)}


def test_a_website_may_be_written_without_its_scheme() -> None:
    assert organisation(website="harbour.example/about").website == "https://harbour.example/about"


def test_a_country_may_be_a_name_or_a_code() -> None:
    assert [organisation(country=one).country for one in ("be", "Belgique", "")] == ["BE", "BE", ""]


def test_an_individual_has_no_acronym_and_a_form_cannot_give_one() -> None:
    entry = read_entry(
        INDIVIDUAL, {"name": "Ana Ruiz", "visibility": "counted", "acronym": "AR", "state": "confirmed"}
    )
    assert entry == Entry(kind=INDIVIDUAL, name="Ana Ruiz", visibility=Visibility.COUNTED)


def test_an_acronym_is_printed_once() -> None:
    assert printed_line(organisation(acronym="HL")) == "Harbour Lamp (HL)"
    assert printed_line(organisation(name="Harbour Lamp [HL]", acronym="HL")) == "Harbour Lamp [HL]"
    assert printed_line(organisation(name="Aid for All", acronym="AI")) == "Aid for All (AI)"


def test_an_individual_is_printed_with_title_and_affiliation() -> None:
    given = {"name": "Ana Ruiz", "signer_title": "Professor of law", "affiliation": "Port Alder University"}
    entry = read_entry(INDIVIDUAL, {**given, "visibility": "public"})
    assert isinstance(entry, Entry)
    assert printed_line(entry) == "Ana Ruiz, Professor of law, Port Alder University"


def test_public_shows_more_than_addressee_and_that_more_than_counted() -> None:
    counted, addressee, public = Visibility.COUNTED, Visibility.ADDRESSEE, Visibility.PUBLIC
    assert [shows_more(public, addressee), shows_more(addressee, counted)] == [True, True]
    assert [shows_more(public, public), shows_more(counted, public)] == [False, False]
