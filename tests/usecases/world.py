"""A call to two colleagues whose invitations have gone: what comes back is tried on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import Channel, ReplyKind
from outreach.domain.states import MessageState
from outreach.store.tables import (
    Call,
    Contact,
    Mailing,
    Message,
    Reply,
    Signature,
    Suppression,
    SuppressionReason,
)
from outreach.usecases.correct_reply import correct_reply
from outreach.usecases.log_reply import log_reply
from outreach.usecases.ring import ring
from tests import inbound, make
from tests.make import NOON

IDRIS = "idris@harbourlight.coop"
ANA = "ana@harbourlight.coop"


@dataclass
class World:
    """A call to Idris and her colleague Ana, whose invitations have gone."""

    session: Session
    house: House
    call: Call
    idris: Contact
    ana: Contact

    def invitation(self, contact: Contact | None = None) -> Message:
        """The invitation of Idris, or of another."""
        person = contact or self.idris
        return next(one for one in make.messages(self.session) if one.contact_id == person.id)

    def suppressions(self) -> list[tuple[str, SuppressionReason, int]]:
        """Who is not written to, why, and of which call."""
        return [(one.address_digest, one.reason, one.scope) for one in self.session.exec(select(Suppression))]

    def signatures(self) -> list[Signature]:
        """All signatures, as they are in the database now."""
        statement = select(Signature).order_by(col(Signature.id)).execution_options(populate_existing=True)
        return list(self.session.exec(statement))

    def queued(self, kind: MessageKind) -> list[Message]:
        """All messages of that kind, whatever became of them."""
        return [one for one in make.messages(self.session) if one.kind is kind]

    def planned(self, kind: MessageKind, occurrence: str = "") -> datetime:
        """When a mailing of the call is due for the first of its people."""
        mailing = select(Mailing).where(Mailing.call_id == self.call.id, Mailing.kind == kind)
        return self.session.exec(mailing.where(Mailing.occurrence == occurrence)).one().earliest_at

    def ring(self, now: datetime) -> None:
        """The scheduler rings."""
        ring(self.session, now=now, house=self.house)

    def remind(self) -> datetime:
        """The first reminder is queued; the moment at which it was."""
        now = self.planned(MessageKind.REMINDER, "21d")
        self.ring(now)
        return now

    def reminders(self, *states: MessageState) -> list[str]:
        """To whom reminders wait, or whatever else the ``states`` say has become of them."""
        wanted = states or (MessageState.QUEUED,)
        return [one.address for one in self.queued(MessageKind.REMINDER) if one.state in wanted]

    def says(self, text: str, *, at: datetime = NOON, **more: Any) -> Reply:
        """Idris answers her invitation."""
        to = more.pop("to", "") or inbound.answer_to(self.invitation(), self.house)
        raw = inbound.written(more.pop("sender", IDRIS), text, to=to, **more)
        return inbound.arrived(self.session, self.house, raw, at=at)

    def logs(self, kind: ReplyKind, contact: Contact | None = None, *, now: datetime = NOON, **more: Any) -> Reply:
        """Rosa logs what Idris, or another, said on the telephone."""
        values = {"at": now, "text": "On the telephone, this morning.", "channel": Channel.TELEPHONE, **more}
        channel, text = values.pop("channel"), values.pop("text")
        return log_reply(
            self.session,
            self.call,
            contact or self.idris,
            channel,
            kind,
            text,
            now=now,
            house=self.house,
            by="Rosa",
            **values,
        )

    def corrects(self, reply: Reply, kind: ReplyKind, *, now: datetime = NOON, **more: Any) -> Reply:
        """Rosa says what a reply really is."""
        return correct_reply(self.session, reply, kind, now=now, house=self.house, by="Rosa", **more)
