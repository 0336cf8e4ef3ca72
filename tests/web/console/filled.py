"""A workspace with something behind every door of the console, and people of every role who stand before them."""

from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from sqlmodel import Session, select

from outreach.domain.correspondence import DraftAnswer
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.domain.tasks import ASKS, TaskState, TaskVerb
from outreach.domain.users import EVERYTHING, Role, UserState
from outreach.store.addressees import find_addressee
from outreach.store.answers import documents_of
from outreach.store.documents import keep_document
from outreach.store.tables import (
    Addressee,
    Call,
    Document,
    Letter,
    Message,
    Organisation,
    Post,
    Task,
    User,
    UserRole,
)
from outreach.usecases.address_letter import address_letter
from outreach.usecases.attach_document import attach_document
from outreach.usecases.file_answer import file_answer
from outreach.usecases.stop_mail import stop_mail
from outreach.web.app import build_app
from outreach.web.console.importing import KEPT_AS
from outreach.web.console.officials.importing import KINDS
from outreach.web.console.signatures.importing import KEPT_AS as SIGNATURES
from tests import inbound, make, officials, rounds, users
from tests.make import NOON
from tests.web.visit import Visit

POSTS = KINDS["officials"].kept_as
HIDDEN, UNNAMED = "ZZCANARY-7f3", "ZZCANARY-8g4"
"""Names of signatories who asked to be named to the addressee alone, and nowhere (B62)."""
THIS, DRAFT, ELSEWHERE = "safe-passage", "open-ports", "earlier"
"""The call in which nearly everything lies, one that is being made, and another call."""
PEOPLE = b"email,name,country,language,basis\nida@quay.example,Ida,BE,en,consent\nno address,Otto,BE,en,consent\n"

OUTCOME: dict[str, Any] = {
    "sentences": ["1 row was read."],
    "refused": ["row 3, email: this is no address"],
    "figures": {"added": 1, "changed": 0, "unchanged": 0, "refused": 1},
}


@dataclass
class Filled:
    """The workspace: ``numbers`` are the rows behind the doors by their room, ``loose`` those of no call."""

    here: Visit
    numbers: dict[str, int] = field(default_factory=dict)
    loose: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    """The cookies of people, by their names."""
    users: dict[str, int] = field(default_factory=dict)
    own: dict[str, dict[str, int]] = field(default_factory=dict)
    """What each of them asked for herself."""

    @cached_property
    def web(self) -> FastAPI:
        """The pages, put together once."""
        return build_app(self.here.app)

    def again(self, here: Visit) -> "Filled":
        """The same in a copy of its database."""
        here.app = replace(here.app, folder=make.ROOT)
        return replace(self, here=here)


HTML = "<p>Who else has <b>signed</b> so far?</p>"


def filled(here: Visit, *, mail: str = HTML, reason: str = "The list was wrong.") -> Filled:
    """Everything of everything; nothing waits to leave, and no work waits. ``mail``: Idris's, as HTML."""
    here.app = replace(here.app, folder=make.ROOT)
    made = Filled(here)
    with here.app.database.changing() as session:
        rounds_ = rounds.opened(session, here.app.house)
        rounds_.says("two", DraftAnswer.APPROVES, "With pleasure.")
        draft = make.call(session, here.app.house, slug=DRAFT)
        this = session.exec(select(Call).where(Call.slug == THIS)).one()
        made.calls = {one.slug: one.id or 0 for one in (this, draft, rounds_.earlier, rounds_.call)}
        made.numbers["calls/response/round"] = rounds_.member("four").organisation_id
        _officials(session, made, this)
        _signatures(session, made, this)
        make.submitted(session, now=NOON)
        _replies(session, made, mail)
        _contact(session, made)
        owner = users.user(session, "owner@coalition.example")
        made.users["owner"] = owner.id or 0
        _tasks(session, made, owner, "owner")
        stop_mail(session, reason=reason, now=NOON, by="Rosa")
        make.submitted(session, now=rounds.THEN)
    return made


