"""Reads replies: what waits for a person, what was done, and all that is known of one."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.errors import Refusal
from outreach.domain.replies import MatchedBy, ReplyKind
from outreach.domain.row_numbers import LARGEST_NUMBER
from outreach.domain.states import ReplyState
from outreach.store.inbound import content_of
from outreach.store.tables import (
    Call,
    Contact,
    EffectKind,
    Organisation,
    Post,
    Reply,
    ReplyEffect,
    ReplyGuess,
    Signature,
    SuppressionReason,
)


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One reply: from whom, about which call, what it was taken for, how surely, and whether it waits.

    ``official`` is the post that it comes from; then it is of no call.
    """

    id: int
    at: datetime
    kind: str
    rule: str
    confidence: float
    state: str
    channel: str
    sender: str
    call: str
    contact: str
    organisation: str
    matched_by: str
    text: str
    note: str
    official: str = ""


@dataclass(frozen=True, slots=True)
class GuessLine:
    """One guess at what an unplaced reply may answer."""

    rank: int
    call: str
    contact: str
    why: str


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """All that is known of one reply. ``effects`` are sentences; ``failure`` and ``signer`` as they were read.

    What has its place has no ``guesses``.
    """

    line: ReplyLine
    subject: str
    first_kind: str
    until: date | None
    language: str
    authenticated: bool
    handled_by: str
    failure: dict[str, Any]
    signer: dict[str, Any]
    guesses: tuple[GuessLine, ...]
    effects: tuple[str, ...]


def find_reply(session: Session, number: int) -> Reply:
    """The reply of that number. Raises Refusal if there is none.

    In a transaction that writes, nobody else changes it until it ends.
    """
    statement = select(Reply).where(Reply.id == number if number <= LARGEST_NUMBER else sa.false())
    if session.connection().get_execution_options().get("outreach_writes"):
        statement = statement.with_for_update().execution_options(populate_existing=True)
    reply = session.exec(statement).first()
    if reply is None:
        raise Refusal(f"There is no reply {number}; 'outreach replies list --all' shows them.")
    return reply


def lines(
    session: Session,
    *,
    call: str = "",
    state: ReplyState | None = ReplyState.WAITING,
    kind: ReplyKind | None = None,
    limit: int = 50,
) -> list[ReplyLine]:
    """The replies that meet all that is given: what waits with the oldest first, what is done with the newest."""
    order = col(Reply.id) if state is ReplyState.WAITING else col(Reply.id).desc()
    statement = _whole().order_by(order).limit(limit)
    if call:
        statement = statement.where(col(Call.slug) == call)
    if state is not None:
        statement = statement.where(col(Reply.state) == state)
    if kind is not None:
        statement = statement.where(col(Reply.kind) == kind)
    return [_line(*row) for row in session.execute(statement)]


def count_waiting(session: Session, call: Call | None = None) -> int:
    """How many replies wait for a person, of one call or of all."""
    statement = sa.select(sa.func.count()).select_from(Reply).where(col(Reply.state) == ReplyState.WAITING)
    if call is not None:
        statement = statement.where(col(Reply.call_id) == call.id)
    return int(session.execute(statement).scalar_one())


def _whole() -> Any:
    return (
        sa.select(Reply, col(Call.slug), col(Contact.address), col(Organisation.name), col(Post.slug))
        .outerjoin(Call, col(Call.id) == col(Reply.call_id))
        .outerjoin(Contact, col(Contact.id) == col(Reply.contact_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Reply.organisation_id))
        .outerjoin(Post, col(Post.id) == col(Reply.post_id))
    )


def _line(
    reply: Reply, slug: str | None, address: str | None, organisation: str | None, post: str | None
) -> ReplyLine:
    return ReplyLine(
        id=reply.id or 0,
        at=reply.at,
        kind=reply.kind.value,
        rule=reply.rule,
        confidence=reply.confidence,
        state=reply.state.value,
        channel=reply.channel.value,
        sender=reply.sender_address or reply.sender_name,
        call=slug or "",
        contact=address or "",
        organisation=organisation or "",
        matched_by=reply.matched_by.value,
        text=reply.new_text,
        note=reply.note,
        official=post or "",
    )


def reply_page(session: Session, reply: Reply) -> ReplyPage:
    """All that is known of the reply."""
    (row,) = session.execute(_whole().where(col(Reply.id) == reply.id)).all()
    return ReplyPage(
        line=_line(*row),
        subject=reply.subject,
        first_kind=reply.first_kind.value,
        until=reply.until,
        language=reply.language,
        authenticated=reply.authenticated,
        handled_by=reply.handled_by,
        failure=reply.failure,
        signer=reply.signer,
        guesses=tuple(guess_lines(session, reply)) if reply.matched_by is MatchedBy.NOTHING else (),
        effects=tuple(_effects(session, reply)),
    )


def guess_lines(session: Session, reply: Reply) -> list[GuessLine]:
    """The guesses at what it may answer, the likeliest first."""
    statement = (
        sa.select(col(ReplyGuess.rank), col(Call.slug), col(Contact.address), col(ReplyGuess.why))
        .join(Call, col(Call.id) == col(ReplyGuess.call_id))
        .outerjoin(Contact, col(Contact.id) == col(ReplyGuess.contact_id))
        .where(col(ReplyGuess.reply_id) == reply.id)
        .order_by(col(ReplyGuess.rank))
    )
    return [GuessLine(rank, slug, address or "", why) for rank, slug, address, why in session.execute(statement)]


def _effects(session: Session, reply: Reply) -> list[str]:
    statement = (
        sa.select(ReplyEffect, Signature)
        .outerjoin(Signature, col(Signature.id) == col(ReplyEffect.signature_id))
        .where(col(ReplyEffect.reply_id) == reply.id)
        .order_by(col(ReplyEffect.id))
    )
    return [_effect(effect, signature) for effect, signature in session.execute(statement)]


def _effect(effect: ReplyEffect, signature: Signature | None) -> str:
    undone = " (undone)" if effect.undone_at else ""
    if effect.effect is EffectKind.PROPOSED:
        if signature is None:
            return f"a signature was proposed{undone}"
        return f"signature {signature.id}, {signature.state.value}: {signature.name}{undone}"
    stopped = "no mailing" if effect.reason == SuppressionReason.OPT_OUT else "no mail at all"
    reach = "" if effect.scope == 0 else " of this call"
    return f"{stopped}{reach} goes there any more ({effect.reason}){undone}"


def source_of(session: Session, reply: Reply) -> bytes:
    """The mail's bytes as they arrived. Raises Refusal for a reply that did not come by mail."""
    if reply.inbound_id is None:
        raise Refusal(f"Reply {reply.id} came by {reply.channel.value}; there is no mail to show.")
    return content_of(session, reply.inbound_id)


def as_data(rows: list[ReplyLine]) -> list[dict[str, Any]]:
    """The rows for --json."""
    return [asdict(row) for row in rows]
