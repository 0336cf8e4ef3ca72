"""The rooms of the console, in the order in which their paths are tried."""

from outreach.web.console import (
    call_deeds,
    calls,
    contacts,
    exporting,
    getting_in,
    health,
    home,
    importing,
    log,
    making,
    me,
    organisations,
    outbox,
    replies,
    suppressions,
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
    making.room,
    calls.room,
    call_deeds.room,
    tasks.room,
    replies.room,
    exporting.room,
    importing.room,
    contacts.room,
    organisations.room,
    suppressions.room,
    outbox.room,
)
