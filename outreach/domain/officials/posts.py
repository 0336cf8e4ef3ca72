"""What a post must have before a letter can be addressed to it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from outreach.domain.addresses import flood_key, parse_address
from outreach.domain.errors import InvalidInput
from outreach.domain.officials.cells import Cells
from outreach.domain.officials.columns import Field
from outreach.domain.officials.rows import SaidOfHolder, details_in
from outreach.domain.officials.ways import ways_of_details, ways_without_detail

COLUMN: Final = {
    Field.OFFICE: "office",
    Field.INSTITUTION: "institution",
    Field.STATE: "state",
    Field.LANGUAGES: "languages",
    Field.CHANNELS: "ways",
    Field.EMAIL: "address",
    Field.POSTAL_ADDRESS: "postal_address",
    Field.FAX: "fax",
    Field.FORM: "form",
    Field.COPIES_TO: "copies_to",
    Field.SOURCE: "source",
    Field.NOTE: "note",
}
"""The column of a post that each field of a table gives."""

BLANK: Final[Mapping[str, Any]] = {
    "office": "",
    "institution": "",
    "institution_key": "",
    "state": "",
    "languages": [],
    "ways": [],
    "address": "",
    "postal_address": [],
    "fax": "",
    "form": "",
    "copies_to": [],
    "source": "",
    "note": "",
}
"""A post of which nothing is known."""

OURS: Final = "is an address of this workspace itself (sender in config.toml): the letter would come back to us"


def new_post(details: Mapping[str, Any], holder: SaidOfHolder | None, language: str) -> dict[str, Any]:
    """A post out of what is said of it, the rest filled in.

    Its languages are those in which its holder is greeted, or ``language``; its ways all for which it has what
    they need.
    """
    values = {**BLANK, **details}
    greeted = list(holder.salutation or ()) if holder else []
    values["languages"] = values["languages"] or greeted or [language]
    values["ways"] = values["ways"] or ways_of_details(values)
    return values


def read_details(given: Mapping[str, str], cells: Cells) -> dict[str, Any]:
    """What is said of a known post, by column; what is given as "" is blank from then on."""
    details = details_in(cells)
    cleared = [COLUMN[Field(field)] for field, text in given.items() if not text.strip()]
    if "institution" in cleared:
        cleared.append("institution_key")
    return {**{column: BLANK[column] for column in cleared}, **details}


def faults_of(post: Mapping[str, Any], own: Collection[str]) -> Iterator[tuple[Field, str]]:
    """Why no letter can go to a post: the field, and what is wrong; ``own`` are our mailboxes (``flood_key``)."""
    if not post["office"]:
        yield Field.OFFICE, "is empty: a post needs the name of its office"
    if not post["ways"]:
        yield Field.CHANNELS, "is empty: there is no way by which a letter could reach the post"
    for reason in ways_without_detail(post).values():
        yield Field.CHANNELS, reason
    if post["address"] and _mailbox(post["address"]) in own:
        yield Field.EMAIL, OURS
    if any(_mailbox(copy) in own for copy in post["copies_to"]):
        yield Field.COPIES_TO, OURS


def _mailbox(address: str) -> str:
    return flood_key(parse_address(address))


def refuse(cells: Cells, names: Mapping[str, str]) -> None:
    """Raise InvalidInput with all that is wrong in the cells, each under the name that the person knows it by."""
    if cells.problems:
        said = (
            f"{names.get(one.field, one.field)}: {f'{one.value!r} ' if one.value else ''}{one.reason}."
            for one in cells.problems
        )
        raise InvalidInput(*said)
