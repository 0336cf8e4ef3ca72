"""The public page of a letter: what it says and asks, to whom, and until when it can be signed."""

import re

from fastapi import APIRouter, HTTPException, Request, Response
from markupsafe import Markup
from sqlmodel import select

from outreach.domain.states import CallState
from outreach.rendering.markdown import markdown_to_html
from outreach.store.calls import letter_texts
from outreach.store.tables import Call
from outreach.web.desk import AtDesk, wished
from outreach.web.facts import facts_of
from outreach.web.showing import show
from outreach.web.subjects import text_in
from outreach.web.words import words_in

PUBLIC = (CallState.OPEN, CallState.CLOSED, CallState.RELEASED)
FRESH_SECONDS = 60
_SLUG = re.compile(r"[a-z0-9-]{1,100}")

router = APIRouter()


@router.api_route("/letters/{slug}", methods=["GET", "HEAD"])
def letter(slug: str, request: Request, desk: AtDesk, lang: str = "") -> Response:
    """The letter of a launched call, in the asked language; 404 for drafts, and for what was given up."""
    if not _SLUG.fullmatch(slug):
        raise HTTPException(404)
    with desk.outreach.database.reading() as session:
        call = session.exec(select(Call).where(Call.slug == slug)).first()
        if call is None or call.state not in PUBLIC:
            raise HTTPException(404)
        texts = letter_texts(session, call)
    if not texts:
        raise HTTPException(404)
    text = text_in(texts, [lang, *wished(request)])
    words = words_in([text.language, *wished(request), call.default_language])
    return show(
        "letter",
        words,
        desk.house,
        rehearsal=call.rehearsal,
        headers=_headers(rehearsal=call.rehearsal),
        call=call,
        letter=text,
        body=Markup(markdown_to_html(text.body)),  # noqa: S704  raw HTML is off in our Markdown
        facts=facts_of(call, text, words, desk.outreach.clock.now()),
        languages=[one.language for one in texts if one.language != text.language],
    )


def _headers(*, rehearsal: bool) -> dict[str, str]:
    headers = {"Cache-Control": f"public, max-age={FRESH_SECONDS}", "Vary": "Accept-Language"}
    return {**headers, "X-Robots-Tag": "noindex"} if rehearsal else headers
