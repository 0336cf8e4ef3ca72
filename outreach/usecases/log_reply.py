"""A member of staff logs what came by telephone, by post or in a meeting: it counts as a mail would."""

from datetime import date, datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_text
from outreach.domain.replies import REPLIES, Channel, MatchedBy, ReplyKind
from outreach.domain.states import ReplyState
from outreach.store.events import record
from outreach.store.tables import Call, Contact, Reply
from outreach.usecases.act_on_reply import act_on
from outreach.usecases.process_mail import LONGEST_TEXT


def log_reply(
    session: Session,
    call: Call,
    contact: Contact,
    channel: Channel,
    kind: ReplyKind,
    text: str,
    *,
    at: datetime,
    now: datetime,
    house: House,
    by: str,
    until: date | None = None,
) -> Reply:
    """The new reply, acted upon. ``at`` is when it happened, ``text`` what was said.

    Raises InvalidInput for what cannot have come that way: what only machines write, a mail, no words at all, a
    time that is yet to come, the last day of what is no absence.
    """
    said = clean_text(text, LONGEST_TEXT)
    if REPLIES[kind].automatic and kind is not ReplyKind.OUT_OF_OFFICE:
        raise InvalidInput(f"{kind.value} is what machines write; it cannot be logged.")
    if channel is Channel.MAIL:
        raise InvalidInput("What comes by mail is read from the mailbox, with its bytes as evidence.")
    if until is not None and kind is not ReplyKind.OUT_OF_OFFICE:
        raise InvalidInput(f"Only an out-of-office has a last day, not {kind.value}.")
    if at > now:
        raise InvalidInput(f"{at:%Y-%m-%d %H:%M} UTC is yet to come.")
    if not said:
        raise InvalidInput("Write what was said: it is the only evidence that there is.")
    reply = Reply(
        channel=channel,
        at=at,
        kind=kind,
        first_kind=kind,
        rule=f"logged by {by}",
        state=ReplyState.WAITING,
        matched_by=MatchedBy.PERSON,
        call_id=call.id,
        contact_id=contact.id,
        organisation_id=contact.organisation_id,
        sender_name=contact.name,
        new_text=said,
        language=contact.language,
        until=until,
    )
    session.add(reply)
    session.flush()
    act_on(session, reply, now=now, house=house, by=by, answerable=False)
    record(
        session,
        at=now,
        by=by,
        verb="log_reply",
        subject="reply",
        subject_id=reply.id,
        channel=channel.value,
        kind=kind.value,
    )
    return reply
