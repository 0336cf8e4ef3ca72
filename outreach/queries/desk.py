"""The desk before release: what a person should look at before the list is signed off."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from outreach.domain.desk.doubts import doubts
from outreach.domain.desk.likeness import Likeness, alike
from outreach.domain.desk.name_forms import Named
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import SignatureState
from outreach.store.entries import entry_of, line_of
from outreach.store.signing import speaks_for
from outreach.store.tables import Call, Contact, Distinction, Signature

ON_THE_DESK = (SignatureState.CONFIRMED, SignatureState.LATE, SignatureState.PENDING, SignatureState.PROPOSED)
CLAIMED = "the mailbox is not known to be theirs"


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One signature on the desk: what is printed, who stands behind it, and what is doubtful about it."""

    id: int
    state: str
    kind: str
    visibility: str
    line: str
    signer: str
    address: str
    origin: str
    submitted_at: datetime
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskPair:
    """Two signatures side by side, and why they may be one; ``score`` is from 0 to 100."""

    first: DeskLine
    second: DeskLine
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class DeskPage:
    """Everything that waits for a decision.

    ``undecided`` are proposed, late or waiting for their mailbox; ``doubtful`` have a name or a mailbox at which a
    person should look; ``pairs`` may be one and the same; ``chapters`` look like a body and its branch, which are
    two unless somebody knows better; ``merged`` were merged, by hand or because an organisation signed twice.
    """

    undecided: tuple[DeskLine, ...]
    doubtful: tuple[DeskLine, ...]
    pairs: tuple[DeskPair, ...]
    chapters: tuple[DeskPair, ...]
    merged: tuple[DeskPair, ...]


def desk(session: Session, call: Call) -> DeskPage:
    """The desk of a call, the oldest first; pairs by how much they tell."""
    rows = _rows(session, call)
    lines = {signature.id or 0: _line(session, signature, contact) for signature, contact in rows}
    counting = [(one, contact) for one, contact in rows if one.state is not SignatureState.MERGED]
    pairs = _pairs(session, counting, lines)
    return DeskPage(
        undecided=tuple(
            lines[one.id or 0]
            for one, _ in counting
            if one.state in (SignatureState.LATE, SignatureState.PENDING, SignatureState.PROPOSED)
        ),
        doubtful=tuple(lines[one.id or 0] for one, _ in counting if lines[one.id or 0].doubts),
        pairs=tuple(pair for pair in pairs if pair.why != Likeness.CHAPTER),
        chapters=tuple(pair for pair in pairs if pair.why == Likeness.CHAPTER),
        merged=tuple(
            DeskPair(lines[one.merged_into_id], lines[one.id or 0], "merged", 100.0)
            for one, _ in rows
            if one.state is SignatureState.MERGED and one.merged_into_id in lines
        ),
    )


def _rows(session: Session, call: Call) -> list[tuple[Signature, Contact | None]]:
    statement = (
        select(Signature, Contact)
        .outerjoin(Contact, col(Contact.id) == col(Signature.contact_id))
        .where(
            Signature.letter_id == call.letter_id,
            col(Signature.state).in_((*ON_THE_DESK, SignatureState.MERGED)),
        )
        .order_by(col(Signature.id))
    )
    return [(signature, contact) for signature, contact in session.exec(statement)]


def _line(session: Session, signature: Signature, contact: Contact | None) -> DeskLine:
    return DeskLine(
        id=signature.id or 0,
        state=signature.state.value,
        kind=signature.kind.value,
        visibility=signature.visibility.value,
        line=line_of(signature),
        signer=signature.signer_name,
        address=contact.address if contact else "",
        origin=signature.origin.value,
        submitted_at=signature.submitted_at,
        doubts=() if signature.checked_at else tuple(_doubts(session, signature, contact)),
    )


def _doubts(session: Session, signature: Signature, contact: Contact | None) -> list[str]:
    """What its name and its mailbox leave open; nothing once somebody has looked."""
    found = [doubt.reason.value for doubt in doubts(entry_of(signature), contact.address if contact else "")]
    of_an_organisation = signature.kind is SignatureKind.ORGANISATION and signature.organisation_id is not None
    stranger = of_an_organisation and contact is not None and not signature.invited
    if stranger and not speaks_for(session, signature.contact_id, signature.organisation_id):
        found.append(CLAIMED)
    return found


def _pairs(
    session: Session, rows: list[tuple[Signature, Contact | None]], lines: dict[int, DeskLine]
) -> list[DeskPair]:
    told_apart = {
        (first, second) for first, second in session.exec(select(Distinction.first_id, Distinction.second_id))
    }
    by_kind = {kind: [row for row in rows if row[0].kind is kind] for kind in SignatureKind}
    found = []
    for of_a_kind in by_kind.values():
        for pair in alike([_named(signature, contact) for signature, contact in of_a_kind]):
            first, second = sorted((pair.first, pair.second))
            if (first, second) not in told_apart:
                found.append(DeskPair(lines[first], lines[second], pair.why.value, pair.score))
    return found


def _named(signature: Signature, contact: Contact | None) -> Named:
    return Named(
        signature.id or 0,
        signature.name,
        signature.acronym,
        signature.country,
        signature.website,
        contact.domain if contact else "",
    )
