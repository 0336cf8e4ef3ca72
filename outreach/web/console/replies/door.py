"""The room itself, and what all its pages ask: which reply, for whom, among which others."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import HTTPException, Request
from sqlmodel import Session, select

from outreach.domain.replies import ReplyKind
from outreach.domain.users import EVERYTHING, Right
from outreach.queries.inbox import Among
from outreach.store.tables import Call, Reply
from outreach.web.console.forms import Form
from outreach.web.console.room import PREFIX, Room, row_of
from outreach.web.console.seat import NOT_THERE, Seat

INBOX = f"{PREFIX}/replies"
ALL = "all"
NO_CALL = "none"
NOT_SO = 422

room = Room()


@dataclass(frozen=True, slots=True)
class View:
    """What she looks at: what waits or all, of one kind, of one call; ``address`` is what keeps it in a link."""

    state: str = ""
    kind: str = ""
    call: str = ""

    def query(self, **more: str | int) -> str:
        """``?kind=question``, or "" for the plain inbox; ``more`` comes before."""
        kept = {"state": self.state, "kind": self.kind, "call": self.call}
        values = {name: value for name, value in {**kept, **more}.items() if value != ""}
        return f"?{urlencode(values)}" if values else ""

    def at(self, number: int | None = None, **more: str | int) -> str:
        """The address of the inbox, or of a reply, seen so."""
        return (f"{INBOX}/{number}" if number else INBOX) + self.query(**more)


def view_of(session: Session, seat: Seat, state: str, kind: str, call: str) -> tuple[View, Among]:
    """What is asked for, as far as there is such a thing for her, and the replies that it means."""
    calls = seat.calls(Right.READ)
    kinds = ReplyKind(kind) if kind in set(ReplyKind) else None
    number: int | None = None
    if call == NO_CALL:
        seat.must(Right.READ)
        number = EVERYTHING
    elif call:
        found = session.exec(select(Call.id).where(Call.slug == call)).first()
        if found is None or not seat.may(Right.READ, found):
            raise HTTPException(NOT_THERE)
        number = found
    shown = View(ALL if state == ALL else "", kinds or "", call)
    return shown, Among(calls, state != ALL, kinds, number)


def view_in(session: Session, seat: Seat, form: Form) -> tuple[View, Among]:
    """The view that a form carries from the page on which it stands."""
    return view_of(session, seat, form.line("in_state"), form.line("in_kind"), form.line("in_call"))


def reply_for(session: Session, seat: Seat, number: int, right: Right = Right.READ) -> Reply:
    """The reply; 404 where there is none, or where she has not the right for its call."""
    reply = row_of(session, Reply, number)
    seat.must(right, reply.call_id or EVERYTHING)
    return reply


def is_head(request: Request) -> bool:
    """Whether only the headers are asked for: nobody sits there and reads."""
    return request.method == "HEAD"
