"""Work that takes longer than a page may: asked for by a person, done by the worker."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from outreach.domain.tasks import TaskState, TaskVerb
from outreach.store.tables.columns import json_value, one_of


class Task(SQLModel, table=True):
    """One piece of long work. ``done`` of ``total`` steps (0: not known how many).

    ``given`` and ``document_id`` are what it works on, ``outcome`` and ``result_id`` what came of it: figures for
    its page, sentences for a refusal (``reasons``), and a file to fetch.
    """

    id: int | None = Field(default=None, primary_key=True)
    verb: TaskVerb = one_of(TaskVerb)
    state: TaskState = one_of(TaskState, default=TaskState.WAITING, index=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    call_id: int | None = Field(default=None, foreign_key="call.id", index=True)
    given: dict[str, Any] = json_value(dict, is_personal=True)
    document_id: int | None = Field(default=None, foreign_key="document.id")
    done: int = 0
    total: int = 0
    outcome: dict[str, Any] = json_value(dict, is_personal=True)
    result_id: int | None = Field(default=None, foreign_key="document.id")
    claimed_by: str = ""
    asked_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
