"""Reads what organisations said of drafts, for a proof pack: whoever is not to be named is not."""

from collections.abc import Iterator, Sequence
from functools import reduce

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.signatures import Visibility, stricter
from outreach.rendering.proofs import FOR_ADDRESSEE, ProofFile, table_file
from outreach.store.families import shown_to
from outreach.store.membership import entry_of_member
from outreach.store.signing import counted_as
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
    found = session.execute(statement).all()
    bodies = {(said.call_id, said.organisation_id) for said, _ in found}
    shown_here = {pair for pair in bodies if _shown_to(session, *pair) in named}
    rows = []
    for said, name in found:
        shown = (said.call_id, said.organisation_id) in shown_here
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


def _shown_to(session: Session, call: int, body: int) -> Visibility:
    """Who may see that the organisation said something: of all wishes, the one by which fewest do.

    Those are what it asked for when it signed the earlier letter, and what each asked for who is counted as one
    with it, there or in the round. Of one that has signed nothing only the addressee learns.
    """
    member = session.get(RoundMember, (call, body))
    of_answers = select(RoundAnswer.signature_id).where(
        RoundAnswer.call_id == call,
        RoundAnswer.organisation_id == body,
        col(RoundAnswer.signature_id).is_not(None),
    )
    of_round = sa.and_(col(Signature.call_id) == call, col(Signature.organisation_id) == body)
    earlier = col(Signature.id) == (member.signature_id if member else None)
    given = session.exec(select(Signature).where(of_round | earlier | col(Signature.id).in_(of_answers))).all()
    wishes = [stricter(one.visibility, shown_to(session, counted_as(session, one))) for one in given]
    if member is not None and (member.signature_id or not wishes):
        wishes.append(entry_of_member(session, member).visibility)
    return reduce(stricter, wishes) if wishes else Visibility.ADDRESSEE
