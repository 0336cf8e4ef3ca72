"""Rooms of the console: every door in them says which right it asks for, and nobody passes without it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from sqlmodel import Session, SQLModel, select

from outreach.domain.row_numbers import LARGEST_NUMBER
from outreach.domain.users import EVERYTHING, Held, Right, calls_with, may
from outreach.store.tables import Call
from outreach.store.users import seat_of
from outreach.web.console.seat import NOT_THERE, Seat
from outreach.web.console.speech import speech_for
from outreach.web.desk import Desk, desk_of
from outreach.web.forms import own_origins

PREFIX = "/console"
LOG_IN = f"{PREFIX}/log-in"
SEE_OTHER = 303
FROM_ELSEWHERE = 403
SAFE = ("GET", "HEAD")

Page = Callable[..., Any]
Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Plate:
    """What stands on a door: its method and path, and the right it asks for; None: open to strangers."""

    method: str
    path: str
    right: Right | None


@dataclass(slots=True)
class Room:
    """Pages and deeds about one noun.

    ``page`` shows and changes nothing; ``deed`` changes something and leads to a page. Where the path has
    ``{slug}``, the right is asked for that call; otherwise who has it for at least one call comes in, and the page
    itself must ask for the thing it shows (``Seat.must``). ``whole=True``: only for the whole workspace.
    """

    router: APIRouter = field(default_factory=lambda: APIRouter(prefix=PREFIX))
    plates: list[Plate] = field(default_factory=list)

    def page(self, path: str, right: Right, *, whole: bool = False) -> Callable[[Page], Page]:
        """A door that is looked through (GET)."""
        return self._door(list(SAFE), path, right, whole=whole)

    def deed(self, path: str, right: Right, *, whole: bool = False) -> Callable[[Page], Page]:
        """A door through which something is changed (POST), from our own pages only."""
        return self._door(["POST"], path, right, whole=whole)

    def open_page(self, path: str) -> Callable[[Page], Page]:
        """A page that strangers may see: the log-in, a link to choose a password."""
        return self._door(list(SAFE), path, None)

    def open_deed(self, path: str) -> Callable[[Page], Page]:
        """What strangers may do: log in, choose a password by a link."""
        return self._door(["POST"], path, None)

    def _door(
        self, methods: list[str], path: str, right: Right | None, *, whole: bool = False
    ) -> Callable[[Page], Page]:
        self.plates.append(Plate(methods[0], PREFIX + path, right))
        guards: Sequence[Any] = [] if methods == list(SAFE) else [Depends(_from_our_page)]
        if right is not None:
            guards = [*guards, Depends(_admits(right, whole=whole))]
        return self.router.api_route(path, methods=methods, dependencies=guards)


def _admits(right: Right, *, whole: bool) -> Callable[[Request], None]:
    def admit(request: Request) -> None:
        seat = seat_at(request)
        if seat is None:
            raise HTTPException(SEE_OTHER, headers={"Location": way_in(request)})
        if any(_is_no_row(value) for value in request.path_params.values()):
            raise HTTPException(NOT_THERE)
        slug = request.path_params.get("slug")
        if slug is not None:
            allowed = _for_call(desk_of(request), seat.held, right, str(slug))
        else:
            allowed = may(seat.held, right) if whole else calls_with(seat.held, right) != frozenset()
        if not allowed:
            raise HTTPException(NOT_THERE)

    return admit


def _is_no_row(value: object) -> bool:
    return isinstance(value, int) and not 0 < value <= LARGEST_NUMBER


def seat_at(request: Request) -> Seat | None:
    """Who is logged in with this request's cookie; None for a stranger. Kept for the request."""
    if not hasattr(request.state, "seat"):
        request.state.seat = _find_seat(request)
    seat: Seat | None = request.state.seat
    return seat


def _find_seat(request: Request) -> Seat | None:
    desk = desk_of(request)
    token = request.cookies.get(cookie_name(desk), "")
    if not token:
        return None
    now = desk.outreach.clock.now()
    idle = timedelta(hours=desk.house.settings.console.idle_hours)
    found = seat_of(desk.outreach.database, token, now, idle=idle)
    if found is None:
        return None
    user, sitting, held = found
    workspace = desk.house.settings.workspace
    language = user.language or workspace.language
    speech = speech_for(language)
    return Seat(user, held, sitting, now, speech.language, user.zone or workspace.time_zone, speech.translations)


def _for_call(desk: Desk, held: Sequence[Held], right: Right, slug: str) -> bool:
    if may(held, right):
        return True  # whether there is such a call, the page says
    with desk.outreach.database.reading() as session:
        call_id = session.exec(select(Call.id).where(Call.slug == slug)).first()
    return may(held, right, call_id or -1)


def call_of(session: Session, seat: Seat, slug: str, right: Right = Right.SEE) -> Call:
    """The call of that name; 404 where there is none, or where she has not the right for it."""
    call = session.exec(select(Call).where(Call.slug == slug)).first()
    if call is None:
        raise HTTPException(NOT_THERE)
    seat.must(right, call.id or EVERYTHING)
    return call


def row_of(session: Session, table: type[Row], number: int) -> Row:
    """The row of that number; 404 where there is none."""
    found = session.get(table, number)
    if found is None:
        raise HTTPException(NOT_THERE)
    return found


def way_in(request: Request) -> str:
    """Where a stranger is sent, with the page that was asked for to come back to."""
    if request.method not in SAFE:
        return LOG_IN
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{LOG_IN}?{urlencode({'to': asked})}"


def within(asked: str) -> str:
    """The page to go to after the log-in: one of the console's, whatever was asked for (no open redirect)."""
    safe = asked.startswith(f"{PREFIX}/") and asked.isprintable() and "\\" not in asked and "//" not in asked
    return asked if safe else PREFIX


def cookie_name(desk: Desk) -> str:
    """The name of the cookie; behind https one that no other host or plain connection can set (RFC 6265bis)."""
    return "__Host-outreach" if desk.house.settings.workspace.base_url.startswith("https:") else "outreach"


async def _from_our_page(request: Request) -> None:
    """Only a page of ours may change something: Fetch Metadata says so, or Origin where a browser lacks it."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise HTTPException(FROM_ELSEWHERE)
        return
    if request.headers.get("origin") not in own_origins(request):
        raise HTTPException(FROM_ELSEWHERE)
