"""The room in which a call is made: letter, audience, dates, mails, the pre-flight and the launch."""

from outreach.web.console.making.audience import audience
from outreach.web.console.making.check import launch
from outreach.web.console.making.door import room
from outreach.web.console.making.letter import letter
from outreach.web.console.making.mails import mails
from outreach.web.console.making.naming import name
from outreach.web.console.making.schedule import schedule
from outreach.web.console.making.starting import new

__all__ = ["audience", "launch", "letter", "mails", "name", "new", "room", "schedule"]
