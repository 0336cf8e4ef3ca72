"""What was proposed and waits for a second person, and what it would change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.tasks import TaskState, TaskVerb
from outreach.queries.tasks import PAGE, TaskLine, find_task
from outreach.rendering.letters.differences import Piece, differences
from outreach.store.tables import Call, LetterText, Task


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a proposal would do: the ``kind`` of mail it is about, and by language the paragraphs that differ.

    ``says`` is text that is new as a whole: an erratum, or what has changed in what the letter says.
    """

    kind: str
    says: str
    changes: dict[str, list[tuple[Piece, ...]]]


def waiting_proposals(session: Session, user_id: int, calls: Collection[int] | None) -> list[TaskLine]:
    """What others proposed about these calls (None: any), the oldest first: at most a page."""
    numbers = session.execute(_waits(sa.select(col(Task.id)), user_id, calls).order_by(col(Task.id)).limit(PAGE))
    return [line for number in numbers.scalars() if (line := find_task(session, number))]


def count_proposals(session: Session, user_id: int, calls: Collection[int] | None) -> int:
    """How many these are."""
    return int(session.execute(_waits(sa.select(sa.func.count()), user_id, calls)).scalar_one())


def _waits(what: sa.Select[tuple[int]], user_id: int, calls: Collection[int] | None) -> sa.Select[tuple[int]]:
    found = what.where(col(Task.state) == TaskState.PROPOSED, col(Task.user_id) != user_id)
    return found if calls is None else found.where(col(Task.call_id).in_(calls))


def proposed(session: Session, task_id: int) -> Proposed:
    """What the proposal of that number would change, or has changed since."""
    task = session.get_one(Task, task_id)
    given, call = task.given, session.get_one(Call, task.call_id)
    match task.verb:
        case TaskVerb.AMEND:
            return Proposed("", str(given.get("substance", "")), _amendments(session, call, given))
        case TaskVerb.EDIT_MAIL:
            before, after = str(given.get("before", "")), str(given.get("text", ""))
            return Proposed(str(given["kind"]), "", {str(given["language"]): differences(before, after)})
        case _:
            return Proposed(str(given.get("corrects", "")), str(given.get("text", "")), {})


def _amendments(session: Session, call: Call, given: Mapping[str, Any]) -> dict[str, list[tuple[Piece, ...]]]:
    standing = select(LetterText).where(
        LetterText.letter_id == call.letter_id, LetterText.version == int(given["version"])
    )
    before = {one.language: _whole(one.model_dump()) for one in session.exec(standing)}
    return {code: differences(before.get(code, ""), _whole(text)) for code, text in given["letters"].items()}


def _whole(letter: Mapping[str, Any]) -> str:
    return "\n\n".join([letter["title"], letter["addressee"], *letter["asks"], letter["body"].strip()])
