"""A workspace with one call and one person, and a browser that visits its pages."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import SQLModel, col

from outreach.adapters.files import FileTransport
from outreach.bootstrap import Outreach
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CallState
from outreach.domain.tokens import Purpose, mint
from outreach.store.database import Database
from outreach.store.tables import Call, Contact, Message, Signature
from outreach.usecases.close_call import close_call
from outreach.usecases.release_call import release_call
from outreach.usecases.sign import Signed, sign
from outreach.usecases.sign_off import sign_off
from outreach.web.app import build_app
from tests import make

Visitor = Callable[[httpx.AsyncClient], Coroutine[Any, Any, httpx.Response]]
HOST = "http://127.0.0.1:8080"
FILLED = {"name": "Harbour House", "visibility": "public"}
"""What a form for an organisation needs at least."""
IN_PERSON = {"name": "Idris Belhaj", "visibility": "public"}


@dataclass
class Visit:
    """The sample call, Idris of Harbour House who is invited to it, and the pages."""

    app: Outreach
    call: Call
    idris: Contact
    clock: make.TurnedClock
    woken: list[bool] = field(default_factory=list)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, data: dict[str, str] | None = None, **options: Any) -> httpx.Response:
        return self.request("POST", path, data=data, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.all_at_once(lambda client: client.request(method, path, **options))[0]

    def get_from(self, web: FastAPI, path: str) -> httpx.Response:
        """The page as pages that are served already have it."""
        return self.all_at_once(lambda client: client.get(path), web=web)[0]

    def all_at_once(self, *visitors: Visitor, web: FastAPI | None = None) -> list[httpx.Response]:
        served = web or build_app(self.app, on_change=lambda: self.woken.append(True))

        async def visited() -> list[httpx.Response]:
            transport = httpx.ASGITransport(served)
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await asyncio.gather(*(visitor(client) for visitor in visitors))

        return asyncio.run(visited())

    def link(self, purpose: Purpose, contact: Contact | None = None) -> str:
        key, person = self.app.database.link_key, contact or self.idris
        door = "opt-out" if purpose is Purpose.OPT_OUT else "sign"
        return f"/{door}/{mint(key, purpose, self.call.id or 0, person.id or 0)}"

    @property
    def organisation_link(self) -> str:
        return self.link(Purpose.SIGN_ORGANISATION)

    @property
    def individual_link(self) -> str:
        return self.link(Purpose.SIGN_INDIVIDUAL)

    @property
    def way_out(self) -> str:
        return self.link(Purpose.OPT_OUT)

    def confirmation_link(self, signature: Signature) -> str:
        ids = signature.id or 0, signature.revision
        return f"/confirm/{mint(self.app.database.link_key, Purpose.CONFIRM, *ids)}"

    def own_page(self, signature: Signature) -> str:
        return f"/signature/{mint(self.app.database.link_key, Purpose.SIGNATURE, signature.id or 0)}"

    def signed(
        self,
        name: str = "Harbour House",
        kind: SignatureKind = SignatureKind.ORGANISATION,
        visibility: Visibility = Visibility.PUBLIC,
    ) -> tuple[Signature, str]:
        """Idris has signed at this hour; the signature and the link that confirms it."""
        now = self.clock.now()
        with self.app.database.changing() as session:
            call, idris = session.get_one(Call, self.call.id), session.get_one(Contact, self.idris.id)
            entry = make.entry(kind, name, visibility)
            done = sign(session, call, idris, entry, now=now, house=self.app.house)
        assert isinstance(done, Signed)
        return done.signature, self.confirmation_link(done.signature)

    def signatures(self) -> list[Signature]:
        with self.app.database.reading() as session:
            return list(session.exec(sa.select(Signature)).scalars())  # type: ignore[call-overload]

    def change_call(self, **values: Any) -> None:
        with self.app.database.changing() as session:
            call = session.get_one(Call, self.call.id)
            for name, value in values.items():
                setattr(call, name, value)
        self.call = call

    def stands(self, number: int = 1) -> Signature:
        """The signature as it is in the database now."""
        with self.app.database.reading() as session:
            return session.get_one(Signature, number)

    def mails(self, *kinds: MessageKind) -> list[Message]:
        """What was queued of these kinds, the oldest first."""
        with self.app.database.reading() as session:
            return make.messages(session, col(Message.kind).in_(kinds))

    def sign_off(self) -> None:
        """Signing ends, and Rosa signs the list off."""
        with self.app.database.changing() as session:
            call, now = session.get_one(Call, self.call.id), self.clock.now()
            if call.state is CallState.OPEN:
                close_call(session, call, now=now, by="Rosa")
            sign_off(session, call, now=now, by="Rosa", house=self.app.house)

    def release(self) -> None:
        """The list is signed off, and the letter is out."""
        self.sign_off()
        with self.app.database.changing() as session:
            call = session.get_one(Call, self.call.id)
            release_call(session, call, now=self.clock.now(), by="Rosa", house=self.app.house)

    def everything(self) -> dict[str, list[Any]]:
        """Every row of every table: what must not change when nothing may change."""
        with self.app.database.reading() as session:
            return {
                table.name: sorted(map(repr, session.execute(sa.select(table))))
                for table in SQLModel.metadata.sorted_tables
                if table.name != "answer_tick"  # says only that figures are to be counted again
            }


def visit(
    database: Database,
    folder: Path,
    *,
    transport: str = "smtp",
    changes: dict[str, Any] | None = None,
    forms_per_minute: int = 1_000_000,
    **idris: Any,
) -> Visit:
    """The pages of a workspace in which the sample call (with ``changes``) was launched at noon."""
    house = make.house(database, mail={"transport": transport}, web={"forms_per_minute": forms_per_minute})
    person: dict[str, Any] = {"organisation": "Harbour House", **idris}
    with database.changing() as session:
        contact = make.contact(session, house, "idris@harbour.example", **person)
        call, _ = make.launched(session, house, **(changes or {}))
    clock = make.TurnedClock()
    app = Outreach(folder, house, database, FileTransport(folder / "outbox"), clock)
    return Visit(app, call, contact, clock)
