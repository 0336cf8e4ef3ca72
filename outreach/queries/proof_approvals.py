"""Reads what organisations said of drafts, for a proof pack: whoever is not to be named is not."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.signatures import Visibility
from outreach.rendering.proofs import FOR_ADDRESSEE, ProofFile, table_file
from outreach.store.tables import Call, Organisation, RoundAnswer, RoundMember, Signature

NOT_NAMED = "(not named)"


def approvals(session: Session, calls: Sequence[Call]) -> Iterator[ProofFile]:
    """What was said in these rounds: of whom the public may see, and, marked, of whom the addressee may see too."""
    yield _approvals(session, calls, "approvals.csv", (Visibility.PUBLIC,))
    both = (Visibility.PUBLIC, Visibility.ADDRESSEE)
    yield _approvals(session, calls, f"{FOR_ADDRESSEE}/approvals.csv", both)


def _approvals(session: Session, calls: Sequence[Call], path: str, named: Sequence[Visibility]) -> ProofFile:
    """What organisations said of the drafts. Of one that is not to be named only its answer is told."""
    header = ("call", "organisation", "version", "answer", "comment", "by", "at")
    slugs = {call.id or 0: call.slug for call in calls}
    statement = (
        sa.select(RoundAnswer, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(RoundAnswer.organisation_id))
        .where(col(RoundAnswer.call_id).in_(slugs))
        .order_by(col(RoundAnswer.id))
    )
    hidden = _hidden(session, list(slugs), named)
    rows = []
    for said, name in session.execute(statement):
        shown = (said.call_id, said.organisation_id) not in hidden
        rows.append(
            (
                slugs[said.call_id],
                name if shown else NOT_NAMED,
                said.letter_version,
                said.answer.value,
                said.comment if shown else "",
                said.by if shown else "",
                said.at,
            )
        )
    what = "what organisations said of the drafts that they were asked to approve"
    if Visibility.ADDRESSEE in named:
        what += ", with those whom only the addressee may see"
    return table_file(path, what, header, rows)


def _hidden(session: Session, calls: Sequence[int], named: Sequence[Visibility]) -> set[tuple[int, int]]:
    """The organisations of which any signature, the earlier or the round's, is not to be named so."""
    of_member = (
        sa.select(col(RoundMember.call_id), col(RoundMember.organisation_id))
        .join(Signature, col(Signature.id) == col(RoundMember.signature_id))
        .where(col(RoundMember.call_id).in_(calls), col(Signature.visibility).not_in(named))
    )
    of_answer = (
        sa.select(col(RoundAnswer.call_id), col(RoundAnswer.organisation_id))
        .join(Signature, col(Signature.id) == col(RoundAnswer.signature_id))
        .where(col(RoundAnswer.call_id).in_(calls), col(Signature.visibility).not_in(named))
    )
    of_round = sa.select(col(Signature.call_id), col(Signature.organisation_id)).where(
        col(Signature.call_id).in_(calls),
        col(Signature.organisation_id).is_not(None),
        col(Signature.visibility).not_in(named),
    )
    return {(call, body) for call, body in session.execute(sa.union(of_member, of_answer, of_round))}
