"""How a letter's list of signatories is made: who may sign it, in which order they stand, when they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from outreach.domain.errors import InvalidInput
from outreach.domain.signatures import SignatureKind


class Order(StrEnum):
    """Where a signatory stands; within each group by Unicode collation."""

    TOGETHER = "together"
    """Organisations and individuals in one list."""
    APART = "apart"
    """First the organisations, then the individuals."""
    BY_COUNTRY = "by country"
    """Under the name of the country, in alphabetical order; those without one at the end."""


_KEYS: Final = ("who", "order", "numbered", "initiators_first", "names_while_open")
_WHO: Final = tuple(kind.value for kind in SignatureKind)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a call says of its list.

    ``initiators_first``: the organisers of the call lead the list. ``names_while_open``: names are on the public
    page as soon as they are confirmed; otherwise only their number, until the letter is released.
    """

    who: tuple[SignatureKind, ...] = tuple(SignatureKind)
    order: Order = Order.APART
    numbered: bool = True
    initiators_first: bool = False
    names_while_open: bool = False

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "Listing":
        """The listing that a [signatories] table describes.

        Raises InvalidInput naming the key and what is allowed.
        """
        for key in table:
            if key not in _KEYS:
                raise InvalidInput(f"signatories.{key} is not known. Allowed are: {', '.join(_KEYS)}.")
        who = table.get("who", list(_WHO))
        if not isinstance(who, list | tuple) or not who or not set(map(str, who)) <= set(_WHO):
            raise InvalidInput(f"signatories.who must name one or both of {list(_WHO)}, not {who!r}.")
        order = table.get("order", Order.APART.value)
        if not isinstance(order, str) or order not in {one.value for one in Order}:
            allowed = ", ".join(f'"{one.value}"' for one in Order)
            raise InvalidInput(f"signatories.order must be one of {allowed}, not {order!r}.")
        return cls(
            who=tuple(kind for kind in SignatureKind if kind.value in who),
            order=Order(order),
            numbered=_flag(table, "numbered", default=True),
            initiators_first=_flag(table, "initiators_first", default=False),
            names_while_open=_flag(table, "names_while_open", default=False),
        )

    def table(self) -> dict[str, Any]:
        """The listing as a table; reading it gives the same."""
        return {
            "who": [kind.value for kind in self.who],
            "order": self.order.value,
            "numbered": self.numbered,
            "initiators_first": self.initiators_first,
            "names_while_open": self.names_while_open,
        }


def _flag(table: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise InvalidInput(f"signatories.{key} must be true or false, not {value!r}.")
    return value
