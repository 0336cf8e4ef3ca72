"""The desk of a call: who waits, what is doubtful, what may be one, who has signed; and the list as it is now."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.row_numbers import row_number
from outreach.domain.users import Right
from outreach.queries.export_signatures import export_rows
from outreach.queries.signature_desk import AT_ONCE, Lines, Part, found, lines_of, part_of, tally
from outreach.queries.signature_pairs import Comparisons
from outreach.store.editions import counts_now, list_now
from outreach.store.tables import Call
from outreach.web.console.exporting import as_csv
from outreach.web.console.forms import AtForm
from outreach.web.console.room import PREFIX, call_of
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.console.signatures import words
from outreach.web.console.signatures.door import comparisons_of, desk_at, part_named, room
from outreach.web.desk import AtDesk

PRINTED = 2000
"""A list of more is not shown as it would stand: the letter with it is made as a file."""


@room.page("/calls/{slug}/signatures", Right.READ)
def listed(request: Request, desk: AtDesk, seat: AtSeat, slug: str, after: str = "") -> Response:
    """One part of the desk, the oldest first."""
    part = part_named(request.query_params.get("show", "")) or Part.UNDECIDED
    last = row_number(after) or 0
    with desk.outreach.database.reading() as session:
        call = call_of(session, seat, slug, Right.READ)
        values = _around(session, seat, call)
        if part is Part.PAIRS:
            values |= _pairs(session, call, comparisons_of(request), last)
        else:
            values |= _page(slug, part, part_of(session, call, part, after=last))
    return show(
        "signatures", request, seat, part=part, search="", first=desk_at(slug, part) if last else "", **values
    )


@room.deed("/calls/{slug}/signatures/find", Right.READ)
def find(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """What is found by words, in every state. They are posted: a private name must not stand in a link."""
    search = form.line("search").replace("\0", "")[:200]
    with desk.outreach.database.reading() as session:
        call = call_of(session, seat, slug, Right.READ)
        values = _around(session, seat, call)
        lines = found(session, call, search, after=form.number("after") or 0) if search else Lines(())
    return show(
        "signatures",
        request,
        seat,
        part=None,
        search=search,
        first="",
        **values,
        lines=lines.lines,
        more="",
        onward=lines.after,
    )


@room.page("/calls/{slug}/signatures/list", Right.READ)
def as_printed(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """The list under the letter as it would stand if it were signed off now."""
    with desk.outreach.database.reading() as session:
        call = call_of(session, seat, slug, Right.READ)
        counts = counts_now(session, call)
        rows = list_now(session, call) if counts.all <= PRINTED else []
        values = _around(session, seat, call)
    return show(
        "signatures-list",
        request,
        seat,
        **values,
        counts=counts,
        named=[row for row in rows if row.line],
        too_long=counts.all > PRINTED,
    )


@room.page("/calls/{slug}/signatures/export", Right.READ)
def export(desk: AtDesk, seat: AtSeat, slug: str, private: str = "") -> Response:
    """The signatures as CSV; those who are not public only when they are asked for."""
    with desk.outreach.database.reading() as session:
        call_of(session, seat, slug, Right.READ)

    def rows() -> Iterator[tuple[str, ...]]:
        with desk.outreach.database.reading() as session:
            header, exported = export_rows(
                session, call_of(session, seat, slug, Right.READ), private=private == "yes"
            )
            yield header
            yield from exported

    return as_csv(f"{slug}-signatures.csv", rows())


def _around(session: Session, seat: Seat, call: Call) -> dict[str, Any]:
    return {
        "call": call,
        "here": f"{PREFIX}/calls/{call.slug}",
        "desk": desk_at(call.slug),
        "tally": tally(session, call),
        "parts": words.part_words(seat),
        "Part": Part,
        **worded(seat),
    }


def worded(seat: Seat) -> dict[str, Any]:
    """The words in which every page of the desk shows a signature."""
    return {
        "states": words.state_words(seat),
        "marks": words.MARKS,
        "shown_to": words.visibility_words(seat),
        "kinds": words.kind_words(seat),
        "origins": words.origin_words(seat),
        "why_doubtful": words.doubt_words(seat),
        "why_alike": words.likeness_words(seat),
    }


def _page(slug: str, part: Part, lines: Lines) -> dict[str, Any]:
    more = urlencode({"show": part.value, "after": lines.after})
    return {"lines": lines.lines, "more": f"{desk_at(slug)}?{more}" if lines.after else "", "onward": 0}


def _pairs(session: Session, call: Call, comparisons: Comparisons, skip: int) -> dict[str, Any]:
    """Pairs have no number: the page goes on behind so many of them."""
    compared = comparisons.of(session, call)
    some = (compared.pairs or ())[skip : skip + AT_ONCE]
    lines = lines_of(session, [number for pair in some for number in (pair.first, pair.second)])
    left = len(compared.pairs or ()) > skip + AT_ONCE
    more = urlencode({"show": Part.PAIRS.value, "after": skip + AT_ONCE})
    return {
        "lines": (),
        "pairs": [
            (lines[pair.first], lines[pair.second], pair)
            for pair in some
            if {pair.first, pair.second} <= set(lines)
        ],
        "comparing": compared.pairs is None,
        "more": f"{desk_at(call.slug)}?{more}" if left else "",
        "onward": 0,
    }
