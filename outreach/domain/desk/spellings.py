"""Names that may be one name misspelt, with its words in another order, or written in another script."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from outreach.domain.desk.name_forms import Form
from outreach.domain.desk.name_vocabulary import DISTINCT, LINKS
from outreach.domain.desk.romanising import consonants, is_foreign, lacks_vowels, romanised
from outreach.domain.places import country_code

MOST_FOR_ONE: Final = 20
"""The likeliest that are looked at for one name, so that a flood of like names costs no more than others."""
SHORT: Final = 12
CUTOFF: Final = {True: 80.0, False: 85.0}
"""How alike two names must be letter by letter, in percent: short ones, where a letter weighs more, and others."""
NEAR: Final = 80.0
NEAR_IF_SHORT: Final = 85.0
LONG_WORD: Final = 5
BONES: Final = 86.0
VOWELS: Final = 75.0
FEWEST_BONES: Final = {True: 5, False: 3}
"""Fewer consonants than these prove nothing, where the vowels cannot be compared, and where they can."""


def spelling_pairs(forms: Sequence[Form]) -> Iterator[tuple[Form, Form]]:
    """Pairs whose words are the same but for their order, or for letters within words that mean nothing else.

    Every name is compared with every other of about its length that has the same numbers in it.
    """
    groups: dict[tuple[str, ...], list[Form]] = defaultdict(list)
    for form in forms:
        groups[form.digits].append(form)
    for group in groups.values():
        yield from _in_other_order(group)
        group.sort(key=lambda form: len(form.stem))
        yield from (pair for pair in _near_in_letters(group) if _may_be_misspelt(*pair))


def romanised_pairs(forms: Sequence[Form]) -> Iterator[tuple[Form, Form]]:
    """Pairs of a name in Cyrillic, Greek, Arabic or Hebrew letters and one in Latin ones that may be the same."""
    foreign = [form for form in forms if is_foreign(form.named.name)]
    if not foreign:
        return
    latin = [form for form in forms if not is_foreign(form.named.name)]
    bones = [consonants(form.stem_text) for form in latin]
    for form in foreign:
        own = consonants(form.stem_text)
        if len(own) >= FEWEST_BONES[lacks_vowels(form.stem_text)]:
            for _, _, index in process.extract(
                own, bones, scorer=fuzz.ratio, score_cutoff=BONES, limit=MOST_FOR_ONE
            ):
                if _sounds_alike(form, latin[index]):
                    yield form, latin[index]


def _sounds_alike(foreign: Form, latin: Form) -> bool:
    """The vowels too, where the script writes them."""
    if lacks_vowels(foreign.stem_text):
        return True
    return fuzz.ratio(romanised(foreign.stem_text), romanised(latin.stem_text)) >= VOWELS


def _in_other_order(group: Sequence[Form]) -> Iterator[tuple[Form, Form]]:
    first: dict[tuple[str, ...], Form] = {}
    for form in group:
        key = tuple(sorted(word for word in form.words if word not in LINKS))
        if len(key) > 1 and first.setdefault(key, form) is not form:
            yield first[key], form


def _near_in_letters(group: Sequence[Form]) -> Iterator[tuple[Form, Form]]:
    stems = [form.stem for form in group]
    end = 0
    for index, stem in enumerate(stems):
        cutoff = CUTOFF[len(stem) <= SHORT]
        longest = len(stem) * (200 - cutoff) / cutoff  # a longer one cannot be as near as that
        while end < len(stems) and len(stems[end]) <= longest:
            end += 1
        near = process.extract(
            stem, stems[index + 1 : end], scorer=fuzz.ratio, score_cutoff=cutoff, limit=MOST_FOR_ONE
        )
        yield from ((group[index], group[index + 1 + at]) for _, _, at in near)


def _may_be_misspelt(one: Form, other: Form) -> bool:
    left = [word for word in one.words if word not in other.words and word not in LINKS]
    right = [word for word in other.words if word not in one.words and word not in LINKS]
    if not left and not right:
        return True
    if len(left) != len(right):
        return bool(left and right) and fuzz.ratio("".join(left), "".join(right)) >= NEAR_IF_SHORT
    for word in left:
        likest = max(right, key=lambda candidate: fuzz.ratio(word, candidate))
        if not _near(word, likest):
            return False
        right.remove(likest)
    return True


def _near(one: str, other: str) -> bool:
    """Whether a slip of the pen makes one word the other, and neither is known to be another word."""
    if (one in DISTINCT and other in DISTINCT) or not (one.isalpha() and other.isalpha()):
        return False
    countries = {country_code(one), country_code(other)}
    if None not in countries and len(countries) > 1:
        return False
    return fuzz.ratio(one, other) >= (NEAR if min(len(one), len(other)) >= LONG_WORD else NEAR_IF_SHORT)
