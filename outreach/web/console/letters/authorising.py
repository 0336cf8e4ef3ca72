"""The second person's consent to the letter's going to its officials: hers who is logged in now."""

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.users import Right
from outreach.store.tables import Call, Letter
from outreach.usecases.authorise_letter import authorise_letter
from outreach.web.console.forms import AtForm
from outreach.web.console.letters.door import at, do, must_be_as_seen, room
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat
from outreach.web.desk import AtDesk


@room.deed("/calls/{slug}/officials/authorise", Right.AUTHORISE)
def authorise(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Whoever signed off the list cannot; nobody consents to what she has not seen."""

    def deed(session: Session, _call: Call, letter: Letter) -> Said:
        must_be_as_seen(session, seat, letter, form)
        authorise_letter(session, letter, now=seat.now, by=seat.by)
        return Said(seat._("You have authorised the letter as it reads now; somebody else can deliver it."))

    return do(request, desk, seat, slug, Right.AUTHORISE, at(slug), deed)
