"""Where an approval round stands: what each organisation has said, who is silent, and who cannot be asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.domain.replies import ReplyKind
from outreach.domain.rounds import Said, Standing, standing_of
from outreach.domain.signatures import Visibility
from outreach.store.membership import (
    entry_of_member,
    members_of,
    newest_answer,
    signature_of_member,
    why_not,
)
from outreach.store.tables import Call, Contact, Letter, Organisation, Reply, RoundAnswer, RoundMember, Signature

NOBODY_TO_ASK = "nobody to ask"


@dataclass(frozen=True, slots=True)
class MemberLine:
    """An organisation in a round, for staff.

    ``by`` is who gave the answer or noted it, ``version`` the draft it was about. ``not_asked`` is why no mail of
    the round goes to it, or "". ``visibility`` is who sees the name if it approves. ``number`` is the
    organisation's.
    """

    organisation: str
    standing: Standing
    comment: str
    version: int
    at: datetime | None
    by: str
    contact: str
    not_asked: str
    visibility: Visibility
    signature: int
    number: int = 0


def round_now(session: Session, call: Call) -> list[MemberLine]:
    """Every member of the round: by standing, then by name."""
    letter = session.get_one(Letter, call.letter_id)
    lines = [_line(session, call, letter, member, body) for member, body in members_of(session, call)]
    order = list(Standing)
    return sorted(lines, key=lambda line: order.index(line.standing))


def _line(session: Session, call: Call, letter: Letter, member: RoundMember, body: Organisation) -> MemberLine:
    last, signature = newest_answer(session, member), signature_of_member(session, member)
    contact = session.get(Contact, member.contact_id) if member.contact_id else None
    not_asked = why_not(session, contact, call) if contact else NOBODY_TO_ASK
    return MemberLine(
        organisation=body.name,
        standing=_standing(session, letter, member, last, signature, not_asked),
        comment=last.comment if last else "",
        version=last.letter_version if last else 0,
        at=last.at if last else None,
        by=last.by if last else "",
        contact=contact.address if contact else "",
        not_asked=not_asked,
        visibility=signature.visibility if signature else entry_of_member(session, member).visibility,
        signature=signature.id or 0 if signature else 0,
        number=member.organisation_id,
    )


def _standing(
    session: Session,
    letter: Letter,
    member: RoundMember,
    last: RoundAnswer | None,
    signature: Signature | None,
    not_asked: str,
) -> Standing:
    declines = select(Reply.id).where(
        Reply.call_id == member.call_id,
        Reply.kind == ReplyKind.DECLINES,
        col(Reply.contact_id) == member.contact_id if member.contact_id else col(Reply.id) == 0,
    )
    return standing_of(
        Said(last.answer, last.letter_version) if last else None,
        signature.state if signature else None,
        signature.letter_version if signature else 0,
        substance=letter.substance,
        declined_by_mail=session.exec(declines).first() is not None,
        can_be_asked=not not_asked,
    )


def counts_of(lines: Sequence[MemberLine]) -> dict[str, int]:
    """How many stand where, in the order of reading; nobody stands where there is no number."""
    found = Counter(line.standing for line in lines)
    return {standing.value: found[standing] for standing in Standing if found[standing]}


def as_data(lines: Sequence[MemberLine]) -> list[dict[str, Any]]:
    """The lines for programs."""
    return [asdict(line) for line in lines]
