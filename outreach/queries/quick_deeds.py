"""Whether a deed on a call is done at once, or takes longer than a page may and is the worker's."""

from sqlmodel import Session

from outreach.queries.draft_figures import AT_ONCE, is_quickly_counted
from outreach.store.tables import Call
from outreach.store.tallies import tallied


def has_few_mails(session: Session, call: Call) -> bool:
    """Whether what touches every mail of the call, or writes to everybody who got one, touches few."""
    return sum(one.messages for one in tallied(session, [call.id or 0])) <= AT_ONCE


def reaches_few(session: Session, call: Call) -> bool:
    """The same for what may also invite anybody whom the audience chooses by now."""
    return is_quickly_counted(session) and has_few_mails(session, call)
