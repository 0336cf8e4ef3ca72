"""Who has asked for a second person's consent to a launch, and whether the draft is still what was asked for."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from outreach.domain.call_files import call_table
from outreach.domain.users import Right, UserState, may
from outreach.store.calls import export_call
from outreach.store.tables import Call, Event
from outreach.store.users import find_user, roles_held

ASK_TO_LAUNCH = "ask_to_launch"


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
