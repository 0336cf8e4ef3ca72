"""The room of the officials: the register, one post with who held it, and what is known of its State."""

from outreach.web.console.officials.door import room
from outreach.web.console.officials.importing import upload
from outreach.web.console.officials.keeping import edit
from outreach.web.console.officials.showing import listed

__all__ = ["edit", "listed", "room", "upload"]
