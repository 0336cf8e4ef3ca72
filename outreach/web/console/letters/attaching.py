"""Files that go with every copy of the letter: chosen, listed, fetched, and taken off again."""

from fastapi import HTTPException, Request, Response
from sqlmodel import Session

from outreach.domain.errors import InvalidInput
from outreach.domain.users import Right
from outreach.store.documents import LARGEST, OCTETS, content_of
from outreach.store.tables import Call, Letter
from outreach.usecases.attach_document import attach_document
from outreach.usecases.deliver_letter import attachments_of
from outreach.usecases.detach_document import detach_document
from outreach.web.console.forms import AtForm
from outreach.web.console.letters.door import at, do, head, letter_here, room
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat
from outreach.web.console.showing import show
from outreach.web.console.tasks import as_download
from outreach.web.desk import AtDesk


@room.page("/calls/{slug}/officials/attachments", Right.READ)
def attachments(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """What goes with every copy, in order, and how much a mail may weigh."""
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.READ)
        files = attachments_of(session, letter)
        return show(
            "letter-attachments",
            request,
            seat,
            **head(session, desk, seat, call, letter),
            files=files,
            weight=sum(file.size for file in files),
            largest=LARGEST // 1_000_000,
            heaviest=desk.house.settings.correspondence.largest_mail_megabytes,
            runs=seat.may(Right.RUN, call.id),
        )


@room.deed("/calls/{slug}/officials/attach", Right.RUN)
def attach(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """One file more; undone by taking it off."""
    files = form.files("file")
    if len(files) != 1:
        raise InvalidInput(seat._("Choose one file."))
    name, kind, content = files[0].filename or "", files[0].content_type or OCTETS, files[0].file.read()

    def deed(session: Session, _call: Call, letter: Letter) -> Said:
        done = attach_document(session, letter, name, kind, content, now=seat.now, by=seat.by)
        said = seat._("{name} goes with every copy from now on.").format(name=done.name)
        return Said(said, at(slug, "detach"), {"file": str(done.id)})

    return do(request, desk, seat, slug, Right.RUN, at(slug, "attachments"), deed)


@room.deed("/calls/{slug}/officials/detach", Right.RUN)
def detach(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """It goes with no further copy; those that have gone keep it."""

    def deed(session: Session, _call: Call, letter: Letter) -> Said:
        number = form.number("file")
        found = next((file for file in attachments_of(session, letter) if file.id == number), None)
        if found is None:
            raise InvalidInput(seat._("This file does not go with the letter."))
        detach_document(session, letter, found.name, now=seat.now, by=seat.by)
        return Said(seat._("{name} goes with no further copy.").format(name=found.name))

    return do(request, desk, seat, slug, Right.RUN, at(slug, "attachments"), deed)


@room.page("/calls/{slug}/officials/attachments/{number:int}/file", Right.READ)
def fetch(desk: AtDesk, seat: AtSeat, slug: str, number: int) -> Response:
    """One of them, to be kept and not opened in the browser."""
    with desk.outreach.database.reading() as session:
        _, letter = letter_here(session, seat, slug, Right.READ)
        found = next((file for file in attachments_of(session, letter) if file.id == number), None)
        if found is None:
            raise HTTPException(NOT_THERE)
        return as_download(content_of(session, number), found.name)
