"""The front page, and what machines ask for."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from outreach.queries.public_letters import LetterOnFront, letters_on_front
from outreach.web.desk import AtDesk
from outreach.web.facts import Facts, facts_of
from outreach.web.headers import PERSONAL_PATHS
from outreach.web.showing import show
from outreach.web.subjects import text_in

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def front(request: Request, desk: AtDesk) -> Response:
    """Whose house this is, which letters can be signed here, and which are out."""
    words = desk.words_for_stranger(request)
    with desk.outreach.database.reading() as session:
        can_be_signed, published = letters_on_front(session)
    now = desk.outreach.clock.now()

    def facts(letters: list[LetterOnFront]) -> list[Facts]:
        return [
            facts_of(one.call, text_in(one.texts, [words.language]), words, now) for one in letters if one.texts
        ]

    return show(
        "front",
        words,
        desk.house,
        headers={"Vary": "Accept-Language"},
        can_be_signed=facts(can_be_signed),
        published=facts(published),
    )


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
async def robots() -> Response:
    """Where search engines have no business (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PERSONAL_PATHS)]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "public, max-age=86400"})


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> Response:
    """Says that the pages are served."""
    return PlainTextResponse("ok")
