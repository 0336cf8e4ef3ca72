"""``outreach letters``, whole: the modules whose commands stand in its chapter."""

from outreach.cli import delivering, following_up, official_letters, proving, recording, responding
from outreach.cli.letters import app

__all__ = ["app", "delivering", "following_up", "official_letters", "proving", "recording", "responding"]
