"""Which names may stand for the same organisation, and why: pairs for a person to judge, never to merge."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from rapidfuzz import fuzz

from outreach.domain.desk.acronyms import initials, is_acronym
from outreach.domain.desk.branches import branch_pairs
from outreach.domain.desk.name_forms import Form, Named, form_of
from outreach.domain.desk.spellings import romanised_pairs, spelling_pairs

MOST_OF_A_KIND: Final = 8
"""Of more names with one key than this, each is paired with the first alone."""
ALIKE: Final = 75.0
SHORTEST_INITIALS: Final = 3
TELLING_ACRONYM: Final = 4


class Likeness(StrEnum):
    """Why two names may be one organisation's, most telling first."""

    SAME = "same"
    """But for case, spaces, accents and punctuation."""
    LETTERS = "look-alike letters"
    """Only letters differ that look the same, as the Cyrillic and the Latin A do."""
    FORM = "legal form"
    """But for "the", "and", or a legal form."""
    ACRONYM = "acronym"
    """One is the other's acronym, or has it added; or both name the same one and the rest is alike."""
    OTHER_NAME = "other name"
    """One is written within the other, as its name in another language."""
    SCRIPT = "transliteration"
    """One may be the other in Latin letters."""
    SPELLING = "spelling"
    """One may be the other misspelt, or with its words in another order."""
    CHAPTER = "chapter"
    """One may be a chapter or branch of the other: two organisations, unless a person knows better."""
    SITE = "site"
    """The names differ, but the website or the address is of the same domain."""


_SCORES: Final[Mapping[Likeness, float]] = {
    Likeness.SAME: 100.0,
    Likeness.LETTERS: 96.0,
    Likeness.FORM: 95.0,
    Likeness.ACRONYM: 90.0,
    Likeness.OTHER_NAME: 85.0,
    Likeness.SCRIPT: 80.0,
    Likeness.SPELLING: 79.0,
    Likeness.CHAPTER: 30.0,
    Likeness.SITE: 40.0,
}
_ORDER: Final = {why: place for place, why in enumerate(Likeness)}
_OTHER_COUNTRY: Final = 15.0
_SAME_SITE: Final = 5.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names, by their ids in the order given, the most telling reason, and a score from 0 to 100."""

    first: int
    second: int
    why: Likeness
    score: float


def alike(named: Sequence[Named]) -> list[Pair]:
    """The pairs that a person should see side by side, the most telling first; each pair once, for its best reason.

    Nothing here says that two are one. Chapters and their bodies come as CHAPTER, and mean two organisations. Two
    branches of one body ("... Kenya", "... Uganda") are no pair.
    """
    forms = [form_of(index, one) for index, one in enumerate(named)]
    best: dict[tuple[int, int], Pair] = {}
    for why, pairs in _rules(forms):
        for one, other in pairs:
            key = (min(one.place, other.place), max(one.place, other.place))
            if key[0] != key[1] and key not in best:
                score = _score(why, one, other)
                best[key] = Pair(forms[key[0]].named.id, forms[key[1]].named.id, why, score)
    return sorted(best.values(), key=lambda pair: (_ORDER[pair.why], -pair.score))


def _rules(forms: list[Form]) -> Iterator[tuple[Likeness, Iterable[tuple[Form, Form]]]]:
    """The rules in the order of Likeness: what an earlier one has paired, a later one does not name again."""
    yield Likeness.SAME, _with_one(forms, lambda form: form.whole)
    yield Likeness.LETTERS, _with_one(forms, lambda form: form.skeleton)
    yield Likeness.FORM, _with_one(forms, lambda form: form.core)
    yield Likeness.ACRONYM, _by_acronym(forms)
    yield Likeness.OTHER_NAME, _by_other_name(forms)
    apart = _one_of_each(forms)
    yield Likeness.SCRIPT, romanised_pairs(apart)
    yield Likeness.SPELLING, spelling_pairs(apart)
    yield Likeness.CHAPTER, branch_pairs(apart)
    yield Likeness.SITE, _with_one(forms, lambda form: form.site, most=MOST_OF_A_KIND)


def _with_one(
    forms: Iterable[Form], key: Callable[[Form], Hashable], most: int | None = None
) -> Iterator[tuple[Form, Form]]:
    """Those that share a key that is not empty. With ``most``, a key that more than so many share tells nothing."""
    kinds: dict[Hashable, list[Form]] = defaultdict(list)
    for form in forms:
        if found := key(form):
            kinds[found].append(form)
    for kind in kinds.values():
        if most is None or len(kind) <= most:
            yield from _pairs_of(kind)


def _pairs_of(kind: Sequence[Form]) -> Iterator[tuple[Form, Form]]:
    if len(kind) <= MOST_OF_A_KIND:
        yield from combinations(kind, 2)
    else:
        yield from ((kind[0], other) for other in kind[1:])


def _one_of_each(forms: Iterable[Form]) -> list[Form]:
    """The first of those with one core: what is like it is like them all."""
    return list({form.core: form for form in reversed(list(forms))}.values())[::-1]


def _by_acronym(forms: list[Form]) -> Iterator[tuple[Form, Form]]:
    yield from _with_one((form for form in forms if not form.other_names), lambda form: form.stem)
    bearers: dict[str, list[Form]] = defaultdict(list)
    spelt_out: dict[str, list[Form]] = defaultdict(list)
    for form in forms:
        for acronym in form.acronyms:
            bearers[acronym].append(form)
        for letters in initials(form.stem_text):
            spelt_out[letters].append(form)
    for form in forms:
        yield from ((form, other) for other in bearers.get(form.core, ())[:MOST_OF_A_KIND])
        if is_acronym(form.named.name) and len(form.core) >= SHORTEST_INITIALS:
            yield from ((form, other) for other in spelt_out.get(form.core, ())[:MOST_OF_A_KIND])
    for acronym, kind in bearers.items():
        yield from (pair for pair in _pairs_of(kind) if _bear_it_alike(acronym, *pair))


def _bear_it_alike(acronym: str, one: Form, other: Form) -> bool:
    """Many bodies share three letters; so the rest must be alike, or the site, or the country with four letters."""
    same_country = bool(one.named.country) and one.named.country == other.named.country
    return (
        fuzz.token_set_ratio(one.stem_text.casefold(), other.stem_text.casefold()) >= ALIKE
        or bool(one.site and one.site == other.site)
        or (same_country and len(acronym) >= TELLING_ACRONYM)
    )


def _by_other_name(forms: list[Form]) -> Iterator[tuple[Form, Form]]:
    holders: dict[str, list[Form]] = defaultdict(list)
    for form in forms:
        for name in form.other_names:
            holders[name].append(form)
    for form in forms:
        for name in {form.core, form.stem}:
            yield from ((form, other) for other in holders.get(name, ())[:MOST_OF_A_KIND])
    for kind in holders.values():
        yield from _pairs_of(kind)


def _score(why: Likeness, one: Form, other: Form) -> float:
    score = _SCORES[why]
    if why is Likeness.SPELLING:
        score *= fuzz.token_sort_ratio(" ".join(one.words), " ".join(other.words)) / 100
    if one.named.country and other.named.country and one.named.country != other.named.country:
        score -= _OTHER_COUNTRY
    if one.site and one.site == other.site and why is not Likeness.SITE:
        score += _SAME_SITE
    return round(max(0.0, min(100.0, score)), 1)


__all__ = ["Likeness", "Named", "Pair", "alike"]
