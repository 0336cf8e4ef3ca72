"""Replies that came to the sample call, for the tests of the console's inbox."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from outreach.domain.kinds import MessageKind
from outreach.store.tables import Message, Reply
from tests import inbound, make
from tests.web.visit import Visit

QUESTION = "Who else has signed so far?"
YES = "Yes, please add us.\n\nIdris Belhaj\nDirector, Harbour House"
STRANGER = "office@elsewhere.example"


def came(here: Visit, text: str = QUESTION, *, raw: bytes = b"", **more: Any) -> int:
    """Idris answers his invitation; or whatever ``raw`` is arrives. The number of its reply."""
    with here.app.database.changing() as session:
        mail = raw or inbound.written(
            more.pop("sender", "Idris Belhaj <idris@harbour.example>"),
            text,
            to=more.pop("to", "") or inbound.answer_to(invitation(session), here.app.house),
            **more,
        )
        reply = inbound.arrived(session, here.app.house, mail, at=here.clock.now())
        return reply.id or 0


def stranger_came(here: Visit, text: str = QUESTION, **more: Any) -> int:
    """Somebody whom nobody knows writes; it belongs to no call."""
    return came(here, text, **{"sender": STRANGER, "to": inbound.OURS, "subject": "Hello", **more})


def invitation(session: Session) -> Message:
    return make.messages(session, Message.kind == MessageKind.INVITATION)[0]


def stands(here: Visit, number: int) -> Reply:
    """The reply as it is in the database now."""
    with here.app.database.reading() as session:
        return session.exec(select(Reply).where(Reply.id == number)).one()


def turn(here: Visit, minutes: int) -> None:
    here.clock.turn(timedelta(minutes=minutes))
