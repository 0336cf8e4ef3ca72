"""The rooms of the console, in the order in which their paths are tried."""

from outreach.web.console import (
    call_deeds,
    calls,
    getting_in,
    health,
    home,
    log,
    me,
    replies,
    tasks,
    users,
    welcome,
)
from outreach.web.console.room import Room

ROOMS: tuple[Room, ...] = (
    getting_in.room,
    welcome.room,
    me.room,
    users.room,
    home.room,
    health.room,
    log.room,
    calls.room,
    call_deeds.room,
    tasks.room,
    replies.room,
)
