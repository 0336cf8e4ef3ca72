"""What a large database has besides its many rows: written by the program's own verbs, as in a real workspace."""

import hashlib
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

from sqlmodel import Session, col, select

from large.rows import LARGE
from outreach.bootstrap import Outreach
from outreach.config.house import House
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.audiences import Audience
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.tasks import DRY_RUN, TaskState, TaskVerb
from outreach.domain.users import EVERYTHING, Role, UserState
from outreach.store.documents import keep_document
from outreach.store.tables import (
    Addressee,
    Call,
    Contact,
    InboundContent,
    InboundMail,
    Letter,
    LetterText,
    Message,
    Reply,
    User,
    UserRole,
)
from outreach.store.tasks import claim_task, end_task
from outreach.usecases.address_letter import address_letter
from outreach.usecases.ask_for_task import ask_for_task
from tests import make, officials

NOW = datetime(2027, 2, 22, 12, 0, tzinfo=UTC)
ROSA = "rosa@coalition.example"
DRAFT = "draft"
FULLEST = 47
"""A contact with a mail of every call, a signature, and more replies than anybody."""
TABLE = "email,name,basis\r\n" + "".join(f"new{i}@lamp.example,Idris,member\r\n" for i in range(200))


def live(app: Outreach) -> None:
    """A person at the console, letters' texts, a draft, officials, a mail as it arrived, an import."""
    with app.database.changing() as session:
        rosa = _person(session)
        _texts(session)
        _draft(session, app.house)
        _officials(session)
        _fullest(session, app.house)
        _mail(session)
        _import(session, rosa)


def _person(session: Session) -> User:
    user = User(address=ROSA, name="Rosa", state=UserState.ACTIVE, invited_at=NOW, created_at=NOW)
    session.add(user)
    session.flush()
    session.add(UserRole(user_id=user.id or 0, call_id=EVERYTHING, role=Role.ADMINISTRATOR))
    return user


def _texts(session: Session) -> None:
    text = make.sample_call().letters["en"]
    for letter in session.exec(select(Letter)):
        where: dict[str, Any] = {"letter_id": letter.id, "version": 1, "language": "en", "digest": ""}
        asks = list(text.asks)
        session.add(LetterText(**where, title=text.title, addressee=text.addressee, asks=asks, body=text.body))


def _draft(session: Session, house: House) -> None:
    """A call that would invite everybody, and one that has invited a few hundred."""
    when = {"deadline": parse_wall_clock("2027-06-26 17:00 Europe/Brussels"), "release": None}
    make.call(session, house, now=NOW, slug=DRAFT, audience=Audience(), **when)
    session.flush()
    make.launched(session, house, now=NOW, slug="few", audience=Audience(tags=("few",)), **when)


def _officials(session: Session) -> None:
    letter = session.get_one(Letter, session.get_one(Call, LARGE).letter_id)
    posts = [officials.post(session, f"state-{number}-geneva") for number in range(200)]
    for post in posts:
        officials.holder(session, post)
    address_letter(session, letter, posts, now=NOW, by=ROSA)
    for number, addressee in enumerate(session.exec(select(Addressee).limit(30))):
        addressee.due_on = date(2027, 2, 1 + number % 20)
        session.add(addressee)


def _fullest(session: Session, house: House) -> None:
    person = session.get_one(Contact, FULLEST)
    person.address_digest = address_digest(parse_address(person.address).key, house.salt)
    session.add(person)
    for message in session.exec(select(Message).where(Message.contact_id == FULLEST)):
        message.address_digest = person.address_digest
        session.add(message)
    for reply in session.exec(select(Reply).where(col(Reply.contact_id).is_not(None)).limit(60)):
        reply.contact_id, reply.sender_digest = FULLEST, person.address_digest
        session.add(reply)


def _mail(session: Session) -> None:
    written = EmailMessage()
    written["From"], written["Subject"] = "Idris Belhaj <idris@lamp10.example>", "Re: A letter"
    written.set_content("We have read your letter.\n\n> Dear colleagues\n")
    written.add_alternative(
        "<p>We have read your letter.</p><blockquote>Dear colleagues</blockquote>", subtype="html"
    )
    written.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="statement.pdf")
    content = written.as_bytes()
    mail = InboundMail(
        sha256=hashlib.sha256(content).hexdigest(), size=len(content), arrived_at=NOW, processed_at=NOW
    )
    session.add(mail)
    session.flush()
    session.add(InboundContent(inbound_id=mail.id or 0, content=content))
    reply = session.exec(select(Reply).where(Reply.state == "waiting").order_by(col(Reply.id)).limit(1)).one()
    reply.inbound_id = mail.id
    session.add(reply)


def _import(session: Session, rosa: User) -> None:
    """One try of a table of contacts and one of signatures, and a file that was made."""
    document = keep_document(
        session, "people.csv", "application/x-outreach-contacts", TABLE.encode(), now=NOW, by=ROSA
    )
    large = session.get_one(Call, LARGE)
    figures = dict.fromkeys(("rows", "added", "changed", "unchanged", "refused", "signatures"), 200)
    outcome = {"sentences": ["200 rows"], "refused": ["row 7, column email: no address"], "figures": figures}
    for verb, call in ((TaskVerb.IMPORT_CONTACTS, None), (TaskVerb.IMPORT_SIGNATURES, large)):
        task = ask_for_task(
            session, verb, rosa, call=call, given={DRY_RUN: True}, document=document, now=NOW, by=ROSA
        )
        claim_task(session, "the benchmark", now=NOW)
        end_task(session, task.id or 0, "the benchmark", TaskState.DONE, outcome, steps=200, now=NOW)
    letter = keep_document(session, "letter.pdf", "application/pdf", b"%PDF-1.7", now=NOW, by=ROSA)
    task = ask_for_task(session, TaskVerb.RENDER_LETTER, rosa, call=large, now=NOW, by=ROSA)
    claim_task(session, "the benchmark", now=NOW)
    said = {"sentences": ["letter.pdf is ready"]}
    end_task(session, task.id or 0, "the benchmark", TaskState.DONE, said, result_id=letter.id, now=NOW)
