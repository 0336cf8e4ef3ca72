"""Bodies and their chapters, by their names: one is the other with a place added."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from outreach.domain.desk.name_forms import Form
from outreach.domain.desk.name_vocabulary import BODIES, BRANCHES, GLOBAL, LINKS, PLACED, PLACES
from outreach.domain.places import country_code

MOST_WORDS: Final = 4
SHORTEST_ALONE: Final = 4
MOST_BODIES: Final = 4

_Words = tuple[str, ...]


def branch_pairs(forms: Sequence[Form]) -> Iterator[tuple[Form, Form]]:
    """Each body with each of its branches: "Pax Christi International" and "Pax Christi USA" are such a pair.

    A body of one word has branches only in places that are known as such: many names begin with a common word.
    """
    bodies: dict[_Words, list[Form]] = defaultdict(list)
    for form in forms:
        for words in {form.words, _without_global(form.words)}:
            if len(words) > 1 or (words and len(words[0]) >= SHORTEST_ALONE and words[0] not in BODIES):
                bodies[words].append(form)
    for form in forms:
        for body, rest in _divided(form.words):
            if (found := bodies.get(body)) and _names_branch(rest, alone=len(body) == 1):
                yield from ((other, form) for other in found[:MOST_BODIES])


def _divided(words: _Words) -> Iterator[tuple[_Words, _Words]]:
    """What of the name may be a body's, with the rest: its beginning, or what follows a country."""
    for end in range(len(words) - 1, 0, -1):
        yield words[:end], words[end:]
        if end <= MOST_WORDS and _is_place(words[:end]):
            yield words[end:], words[:end]


def _names_branch(rest: _Words, *, alone: bool) -> bool:
    """Whether what follows a body's name is that of a branch: a place, or at least no other body's business."""
    if rest[0] in PLACED:
        return _is_place(rest[1:])
    unsaid = tuple(word for word in rest if word not in BRANCHES and word not in GLOBAL)
    if _is_place(unsaid) or not unsaid:
        return True
    few = len(rest) <= MOST_WORDS and not alone
    return few and LINKS.isdisjoint(rest) and BODIES.isdisjoint(unsaid)


def _is_place(words: _Words) -> bool:
    return bool(words) and (words[-1] in PLACES or country_code(" ".join(words)) is not None)


def _without_global(words: _Words) -> _Words:
    return words[:-1] if len(words) > 1 and words[-1] in GLOBAL else words
