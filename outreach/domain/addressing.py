"""What a letter says of its official and of the letters before it: values, taken at release and frozen with it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from outreach.domain.officials import Way

NO = "no"
"""The value of a fact that is known not to be so: the State has not ratified."""


@dataclass(frozen=True, slots=True)
class FactNow:
    """What is known of a State or an institution on the day of a letter, and since when it is so."""

    value: str
    since: date

    @property
    def holds(self) -> bool:
        """Whether it is so: an ``if`` in a letter asks this."""
        return self.value not in ("", NO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """An official as one letter says it, in the letter's language.

    ``post`` is the post's slug, ``holder_id`` 0 for a post that nobody holds. ``state`` is the code, ``state_name``
    the name of it. ``lines`` is the address block as it is printed. ``ways`` are those by which the office can be
    reached, the first choice first. ``facts`` are those of its State and its institution.
    """

    post: str
    language: str
    holder_id: int = 0
    name: str = ""
    title: str = ""
    form_of_address: str = ""
    salutation: str = ""
    office: str = ""
    institution: str = ""
    state: str = ""
    state_name: str = ""
    lines: tuple[str, ...] = ()
    address: str = ""
    ways: tuple[Way, ...] = ()
    copies_to: tuple[str, ...] = ()
    facts: Mapping[str, FactNow] = field(default_factory=dict)

    def table(self) -> dict[str, Any]:
        """The official as JSON."""
        facts = {name: {"value": one.value, "since": one.since.isoformat()} for name, one in self.facts.items()}
        return {**asdict(self), "facts": facts}

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "Addressed":
        """The official that ``table`` wrote."""
        values = dict(table)
        for key in ("lines", "copies_to"):
            values[key] = tuple(values[key])
        values["ways"] = tuple(Way(way) for way in values["ways"])
        values["facts"] = {
            name: FactNow(one["value"], date.fromisoformat(one["since"])) for name, one in values["facts"].items()
        }
        return cls(**values)


@dataclass(frozen=True, slots=True)
class EarlierLetter:
    """The letter that this one follows, as it is cited. ``count``: all who had signed it, named or not."""

    title: str
    addressee: str
    dated: date | None
    count: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """The official's letter that this one answers. ``reference`` is the office's own number, or ""."""

    dated: date
    received_on: date
    sender: str = ""
    subject: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What one rendering of a letter knows. Without ``official`` it is the general text, for everybody to read."""

    official: Addressed | None = None
    earlier: EarlierLetter | None = None
    answer: CitedAnswer | None = None