def _officials(session: Session, made: Filled, call: Call) -> None:
    post = officials.post(session, "peru-geneva", state="PE", institution="Permanent Mission of Peru")
    officials.holder(session, post)
    officials.fact(session, "ratified", "yes", NOON.date(), state="PE", source="The depositary's list")
    made.numbers["officials"] = made.numbers[f"calls/{THIS}/officials"] = post.id or 0
    letter = session.get_one(Letter, call.letter_id)
    address_letter(session, letter, [post], now=NOON, by="Rosa")
    _answer(session, made, letter, post)
    annex = attach_document(session, letter, "annex.pdf", "application/pdf", b"%PDF-1.7", now=NOON, by="Rosa")
    made.numbers[f"calls/{THIS}/officials/attachments"] = annex.id or 0
    session.exec(select(Addressee).where(Addressee.letter_id == letter.id)).one().document_id = annex.id


def _answer(session: Session, made: Filled, letter: Letter, post: Post) -> None:
    """Peru's mission answers this call's letter by mail, in HTML."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Mission <mission-per@geneva.example>", "Your letter"
    mail["To"], mail["Message-ID"] = inbound.OURS, "<peru@geneva.example>"
    mail.set_content("We thank you for your letter.")
    mail.add_alternative("<p>We thank you for your <b>letter</b>.</p>", subtype="html")
    house = made.here.app.house
    reply = inbound.arrived(session, house, mail.as_bytes())
    addressee = find_addressee(session, letter, post)
    answer = file_answer(session, reply, post, addressee, now=NOON, house=house, by="Rosa")
    made.numbers["correspondence"] = addressee.id or 0
    made.numbers["correspondence/answers"] = answer.id or 0
    made.numbers["officials/files"] = documents_of(session, answer)[0].id or 0


def _signatures(session: Session, made: Filled, call: Call) -> None:
    named = make.signature(session, call, made.here.idris, name="Harbour House", evidence="Said on the telephone")
    make.signature(session, call, name="Harbour  House!", key="twin")
    for state in SignatureState:
        make.signature(session, call, name=f"Society {state}", key=state, state=state)
    for name, seen in ((HIDDEN, Visibility.ADDRESSEE), (UNNAMED, Visibility.COUNTED)):
        kind = SignatureKind.INDIVIDUAL
        make.signature(session, call, kind=kind, name=name, key=name, visibility=seen, affiliation=f"{name} school")
    made.numbers["signatures"] = named.id or 0


def _mail(made: Filled, session: Session, html: str) -> bytes:
    """Idris answers his invitation in HTML, with a file."""
    sent = make.messages(session, Message.contact_id == made.here.idris.id)[0]
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Idris Belhaj <idris@harbour.example>", "Who else has signed?"
    mail["To"], mail["Message-ID"] = inbound.answer_to(sent, made.here.app.house), "<one@harbour.example>"
    mail.set_content("Who else has signed so far?")
    mail.add_alternative(html, subtype="html")
    mail.add_attachment(b"%PDF-1.7", "application", "pdf", filename="list.pdf")
    return mail.as_bytes()


def _replies(session: Session, made: Filled, html: str) -> None:
    house = made.here.app.house
    made.numbers["replies"] = inbound.arrived(session, house, _mail(made, session, html)).id or 0
    sent = make.messages(session, Message.contact_id == made.here.idris.id)[0]
    yes = "Yes, please add us.\n\nIdris Belhaj\nDirector, Harbour House"
    for sender, text, to in (
        ("Idris Belhaj <idris@harbour.example>", yes, inbound.answer_to(sent, house)),
        ("Office <office@elsewhere.example>", "Hello, who are you?", inbound.OURS),
        ("Vera Fuentes <mission-chl@geneva.example>", "We thank you for your letter.", inbound.OURS),
    ):
        reply = inbound.arrived(session, house, inbound.written(sender, text, to=to))
        if reply.call_id is None and reply.post_id is None:
            made.loose["replies"] = reply.id or 0
    made.numbers["outbox"] = sent.id or 0


def _contact(session: Session, made: Filled) -> None:
    made.numbers["contacts"] = made.here.idris.id or 0
    house = session.exec(select(Organisation).where(Organisation.name == "Harbour House")).one()
    made.numbers["organisations"] = house.id or 0
    make.suppression(session, made.here.idris, scope=made.calls[ELSEWHERE])


def _tasks(session: Session, made: Filled, user: User, name: str) -> None:
    """One task of each verb that the person asked for, all done, each with a file that came of it."""
    table = keep_document(session, f"{name}.csv", KEPT_AS, PEOPLE, now=NOON, by=user.address)
    names = keep_document(session, f"{name}-signed.csv", SIGNATURES, b"name\nSea\n", now=NOON, by=user.address)
    posts = keep_document(session, f"{name}-posts.csv", POSTS, b"post,office\nx,Y\n", now=NOON, by=user.address)
    sources = {TaskVerb.IMPORT_SIGNATURES: names, TaskVerb.IMPORT_OFFICIALS: posts}
    tasks = {verb: _task(session, made, verb, user, sources.get(verb, table)) for verb in TaskVerb}
    made.own[name] = {
        "tasks": tasks[TaskVerb.RENDER_LETTER],
        "contacts/import": table.id or 0,
        "task": tasks[TaskVerb.IMPORT_CONTACTS],
        "officials/import/officials": posts.id or 0,
        "officials/task": tasks[TaskVerb.IMPORT_OFFICIALS],
        "signatures/import": tasks[TaskVerb.IMPORT_SIGNATURES],
        **{verb.value: number for verb, number in tasks.items()},
    }


def _task(session: Session, made: Filled, verb: TaskVerb, user: User, table: Document) -> int:
    source = table if ASKS[verb].from_file else None
    task = Task(
        verb=verb,
        state=TaskState.DONE,
        user_id=user.id or 0,
        call_id=made.calls[THIS] if ASKS[verb].of_call else None,
        given={"dry_run": True} if ASKS[verb].from_file else {},
        document_id=source.id if source else None,
        result_id=table.id,
        outcome=OUTCOME,
        asked_at=NOON,
        started_at=NOON,
        ended_at=NOON,
    )
    session.add(task)
    session.flush()
    return task.id or 0


def seat(made: Filled, name: str, role: Role, *calls: str, state: UserState = UserState.ACTIVE) -> None:
    """A person with that role for those calls, or for everything, who has logged in, and what she asked for."""
    with made.here.app.database.changing() as session:
        user = users.user(session, f"{name}@coalition.example", role=None, state=state)
        for call_id in [made.calls[slug] for slug in calls] or [EVERYTHING]:
            session.add(UserRole(user_id=user.id or 0, call_id=call_id, role=role))
        made.tokens[name] = users.sits(session, user)
        made.users[name] = user.id or 0
        made.numbers["users"] = made.numbers.get("users", user.id or 0)
        _tasks(session, made, user, name)


def at(made: Filled, path: str, name: str = "owner", call: str = THIS) -> str:
    """The path with numbers of things that are there; where only the asker may see a thing, with that person's."""
    call = "response" if "/{slug}/round" in path else call
    path = path.replace(":int}", "}").replace("{slug}", DRAFT if "/make/" in path else call)
    path = path.replace("{what}", "officials")
    before, _, after = path.partition("{number}")
    room = before.removeprefix("/console/").rstrip("/")
    if room.endswith("signatures/import"):
        room = "signatures/import"
    own = made.own.get(name) or made.own["owner"]
    number = own.get(room) or made.numbers.get(room) or 1
    if "{number}" in path:
        path = f"{before}{number}{after}"
    task = own["officials/task" if "/officials/" in path else "task"]
    file = made.numbers["officials/files"] if "/officials/" in path else 1
    return path.replace("{task}", str(task)).replace("{file}", str(file)).replace("{token}", "x" * 20)
