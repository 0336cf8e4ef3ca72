"""The rooms of the console, in the order in which their paths are tried."""

from outreach.web.console import log
from outreach.web.console.room import Room

ROOMS: tuple[Room, ...] = (log.room,)
