"""The demo's staff: Rosa, who coordinates, and Darnell, whose consent a launch needs."""

import secrets
from dataclasses import dataclass

from outreach.bootstrap import Outreach
from outreach.domain.users import Held, Role
from outreach.rendering.access import access_link
from outreach.usecases.add_user import add_user
from outreach.usecases.choose_password import choose_password

ROSA, ROSA_AT = "Rosa Lindqvist", "rosa.lindqvist@lanterncoast.example"
DARNELL, DARNELL_AT = "Darnell Reyes", "darnell.reyes@lanterncoast.example"
_WORDS = (
    "amber", "anchor", "basin", "beacon", "birch", "breeze", "cedar", "chalk", "cloud", "cobalt", "copper",
    "coral", "delta", "drift", "ember", "fern", "ferry", "fjord", "gale", "ginger", "glade", "gravel", "gull",
    "hazel", "heron", "island", "juniper", "kelp", "lagoon", "lantern", "linen", "maple",
)  # fmt: skip
_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Staff:
    """Who may come to the demo's console, each with the same password; it is kept in no file."""

    password: str
    coordinator: str = ROSA_AT
    administrator: str = DARNELL_AT


def let_staff_in(app: Outreach) -> Staff:
    """Rosa and Darnell as they would be after their invitations; the password is another in each performance."""
    password = " ".join(secrets.choice(_WORDS) for _ in range(_LENGTH))
    _let_in(app, DARNELL_AT, DARNELL, Role.ADMINISTRATOR, password)
    _let_in(app, ROSA_AT, ROSA, Role.COORDINATOR, password)
    return Staff(password)


def _let_in(app: Outreach, address: str, name: str, role: Role, password: str) -> None:
    now = app.clock.now()
    with app.database.changing() as session:
        user = add_user(session, address, name, (Held(role),), now=now, by=DARNELL_AT)
        link = access_link(user.id or 0, user.stamp, app.house)
        choose_password(session, link.rpartition("/")[2], password, now=now, house=app.house)
