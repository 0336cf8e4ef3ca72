"""Every page that the house has, each with a way to get there, in one workspace that is really served."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlmodel import Session

from outreach.adapters.files import FileTransport
from outreach.adapters.house_texts import read_announcements
from outreach.bootstrap import Outreach
from outreach.demo.world import free_port
from outreach.domain.correspondence import DraftAnswer
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.tokens import Purpose, mint
from outreach.store.database import Database
from outreach.store.tables import Call, Contact, Signature
from outreach.usecases.close_call import close_call
from outreach.usecases.confirm_signature import confirm_signature
from outreach.usecases.release_call import release_call
from outreach.usecases.sign import Signed, sign
from outreach.usecases.sign_off import sign_off
from outreach.web.serve import serve
from tests import make, rounds

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>{{7*7}}'
"""A name that would run in a page that took it for more than text."""


@dataclass(frozen=True)
class Scene:
    """A page: where it is, and what is filled in and pressed there, if anything."""

    path: str
    typed: dict[str, str] = field(default_factory=dict)
    pressed: bool = False


@dataclass(frozen=True)
class Gallery:
    """The scenes of one language, and the address they are served at."""

    base: str
    scenes: dict[str, Scene]


@contextmanager
def gallery(database: Database, folder: Path, language: str) -> Iterator[Gallery]:
    """All pages for a reader of that language, served while this lasts."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    house = make.house(database, workspace={"base_url": base}, web={"port": port, "forms_per_minute": 1_000_000})
    house = replace(house, announcements=read_announcements(make.ROOT / "templates" / "announcement"))
    clock = make.TurnedClock()
    app = Outreach(folder, house, database, FileTransport(folder / "outbox"), clock)
    scenes = _scenes(app, language)
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve(app, ready=ready.set, stop=stop)))
    thread.start()
    assert ready.wait(20)
    try:
        yield Gallery(base, scenes)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


def _scenes(app: Outreach, language: str) -> dict[str, Scene]:
    with app.database.changing() as session:
        ada, bo = (
            make.contact(session, app.house, f"{name}@harbour.example", organisation=body, language=language)
            for name, body in (("ada", "Harbour House"), ("bo", "Lamp"))
        )
        call, _ = make.launched(session, app.house)
        out, _ = make.launched(session, app.house, slug="open-ports")
        for number in range(300):
            make.signature(session, out, name=f"House {number}", key=str(number), country="BE")
        published = make.signature(session, out, ada, name="Harbour House")
        make.signature(session, out, kind=SignatureKind.INDIVIDUAL, name="Ida", key="i", affiliation="A school")
        make.signature(session, out, name=EVIL, key="evil")
        now = app.clock.now()
        close_call(session, out, now=now, by="Rosa")
        sign_off(session, out, now=now, by="Rosa", house=app.house)
        release_call(session, out, now=now, by="Rosa", house=app.house)
        waiting = _signed(app, session, call, ada)
        settled = _signed(app, session, call, bo, Visibility.ADDRESSEE)
        confirm_signature(session, settled, now=now, house=app.house)
        asked, told = _asked(app, session, language)
    link = _Links(app.database.link_key, call.id or 0)
    lang = f"?lang={language}"
    return {
        "front": Scene("/"),
        "letter": Scene(f"/letters/safe-passage{lang}"),
        "released": Scene(f"/letters/open-ports{lang}"),
        "list": Scene(f"/letters/open-ports/signatories{lang}&page=2"),
        "organisation": Scene(f"/letters/safe-passage/organisation{lang}"),
        "individual": Scene(f"/letters/safe-passage/individual{lang}"),
        "faults": Scene(f"/letters/safe-passage/organisation{lang}", {"website": "x y"}, pressed=True),
        "doubts": Scene(
            f"/letters/safe-passage/organisation{lang}",
            {"name": f"Personal {EVIL}", "address": "otto@gmail.com", "visibility": "public"},
            pressed=True,
        ),
        "one more step": Scene(
            f"/letters/safe-passage/individual{lang}",
            {"name": "Otto Ott", "address": "otto@house.example", "visibility": "counted"},
            pressed=True,
        ),
        "again": Scene(f"/letters/safe-passage/again{lang}"),
        "asked again": Scene(f"/letters/safe-passage/again{lang}", {"address": "a@b.example"}, pressed=True),
        "not found": Scene("/nowhere"),
        "personal": Scene(link.sign(ada)),
        "confirm": Scene(link.confirm(waiting)),
        "correct first": Scene(f"{link.confirm(waiting)}/correct"),
        "stale": Scene(link.confirm(waiting, 9)),
        "outcome": Scene(link.confirm(settled)),
        "own": Scene(link.own(waiting)),
        "correct": Scene(f"{link.own(settled)}/correct"),
        "corrected": Scene(f"{link.own(settled)}/correct", {"visibility": "public"}, pressed=True),
        "withdraw": Scene(f"{link.own(published)}/withdraw"),
        "withdrawn": Scene(f"{link.own(waiting)}/withdraw", pressed=True),
        "kit": Scene(link.kit(published)),
        "draft": Scene(asked),
        "changed draft": Scene(told),
        "no answer": Scene(asked, pressed=True),
        "answer": Scene(asked, {"comment": EVIL, "answer": "asks-for-change"}, pressed=True),
        "opt out": Scene(link.opt_out(ada)),
        "opted out": Scene(link.opt_out(ada), pressed=True),
    }


def _asked(app: Outreach, session: Session, language: str) -> tuple[str, str]:
    """The links of two organisations that are asked to approve a draft, the second after it has changed."""
    made = rounds.opened(session, app.house)
    here, there = made.contacts["one"], made.contacts["two"]
    made.says("two", DraftAnswer.APPROVES, EVIL)
    made.says("three", DraftAnswer.APPROVES)
    made.amends()
    for contact in (here, there):
        contact.language = language
    first, second = (_Links(app.database.link_key, made.call.id or 0).sign(one) for one in (here, there))
    return first, second


def _signed(
    app: Outreach, session: Session, call: Call, who: Contact, visibility: Visibility = Visibility.PUBLIC
) -> Signature:
    entry = make.entry(SignatureKind.ORGANISATION, "Harbour House", visibility)
    done = sign(session, call, who, entry, now=app.clock.now(), house=app.house)
    assert isinstance(done, Signed)
    return done.signature


@dataclass(frozen=True)
class _Links:
    key: bytes
    call: int

    def sign(self, who: Contact) -> str:
        return f"/sign/{mint(self.key, Purpose.SIGN_ORGANISATION, self.call, who.id or 0)}"

    def opt_out(self, who: Contact) -> str:
        return f"/opt-out/{mint(self.key, Purpose.OPT_OUT, self.call, who.id or 0)}"

    def confirm(self, signature: Signature, revision: int = 1) -> str:
        return f"/confirm/{mint(self.key, Purpose.CONFIRM, signature.id or 0, revision)}"

    def own(self, signature: Signature) -> str:
        return f"/signature/{mint(self.key, Purpose.SIGNATURE, signature.id or 0)}"

    def kit(self, signature: Signature) -> str:
        return f"/kit/{mint(self.key, Purpose.KIT, signature.id or 0)}"
