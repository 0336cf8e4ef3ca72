"""What a new call is suggested to be: its short name, and when its reminders go."""

import re
import unicodedata
from datetime import timedelta

from outreach.domain.call_files import SLUG_LENGTH

_STEPS = (21, 7)
"""Days before the deadline at which a reminder is usual."""


def slug_of(title: str) -> str:
    """A short name made of the title's Latin letters and digits; "" when it has none."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].strip("-")


def suggested_reminders(span: timedelta) -> tuple[str, ...]:
    """Reminders for a call that is open so long: none in its first third, so that the invitation is read first."""
    return tuple(f"{days}d" for days in _STEPS if timedelta(days=days) <= span * 2 / 3)


def suggested_last_call(span: timedelta) -> str:
    """The last call, a day before the deadline; "" for a call that is too short for one."""
    return "24h" if span >= timedelta(days=3) else ""
