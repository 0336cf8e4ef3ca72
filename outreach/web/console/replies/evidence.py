"""What strangers sent, handed out so that it can do nothing: HTML in a shut frame, files only to be kept."""

from urllib.parse import quote

from fastapi import HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from outreach.domain.users import Right
from outreach.queries.reply_mails import HandedOut, file_of, html_of, raw_mail
from outreach.web.console.replies.door import reply_for, room
from outreach.web.console.seat import NOT_THERE, AtSeat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk

SHUT = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'none'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
"""Nothing is loaded, run or sent, whatever the mail holds (CSP 3); its own styles are all that it keeps."""
OCTETS = "application/octet-stream"


@room.page("/replies/{number:int}/mail", Right.READ)
def mail(number: int, request: Request, seat: AtSeat, desk: AtDesk) -> Response:
    """The mail's HTML, made harmless, for the frame on the reply's page."""
    with desk.outreach.database.reading() as session:
        page = html_of(session, reply_for(session, seat, number))
    if page is None:
        raise HTTPException(NOT_THERE)
    answer: HTMLResponse = show("reply-mail", request, seat, mail=page)
    answer.headers["Content-Security-Policy"] = SHUT
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@room.page("/replies/{number:int}/files/{file:int}", Right.READ)
def file(number: int, file: int, seat: AtSeat, desk: AtDesk) -> Response:
    """One of its files, to be kept and not opened here."""
    with desk.outreach.database.reading() as session:
        found = file_of(session, reply_for(session, seat, number), file)
    return _kept(found)


@room.page("/replies/{number:int}/source", Right.READ)
def source(number: int, seat: AtSeat, desk: AtDesk) -> Response:
    """The mail as it arrived."""
    with desk.outreach.database.reading() as session:
        found = raw_mail(session, reply_for(session, seat, number))
    return _kept(found)


def _kept(found: HandedOut | None) -> Response:
    """A download of no type (RFC 6266, 4): no browser shows it in our name, whatever it is."""
    if found is None:
        raise HTTPException(NOT_THERE)
    plain = found.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(found.content, media_type=OCTETS, headers=headers)
