"""Whether a workspace's database is the one that was used here last, or a copy or a backup of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

CARDS: Final = "cards"
"""Of what a place is known by, the only part that has several values: one of them is enough to know it again."""

MAYBE: Final = ", and mails may have left that it does not know of"
COPIED: Final = "this database is a copy, as its file, its server or its machine is another one than before" + MAYBE
OLDER: Final = "this database is a restored backup, as it is older than what this folder has noted" + MAYBE
ALONE: Final = "this database is a restored backup, as the file .outreach-generation is missing beside it" + MAYBE


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the workspace had come, as a folder has noted it.

    ``workspace`` tells workspaces apart, ``generation`` the times between two restores, ``turn`` counts what was
    noted. ``attempt`` is the last attempt and its message, ``line`` the last line of the log and its digest.
    """

    workspace: str
    generation: str
    turn: int
    attempt: tuple[int, int]
    line: tuple[int, str]

    @property
    def text(self) -> str:
        """All of it, to be kept."""
        return json.dumps(asdict(self))


def read_mark(text: str) -> Mark | None:
    """What was kept as ``text``; None for what is none."""
    try:
        said = json.loads(text)
        (attempt, message), (line, digest) = said["attempt"], said["line"]
        return Mark(
            str(said["workspace"]),
            str(said["generation"]),
            int(said["turn"]),
            (int(attempt), int(message)),
            (int(line), str(digest)),
        )
    except (ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class Generation:
    """What the database knows of its own place: ``place``, and the names of its generation and of those before.

    ``is_noted`` once a folder has noted how far it is. ``is_held`` while a person has not said that mail may leave.
    """

    name: str
    place: Mapping[str, str]
    before: tuple[str, ...] = ()
    turn: int = 0
    is_noted: bool = False
    is_held: bool = False

    def accepted(self, name: str, place: Mapping[str, str]) -> "Generation":
        """A person lets mail leave from here: what folders have noted of the generations before counts no more."""
        return Generation(name, place, (*self.before, self.name), self.turn)

    def held(self, noted: str) -> "Generation":
        """It is a copy, or restored, and the folder has noted a generation, which may be one it does not know."""
        known = noted in {"", self.name, *self.before}
        return replace(self, is_held=True, before=self.before if known else (*self.before, noted))

    def noted(self, place: Mapping[str, str], *, beside: bool) -> "Generation":
        """A folder is about to note how far it is. ``beside``: one has done so before, and still has it."""
        known = {**self.place, **{name: value for name, value in place.items() if value}}
        return replace(self, place=known, turn=self.turn + 1, is_noted=self.is_noted or beside)


def is_elsewhere(known: Mapping[str, str], found: Mapping[str, str]) -> bool:
    """Whether a place is another one; parts that are not known of both say nothing."""
    return any(_differ(name, value, found[name]) for name, value in known.items() if value and found.get(name, ""))


def _differ(name: str, one: str, other: str) -> bool:
    return set(one.split()).isdisjoint(other.split()) if name == CARDS else one != other
