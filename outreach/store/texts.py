"""Finds the template of a mail: the call's own, or the workspace's where a call needs none."""

import hashlib
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.store.tables import Call, CallText


def text_for(
    session: Session, kind: MessageKind, language: str, house: House, *, now: datetime, call: Call | None = None
) -> CallText:
    """The template of that kind: the call's in the reader's language or in its own, otherwise the workspace's.

    The workspace's is kept as it was when a mail was written with it, so that it can be written again the same.
    """
    text = call_text(session, kind, language, call) if call else None
    if text is not None:
        return text
    written_in, source = _of_the_workspace(kind, language, house, call)
    return keep_text(session, kind, written_in, source, now)


def source_for(session: Session, kind: MessageKind, language: str, house: House, call: Call) -> tuple[str, str]:
    """The same template's language and source, for a look that keeps nothing."""
    text = call_text(session, kind, language, call)
    return (text.language, text.source) if text else _of_the_workspace(kind, language, house, call)


def workspace_source(kind: MessageKind, language: str, house: House) -> tuple[str, str]:
    """The language and source of the workspace's own template, for a look that keeps nothing."""
    return _of_the_workspace(kind, language, house, None)


def call_text(session: Session, kind: MessageKind, language: str, call: Call) -> CallText | None:
    """The call's own template in the reader's language or in the call's; None if it has neither."""
    texts = {
        text.language: text
        for text in session.exec(
            select(CallText).where(
                CallText.call_id == call.id, CallText.kind == kind, col(CallText.current).is_(True)
            )
        )
    }
    return texts.get(language) or texts.get(call.default_language)


def _of_the_workspace(kind: MessageKind, language: str, house: House, call: Call | None) -> tuple[str, str]:
    default = [call.default_language] if call else []
    for one in (language, *default, house.settings.workspace.language, "en"):
        source = house.texts.get((kind, one))
        if source is not None:
            return one, source
    whose = (
        f"The call {call.slug} has no {kind.value} text in {call.default_language}, and there" if call else "There"
    )
    raise Refusal(f"{whose} is no template templates/email/{kind.value}.en.md.")


def keep_text(session: Session, kind: MessageKind, language: str, source: str, now: datetime) -> CallText:
    """A template of no call, kept as it is, so that a mail of it can be written again the same."""
    digest = hashlib.sha256(source.encode()).hexdigest()
    known = session.exec(
        select(CallText).where(
            col(CallText.call_id).is_(None),
            CallText.kind == kind,
            CallText.language == language,
            CallText.digest == digest,
        )
    ).first()
    if known is not None:
        return known
    text = CallText(kind=kind, language=language, source=source, digest=digest, created_at=now)
    session.add(text)
    session.flush()
    return text


def sample_values(call: Call) -> dict[str, Any]:
    """What stands in a test or a preview for words that only an occasion gives."""
    here = "Here stands what staff write on the occasion."
    return {
        "erratum": {"text": "Here stands the correction."},
        "question": {"text": here},
        "amendment": {"text": here},
        "change": {"before": "The line as it was", "by_staff": True, "published": False, "text": here},
        "previous_deadline": call.deadline,
    }
