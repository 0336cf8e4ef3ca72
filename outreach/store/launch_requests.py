"""Who has asked for a second person's consent to a launch, and whether the draft is still what was asked for."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.call_files import call_table
from outreach.domain.states import CallState
from outreach.domain.users import Right, UserState, may
from outreach.store.calls import export_call
from outreach.store.tables import Call, Event
from outreach.store.users import find_user, roles_held

ASK_TO_LAUNCH = "ask_to_launch"
MOST_WAITING: Final = 20
"""So many drafts that wait are looked at; each is read as a whole."""


@dataclass(frozen=True, slots=True)
class LaunchRequest:
    """Who asked and when. ``holds``: the draft has not been changed since, and who asked may launch it still."""

    by: str
    at: datetime
    holds: bool


def draft_digest(session: Session, call: Call) -> str:
    """What tells one state of a draft from another: the call, its letter and its mails (SHA-256)."""
    file = export_call(session, call)
    letters = {
        language: [text.title, text.addressee, *text.asks, text.body] for language, text in file.letters.items()
    }
    texts = {f"{kind.value}.{language}": source for (kind, language), source in file.texts.items()}
    whole = json.dumps([call_table(file), letters, texts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def launch_request(session: Session, call: Call) -> LaunchRequest | None:
    """The newest request, None if nobody has asked."""
    asked = session.exec(
        select(Event)
        .where(Event.subject == "call", Event.subject_id == call.id, Event.verb == ASK_TO_LAUNCH)
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()
    if asked is None:
        return None
    user = find_user(session, asked.by)
    still = (
        user is not None
        and user.state is UserState.ACTIVE
        and may(roles_held(session, user.id or 0), Right.RUN, call.id or -1)
    )
    return LaunchRequest(asked.by, asked.at, still and asked.facts.get("draft") == draft_digest(session, call))


def launches_waiting(session: Session, calls: Collection[int] | None, *, besides: str) -> list[str]:
    """The drafts (their slugs) whose launch somebody other than ``besides`` has asked for, as they are now.

    ``calls`` None: of all calls. The oldest come first, MOST_WAITING of them at most.
    """
    asked = sa.exists().where(
        col(Event.subject) == "call", col(Event.subject_id) == col(Call.id), col(Event.verb) == ASK_TO_LAUNCH
    )
    drafts = select(Call).where(Call.state == CallState.DRAFT, asked).order_by(col(Call.id)).limit(MOST_WAITING)
    if calls is not None:
        drafts = drafts.where(col(Call.id).in_(calls))
    requests = [(call.slug, launch_request(session, call)) for call in session.exec(drafts)]
    return [slug for slug, one in requests if one is not None and one.holds and one.by != besides]
