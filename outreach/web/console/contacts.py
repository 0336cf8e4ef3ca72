"""Contacts: found at once, one by one with all that was sent to them and heard from them, added and changed."""

from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException, Request, Response
from sqlmodel import col, select

from outreach.domain.contact_entries import WRITTEN
from outreach.domain.contact_rows import Field
from outreach.domain.errors import Refusal
from outreach.domain.row_numbers import row_number
from outreach.domain.users import Right
from outreach.queries.contact_history import contact_history
from outreach.queries.contact_search import COUNTED_TO, Sought, search_contacts
from outreach.queries.contacts import organisations_of, tags_of
from outreach.queries.suppressions import list_suppressions
from outreach.store.tables import Call, Contact, Suppression
from outreach.usecases.add_contact import add_contact
from outreach.usecases.edit_contact import edit_contact
from outreach.usecases.lift_suppression import lift_suppression
from outreach.usecases.note_opt_out import note_opt_out
from outreach.usecases.tag_contact import tag_contact
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.mail_words import MARKS, kind_words, reason_words, state_words
from outreach.web.console.people_words import basis_words, suppression_words
from outreach.web.console.replies.words import kind_words as reply_words
from outreach.web.console.room import Room, row_of
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.desk import AtDesk, Desk

room = Room()

CONTACTS = "/console/contacts"
LONGEST = 200
UNFIT = 422
ONES = {"yes": False, "no": True}
"""The choice "may be written to", as what is stopped."""


