"""A letter to an ambassador and her answer: factories for tests, where only what matters to a test is named."""

from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from outreach.domain.states import AddresseeState
from outreach.store.tables import Addressee, Answer, Edition, Post
from tests.make import NOON

LEFT = datetime(2027, 5, 17, 9, tzinfo=UTC)
WROTE, CAME = date(2027, 6, 20), date(2027, 6, 22)


def addressee(
    session: Session, letter_id: int, post: Post, edition: Edition | None = None, **more: Any
) -> Addressee:
    """The letter, as it left for that post on 17 May."""
    values: dict[str, Any] = {"state": AddresseeState.SENT, "language": "en", "released_at": LEFT, **more}
    made = Addressee(
        letter_id=letter_id,
        post_id=post.id or 0,
        edition_id=edition.id if edition else None,
        added_by="Rosa",
        added_at=NOON,
        **values,
    )
    session.add(made)
    session.flush()
    return made


def answer(session: Session, post: Post, addressee: Addressee | None = None, **more: Any) -> Answer:
    """What the ambassador wrote back on 20 June."""
    values: dict[str, Any] = {
        "dated": WROTE,
        "received_on": CAME,
        "sender": "Vera Fuentes",
        "subject": "Your letter",
        "reference": "GVA/2027/117",
        **more,
    }
    made = Answer(
        post_id=post.id or 0, addressee_id=addressee.id if addressee else None, by="Rosa", at=NOON, **values
    )
    session.add(made)
    session.flush()
    return made
