"""Who may do what in the console: roles, the rights that each gives, and where they hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What a user is, for the whole workspace or for one call."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    STAFF = "staff"
    OBSERVER = "observer"


class Right(StrEnum):
    """What somebody may do; each page and each deed of the console asks for exactly one."""

    SEE = "see"
    """How calls stand: figures, dates, pictures. Nobody's address and no list of names but the published one."""
    READ = "read"
    """People's data: contacts, replies, signatures of every visibility, officials, what was sent to whom."""
    SORT = "sort"
    """Log and sort what comes back: replies, the signatures' desk, answers of officials."""
    RUN = "run"
    """Make, launch, pause, extend, close, sign off and release; write letters and deliver them."""
    AUTHORISE = "authorise"
    """The second person's consent."""
    PEOPLE = "people"
    """Import and change contacts, organisations and officials."""
    ADMINISTER = "administer"
    """Users, their roles, and the health of the workspace."""


class UserState(StrEnum):
    """Whether somebody can log in."""

    INVITED = "invited"
    """Has a link to choose a password, and none yet."""
    ACTIVE = "active"
    DISABLED = "disabled"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Right),
        Role.COORDINATOR: frozenset(Right) - {Right.ADMINISTER},
        Role.STAFF: frozenset({Right.SEE, Right.READ, Right.SORT}),
        Role.OBSERVER: frozenset({Right.SEE}),
    }
)

USER_MOVES: Final[dict[UserState, frozenset[UserState]]] = {
    UserState.INVITED: frozenset({UserState.ACTIVE, UserState.DISABLED}),
    UserState.ACTIVE: frozenset({UserState.INVITED, UserState.DISABLED}),  # invited: the password was lost
    UserState.DISABLED: frozenset({UserState.INVITED}),
}

EVERYTHING: Final = 0
"""In the place of a call's id: the whole workspace."""

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 256
"""NIST SP 800-63B, 5.1.1.2: length is what counts, no rules of composition, at least 64 must be allowed."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds; ``call_id`` is EVERYTHING or one call's."""

    role: Role
    call_id: int = EVERYTHING


def may(held: Iterable[Held], right: Right, call_id: int = EVERYTHING) -> bool:
    """Whether who holds these roles has the right for that call, or, without one, for the whole workspace."""
    return any(right in RIGHTS[one.role] and one.call_id in (EVERYTHING, call_id) for one in held)


def calls_with(held: Iterable[Held], right: Right) -> frozenset[int] | None:
    """The calls for which the right holds; None: for all there are."""
    calls = {one.call_id for one in held if right in RIGHTS[one.role]}
    return None if EVERYTHING in calls else frozenset(calls)


def weak(password: str, *known: str) -> str:
    """Why this cannot be a password, in a sentence; "" when it can.

    ``known`` is what a guesser would try first: the address, the name, the coalition.
    """
    if len(password) < SHORTEST_PASSWORD:
        return f"A password has at least {SHORTEST_PASSWORD} characters; a sentence is easy to remember."
    if len(password) > LONGEST_PASSWORD:
        return f"A password has at most {LONGEST_PASSWORD} characters."
    plain = password.casefold()
    if len(set(plain)) < SHORTEST_PASSWORD // 2:
        return "This repeats itself too much to be a password."
    for word in known:
        for part in (word, *word.replace("@", " ").replace(".", " ").split()):
            if len(part) >= SHORTEST_PASSWORD // 2 and plain.replace(part.casefold(), "").strip() == "":
                return "A password must not be made of your name, your address or the coalition's name."
    return ""
