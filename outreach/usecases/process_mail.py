"""A mail that was stored becomes a reply: matched to what it answers, understood, acted upon, all in one go."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.addresses import digest_or_nothing
from outreach.domain.kinds import MessageKind
from outreach.domain.names import clean_line, clean_text
from outreach.domain.replies import PROVEN, REPLIES, MatchedBy, ReplyKind
from outreach.domain.states import ReplyState
from outreach.domain.tokens import Purpose
from outreach.reading.authentication import is_authenticated
from outreach.reading.offices import from_an_office
from outreach.reading.ours import Tagged, is_ours, message_ids, quoted_messages, tagged_addresses
from outreach.reading.rules import Understood
from outreach.reading.understanding import UNREADABLE, Heard, may_be_answered
from outreach.store.doubts import accepted_after_all
from outreach.store.events import record
from outreach.store.inbound import Waiting, begin_processing
from outreach.store.matching import Match, guesses, match_message, match_office, match_sender
from outreach.store.offices import guess_offices
from outreach.store.tables import Contact, Message, Reply, ReplyGuess
from outreach.usecases.act_on_reply import act_on

BY = "mailbox"
LONGEST_TEXT = 20_000
LONGEST_ID = 400
LONGEST_RULE = 100
"""A rule may quote a word of the mail: which kind of complaint it is, for example."""
NEWS = (MessageKind.ALERT, MessageKind.DIGEST, MessageKind.ACCESS)
FAILURES = (ReplyKind.BOUNCE, ReplyKind.COMPLAINT)
OF_A_PREVIEW = 0
"""The id in the tokens of previews and tests, with which trying them out changes nothing."""
_PLAIN_ID = re.compile(r"<[!-;=?-~]{1,398}>")


def process_mail(session: Session, waiting: Waiting, heard: Heard, *, now: datetime, house: House) -> Reply | None:
    """The reply that the mail became; None when somebody else has processed it meanwhile."""
    if not begin_processing(session, waiting.id, now=now):
        return None
    mail = heard.mail
    tagged = tagged_addresses(mail.to, house)
    understood = _seen_by_its_address(heard, tagged, house)
    digest = digest_or_nothing(mail.sender.address, house.salt)
    match = match_message(session, _rungs(waiting, heard, tagged, understood, house))
    if match.by is MatchedBy.NOTHING and digest:
        match = _by_sender(session, digest, min(mail.date or waiting.arrived_at, waiting.arrived_at), house)
    if match.post_id is not None:
        understood = from_an_office(mail, understood)
    if match.message_id and match.by in PROVEN:
        accepted_after_all(session, session.get_one(Message, match.message_id), now)
    contact = session.get(Contact, match.contact_id) if match.contact_id else None
    reply = Reply(
        inbound_id=waiting.id,
        at=waiting.arrived_at,
        kind=understood.kind,
        first_kind=understood.kind,
        rule=clean_line(understood.rule, LONGEST_RULE),
        confidence=understood.confidence,
        matched_by=match.by,
        call_id=match.call_id,
        message_id=match.message_id,
        contact_id=match.contact_id,
        organisation_id=contact.organisation_id if contact else None,
        post_id=match.post_id,
        authenticated=is_authenticated(mail, house.settings.mailbox.authserv_id),
        sender_name=clean_line(mail.sender.name),
        sender_address=clean_line(mail.sender.address, LONGEST_ID),
        sender_digest=digest,
        subject=clean_line(mail.subject),
        mail_id=mail.message_id if _PLAIN_ID.fullmatch(mail.message_id) else "",
        new_text=clean_text(understood.new_text, LONGEST_TEXT),
        language=understood.language,
        until=understood.until,
        signer=_signer(understood),
        failure=_failure(understood),
    )
    session.add(reply)
    session.flush()
    if match.test or any(one.message_id == OF_A_PREVIEW for one in tagged):
        reply.state, reply.note = ReplyState.DONE, "It answers a test mail, so nothing follows from it."
    elif _answers_news_for_staff(session, reply):
        reply.state = ReplyState.DONE if REPLIES[reply.kind].automatic else ReplyState.WAITING
        reply.note = "It answers news for staff, so nothing follows from it."
    else:
        act_on(session, reply, now=now, house=house, by=BY, answerable=may_be_answered(mail))
    if heard.note:
        reply.note = f"{heard.note} {reply.note}".strip()
    if match.by is MatchedBy.NOTHING and not REPLIES[reply.kind].automatic:
        _guess(session, reply, match, house)
    record(
        session,
        at=now,
        by=BY,
        verb="take_in_reply",
        subject="reply",
        subject_id=reply.id,
        kind=reply.kind.value,
        rule=reply.rule,
        matched_by=reply.matched_by.value,
    )
    return reply


def _rungs(
    waiting: Waiting, heard: Heard, tagged: Sequence[Tagged], understood: Understood, house: House
) -> Iterator[tuple[MatchedBy, Sequence[int]]]:
    """Our messages that the mail shows it answers, the surest first; all its bytes are searched only at last."""
    yield MatchedBy.TOKEN, [one.message_id for one in tagged]
    yield MatchedBy.REFERENCE, message_ids(heard.mail.answers, house)
    yield MatchedBy.QUOTED, quoted_messages(waiting.content, understood.quoted_ids, house)


def _by_sender(session: Session, digest: str, written_at: datetime, house: House) -> Match:
    """Whose address it is: an office's before a contact's, since what an official writes is no contact's answer."""
    office = match_office(session, digest, written_at=written_at, salt=house.salt)
    return office or match_sender(session, digest, written_at=written_at)


