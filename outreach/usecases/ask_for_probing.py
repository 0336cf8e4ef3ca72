"""Somebody wants to know now whether everything works."""

from datetime import datetime

from sqlmodel import Session

from outreach.store.remembered import PROBE_ASKED, remember


def ask_for_probing(session: Session, *, now: datetime) -> None:
    """The worker looks within seconds and keeps what it finds. Nothing is changed, so no event tells of it."""
    remember(session, PROBE_ASKED, now.isoformat())
