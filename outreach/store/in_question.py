"""Of whom something is known that may keep a call's mail from them: few, beside a long list.

Whether it does is told by ``store.wanted`` and ``store.audiences``, at some microseconds a contact. Of everybody
else that need not be asked: a million are counted in a fraction of a second.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from outreach.store.tables import Affiliation, CallExclusion, Contact, Reply, Signature, Suppression


def in_question(call_id: Any) -> sa.CompoundSelect[Any]:
    """The ids of those who are suppressed or excluded, or who, or whose organisation, signed or replied.

    Whoever is not among them is left out of no mailing to the public, but for want of a basis. It says nothing of
    an approval round, which asks organisations.
    """
    person = aliased(Contact)
    suppressed = sa.select(col(Suppression.address_digest)).where(col(Suppression.scope).in_((0, call_id)))
    excluded = sa.select(col(CallExclusion.address_digest)).where(col(CallExclusion.call_id) == call_id)
    return sa.union(
        # As lists, not as joins: a database without statistics would go through all contacts for them.
        *(sa.select(col(person.id)).where(col(person.address_digest).in_(one)) for one in (suppressed, excluded)),
        *(part for said in (Signature, Reply) for part in _by(said, call_id)),
    )


def _by(said: type[Signature] | type[Reply], call_id: Any) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Who said something, and all who speak for the organisation that did."""
    colleague = aliased(Affiliation)
    themselves = sa.select(col(said.contact_id)).where(
        col(said.call_id) == call_id, col(said.contact_id).is_not(None)
    )
    theirs = sa.select(col(colleague.contact_id)).join(
        said, col(said.organisation_id) == col(colleague.organisation_id)
    )
    return themselves, theirs.where(col(said.call_id) == call_id)
