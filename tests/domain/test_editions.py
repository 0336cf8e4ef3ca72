"""What an edition's digest covers, who is named where, and under which heading each stands."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.editions import Frozen, edition_digest, group_of, is_named, line_digest
from outreach.domain.listings import Listing, Order
from outreach.domain.signatures import SignatureKind, Visibility

ORGANISATION, INDIVIDUAL = SignatureKind.ORGANISATION, SignatureKind.INDIVIDUAL
SALT = b"a salt"
WHOLE: dict[str, Any] = {
    "slug": "safe-passage",
    "number": 1,
    "version": 1,
    "texts": {"en": "a", "fr": "b"},
    "listing": Listing(),
    "organisers": ["Lantern Coast"],
    "lines": [[1, "organisation", "public", "x"], [2, "individual", "counted", "y"]],
}


def frozen(kind: SignatureKind = ORGANISATION, **more: Any) -> Frozen:
    return Frozen(signature_id=1, kind=kind, visibility=Visibility.PUBLIC, line="A line", **more)


def test_the_same_edition_has_the_same_digest_whatever_order_its_languages_come_in() -> None:
    turned = {**WHOLE, "texts": {"fr": "b", "en": "a"}}
    assert edition_digest(**turned) == edition_digest(**WHOLE)
    assert len(edition_digest(**WHOLE)) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"slug": "another"},
        {"number": 2},
        {"version": 2},
        {"texts": {"en": "a"}},
        {"texts": {"en": "a", "fr": "c"}},
        {"listing": Listing(numbered=False)},
        {"organisers": []},
        {"lines": WHOLE["lines"][:1]},
        {"lines": WHOLE["lines"][::-1]},
        {"lines": [*WHOLE["lines"][:1], [2, "individual", "public", "y"]]},
    ],
)
def test_whatever_changes_in_an_edition_changes_its_digest(change: dict[str, Any]) -> None:
    assert edition_digest(**{**WHOLE, **change}) != edition_digest(**WHOLE)


@given(st.text(), st.text())
def test_a_line_is_proved_by_its_digest_and_found_by_no_guess_without_the_salt(one: str, other: str) -> None:
    assert (line_digest(1, one, "", SALT) == line_digest(1, other, "", SALT)) is (one == other)
    assert line_digest(1, one, "", SALT) != line_digest(1, one, "", b"another salt")
    assert line_digest(1, one, "", SALT) != line_digest(2, one, "", SALT)
    assert line_digest(1, one, "", SALT) != line_digest(1, one, "BE", SALT)


@pytest.mark.parametrize(
    ("visibility", "public", "addressee"),
    [(Visibility.PUBLIC, True, True), (Visibility.ADDRESSEE, False, True), (Visibility.COUNTED, False, False)],
)
def test_the_public_sees_public_names_and_the_addressee_those_meant_for_it_too(
    visibility: Visibility, *, public: bool, addressee: bool
) -> None:
    assert is_named(visibility) is public
    assert is_named(visibility, for_addressee=True) is addressee


def test_organisations_stand_before_individuals_unless_all_stand_together() -> None:
    apart, together = Listing(order=Order.APART), Listing(order=Order.TOGETHER)
    assert group_of(frozen(ORGANISATION), apart) < group_of(frozen(INDIVIDUAL), apart)
    assert group_of(frozen(ORGANISATION), together) == group_of(frozen(INDIVIDUAL), together)


def test_by_country_those_without_one_come_last() -> None:
    listing = Listing(order=Order.BY_COUNTRY)
    assert group_of(frozen(country="BE"), listing) == (1, "BE")
    assert group_of(frozen(), listing) > group_of(frozen(country="ZW"), listing)


@pytest.mark.parametrize("order", list(Order))
def test_initiators_lead_the_list_if_the_call_says_so(order: Order) -> None:
    first, plain = Listing(order=order, initiators_first=True), Listing(order=order)
    assert group_of(frozen(initiator=True), first) < min(group_of(frozen(country="BE"), first), (1, ""))
    assert group_of(frozen(initiator=True), plain) == group_of(frozen(), plain)
