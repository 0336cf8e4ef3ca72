"""The room of what comes back: the inbox, one reply, what is done about it, and what came by other ways."""

from outreach.web.console.replies.answering import answer
from outreach.web.console.replies.door import room
from outreach.web.console.replies.evidence import mail
from outreach.web.console.replies.listing import inbox
from outreach.web.console.replies.logging import log
from outreach.web.console.replies.showing import reply
from outreach.web.console.replies.sorting import finish

__all__ = ["answer", "finish", "inbox", "log", "mail", "reply", "room"]
