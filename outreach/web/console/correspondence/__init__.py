"""The room of the correspondence: how far each letter has come with each official, and what came back."""

from outreach.web.console.correspondence.answer import fetch
from outreach.web.console.correspondence.asking import ask
from outreach.web.console.correspondence.closing import close
from outreach.web.console.correspondence.correcting import correct
from outreach.web.console.correspondence.door import room
from outreach.web.console.correspondence.listing import listed
from outreach.web.console.correspondence.logging import log
from outreach.web.console.correspondence.noting import note
from outreach.web.console.correspondence.responding import respond
from outreach.web.console.correspondence.rounds import show_round

__all__ = ["ask", "close", "correct", "fetch", "listed", "log", "note", "respond", "room", "show_round"]
