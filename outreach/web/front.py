"""The front page, and what machines ask for."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from outreach.web.desk import AtDesk
from outreach.web.headers import PERSONAL_PATHS
from outreach.web.showing import show

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def front(request: Request, desk: AtDesk) -> Response:
    """Whose house this is."""
    return show("front", desk.words_for_stranger(request), desk.house, headers={"Vary": "Accept-Language"})


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
async def robots() -> Response:
    """Where search engines have no business (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PERSONAL_PATHS)]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "public, max-age=86400"})


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> Response:
    """Says that the pages are served."""
    return PlainTextResponse("ok")
