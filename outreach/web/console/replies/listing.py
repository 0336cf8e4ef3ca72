"""The inbox: what waits, or all that came back, narrowed by kind, by call, or by words."""

from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.replies import ReplyKind
from outreach.domain.row_numbers import row_number
from outreach.domain.users import Right
from outreach.queries.inbox import Among, Tally, calls_for, inbox_lines, tally
from outreach.web.console.forms import AtForm
from outreach.web.console.replies.door import ALL, NO_CALL, View, room, view_in, view_of
from outreach.web.console.replies.words import channel_words, kind_words
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk

AT_ONCE = 50


@room.page("/replies", Right.READ)
def inbox(
    request: Request, seat: AtSeat, desk: AtDesk, state: str = "", kind: str = "", call: str = "", after: str = ""
) -> Response:
    """What waits, the oldest first; or everything, the newest first."""
    with desk.outreach.database.reading() as session:
        view, among = view_of(session, seat, state, kind, call)
        last = row_number(after)
        lines = inbox_lines(session, among, after=last, limit=AT_ONCE + 1)
        values = _around(session, seat, view, among)
    more = view.at(after=lines[AT_ONCE - 1].id) if len(lines) > AT_ONCE else ""
    first = view.at() if last is not None else ""
    return show("replies", request, seat, lines=lines[:AT_ONCE], more=more, first=first, search="", **values)


@room.deed("/replies/find", Right.READ)
def find(request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """What is found by words. They are posted and lead nowhere: an address must not stand in one."""
    search = form.line("search")[:200]
    with desk.outreach.database.reading() as session:
        view, among = view_in(session, seat, form)
        salt = desk.house.salt
        lines = inbox_lines(session, among, search=search, salt=salt, after=form.number("after"), limit=AT_ONCE + 1)
        values = _around(session, seat, view, among)
    more = str(lines[AT_ONCE - 1].id) if len(lines) > AT_ONCE else ""
    return show("replies", request, seat, lines=lines[:AT_ONCE], more=more, first="", search=search, **values)


def _around(session: Session, seat: Seat, view: View, among: Among) -> dict[str, Any]:
    """What stands around the list: how much waits, and by what it can be narrowed."""
    waits = tally(session, among.calls)
    return {
        "view": view,
        "waits": waits,
        "figures": _figures(seat, waits),
        "kinds": kind_words(seat),
        "channels": channel_words(seat),
        "calls": calls_for(session, among.calls),
        "everywhere": among.calls is None,
        "ALL": ALL,
        "NO_CALL": NO_CALL,
    }


def _figures(seat: Seat, waits: Tally) -> list[tuple[ReplyKind, int, str]]:
    """What a coordinator asks for first."""
    words = {
        ReplyKind.SIGNS: seat._("would sign"),
        ReplyKind.QUESTION: seat._("ask something"),
        ReplyKind.ANSWER: seat._("from officials"),
    }
    return [(kind, waits.kinds[kind], said) for kind, said in words.items()]
