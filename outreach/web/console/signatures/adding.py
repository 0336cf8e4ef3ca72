"""A signature that came by telephone, by post or in a meeting is added, with how it is known."""

from fastapi import Request, Response

from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.signatures import Origin, SignatureKind, Visibility
from outreach.domain.users import Right
from outreach.usecases.add_signature import add_signature
from outreach.web.console.forms import AtForm
from outreach.web.console.room import PREFIX, call_of
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.console.signatures.door import FIELDS, NOT_SO, SIGNATURES, desk_at, entry_from, room
from outreach.web.console.signatures.listing import worded
from outreach.web.desk import AtDesk, Desk

BY_HAND = (Origin.TELEPHONE, Origin.POST, Origin.MEETING)
TYPED = (*FIELDS, "kind", "origin", "evidence", "address")


@room.page("/calls/{slug}/signatures/add", Right.SORT)
def form_to_add(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """The form for it."""
    return _form(request, desk, seat, slug, dict.fromkeys(TYPED, ""), ())


@room.deed("/calls/{slug}/signatures/add", Right.SORT)
def add(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Add it; what is wrong with it is said beside what was typed."""
    typed = {name: form.line(name) for name in TYPED}
    try:
        if typed["kind"] not in set(SignatureKind) or typed["origin"] not in BY_HAND:
            raise InvalidInput(seat._("Choose as what it is signed, and by which way it came."))
        entry = entry_from(form, SignatureKind(typed["kind"]))
        with desk.outreach.database.changing() as session:
            done = add_signature(
                session,
                call_of(session, seat, slug, Right.SORT),
                entry,
                origin=Origin(typed["origin"]),
                evidence=typed["evidence"],
                address=typed["address"],
                now=seat.now,
                house=desk.house,
                by=seat.by,
            )
            number = done.signature.id
    except Refusal as refusal:
        return _form(request, desk, seat, slug, typed, refusal.reasons)
    desk.on_change()
    to = f"{SIGNATURES}/{number}"
    if done.known:
        return go(request, to, Said(seat._("It was there already; nothing has changed.")))
    return go(request, to, Said(seat._("The signature is added."), f"{to}/reject"))


def _form(
    request: Request, desk: Desk, seat: Seat, slug: str, typed: dict[str, str], wrong: tuple[str, ...]
) -> Response:
    with desk.outreach.database.reading() as session:
        call = call_of(session, seat, slug, Right.SORT)
    return show(
        "signature-add",
        request,
        seat,
        code=NOT_SO if wrong else 200,
        call=call,
        here=f"{PREFIX}/calls/{slug}",
        desk=desk_at(slug),
        typed=typed,
        wrong=wrong,
        ways=BY_HAND,
        visibilities=list(Visibility),
        **worded(seat),
    )
