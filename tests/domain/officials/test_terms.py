"""Terms in a post: nobody ever holds it together with somebody else, whatever is said in whatever order."""

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.errors import Refusal
from outreach.domain.officials.terms import Term, known_term, placed

START = date(2020, 1, 1)
days = st.none() | st.integers(0, 400).map(lambda ahead: START + timedelta(days=ahead))
said = st.builds(Term, st.just(0), st.sampled_from(["Ana", "Ben", "Cara", "Dov"]), days, days)


def told(terms: list[Term], new: Term) -> list[Term]:
    """The terms after what was said, as the register keeps them; the same if it cannot be."""
    known = known_term(terms, new)
    if known:
        new = Term(known.id, known.name, new.since or known.since, new.until or known.until)
    if new.since and new.until and new.until < new.since:
        return terms
    try:
        after = placed(terms, new)
    except Refusal:
        return terms
    return [one if one.id else Term(len(terms) + 1, one.name, one.since, one.until, one.movable) for one in after]


@given(st.lists(said, max_size=12))
def test_two_people_never_hold_a_post_on_one_day(all_said: list[Term]) -> None:
    terms: list[Term] = []
    for one in all_said:
        terms = told(terms, one)
        assert [a for a in terms for b in terms if a.id < b.id and a.overlaps(b)] == []
        assert [term for term in terms if term.since and term.until and term.until < term.since] == []


@given(st.lists(said, max_size=12))
def test_what_was_said_once_more_changes_nothing(all_said: list[Term]) -> None:
    terms: list[Term] = []
    for one in all_said:
        after = told(terms, one)
        if after != terms and one.since:
            assert [(two.name, two.since) for two in told(after, one)] == [(two.name, two.since) for two in after]
        terms = after


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6, unique=True), st.randoms())
def test_newcomers_end_those_before_them_in_whatever_order_they_are_named(
    starts: list[int], chance: Random
) -> None:
    people = [Term(0, f"Person {at}", START + timedelta(days=at)) for at in sorted(starts)]
    shuffled = list(people)
    chance.shuffle(shuffled)
    terms: list[Term] = []
    for one in shuffled:
        terms = told(terms, one)
    ends = [one.since - timedelta(days=1) if one.since else None for one in people[1:]]
    assert [(one.name, one.since, one.until) for one in terms] == [
        (one.name, one.since, end) for one, end in zip(people, [*ends, None], strict=True)
    ]
