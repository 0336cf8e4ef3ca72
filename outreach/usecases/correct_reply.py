"""A person says what a reply really is; what was done because of the mistake is undone."""

from datetime import date, datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import InvalidInput
from outreach.domain.replies import OFFICIALS, ReplyKind
from outreach.store.events import record
from outreach.store.tables import Reply
from outreach.usecases.act_on_reply import act_on, is_answerable, undo_effects, unsay_opt_out
from outreach.usecases.answer_from_mail import take_back_answer


def correct_reply(
    session: Session,
    reply: Reply,
    kind: ReplyKind,
    *,
    now: datetime,
    house: House,
    by: str,
    until: date | None = None,
) -> Reply:
    """The reply under its right kind. ``until``: the last day of an absence. InvalidInput: the kind has none."""
    if until is not None and kind is not ReplyKind.OUT_OF_OFFICE:
        raise InvalidInput(f"Only an out-of-office has a last day, not {kind.value}.")
    undo_effects(session, reply, now=now)
    before, reply.kind = reply.kind, kind
    if kind not in OFFICIALS:
        take_back_answer(session, reply, now=now, by=by, house=house)
    if before is not kind:
        unsay_opt_out(session, reply, now=now)
    reply.rule, reply.confidence = f"corrected by {by}", 1.0
    reply.until = until if until is not None else (reply.until if kind is ReplyKind.OUT_OF_OFFICE else None)
    answerable = is_answerable(session, reply)
    act_on(session, reply, now=now, house=house, by=by, answerable=answerable)
    record(
        session,
        at=now,
        by=by,
        verb="correct_reply",
        subject="reply",
        subject_id=reply.id,
        before=before.value,
        after=kind.value,
    )
    return reply
