"""The room itself, and what all its pages ask: which signature, for whom, and where she came from."""

from collections.abc import Callable

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.entries import Entry, Faults, read_entry
from outreach.domain.errors import InvalidInput
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.users import Right
from outreach.queries.signature_desk import Part
from outreach.queries.signature_pairs import Comparisons
from outreach.store.tables import Call, Signature
from outreach.web.console.forms import Form
from outreach.web.console.room import PREFIX, Room, row_of
from outreach.web.console.said import Said
from outreach.web.console.seat import Seat
from outreach.web.console.showing import go
from outreach.web.desk import Desk

SIGNATURES = f"{PREFIX}/signatures"
NOT_SO = 422

room = Room()


def desk_at(slug: str, part: Part | None = None) -> str:
    """The address of a call's desk, or of one part of it."""
    return f"{PREFIX}/calls/{slug}/signatures" + (f"?show={part.value}" if part else "")


def part_named(text: str) -> Part | None:
    """The part of the desk that an address names."""
    return Part(text) if text in set(Part) else None


def signature_for(session: Session, seat: Seat, number: int, right: Right = Right.READ) -> Signature:
    """The signature; 404 where there is none, or where she has not the right for its call."""
    found = row_of(session, Signature, number)
    seat.must(right, found.call_id)
    return found


def comparisons_of(request: Request) -> Comparisons:
    """The comparisons that this console made last."""
    state = request.app.state
    if not hasattr(state, "comparisons"):
        state.comparisons = Comparisons()
    kept: Comparisons = state.comparisons
    return kept


def do(
    request: Request,
    desk: Desk,
    seat: Seat,
    form: Form,
    number: int,
    deed: Callable[[Session, Signature], Said],
) -> Response:
    """One verb on the signature; then back to the part of the desk from which it was done, or to its own page."""
    with desk.outreach.database.changing() as session:
        signature = signature_for(session, seat, number, Right.SORT)
        said = deed(session, signature)
        slug = session.get_one(Call, signature.call_id).slug
    desk.on_change()
    part = part_named(form.line("from"))
    return go(request, desk_at(slug, part) if part else f"{SIGNATURES}/{number}", said)


FIELDS = ("name", "acronym", "country", "website", "signer_name", "signer_title", "affiliation", "visibility")


def entry_from(form: Form, kind: SignatureKind) -> Entry:
    """The entry that a form holds. Raises InvalidInput with everything that is wrong with it."""
    entry = read_entry(kind, {field: form.line(field) for field in FIELDS})
    if isinstance(entry, Faults):
        raise InvalidInput(*map(str, entry.faults))
    return entry


def visibility_from(form: Form) -> Visibility | None:
    """Who shall see the name, where a form says it."""
    chosen = form.line("visibility")
    return Visibility(chosen) if chosen in set(Visibility) else None
