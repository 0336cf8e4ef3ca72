"""How a call says in which order its list stands, and who may sign."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.errors import InvalidInput
from outreach.domain.listings import Listing, Order
from outreach.domain.signatures import SignatureKind

KINDS = st.lists(st.sampled_from(SignatureKind), min_size=1, unique=True)


def test_a_call_that_says_nothing_takes_both_kinds_apart_and_numbers_them() -> None:
    listing = Listing.read({})
    assert listing == Listing()
    assert (set(listing.who), listing.order) == (set(SignatureKind), Order.APART)
    assert (listing.numbered, listing.initiators_first, listing.names_while_open) == (True, False, False)


@given(KINDS, st.sampled_from(Order), st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_what_is_written_is_read_back_the_same(
    who: list[SignatureKind], order: Order, flags: tuple[bool, bool, bool]
) -> None:
    listing = Listing(tuple(kind for kind in SignatureKind if kind in who), order, *flags)
    assert Listing.read(listing.table()) == listing


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"whom": []}, "signatories.whom is not known. Allowed are: who, order"),
        ({"who": []}, "signatories.who must name one or both"),
        ({"who": "organisation"}, "signatories.who must name one or both"),
        ({"who": ["robot"]}, "signatories.who must name one or both"),
        ({"order": "by size"}, 'signatories.order must be one of "together", "apart", "by country"'),
        ({"order": ["apart"]}, "signatories.order must be one of"),
        ({"numbered": "yes"}, "signatories.numbered must be true or false, not 'yes'"),
        ({"numbered": 1}, "signatories.numbered must be true or false"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(table: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        Listing.read(table)
