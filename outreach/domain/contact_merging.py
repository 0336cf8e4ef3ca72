"""What the rows of one address say together, and what that changes about the contact who is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from outreach.domain.contact_columns import Field, HeaderMap
from outreach.domain.contact_rows import ContactRow, RowProblem
from outreach.domain.places import zone_of_country

TEXTS: Final = ("name", "given_name", "role", "country", "language", "time_zone", "source", "basis")
"""The texts of a contact that a table can set."""

DIFFERS: Final = "differs from an earlier row with the same address; the later row counts"
OLD_GREETING: Final = "stays, though the name is another now: mails may greet by it"


@dataclass(frozen=True, slots=True)
class Said:
    """What a table says of one address.

    ``given`` replaces what is known, ``fallback`` only fills what is empty; both name TEXTS, and no value is empty.
    ``address`` is as it was typed; ``row`` is the row that said something last.
    """

    row: int
    address: str
    domain: str
    given: Mapping[str, str]
    fallback: Mapping[str, str]
    custom: Mapping[str, str]
    tags: Sequence[str]


def said_in(row: ContactRow, header: HeaderMap, *, basis: str = "", source: str = "") -> Said:
    """What one row says; ``basis`` and ``source`` are for those of whom neither the row nor the workspace knows."""
    given = {text: value for text in TEXTS if (value := getattr(row, text))}
    fallback = {"time_zone": row.inferred_zone, "basis": basis, "source": source}
    if Field.NAME not in header.fields and row.name == row.given_name:
        fallback["name"] = given.pop("name", "")  # a first name alone does not replace a full one
    return Said(
        row=row.row,
        address=row.address.given,
        domain=row.address.domain,
        given=given,
        fallback={text: value for text, value in fallback.items() if value and text not in given},
        custom={key: value for key, value in row.custom if value},
        tags=row.tags,
    )


def joined(earlier: Said, later: Said) -> tuple[Said, tuple[RowProblem, ...]]:
    """Two rows of one address as one, and where they contradict each other. The address stays as first typed."""
    differing = [
        *_differing(earlier.given, later.given, later.row, ""),
        *_differing(earlier.custom, later.custom, later.row, "custom."),
    ]
    given = {**earlier.given, **later.given}
    fallback = {**earlier.fallback, **later.fallback}
    both = replace(
        earlier,
        row=later.row,
        given=given,
        fallback={text: value for text, value in fallback.items() if text not in given},
        custom={**earlier.custom, **later.custom},
        tags=tuple(dict.fromkeys((*earlier.tags, *later.tags))),
    )
    return both, tuple(differing)


def _differing(earlier: Mapping[str, str], later: Mapping[str, str], row: int, prefix: str) -> list[RowProblem]:
    return [
        RowProblem(row, prefix + key, value, DIFFERS)
        for key, value in later.items()
        if earlier.get(key, value) != value
    ]


def changes(known: Mapping[str, Any], seat: str, said: Said, organisations: Sequence[int]) -> dict[str, Any]:
    """The columns of a contact that get another value, each with that value; nothing else is touched.

    An empty cell erases nothing, a given value replaces. The organisation that mails name stays if the table
    names it too, and is the table's first otherwise. ``seat`` is the country of the known organisation.
    """
    new: dict[str, Any] = {text: value for text, value in said.given.items() if known[text] != value}
    if "country" in new and "time_zone" not in said.given and known["time_zone"]:
        home = known["country"] or seat
        if known["time_zone"] == zone_of_country(home):  # it was that of the old country, and goes with it
            new["time_zone"] = ""
    for text, value in said.fallback.items():
        if not new.get(text, known[text]):
            new[text] = value
    if said.custom and (custom := {**known["custom"], **said.custom}) != known["custom"]:
        new["custom"] = custom
    if organisations and known["organisation_id"] not in organisations:
        new["organisation_id"] = organisations[0]
    return {column: value for column, value in new.items() if known[column] != value}


def first_values(said: Said, organisations: Sequence[int]) -> dict[str, Any]:
    """What ``changes`` would be for somebody of whom nothing is known, without a comparison of each."""
    new: dict[str, Any] = {**said.fallback, **said.given}
    if said.custom:
        new["custom"] = dict(said.custom)
    if organisations:
        new["organisation_id"] = organisations[0]
    return new


def oddities(known: Mapping[str, Any], new: Mapping[str, Any], said: Said) -> tuple[RowProblem, ...]:
    """What a person should look at when these changes are made."""
    old = known["given_name"]
    stays = bool(old) and "name" in new and "given_name" not in said.given
    if stays and old.casefold() not in new["name"].casefold():
        return (RowProblem(said.row, Field.GIVEN_NAME, old, OLD_GREETING),)
    return ()
