"""Suppressions: who is not written to, why, and by what evidence."""

from fastapi import Request, Response

from outreach.domain.addresses import digest_or_nothing
from outreach.domain.row_numbers import row_number
from outreach.domain.users import Right
from outreach.queries.suppressions import list_suppressions
from outreach.store.tables import SuppressionReason
from outreach.web.console.forms import AtForm
from outreach.web.console.people_words import suppression_words
from outreach.web.console.room import Room
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk, Desk

room = Room()

NOBODY = "nobody"


@room.page("/suppressions", Right.READ, whole=True)
def suppressions(request: Request, desk: AtDesk, seat: AtSeat, reason: str = "", before: str = "") -> Response:
    """The newest first."""
    return _listed(request, desk, seat, reason=reason, before=before)


@room.deed("/suppressions/find", Right.READ, whole=True)
def find(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Those of one address, by its digest: the address itself may be kept nowhere any more."""
    address = form.line("address")
    digest = digest_or_nothing(address, desk.house.salt) or NOBODY if address else ""
    return _listed(request, desk, seat, reason=form.line("reason"), digest=digest, address=address)


def _listed(
    request: Request, desk: Desk, seat: Seat, *, reason: str, before: str = "", digest: str = "", address: str = ""
) -> Response:
    below = row_number(before) or 0
    chosen = SuppressionReason(reason) if reason in set(SuppressionReason) else None
    with desk.outreach.database.reading() as session:
        page = list_suppressions(session, digest=digest, reason=chosen, before=below)
    return show(
        "suppressions",
        request,
        seat,
        found=page,
        reason=chosen.value if chosen else "",
        reasons=suppression_words(seat),
        address=address,
        below=below,
    )
