"""The rooms of the console, in the order in which their paths are tried."""

from outreach.web.console import getting_in, health, log, me, tasks, users, welcome
from outreach.web.console.room import Room

ROOMS: tuple[Room, ...] = (getting_in.room, welcome.room, me.room, users.room, health.room, log.room, tasks.room)
