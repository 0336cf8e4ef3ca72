"""Staff hear of what matters without looking: at once, or in a digest at a chosen hour. No names stand in it."""

from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.bounces import DEAD, BounceReason
from outreach.domain.deadlines import WallClock
from outreach.domain.kinds import MessageKind
from outreach.domain.log_chain import anchor
from outreach.domain.replies import OFFICIALS, ReplyKind
from outreach.domain.states import MessageState, ReplyState
from outreach.domain.zones import local_time
from outreach.store.accounts import resting
from outreach.store.digests import begin_digest
from outreach.store.sealing import read_head
from outreach.store.tables import Bounce, Message, Reply
from outreach.usecases.queue_house_message import queue_house_message, recipient_of

LOOKS_BACK = timedelta(days=7)
TOLD_AT_ONCE, TOLD_WITHIN = 10, timedelta(hours=1)
"""Of more than so many in that time staff hear with the digest."""
DOUBTFUL = (MessageState.FAILED, MessageState.UNKNOWN, MessageState.HELD)


def tell_staff(session: Session, what: str, command: str, *, about: str, now: datetime, house: House) -> int:
    """Queue an alert to each member of staff; how many.

    ``what`` is a sentence without names, ``command`` shows more. ``about`` names the occasion: of each occasion
    staff hear once.
    """
    queued = 0
    for address in _staff(house):
        to = recipient_of(session, address, house)
        queued += queue_house_message(
            session,
            MessageKind.ALERT,
            to,
            {"alert": {"what": what, "command": command}},
            occurrence=f"alert:{about}:{to.digest}",
            now=now,
            house=house,
        )
    return queued


def tell_of_reply(
    session: Session,
    reply: Reply,
    kinds: tuple[ReplyKind, ...],
    what: str,
    occasion: str,
    *,
    now: datetime,
    house: House,
) -> None:
    """Tell staff at once, or with the digest where so many came lately that somebody else makes us write mails."""
    lately = select(Reply.at).where(col(Reply.kind).in_(kinds), Reply.id != reply.id).order_by(col(Reply.id).desc())
    tenth = session.exec(lately.offset(TOLD_AT_ONCE - 1).limit(1)).first()
    if tenth is None or tenth < now - TOLD_WITHIN:
        command = f"outreach replies show {reply.id}"
        tell_staff(session, what, command, about=f"{occasion}:{reply.id}", now=now, house=house)


def alert_of_rest(session: Session, *, now: datetime, house: House) -> int:
    """Tell staff when no mail leaves because the account was refused; how many.

    It goes by the same account, so it leaves as soon as that account is let in again.
    """
    rests = resting(session, now)
    if rests is None or rests.since is None:
        return 0
    what = "No mail leaves: the mail server refused our account."
    about = f"rest:{rests.since.isoformat()}"
    return tell_staff(session, what, "outreach outbox show", about=about, now=now, house=house)


def queue_digest(session: Session, *, now: datetime, house: House) -> int:
    """Queue today's digest to each member of staff if its hour has come and there is something to say; how many.

    What comes later in a day without one is said in the next: at its hour, and not whenever something happens.
    """
    moment = digest_moment(now, house)
    if moment is None or now < moment or not _staff(house):
        return 0
    last = begin_digest(session, moment, now=now)
    if last is None:
        return 0
    day = local_time(moment, house.time_zone).date().isoformat()
    said = _counts(session, since=last if last > now - LOOKS_BACK else now - timedelta(days=1))
    if not any(said.values()):
        return 0
    words = {name: f"{count:,}" if count or name == "waiting" else "" for name, count in said.items()}
    words["log"] = anchor(*read_head(session))
    queued = 0
    for address in _staff(house):
        to = recipient_of(session, address, house)
        queued += queue_house_message(
            session,
            MessageKind.DIGEST,
            to,
            {"digest": words},
            occurrence=f"digest:{day}:{to.digest}",
            now=now,
            house=house,
        )
    return queued


def digest_moment(now: datetime, house: House) -> datetime | None:
    """When the digest of today goes, by the workspace's clock; None if there is none."""
    at = house.settings.staff.digest_at
    if not at:
        return None
    today = local_time(now, house.time_zone).date()
    return WallClock(datetime.combine(today, time.fromisoformat(at)), house.time_zone).instant()


def _staff(house: House) -> list[str]:
    return [one for one in house.settings.staff.addresses.split(", ") if one]


def _counts(session: Session, *, since: datetime) -> dict[str, int]:
    waits = [col(Reply.state) == ReplyState.WAITING]
    lately = [col(Reply.at) > since]
    bounced = [col(Bounce.at) > since]
    return {
        "waiting": _count(session, Reply, *waits),
        "signs": _count(session, Reply, *waits, col(Reply.kind) == ReplyKind.SIGNS),
        "questions": _count(session, Reply, *waits, col(Reply.kind) == ReplyKind.QUESTION),
        "officials": _count(session, Reply, *waits, col(Reply.kind).in_(OFFICIALS)),
        "unplaced": _count(session, Reply, *waits, col(Reply.call_id).is_(None), col(Reply.post_id).is_(None)),
        "opt_outs": _count(session, Reply, *lately, col(Reply.kind) == ReplyKind.OPT_OUT),
        "declined": _count(session, Reply, *lately, col(Reply.kind) == ReplyKind.DECLINES),
        "complaints": _count(session, Reply, *lately, col(Reply.kind) == ReplyKind.COMPLAINT),
        "dead": _count(session, Bounce, *bounced, col(Bounce.reason).in_(DEAD)),
        "refused": _count(session, Bounce, *bounced, col(Bounce.reason) == BounceReason.POLICY),
        "doubtful": _count(session, Message, col(Message.state).in_(DOUBTFUL), col(Message.settled_at) > since),
    }


def _count(session: Session, table: type[Any], *where: sa.ColumnElement[bool]) -> int:
    return int(session.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())
