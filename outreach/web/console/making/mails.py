"""The mails of a draft: their texts, the words that may stand in them, and what a real contact would get."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException, Request, Response
from sqlmodel import Session

from outreach.domain.call_files import CallFile
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import CALL_KINDS, OWN_KINDS, MessageKind
from outreach.domain.row_numbers import row_number
from outreach.domain.users import Right
from outreach.queries.contact_search import Sought, search_contacts
from outreach.queries.previews import contact_for_preview, preview_mail
from outreach.queries.shown_mail import DEAD_KEY, ShownMail
from outreach.rendering.grammar import check
from outreach.rendering.vocabulary import VOCABULARY, exists_in
from outreach.store.calls import export_call, find_call
from outreach.store.tables import Call, Contact
from outreach.usecases.queue_message import queue_test
from outreach.web.console.forms import AtForm
from outreach.web.console.mail_words import kind_words
from outreach.web.console.making.door import Fields, Part, Typed, call_here, head, keep, making, part_values, room
from outreach.web.console.making.letter import language_name
from outreach.web.console.outbox import SHUT
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.desk import AtDesk, Desk

FOUND = 8


@dataclass(frozen=True, slots=True)
class Which:
    """Which mail is looked at: its kind and language, and as which contact."""

    kind: MessageKind
    language: str
    contact: int = 0

    @property
    def query(self) -> str:
        """What stands behind the page's address."""
        more = {"contact": str(self.contact)} if self.contact else {}
        return f"?{urlencode({'kind': self.kind.value, 'language': self.language, **more})}"


def _which(call: Call, kind: str, language: str, contact: str = "") -> Which:
    number = row_number(contact) or 0
    kinds = {one.value: one for one in CALL_KINDS}
    return Which(kinds.get(kind, MessageKind.INVITATION), language or call.default_language, number)


def _part(which: Which) -> Part:
    """The text of one mail, as a part of the draft of its own."""
    key = (which.kind, which.language)

    def fields(file: CallFile) -> Fields:
        return {"source": file.texts.get(key, "").strip("\n")}

    def change(file: CallFile, values: Fields) -> CallFile:
        source = values["source"] + "\n"
        if problems := check(source, which.kind):
            raise InvalidInput(*(str(problem) for problem in problems))
        return replace(file, texts={**file.texts, key: source})

    def while_open(file: CallFile, values: Fields) -> Fields:
        said = {"before": file.texts[key], "text": change(file, values).texts[key]}
        return {"kind": which.kind.value, "language": which.language, **said}

    return Part("mails", fields, change, query=which.query, while_open=while_open)


@room.page("/calls/{slug}/make/mails", Right.RUN)
def mails(
    request: Request, desk: AtDesk, seat: AtSeat, slug: str, kind: str = "", language: str = "", contact: str = ""
) -> Response:
    """One mail of the call, all others a click away."""
    with desk.outreach.database.reading() as session:
        which = _which(call_here(session, seat, slug), kind, language, contact)
    return _shown(request, desk, seat, slug, which)


@room.deed("/calls/{slug}/make/mails", Right.RUN)
def save_mail(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Keep a mail's text; in an open call what waits goes with it."""
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        which = _which(call, form.line("kind"), form.line("language"), form.line("contact"))
        if (which.kind, which.language) not in export_call(session, call).texts:
            raise HTTPException(NOT_THERE)
    part = _part(which)
    return keep(
        request,
        desk,
        seat,
        form,
        slug,
        part,
        lambda typed, code: _shown(request, desk, seat, slug, which, typed=typed, code=code),
    )


@room.deed("/calls/{slug}/make/mails/contact", Right.RUN)
def find_contact(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Contacts as whom the mail can be looked at. It is posted: a name or an address must stand in no link."""
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        which = _which(call, form.line("kind"), form.line("language"))
        seat.must(Right.READ)
        found = search_contacts(session, Sought(search=form.line("q")[:200]), limit=FOUND).contacts
    return _shown(request, desk, seat, slug, which, found=list(found), sought=form.line("q"))


@room.deed("/calls/{slug}/make/mails/test", Right.RUN)
def send_test(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """A test of the mail to her own address; its links do nothing."""
    with desk.outreach.database.changing() as session:
        call = find_call(session, slug)
        seat.must(Right.RUN, call.id)
        which = _which(call, form.line("kind"), form.line("language"), form.line("contact"))
        person = _person(session, call, seat, which, desk)
        queue_test(session, call, which.kind, seat.user.address, as_contact=person, now=seat.now, house=desk.house)
    desk.on_change()
    sentence = (
        seat._("A test is written as a file: this is a rehearsal.")
        if desk.house.rehearsal
        else seat._("A test is on its way to you; its links do nothing.")
    )
    return go(request, making(slug, "mails") + which.query, Said(sentence))


@room.page("/calls/{slug}/make/mails/framed", Right.RUN)
def framed(
    desk: AtDesk, seat: AtSeat, slug: str, kind: str = "", language: str = "", contact: str = ""
) -> Response:
    """The mail's HTML, for the frame on its page; its links open nothing."""
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        mail, _ = _preview(session, call, seat, _which(call, kind, language, contact), desk)
    if mail.fault:
        raise HTTPException(NOT_THERE)
    headers = {"Content-Security-Policy": SHUT}
    return Response(mail.html, media_type="text/html; charset=utf-8", headers=headers)


def _person(session: Session, call: Call, seat: Seat, which: Which, desk: Desk) -> int:
    """As whom the mail is looked at: the contact whom she chose, or the first of the audience."""
    if which.contact and seat.may(Right.READ) and session.get(Contact, which.contact) is not None:
        return which.contact
    return contact_for_preview(session, call, "", desk.house)


def _preview(
    session: Session, call: Call, seat: Seat, which: Which, desk: Desk
) -> tuple[ShownMail, Contact | None]:
    """The mail as that contact would get it, with links that open nothing: who may look may not sign."""
    try:
        person = _person(session, call, seat, which, desk)
        house = replace(desk.house, link_key=DEAD_KEY)
        content = preview_mail(session, call, person, which.kind, now=seat.now, house=house).content
    except (Refusal, ValueError) as fault:
        return ShownMail(fault=str(fault)), None
    return ShownMail(content.subject, content.text, content.html), session.get(Contact, person)


def _shown(
    request: Request,
    desk: Desk,
    seat: Seat,
    slug: str,
    which: Which,
    *,
    typed: Typed | None = None,
    code: int = 200,
    **more: Any,
) -> Response:
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        file = export_call(session, call)
        if (which.kind, which.language) not in file.texts:
            raise HTTPException(NOT_THERE)
        mail, person = _preview(session, call, seat, which, desk)
        return show(
            "make-mails",
            request,
            seat,
            code=code,
            **head(seat, call),
            **part_values(session, call, _part(which), typed),
            which=which,
            kinds={kind: words for kind, words in kind_words(seat).items() if (kind, which.language) in file.texts},
            needed=OWN_KINDS,
            languages={one: language_name(one, seat) for one in file.languages if (which.kind, one) in file.texts},
            vocabulary=[(name, word) for name, word in VOCABULARY.items() if exists_in(name, which.kind)],
            mail=mail,
            person=person,
            finds=seat.may(Right.READ),
            second_person=desk.house.settings.workspace.second_person,
            **{"found": None, "sought": "", **more},
        )
