"""The filter that says to whom a mailing goes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from typing import Any

from outreach.domain.addresses import parse_address
from outreach.domain.errors import InvalidInput
from outreach.domain.reminders import parse_offset


@dataclass(frozen=True, slots=True)
class Audience:
    """Which contacts belong: every key that is not empty narrows the choice, the exclusions take away.

    ``tags``, ``countries``, ``languages``, ``organisations``: any of the listed. ``signed``: slugs of earlier
    letters, any of which the contact or the contact's organisation signed. ``exclude``: addresses.
    ``already_invited``: a file of addresses that were invited from elsewhere.

    ``first_signed`` narrows nothing: of those who belong, whoever signed one of these earlier letters is invited at
    the launch, and the others ``others_after`` it (an offset such as "3d").
    """

    tags: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    exclude_organisations: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    already_invited: str = ""
    first_signed: tuple[str, ...] = ()
    others_after: str = ""

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "Audience":
        """The audience in a table of TOML or JSON. Raises InvalidInput for an unknown key or a wrong value."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                raise InvalidInput(_unknown(key, known))
            values[key] = _text(key, value) if key in _SINGLE else _texts(key, value)
        for text in values.get("exclude", ()):
            _address(text)
        values["countries"] = tuple(code.upper() for code in values.get("countries", ()))
        values["languages"] = tuple(code.lower() for code in values.get("languages", ()))
        audience = cls(**values)
        _waves(audience)
        return audience

    def table(self) -> dict[str, Any]:
        """The audience as a table for JSON or TOML, without its empty keys."""
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items() if value
        }


_SINGLE = ("already_invited", "others_after")


def _waves(audience: Audience) -> None:
    if bool(audience.first_signed) != bool(audience.others_after):
        raise InvalidInput(
            "audience.first_signed and audience.others_after go together: whose turn it is first, and how long "
            'after them the others are invited, such as "3d".'
        )
    if not audience.others_after:
        return
    try:
        offset = parse_offset(audience.others_after)
    except InvalidInput:
        offset = None
    if offset is None or offset.at is not None:
        raise InvalidInput(
            f'audience.others_after must be a length of time after the launch, such as "3d" or "36h", '
            f"not {audience.others_after!r}."
        )


def _unknown(key: str, known: set[str]) -> str:
    close = get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"allowed are {', '.join(sorted(known))}."
    return f"audience.{key} is not known; {hint}"


def _address(text: str) -> None:
    try:
        parse_address(text)
    except InvalidInput as refusal:
        raise InvalidInput(f"audience.exclude: {refusal}") from refusal


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"audience.{key} must be text, not {value!r}.")
    return value


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise InvalidInput(f'audience.{key} must be a list of texts such as ["one", "two"], not {value!r}.')
    return tuple(item.strip() for item in value if item.strip())
