"""The demo's people: what each does with a mail, decided once, the same in every performance."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Part(StrEnum):
    """What a person, or that person's mail server, does."""

    SIGNS = "signs for the organisation"
    SIGNS_WHEN_REMINDED = "signs when reminded"
    SIGNS_AS_INDIVIDUAL = "signs as an individual"
    SIGNS_UNNAMED = "signs, and is named nowhere"
    SIGNS_FOR_ADDRESSEE = "signs, named to the addressee only"
    WITHDRAWS = "signs, and takes it back after the release"
    FORGETS_TO_CONFIRM = "signs, but never confirms"
    OPTS_OUT = "opts out of everything"
    OPTS_OUT_OF_CALL = "opts out of this call"
    SIGNS_BY_REPLY = "answers: add us"
    DECLINES = "answers: we cannot sign"
    OPTS_OUT_BY_REPLY = "answers: unsubscribe"
    ASKS = "answers with a question"
    AWAY = "is out of office for weeks"
    NO_SUCH_ADDRESS = "has no such address: refused"
    BOUNCES_LATER = "bounces after acceptance"
    BLOCKED = "refuses by policy"
    GREYLISTED = "is greylisted at first, then signs"
    NEVER_NOW = "has a server that always says later"
    SILENT = "stays silent"


# How many people play each part; whoever is left over stays silent.
NUMBERS: tuple[tuple[Part, int], ...] = (
    (Part.NO_SUCH_ADDRESS, 3),
    (Part.BOUNCES_LATER, 2),
    (Part.BLOCKED, 1),
    (Part.GREYLISTED, 2),
    (Part.NEVER_NOW, 1),
    (Part.SIGNS_BY_REPLY, 3),
    (Part.DECLINES, 2),
    (Part.OPTS_OUT_BY_REPLY, 2),
    (Part.ASKS, 1),
    (Part.AWAY, 2),
    (Part.OPTS_OUT, 3),
    (Part.OPTS_OUT_OF_CALL, 2),
    (Part.FORGETS_TO_CONFIRM, 3),
    (Part.SIGNS_AS_INDIVIDUAL, 4),
    (Part.SIGNS_UNNAMED, 2),
    (Part.SIGNS_FOR_ADDRESSEE, 1),
    (Part.WITHDRAWS, 1),
    (Part.SIGNS_WHEN_REMINDED, 12),
    (Part.SIGNS, 18),
)
SIGNERS = (
    Part.SIGNS,
    Part.SIGNS_WHEN_REMINDED,
    Part.SIGNS_AS_INDIVIDUAL,
    Part.SIGNS_UNNAMED,
    Part.SIGNS_FOR_ADDRESSEE,
    Part.WITHDRAWS,
    Part.SIGNS_BY_REPLY,
    Part.GREYLISTED,
)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented recipient: the address, the part, and how long she thinks before she acts."""

    address: str
    part: Part
    thinks: timedelta


def cast(addresses: Iterable[str]) -> dict[str, Person]:
    """Give everybody a part. Who plays what depends on the addresses alone."""
    ordered = sorted(addresses, key=_chance)
    parts = [part for part, number in NUMBERS for _ in range(number)]
    parts += [Part.SILENT] * max(len(ordered) - len(parts), 0)
    return {
        address: Person(address, part, timedelta(hours=2 + int(_chance(address)[:4], 16) % 160))
        for address, part in zip(ordered, parts, strict=False)
    }


def _chance(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
