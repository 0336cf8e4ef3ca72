"""A workspace whose server does at each verb what it is told, and one run of a real worker against it."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from outreach.domain.states import MessageState
from outreach.store.accounts import wake
from outreach.store.tables import Message
from tests.faults.harbour import Harbour, ended, harbour
from tests.parts.answers import Answer, Dialogue
from tests.parts.certificates import authority
from tests.parts.servers import serving

BY_PHASE = {"quay.example": "RCPT", "pier.example": "DATA", "harbour.example": "DOT"}
"""The three domains meet their fault at three verbs, in the same run."""


WAITING = {MessageState.QUEUED, MessageState.DEFERRED}


def place(stack: ExitStack, folder: Path, url: str, **serving_as: Any) -> Harbour:
    """A workspace whose server offers STARTTLS and wants a log-in, unless ``serving_as`` says otherwise."""
    usual = {"tls": authority().server("localhost"), "logins": {"calls": "the-accounts-password"}}
    server = stack.enter_context(serving(**{**usual, **serving_as}))
    return harbour(
        stack,
        folder,
        url,
        server,
        smtp={
            "host": "localhost",
            "security": "starttls",
            "ca_file": str(authority().ca_file),
            "username": "calls",
            "password": "the-accounts-password",
            "timeout_seconds": 2.0,
        },
    )


def run_with(each: Harbour, **on: Answer | Callable[[Dialogue], Answer | None]) -> list[Message]:
    """One real worker, from start to end, while the server does that; the rows afterwards."""
    each.server.on.clear()
    each.server.on.update(on)
    assert ended(each.start("worker", "--until-idle")) == 0, each.log
    each.server.on.clear()
    return each.rows()


def the_waits_are_over(each: Harbour) -> None:
    """The account may submit again, and everything that waits is due."""
    with each.opened() as app, app.database.changing() as session:
        wake(session, datetime.now(UTC))
        session.execute(sa.update(Message).values(due_at=datetime.now(UTC)))


def for_the_recipients(answer: Answer) -> dict[str, Callable[[Dialogue], Answer | None]]:
    """That at RCPT, DATA or DOT, by the recipient's domain."""

    def at(verb: str) -> Callable[[Dialogue], Answer | None]:
        def decide(dialogue: Dialogue) -> Answer | None:
            recipient = dialogue.recipient if verb == "RCPT" else dialogue.recipients[-1]
            return answer if BY_PHASE[recipient.partition("@")[2]] == verb else None

        return decide

    return {verb: at(verb) for verb in BY_PHASE.values()}


def of_verb(rows: list[Message], verb: str) -> list[Message]:
    """Those whose domain meets its fault at that verb."""
    return [one for one in rows if BY_PHASE[one.domain] == verb]
