"""What a person writes of one contact in a form: read by the same rules as a row of a table."""

from collections.abc import Mapping, Sequence
from typing import Final

from outreach.domain.contact_rows import ContactRow, Field, HeaderMap, RowProblems, parse_row
from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line, looks_like_address, name_key

WRITTEN: Final = (
    Field.NAME,
    Field.GIVEN_NAME,
    Field.ROLE,
    Field.COUNTRY,
    Field.LANGUAGE,
    Field.TIME_ZONE,
    Field.TAGS,
    Field.SOURCE,
    Field.BASIS,
)
"""The fields of a contact's form, besides the address and the organisations."""
MOST_BODIES: Final = 20


def read_entry(address: str, said: Mapping[Field, str]) -> ContactRow:
    """The contact in a form; what is not said is empty. Raises InvalidInput with a sentence for each fault."""
    cells = (address, *(said.get(field, "") for field in WRITTEN))
    places = {field: place for place, field in enumerate((Field.EMAIL, *WRITTEN))}
    row = parse_row(1, cells, HeaderMap(places, {}, ()))
    if isinstance(row, RowProblems):
        raise InvalidInput(" ".join(_sentence(one.field, one.value, one.reason) for one in row.problems))
    faults = [_sentence(one.field, one.value, one.reason) for one in row.warnings if one.field == Field.NAME]
    if faults:
        raise InvalidInput(" ".join(faults))
    return row


def read_bodies(names: Sequence[str]) -> tuple[str, ...]:
    """The names of organisations, each once, in their order. Raises InvalidInput for what is none."""
    bodies = {name_key(line): line for name in names if (line := clean_line(name))}
    for name in bodies.values():
        if looks_like_address(name):
            raise InvalidInput(f'"{name}" looks like an address, not like the name of an organisation.')
    if len(bodies) > MOST_BODIES:
        raise InvalidInput(f"These are {len(bodies)} organisations; {MOST_BODIES} are the most.")
    return tuple(bodies.values())


def _sentence(field: str, value: str, reason: str) -> str:
    named = field.replace("_", " ").capitalize()
    return f"{named}: {reason.rstrip('.')}." if not value or value in reason else f'{named} "{value}" {reason}.'
