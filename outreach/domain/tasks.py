"""Long work that a person asked for: the worker does it, and the page shows how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from outreach.domain.users import Right


class TaskState(StrEnum):
    """Where a task is."""

    PROPOSED = "proposed"
    """It waits for a second person's consent."""
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    """The verb declined; nothing was changed."""
    FAILED = "failed"
    """Something broke; what it was is in the worker's log."""


TASK_MOVES: Final[dict[TaskState, frozenset[TaskState]]] = {
    TaskState.PROPOSED: frozenset({TaskState.WAITING, TaskState.REFUSED}),
    TaskState.WAITING: frozenset({TaskState.RUNNING, TaskState.REFUSED}),
    TaskState.RUNNING: frozenset(
        # Back to waiting: the worker died under it, and its transaction with it.
        {TaskState.DONE, TaskState.REFUSED, TaskState.FAILED, TaskState.WAITING}
    ),
    TaskState.DONE: frozenset(),
    TaskState.REFUSED: frozenset(),
    TaskState.FAILED: frozenset(),
}


class TaskVerb(StrEnum):
    """What a worker can be asked to do."""

    IMPORT_CONTACTS = "import-contacts"
    IMPORT_OFFICIALS = "import-officials"
    IMPORT_FACTS = "import-facts"
    IMPORT_SIGNATURES = "import-signatures"
    LAUNCH = "launch"
    EXTEND = "extend"
    ERRATUM = "erratum"
    AMEND = "amend"
    EDIT_MAIL = "edit-mail"
    CLOSE = "close"
    CANCEL = "cancel"
    SIGN_OFF = "sign-off"
    RELEASE = "release"
    RENDER_LETTER = "render-letter"
    PRINT_LETTERS = "print-letters"
    DELIVER_LETTER = "deliver-letter"
    PACK_PROOF = "pack-proof"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for with a verb.

    ``right`` is whose it is, for the call where it is about one (``of_call``), else for the whole workspace;
    ``from_file``: it reads a document. ``words`` are what may be given with it, all of them optional: text, lists
    and tables of text, yes or no. ``alone``: two of them about one call would do the same twice, whatever is given.
    ``consent``: where the workspace asks for a second person's consent, the task is proposed until it is given.
    """

    right: Right
    of_call: bool
    from_file: bool
    words: frozenset[str]
    alone: bool = False
    consent: bool = False


COLUMNS: Final = "columns"
"""What a column of a file holds, as ``--map`` says it: a table from its name to a field's."""
DRY_RUN: Final = "dry_run"
"""Do everything, tell of it, and undo it."""
AUTHORISED_BY: Final = "authorised_by"
"""Who consented to it, as the second person."""

ASKS: Final[Mapping[TaskVerb, Ask]] = MappingProxyType(
    {
        TaskVerb.IMPORT_CONTACTS: Ask(
            Right.PEOPLE,
            of_call=False,
            from_file=True,
            words=frozenset({COLUMNS, DRY_RUN, "basis", "source"}),
        ),
        TaskVerb.IMPORT_OFFICIALS: Ask(
            Right.PEOPLE, of_call=False, from_file=True, words=frozenset({COLUMNS, DRY_RUN})
        ),
        TaskVerb.IMPORT_FACTS: Ask(
            Right.PEOPLE, of_call=False, from_file=True, words=frozenset({COLUMNS, DRY_RUN})
        ),
        TaskVerb.IMPORT_SIGNATURES: Ask(
            Right.RUN,
            of_call=True,
            from_file=True,
            words=frozenset({COLUMNS, DRY_RUN, "visibility", "kind", "signed", "receipts"}),
        ),
        TaskVerb.LAUNCH: Ask(Right.RUN, of_call=True, from_file=False, words=frozenset({"draft"}), alone=True),
        TaskVerb.EXTEND: Ask(
            Right.RUN, of_call=True, from_file=False, words=frozenset({"deadline", "release"}), alone=True
        ),
        TaskVerb.ERRATUM: Ask(
            Right.RUN,
            of_call=True,
            from_file=False,
            words=frozenset({"corrects", "text", AUTHORISED_BY}),
            alone=True,
            consent=True,
        ),
        TaskVerb.AMEND: Ask(
            Right.RUN,
            of_call=True,
            from_file=False,
            words=frozenset({"version", "letters", "substance", AUTHORISED_BY}),
            alone=True,
            consent=True,
        ),
        TaskVerb.EDIT_MAIL: Ask(
            Right.RUN,
            of_call=True,
            from_file=False,
            words=frozenset({"kind", "language", "before", "text", AUTHORISED_BY}),
            consent=True,
        ),
        TaskVerb.CLOSE: Ask(Right.RUN, of_call=True, from_file=False, words=frozenset(), alone=True),
        TaskVerb.CANCEL: Ask(Right.RUN, of_call=True, from_file=False, words=frozenset(), alone=True),
        TaskVerb.SIGN_OFF: Ask(Right.RUN, of_call=True, from_file=False, words=frozenset({"reason"}), alone=True),
        TaskVerb.RELEASE: Ask(Right.RUN, of_call=True, from_file=False, words=frozenset(), alone=True),
        TaskVerb.RENDER_LETTER: Ask(
            Right.READ,
            of_call=True,
            from_file=False,
            words=frozenset({"format", "edition", "language", "for_addressee"}),
        ),
        TaskVerb.PRINT_LETTERS: Ask(Right.READ, of_call=True, from_file=False, words=frozenset({"posts", "book"})),
        TaskVerb.DELIVER_LETTER: Ask(
            Right.RUN,
            of_call=True,
            from_file=False,
            words=frozenset({"posts", "way", "book", AUTHORISED_BY}),
            alone=True,
        ),
        TaskVerb.PACK_PROOF: Ask(Right.READ, of_call=True, from_file=False, words=frozenset({"public"})),
    }
)

UNFINISHED: Final = (TaskState.WAITING, TaskState.RUNNING)
"""What the worker has to do, or is doing."""
ENDED: Final = (TaskState.DONE, TaskState.REFUSED, TaskState.FAILED)
"""Nothing more will come of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a task is: what is being done, and ``done`` of ``total`` (0: not known how many)."""

    stage: str = ""
    done: int = 0
    total: int = 0
