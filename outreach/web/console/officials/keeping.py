"""What is known of a post is kept right: its details, who holds it, whether it exists, facts about its State."""

from datetime import date

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.contact_rows import RowProblems
from outreach.domain.errors import InvalidInput
from outreach.domain.officials.cells import read_day
from outreach.domain.officials.columns import FactField, Field, Spoken
from outreach.domain.officials.fact_rows import fact_name, parse_fact
from outreach.domain.officials.posts import read_details, refuse
from outreach.domain.officials.rows import holder_in
from outreach.domain.users import Right
from outreach.store.tables import Post
from outreach.usecases.change_holder import change_holder
from outreach.usecases.close_post import close_post
from outreach.usecases.edit_official import edit_official
from outreach.usecases.record_fact import record_fact
from outreach.usecases.remove_fact import remove_fact
from outreach.usecases.reopen_post import reopen_post
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.officials.door import OFFICIALS, cells_of, do, room, today
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.desk import AtDesk, Desk

EDITED = tuple(one for one in Field if one not in (Field.POST, Field.NAME, Field.FROM, Field.UNTIL))


@room.deed("/officials/{number:int}/edit", Right.PEOPLE, whole=True)
def edit(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Correct what is known of it; what is left empty is known no more."""

    def deed(session: Session, post: Post) -> Said:
        given = {one.value: form.text(one.value).strip() for one in EDITED if one.value in form.data}
        given |= {name: " | ".join(given[name].splitlines()) for name in ("postal_address",) if name in given}
        before = typed_of(post)
        cells, _ = cells_of(given, today(desk, seat))
        details = read_details(given, cells)
        refuse(cells, {})
        changed = edit_official(session, post, details, now=seat.now, by=seat.by, house=desk.house)
        if not changed:
            return Said(seat._("Nothing is other than before."))
        said = seat._("Corrected: {columns}.").format(columns=", ".join(changed).replace("_", " "))
        return Said(said, f"{OFFICIALS}/{number}/edit", {name: before[name] for name in given})

    return do(request, desk, number, deed)


def typed_of(post: Post) -> dict[str, str]:
    """The post as it would be typed into the form that corrects it."""
    return {
        Field.OFFICE.value: post.office,
        Field.INSTITUTION.value: post.institution,
        Field.STATE.value: post.state,
        Field.LANGUAGES.value: ";".join(post.languages),
        Field.CHANNELS.value: ";".join(post.ways),
        Field.EMAIL.value: post.address,
        Field.POSTAL_ADDRESS.value: "\n".join(post.postal_address),
        Field.FAX.value: post.fax,
        Field.FORM.value: post.form,
        Field.COPIES_TO.value: ";".join(post.copies_to),
        Field.SOURCE.value: post.source,
        Field.NOTE.value: post.note,
    }


@room.deed("/officials/{number:int}/holder", Right.PEOPLE, whole=True)
def hold(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Say who holds it, and since when; whoever held it before ends the day before."""

    def deed(session: Session, post: Post) -> Said:
        spoken = [f"{one.value}.{language}" for one in Spoken for language in post.languages]
        given = {name: form.line(name) for name in (Field.NAME, Field.FROM, Field.UNTIL, *spoken)}
        cells, columns = cells_of({str(name): value for name, value in given.items()}, today(desk, seat))
        said = holder_in(cells, columns)
        refuse(cells, {})
        if said is None:
            raise InvalidInput(seat._("Say who holds the post."))
        done = change_holder(session, post, said, now=seat.now, by=seat.by)
        words = [seat._("{name} holds the post.").format(name=done.holder.name)]
        words += [seat._("{name} held it until {day}.").format(name=one.name, day=one.until) for one in done.ended]
        return Said(" ".join(words))

    return do(request, desk, number, deed)


@room.deed("/officials/{number:int}/close", Right.PEOPLE, whole=True)
def close(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """It exists no more: no new letter is addressed to it."""

    def deed(session: Session, post: Post) -> Said:
        close_post(session, post, now=seat.now, by=seat.by)
        return Said(seat._("Closed: no new letter is addressed to it."), f"{OFFICIALS}/{number}/reopen")

    return do(request, desk, number, deed)


@room.deed("/officials/{number:int}/reopen", Right.PEOPLE, whole=True)
def reopen(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """It exists after all."""

    def deed(session: Session, post: Post) -> Said:
        reopen_post(session, post, now=seat.now, by=seat.by)
        return Said(seat._("It is open again."), f"{OFFICIALS}/{number}/close")

    return do(request, desk, number, deed)


@room.deed("/officials/{number:int}/fact", Right.PEOPLE, whole=True)
def note_fact(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Note what is so of its State, or of its institution, and since when."""

    def deed(session: Session, post: Post) -> Said:
        given = {
            **_about(seat, form, post),
            **{name: form.line(name) for name in ("fact", "value", "date", "source")},
        }
        cells = {one.value: given.get(one.value, "") for one in FactField}
        _, columns = cells_of(cells, today(desk, seat))
        said = parse_fact(0, tuple(cells.values()), columns, today(desk, seat))
        if isinstance(said, RowProblems):
            raise InvalidInput(*(f"{one.field} {one.reason}." for one in said.problems))
        fact, before = record_fact(session, said, now=seat.now, by=seat.by)
        values = {"about": form.line("about"), "fact": fact.name, "date": str(fact.since)}
        told = seat._("{name} is “{value}” since {day}.").format(name=fact.name, value=fact.value, day=fact.since)
        if before:
            return Said(told, f"{OFFICIALS}/{number}/fact", {**values, "value": before})
        return Said(told, f"{OFFICIALS}/{number}/fact/remove", values)

    return do(request, desk, number, deed)


@room.deed("/officials/{number:int}/fact/remove", Right.PEOPLE, whole=True)
def remove(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """It was a mistake: it is known no more."""

    def deed(session: Session, post: Post) -> Said:
        about = _about(seat, form, post)
        gone = remove_fact(
            session,
            state=about.get("state", ""),
            institution=about.get("institution", ""),
            name=fact_name(form.line("fact")),
            since=_day(desk, seat, form.line("date")),
            now=seat.now,
            by=seat.by,
        )
        values = {"about": form.line("about"), "fact": gone.name, "value": gone.value, "date": str(gone.since)}
        return Said(
            seat._("{name} since {day} is known no more.").format(name=gone.name, day=gone.since),
            f"{OFFICIALS}/{number}/fact",
            {**values, "source": gone.source},
        )

    return do(request, desk, number, deed)


def _about(seat: Seat, form: Form, post: Post) -> dict[str, str]:
    """Whether the fact is about the post's State or about its institution."""
    if form.line("about") == "institution" and post.institution:
        return {"institution": post.institution}
    if post.state:
        return {"state": post.state}
    raise InvalidInput(seat._("The post speaks for no State, so nothing can be noted of one."))


def _day(desk: Desk, seat: Seat, text: str) -> date:
    return read_day(text, today=today(desk, seat))
