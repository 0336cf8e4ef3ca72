"""Turns a console page's template and its values into an answer."""

import json
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import js_lib_htmx
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from outreach.domain.places import country_name, language_name
from outreach.domain.users import Right
from outreach.domain.zones import local_time
from outreach.rendering.content import direction
from outreach.rendering.moments import say_moment
from outreach.web.console.said import Said, say_next, take_said
from outreach.web.console.seat import Seat
from outreach.web.console.speech import speech_for
from outreach.web.desk import Desk, desk_of

HERE = Path(__file__).parent
STATIC = HERE / "static"
HTMX = Path(js_lib_htmx.__file__).parent / "static" / "htmx"
SEE_OTHER = 303
DAY = "d MMM y"
"""A day as all pages write it, in the reader's language (CLDR)."""


def show(page: str, request: Request, seat: Seat, *, code: int = 200, **values: Any) -> HTMLResponse:
    """The page ``console/pages/{page}.html`` in the person's language, with what the last deed said."""
    desk = desk_of(request)
    said = take_said(request)
    text = _template(page, seat.language).render(
        seat=seat,
        Right=Right,
        path=request.url.path,
        said=said,
        **_house(desk),
        **_known(request),
        **values,
    )
    answer = HTMLResponse(text, code)
    if said:
        say_next(request, answer, None)
    return answer


def piece(page: str, seat: Seat, **values: Any) -> str:
    """A part of a page, ``console/pages/{page}.html``, for what is shown anew while the page is open."""
    text: str = _template(page, seat.language).render(seat=seat, Right=Right, **values)
    return text


def show_stranger(page: str, request: Request, language: str, *, code: int = 200, **values: Any) -> HTMLResponse:
    """A page for somebody who is not logged in."""
    speech = speech_for(language)
    house = _house(desk_of(request))
    text = _template(page, speech.language).render(seat=None, path=request.url.path, said=None, **house, **values)
    return HTMLResponse(text, code)


def go(request: Request, to: str, said: Said | None = None) -> Response:
    """After a deed: on to a page, which says what was done and offers to undo it."""
    answer = RedirectResponse(to, SEE_OTHER)
    if said is not None:
        say_next(request, answer, said)
    return answer


def _house(desk: Desk) -> dict[str, Any]:
    workspace = desk.house.settings.workspace
    return {"workspace": workspace.name, "rehearsing": desk.house.rehearsal}


def _known(request: Request) -> dict[str, Any]:
    """What every page of somebody logged in shows: whether all mail is stopped."""
    with desk_of(request).outreach.database.reading() as session:
        return {"bands": [band for read in BANDS if (band := read(session)) is not None]}


BANDS: list[Any] = []
"""Reads that every page asks: each gives what stands in a band above it (a page ``bands/NAME.html``), or None."""


@cache
def _template(page: str, language: str) -> Any:
    return _environment(language).get_template(f"{page}.html")


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "pages"),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True  # line breaks in a template are not part of its sentences
    environment.install_gettext_translations(speech_for(language).translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        "language": language,
        "dir": direction(language),
        "style": _address("console.css"),
        "script": _address("console.js"),
        "htmx": "/console/static/htmx/htmx.min.js",
        "icon": "/static/icon.svg",
        "nothing": frozenset(),
        "bands": (),
    }
    environment.filters |= {
        "number": lambda value: format_decimal(value, locale=language),
        "moment": lambda instant, zone: say_moment(instant, zone, language),
        "day": lambda instant, zone: format_date(local_time(instant, zone), DAY, locale=language),
        "date": lambda day: format_date(day, DAY, locale=language),
        "clock": lambda instant, zone: format_datetime(local_time(instant, zone), "d MMM HH:mm", locale=language),
        "iso": lambda instant: instant.isoformat(),
        "span": lambda span: _span(span, language),
        "away": lambda instant, now: _away(instant - now, language),
        "json": lambda value: json.dumps(value, ensure_ascii=False),
        "dir": direction,
        "country": lambda code: country_name(code, language),
        "tongue": lambda code: language_name(code, language),
    }
    return environment


def _address(name: str) -> str:
    return f"/console/static/{name}?{sha256((STATIC / name).read_bytes()).hexdigest()[:8]}"


def _span(span: timedelta, language: str) -> str:
    """How long, in its largest unit: ``3 days``."""
    return format_timedelta(span, locale=language, threshold=1.2)


def _away(span: timedelta, language: str) -> str:
    """How far from now: ``in 3 days``, ``2 hours ago``."""
    return format_timedelta(span, locale=language, threshold=1.2, add_direction=True)


def local(instant: datetime, seat: Seat) -> datetime:
    """The instant on the person's own clocks."""
    return local_time(instant, seat.zone)
