"""Long work that a person asked for: the worker does it, and the page shows how far it is."""

from enum import StrEnum
from typing import Final


class TaskState(StrEnum):
    """Where a task is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    """The verb declined; nothing was changed."""
    FAILED = "failed"
    """Something broke; what it was is in the worker's log."""


TASK_MOVES: Final[dict[TaskState, frozenset[TaskState]]] = {
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
    SIGN_OFF = "sign-off"
    RELEASE = "release"
    PRINT_LETTERS = "print-letters"
    DELIVER_LETTER = "deliver-letter"
    PACK_PROOF = "pack-proof"
