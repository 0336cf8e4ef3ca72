"""One signature: as it is printed, who stands behind it, how it came, what may be done, and all that was done."""

from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.entries import FIELDS
from outreach.domain.signatures import Visibility
from outreach.domain.states import SignatureState
from outreach.domain.users import Right
from outreach.queries.log import log_page
from outreach.queries.signature_desk import lines_of, reply_behind
from outreach.store.entries import entry_of
from outreach.store.tables import Call, Contact, Organisation, Signature
from outreach.usecases.accept_signature import ACCEPTABLE, REJECTABLE
from outreach.usecases.change_signature import LIVE
from outreach.usecases.check_signature import PROVED
from outreach.web.console.log import MOST_ROWS, in_words
from outreach.web.console.room import PREFIX
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.console.signatures.door import comparisons_of, desk_at, room, signature_for
from outreach.web.console.signatures.listing import worded
from outreach.web.desk import AtDesk

HISTORY = 30


@room.page("/signatures/{number:int}", Right.READ)
def signature(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """The signature."""
    with desk.outreach.database.reading() as session:
        one = signature_for(session, seat, number)
        call = session.get_one(Call, one.call_id)
        values = {**_card(session, one), **_like(session, request, one, call), **_deeds(seat, one)}
        log = log_page(session, subject="signature", subject_id=number, limit=HISTORY, most=MOST_ROWS)
        return show(
            "signature",
            request,
            seat,
            one=one,
            call=call,
            here=f"{PREFIX}/calls/{call.slug}",
            desk=desk_at(call.slug),
            deed_at=f"{PREFIX}/signatures/{number}",
            history=[in_words(line, seat) for line in log],
            **values,
            **worded(seat),
        )


def _card(session: Session, one: Signature) -> dict[str, Any]:
    return {
        "line": lines_of(session, [one.id or 0])[one.id or 0],
        "contact": session.get(Contact, one.contact_id) if one.contact_id else None,
        "organisation": session.get(Organisation, one.organisation_id) if one.organisation_id else None,
        "kept": session.get(Signature, one.merged_into_id) if one.merged_into_id else None,
        "reply": reply_behind(session, one),
        "entry": entry_of(one),
        "fields": FIELDS[one.kind],
    }


def _like(session: Session, request: Request, one: Signature, call: Call) -> dict[str, Any]:
    compared = comparisons_of(request).of(session, call)
    pairs = compared.with_(one.id or 0)[:HISTORY]
    others = [pair.second if pair.first == one.id else pair.first for pair in pairs]
    lines = lines_of(session, others)
    return {
        "comparing": compared.pairs is None,
        "likes": [(lines[other], pair) for other, pair in zip(others, pairs, strict=True) if other in lines],
    }


def _deeds(seat: Seat, one: Signature) -> dict[str, Any]:
    """What can be done about a signature in its state."""
    return {
        "sorts": seat.may(Right.SORT, one.call_id),
        "acceptable": one.state in ACCEPTABLE,
        "needs_evidence": one.state is SignatureState.PENDING,
        "rejectable": one.state in REJECTABLE,
        "correctable": one.state in LIVE,
        "askable": one.state in PROVED and one.contact_id is not None,
        "State": SignatureState,
        "visibilities": list(Visibility),
    }