def _answers_news_for_staff(session: Session, reply: Reply) -> bool:
    """A program that answers for one of our staff must not be what staff hear of next, and so on without end."""
    message = session.get(Message, reply.message_id) if reply.message_id else None
    return message is not None and message.kind in NEWS and reply.kind not in FAILURES


def set_aside(session: Session, waiting: Waiting, *, now: datetime) -> None:
    """Leave a mail that cannot be processed to a person; its bytes are kept."""
    if begin_processing(session, waiting.id, now=now):
        session.add(
            Reply(
                inbound_id=waiting.id,
                at=waiting.arrived_at,
                kind=ReplyKind.OTHER,
                first_kind=ReplyKind.OTHER,
                rule=UNREADABLE,
                confidence=0.0,
                note="It could not be processed: look at its source.",
            )
        )
        record(session, at=now, by=BY, verb="set_mail_aside", subject="inbound_mail", subject_id=waiting.id)


def _seen_by_its_address(heard: Heard, tagged: Sequence[Tagged], house: House) -> Understood:
    """What goes to the address of List-Unsubscribe opts out, whatever it says; our own mail is no reply."""
    understood = heard.understood
    if is_ours(heard.mail.message_id, house):
        return Understood(ReplyKind.AUTOMATIC_ANSWER, "our own mail", 1.0)
    opts_out = any(one.purpose is Purpose.UNSUBSCRIBE for one in tagged)
    if opts_out and understood.kind not in (ReplyKind.BOUNCE, ReplyKind.COMPLAINT):
        return Understood(ReplyKind.OPT_OUT, "unsubscribe address", 1.0, understood.new_text, understood.language)
    return understood


def _signer(understood: Understood) -> dict[str, str]:
    signer = understood.signer
    if signer is None:
        return {}
    said = {
        "name": signer.name,
        "title": signer.title,
        "organisation": signer.organisation,
        "country": signer.country,
    }
    return {field: clean_line(value) for field, value in said.items()}


def _failure(understood: Understood) -> dict[str, object]:
    """The first failure: each of our mails has one recipient."""
    if not understood.failures:
        return {}
    first = understood.failures[0]
    return {
        "recipients": [
            clean_line(address, LONGEST_ID) for one in understood.failures for address in one.recipients
        ][:20],
        "failed": clean_line(first.failed, LONGEST_ID),
        "status": clean_line(first.status, 20),
        "reason": first.reason.value,
        "diagnostic": clean_line(first.diagnostic, 500),
    }


def _guess(session: Session, reply: Reply, match: Match, house: House) -> None:
    offices = guess_offices(session, reply.sender_address, reply.sender_digest, house.salt)
    if offices:
        file_it = f"'outreach replies place {reply.id} --official POST' puts it on record."
        reply.note = " ".join(filter(None, [reply.note, *offices, file_it]))
    found = guesses(
        session,
        address=reply.sender_address,
        name=reply.sender_name,
        subject=reply.subject,
        contact_id=match.contact_id,
    )
    session.add_all(
        ReplyGuess(reply_id=reply.id or 0, rank=rank, call_id=one.call_id, contact_id=one.contact_id, why=one.why)
        for rank, one in enumerate(found, start=1)
    )
