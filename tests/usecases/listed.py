"""A letter that people have signed: its verbs, with what does not matter left out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.editions import CopyKind, is_named
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.store.editions import copy_went_out, entries_of, newest_edition
from outreach.store.tables import Call, Contact, Edition, Message, Signature
from outreach.usecases.close_call import close_call
from outreach.usecases.sign_off import sign_off
from tests import make
from tests.make import NOON

INDIVIDUAL = SignatureKind.INDIVIDUAL
STAFF = {"addresses": "rosa@lanterncoast.coop"}


@dataclass
class Listed:
    """An open call, its signatories and its editions."""

    session: Session
    house: House
    call: Call

    @classmethod
    def opened(cls, session: Session, house: House, **changes: Any) -> "Listed":
        """The sample call, launched."""
        make.contact(session, house, "otto@quay.example", organisation="Quay House")
        return cls(session, house, make.launched(session, house, **changes)[0])

    @classmethod
    def of(cls, session: Session, house: House) -> "Listed":
        """The call that is there already."""
        return cls(session, house, session.exec(select(Call)).one())

    def person(self, name: str, organisation: str = "Harbour Lamp", *, domain: str = "harbour.example") -> Contact:
        """Somebody who speaks for an organisation."""
        address = f"{name.lower()}@{domain}"
        return make.contact(self.session, self.house, address, organisation=organisation, name=name)

    def signed(self, name: str, kind: SignatureKind = INDIVIDUAL, **more: Any) -> Signature:
        """A confirmed signature of a new person, in her own name or for an organisation of the same name."""
        domain = f"body{len(self.session.exec(select(Contact.id)).all())}.example"
        body = "" if kind is INDIVIDUAL else name
        person = make.contact(self.session, self.house, f"office@{domain}", organisation=body, name=name)
        return make.signature(self.session, self.call, person, kind=kind, name=name, **more)

    def close(self, now: datetime = NOON) -> None:
        """Rosa closes the call."""
        close_call(self.session, self.call, now=now, by="Rosa")

    def sign_off(self, now: datetime = NOON) -> Edition:
        """Rosa signs off the list, after closing it if need be."""
        if self.call.closed_at is None:
            self.close(now)
        return sign_off(self.session, self.call, now=now, by="Rosa", house=self.house).edition

    def goes_out(self, edition: Edition, kind: CopyKind = CopyKind.FILE) -> None:
        """A copy of the edition leaves the house."""
        copy_went_out(self.session, edition, kind, by="Rosa", now=NOON)
        self.session.flush()

    def newest(self) -> Edition:
        """The newest edition."""
        edition = newest_edition(self.session, self.call.letter_id)
        assert edition is not None
        return edition

    def editions(self) -> list[Edition]:
        """All editions, the first first."""
        statement = select(Edition).order_by(col(Edition.number)).execution_options(populate_existing=True)
        return list(self.session.exec(statement))

    def names(self, edition: Edition | None = None, *, for_addressee: bool = False) -> list[str]:
        """Who is named in an edition, in order; in the newest if none is given."""
        entries = entries_of(self.session, edition or self.newest())
        return [one.line for one in entries if is_named(one.visibility, for_addressee=for_addressee)]

    def mails(self, kind: MessageKind) -> list[Message]:
        """All messages of a kind."""
        return make.messages(self.session, col(Message.kind) == kind)

    def alerts(self) -> list[str]:
        """What staff have been told."""
        return [mail.values["alert"]["what"] for mail in self.mails(MessageKind.ALERT)]
