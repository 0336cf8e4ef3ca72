"""Reads the letters to officials of all calls for the console: how far each has come, and what it waits for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from outreach.domain.correspondence import IN_CONFIDENCE, LetterKind, RoundKind
from outreach.domain.states import AddresseeState, CallState
from outreach.queries.letter_addressees import is_not_out
from outreach.store.editions import signer
from outreach.store.tables import Addressee, Call, Edition, Letter

SIGNED = (CallState.CLOSED, CallState.RELEASED)


class Waiting(StrEnum):
    """What a letter to officials waits for next."""

    SIGNING = "signing"
    """Signing has not ended."""
    SIGN_OFF = "sign-off"
    AUTHORISE = "authorise"
    """A second person's consent."""
    DELIVER = "deliver"
    OFFICES = "offices"
    """It has gone to all: the next step is the offices'."""
    NOTHING = "nothing"


class Which(StrEnum):
    """Which letters are listed."""

    TO_AUTHORISE = "to-authorise"
    TO_DELIVER = "to-deliver"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ListedLetter:
    """A letter to officials.

    ``to_go`` has not been released to so many, ``overdue`` are those whose office is late. ``edition`` is the
    newest, 0 for none; ``signed_off_by`` the last person who signed one off.
    """

    id: int
    slug: str
    title: str
    kind: LetterKind
    state: CallState
    in_confidence: bool
    officials: int
    to_go: int
    released: int
    answered: int
    overdue: int
    edition: int
    signed_off_by: str
    signed_off_at: datetime | None
    waiting: Waiting


def _is_not_out() -> sa.Exists:
    return sa.exists().where(col(Addressee.letter_id) == col(Letter.id), is_not_out())


def _newest_is(*conditions: Any) -> sa.Exists:
    """That the letter's newest edition meets the conditions."""
    every = aliased(Edition)
    newest = sa.select(sa.func.max(col(every.number))).where(col(every.letter_id) == col(Letter.id))
    return sa.exists().where(
        col(Edition.letter_id) == col(Letter.id), col(Edition.number) == newest.scalar_subquery(), *conditions
    )


def waits_for_consent(by: str) -> sa.ColumnElement[bool]:
    """Letters that wait for a second person before they go to officials, unless ``by`` signed them off."""
    by_another = sa.func.lower(sa.func.coalesce(signer(col(Letter.id)), "")) != by.strip().lower()
    return sa.and_(
        by_another,
        col(Letter.authorised_version) != col(Letter.version),
        _is_not_out(),
        _newest_is(col(Edition.letter_version) == col(Letter.version)),
    )


def _can_go(*, second_person: bool) -> sa.ColumnElement[bool]:
    """Letters that wait for nobody before they go to those to whom they have not gone."""
    signed_off = _newest_is(
        col(Edition.letter_version) >= col(Letter.substance),
        col(Edition.deadline_revision) >= col(Call.deadline_revision),
    )
    consented = col(Letter.authorised_version) == col(Letter.version) if second_person else sa.true()
    return sa.and_(col(Call.state).in_(SIGNED), _is_not_out(), signed_off, consented)


def listed_letters(
    session: Session,
    calls: Collection[int] | None,
    which: Which,
    *,
    by: str,
    today: date,
    second_person: bool,
    before: int = 0,
    limit: int = 50,
) -> list[ListedLetter]:
    """The newest letters to officials of these calls (None: of all), before number ``before``.

    Those to authorise are those that ``by`` may authorise: somebody else signed them off.
    """
    rounds = aliased(Call)
    first = sa.select(sa.func.min(col(rounds.id))).where(col(rounds.letter_id) == col(Letter.id)).scalar_subquery()
    statement = (
        sa.select(Letter, Call, signer(col(Letter.id)))
        .join(Call, col(Call.letter_id) == col(Letter.id))
        .where(sa.exists().where(col(Addressee.letter_id) == col(Letter.id)), col(Call.id) == first)
        .order_by(col(Letter.id).desc())
        .limit(limit)
    )
    if calls is not None:
        statement = statement.where(col(Call.id).in_(calls))
    if before:
        statement = statement.where(col(Letter.id) < before)
    if which is Which.TO_AUTHORISE:
        statement = statement.where(waits_for_consent(by) if second_person else sa.false())
    elif which is Which.TO_DELIVER:
        statement = statement.where(_can_go(second_person=second_person))
    found = session.execute(statement).all()
    numbers = [letter.id or 0 for letter, _, _ in found]
    counts, editions = _counts(session, numbers, today), _newest(session, numbers)
    return [
        _line(letter, call, counts[letter.id or 0], editions.get(letter.id or 0), who, second_person=second_person)
        for letter, call, who in found
    ]


def _counts(session: Session, letters: Collection[int], today: date) -> dict[int, Any]:
    """Of each letter: to how many officials, of them not released, answered, overdue."""

    def those(condition: Any) -> Any:
        return sa.func.count(sa.case((condition, 1)))

    rows = session.execute(
        sa.select(
            col(Addressee.letter_id),
            sa.func.count().label("officials"),
            those(is_not_out()).label("to_go"),
            those(col(Addressee.released_at).is_not(None)).label("released"),
            those(col(Addressee.state) == AddresseeState.ANSWERED).label("answered"),
            those(col(Addressee.due_on) < today).label("overdue"),
            those(col(Addressee.state).in_((AddresseeState.ANSWERED, AddresseeState.CLOSED))).label("over"),
        )
        .where(col(Addressee.letter_id).in_(letters))
        .group_by(col(Addressee.letter_id))
    )
    return {row[0]: row for row in rows}


def _newest(session: Session, letters: Collection[int]) -> dict[int, Edition]:
    found: Iterable[Edition] = session.exec(
        select(Edition).where(col(Edition.letter_id).in_(letters)).order_by(col(Edition.number))
    )
    return {edition.letter_id: edition for edition in found}


def _line(
    letter: Letter,
    call: Call,
    count: Any,
    edition: Edition | None,
    signed_off_by: str | None,
    *,
    second_person: bool,
) -> ListedLetter:
    confidential = letter.kind in IN_CONFIDENCE or call.round is RoundKind.APPROVAL
    return ListedLetter(
        id=letter.id or 0,
        slug=call.slug,
        title=call.title,
        kind=letter.kind,
        state=call.state,
        in_confidence=confidential and call.state is not CallState.RELEASED,
        officials=count.officials,
        to_go=count.to_go,
        released=count.released,
        answered=count.answered,
        overdue=count.overdue,
        edition=edition.number if edition else 0,
        signed_off_by=signed_off_by or (edition.by if edition else ""),
        signed_off_at=edition.at if edition else None,
        waiting=_waiting(letter, call, count, edition, second_person=second_person),
    )


def _waiting(letter: Letter, call: Call, count: Any, edition: Edition | None, *, second_person: bool) -> Waiting:
    if not count.to_go:
        return Waiting.NOTHING if count.over == count.officials else Waiting.OFFICES
    if call.state not in SIGNED:
        return Waiting.SIGNING
    if (
        edition is None
        or edition.letter_version < letter.substance
        or edition.deadline_revision < call.deadline_revision
    ):
        return Waiting.SIGN_OFF
    if second_person and letter.authorised_version != letter.version:
        return Waiting.AUTHORISE if edition.letter_version == letter.version else Waiting.SIGN_OFF
    return Waiting.DELIVER
