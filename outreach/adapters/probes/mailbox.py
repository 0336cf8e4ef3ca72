"""Logs in at the mailbox and opens its folders; nothing is read and nothing marked."""

from outreach.adapters.imap_session import ImapSession
from outreach.adapters.probes.certificates import ends_at
from outreach.domain.mail_health import LogIn
from outreach.ports.mailbox import Mailbox, MailboxTrouble

SECONDS = 10.0
"""How long to wait for each answer."""


def look_at_mailbox(mailbox: Mailbox, where: str) -> LogIn:
    """What comes of opening each folder. Never raises."""
    try:
        with mailbox.open() as session:
            folders = tuple(folder for folder, _ in session.folders())
            certificate = session.certificate if isinstance(session, ImapSession) else None
    except MailboxTrouble as trouble:
        return LogIn(where, trouble=str(trouble))
    return LogIn(where, certificate_ends=ends_at(certificate), folders=folders)
