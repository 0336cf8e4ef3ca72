"""Every verb that changes something appends to the log: by its own line, or by that of a verb that it asks."""

import ast
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "outreach/usecases"
VERBS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
UNRECORDED = {
    "ask_for_probing": "asks the worker to look whether everything works; nothing is changed by it",
    "ask_members_again": "queues mails, for verbs that record why",
    "ask_to_confirm": "queues a mail and notes when, for verbs that record why",
    "authorise": "says whether a second person has consented",
    "draft_enquiry": "writes a draft and stores nothing",
    "end_work": "notes that a worker has ended; begin_work says what it means when one has not",
    "keep_quiet_hours": "moves mails to a better hour",
    "queue_house_message": "queues a mail, for verbs that record why",
    "queue_message": "queues a mail, for verbs that record why",
    "queue_to_official": "queues a mail, for verbs that record why",
    "record_bounce": "notes what a server reported; the line of the reply that reported it says so",
    "render_letter": "writes files; the copy that goes out is recorded by the store",
    "respect_absences": "moves mails to a better day",
    "tell_staff": "queues mails to staff",
    "watch_reply": "notes who looks at a reply just now",
}
"""Why a module appends nothing: none of these changes what a person has said or decided."""


@cache
def calls(verb: str) -> frozenset[str]:
    """What the module calls by name."""
    tree = ast.parse((FOLDER / f"{verb}.py").read_text(encoding="utf-8"))
    return frozenset(
        node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )


@cache
def asked(verb: str) -> frozenset[str]:
    """The modules of verbs whose functions it calls."""
    tree = ast.parse((FOLDER / f"{verb}.py").read_text(encoding="utf-8"))
    return frozenset(
        str(node.module).rpartition(".")[2]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("outreach.usecases.")
        for name in node.names
        if name.name in calls(verb)
    )


def records(verb: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a line is appended by the module, or by one that it asks."""
    if "record" in calls(verb):
        return True
    return any(records(other, seen | {verb}) for other in asked(verb) - seen)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_appends_to_the_log_or_it_is_said_why_not(verb: str) -> None:
    """A new verb that changes something calls ``record``; one that does not is named above with its reason."""
    assert records(verb) is not (verb in UNRECORDED)