@room.page("/contacts", Right.READ, whole=True)
def contacts(request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """All contacts, or those that filters leave."""
    return _listed(request, desk, seat, request.query_params, search="")


@room.deed("/contacts/find", Right.READ, whole=True)
def find(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Those whose words begin so. What is looked for is posted: a name or an address must stand in no link."""
    given = {name: form.line(name) for name in ("tag", "country", "language", "basis", "writable", "before")}
    return _listed(request, desk, seat, given, search=_plain(form.line("search")))


def _listed(request: Request, desk: Desk, seat: Seat, given: Any, *, search: str) -> Response:
    filters = {name: _plain(given.get(name, "")) for name in ("tag", "country", "language", "basis")}
    writable = str(given.get("writable", ""))
    before = str(given.get("before", ""))
    below = row_number(before) or 0
    sought = Sought(search, **filters, stopped=ONES.get(writable))
    with desk.outreach.database.reading() as session:
        found = search_contacts(session, sought, before=below)
    return show(
        "contacts",
        request,
        seat,
        found=found,
        count=0 if below else found.count,
        counted_to=COUNTED_TO,
        search=search,
        filters={**filters, "writable": writable},
        narrowed=bool(sought),
        query=_query(filters | {"writable": writable}),
        more=_query(filters | {"writable": writable, "before": str(found.next)}),
        below=below,
        bases=basis_words(seat),
    )


def _plain(value: Any) -> str:
    return str(value).replace("\0", "")[:LONGEST].strip()


def _query(values: dict[str, str]) -> str:
    kept = urlencode({name: value for name, value in values.items() if value})
    return f"?{kept}" if kept else ""


@room.page("/contacts/new", Right.PEOPLE, whole=True)
def new(request: Request, seat: AtSeat) -> Response:
    """The form for a new contact."""
    return _form(request, seat, None, {}, "", "", ())


@room.deed("/contacts/new", Right.PEOPLE, whole=True)
def add(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Add a contact."""
    address, said, bodies = form.line("address"), _said(form), form.text("organisations")
    try:
        with desk.outreach.database.changing() as session:
            contact = add_contact(
                session, address, said, bodies.splitlines(), now=seat.now, by=seat.by, house=desk.house
            )
    except Refusal as refusal:
        return _form(request, seat, None, said, address, bodies, refusal.reasons)
    return go(request, f"{CONTACTS}/{contact.id}", Said(seat._("The contact is added.")))


def _said(form: Form) -> dict[Field, str]:
    return {field: form.line(field.value) for field in WRITTEN}


def _form(
    request: Request,
    seat: Seat,
    contact: Contact | None,
    said: dict[Field, str],
    address: str,
    bodies: str,
    faults: tuple[str, ...],
) -> Response:
    return show(
        "contact-form",
        request,
        seat,
        code=UNFIT if faults else 200,
        contact=contact,
        entry={field.value: said.get(field, "") for field in WRITTEN},
        address=address,
        bodies=bodies,
        faults_found=faults,
        bases=basis_words(seat),
    )


@room.page("/contacts/{number:int}", Right.READ, whole=True)
def contact(number: int, request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """Who it is, whether she may be written to, and all that was sent to her and heard from her."""
    with desk.outreach.database.reading() as session:
        who = row_of(session, Contact, number)
        bodies = organisations_of(session, [who]).get(number, [])
        calls = session.exec(select(Call.slug, Call.title).order_by(col(Call.id).desc()).limit(50)).all()
        return show(
            "contact",
            request,
            seat,
            who=who,
            bodies=bodies,
            tags=tags_of(session, [number])[number],
            history=contact_history(session, who),
            stops=list_suppressions(session, digest=who.address_digest).suppressions,
            calls=calls,
            marks={state.value: mark for state, mark in MARKS.items()},
            states={state.value: words for state, words in state_words(seat).items()},
            kinds={kind.value: words for kind, words in kind_words(seat).items()},
            replies={kind.value: words for kind, words in reply_words(seat).items()},
            reasons=reason_words(seat),
            bases=basis_words(seat),
            stop_words=suppression_words(seat),
        )


@room.page("/contacts/{number:int}/edit", Right.PEOPLE, whole=True)
def edit_form(number: int, request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """The form with what is known."""
    with desk.outreach.database.reading() as session:
        who = row_of(session, Contact, number)
        bodies = "\n".join(one.name for one in organisations_of(session, [who]).get(number, []))
        said: dict[Field, str] = {
            field: str(getattr(who, field.value)) for field in WRITTEN if field is not Field.TAGS
        }
        said[Field.TAGS] = "; ".join(tags_of(session, [number])[number])
    return _form(request, seat, who, said, who.address, bodies, ())


@room.deed("/contacts/{number:int}/edit", Right.PEOPLE, whole=True)
def edit(number: int, request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Change what is known."""
    said, bodies = _said(form), form.text("organisations")
    try:
        with desk.outreach.database.changing() as session:
            who = row_of(session, Contact, number)
            changed = edit_contact(session, who, said, bodies.splitlines(), now=seat.now, by=seat.by)
    except Refusal as refusal:
        with desk.outreach.database.reading() as session:
            who = row_of(session, Contact, number)
        return _form(request, seat, who, said, who.address, bodies, refusal.reasons)
    words = seat._("The contact is changed.") if changed else seat._("Nothing was changed.")
    return go(request, f"{CONTACTS}/{number}", Said(words))


@room.deed("/contacts/{number:int}/tags", Right.PEOPLE, whole=True)
def tag(number: int, request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Put a tag on, or take one off."""
    words, off = form.line("tag"), form.checked("off")
    with desk.outreach.database.changing() as session:
        changed = tag_contact(session, row_of(session, Contact, number), words, off=off, now=seat.now, by=seat.by)
    said = seat._("The tag is off.") if off else seat._("The tag is on.")
    values = {"tag": words} if off else {"tag": words, "off": "yes"}
    undo = f"{CONTACTS}/{number}/tags" if changed else ""
    return go(request, f"{CONTACTS}/{number}", Said(said, undo, values))


@room.deed("/contacts/{number:int}/opt-out", Right.PEOPLE, whole=True)
def opt_out(number: int, request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Write to her no more, as she asked for."""
    with desk.outreach.database.changing() as session:
        who = row_of(session, Contact, number)
        call = session.exec(select(Call).where(Call.slug == form.line("call"))).first()
        if form.line("call") and call is None:
            raise HTTPException(NOT_THERE)
        added = note_opt_out(session, who, form.line("words"), call=call, now=seat.now, by=seat.by)
    done = seat._("No such mail goes to this person any more; what waited is cancelled.")
    return go(request, f"{CONTACTS}/{number}", Said(done if added else seat._("It was so already.")))


@room.deed("/contacts/{number:int}/lift", Right.PEOPLE, whole=True)
def lift(number: int, request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Take back what was misread or misheard."""
    with desk.outreach.database.changing() as session:
        who = row_of(session, Contact, number)
        stop = session.get(Suppression, form.number("suppression") or 0)
        if stop is None or stop.address_digest != who.address_digest:
            raise HTTPException(NOT_THERE)
        waits = lift_suppression(session, stop, form.line("why"), now=seat.now, by=seat.by)
    desk.on_change()
    said = seat._("This person may be written to again; {count} mails wait again.").format(count=waits)
    return go(request, f"{CONTACTS}/{number}", Said(said))
