"""Letters of calls in SQL: what somebody may see who has a role for some calls only."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from outreach.store.tables import Addressee, Call


def letter_of_calls(letter_id: Any, calls: Collection[int] | None) -> sa.ColumnElement[bool]:
    """The letter of that number collects its signatures in one of the calls; None: in any there is."""
    if calls is None:
        return sa.true()
    found: sa.ColumnElement[bool] = letter_id.in_(sa.select(col(Call.letter_id)).where(col(Call.id).in_(calls)))
    return found


def addressed_in(addressee_id: Any, calls: Collection[int] | None) -> sa.ColumnElement[bool]:
    """That letter to an official is one of the calls'; None: whatever it is, even if nobody knows."""
    if calls is None:
        return sa.true()
    theirs = sa.select(col(Addressee.id)).where(letter_of_calls(Addressee.letter_id, calls))
    found: sa.ColumnElement[bool] = addressee_id.in_(theirs)
    return found


def written_to(post_id: Any, calls: Collection[int] | None) -> sa.ColumnElement[bool]:
    """A letter of the calls is addressed to that post; None: whether one is or not."""
    if calls is None:
        return sa.true()
    return sa.exists().where(col(Addressee.post_id) == post_id, letter_of_calls(Addressee.letter_id, calls))
