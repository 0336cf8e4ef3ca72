"""``outreach letters``, whole: the modules whose commands stand in its chapter."""

from outreach.cli import delivering, official_letters, proving
from outreach.cli.letters import app

__all__ = ["app", "delivering", "official_letters", "proving"]
