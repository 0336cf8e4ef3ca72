import pytest

from outreach.domain.counts import Counts
from outreach.domain.signatures import SignatureKind
from outreach.rendering.publication import Group, GroupHeading, ListedName
from tests.rendering.letters.samples import group, publication


def test_a_publication_cannot_say_another_number_than_it_lists() -> None:
    with pytest.raises(ValueError, match="do not agree"):
        publication("Ada", "Bo", counts=Counts(organisations=3))
    with pytest.raises(ValueError, match="do not agree"):
        publication("Ada", "Bo", counts=Counts(organisations=1, individuals=1))


def test_its_numbers_run_from_one_on_over_all_groups() -> None:
    gap = Group(GroupHeading.NONE, (ListedName(2, "Ada", "", SignatureKind.ORGANISATION),))
    with pytest.raises(ValueError, match="do not run"):
        publication(groups=(gap,))
    two = (group(["Ada"]), group(["Bo"], GroupHeading.INDIVIDUALS, SignatureKind.INDIVIDUAL, first=2))
    assert [name.line for name in publication(groups=two).names()] == ["Ada", "Bo"]


def test_those_who_are_only_counted_need_no_line() -> None:
    assert publication("Ada", unnamed=4).counts.all == 5
