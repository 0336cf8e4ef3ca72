"""The public page of a letter: what it says and asks, to whom, until when it can be signed, and who has."""

from fastapi import APIRouter, Request, Response

from outreach.domain.states import CallState
from outreach.queries.public_letters import public_list
from outreach.rendering.letters.languages import words_for
from outreach.rendering.moments import say_date
from outreach.store.calls import known_to_all
from outreach.web.bodies import body_of
from outreach.web.desk import AtDesk
from outreach.web.downloads import downloads_of
from outreach.web.facts import facts_of
from outreach.web.lists import FIRST_NAMES, cut, names_on
from outreach.web.showing import public_headers, show
from outreach.web.subjects import can_be_signed, is_late, seen, taken

router = APIRouter()


@router.api_route("/letters/{slug}", methods=["GET", "HEAD"])
def letter(slug: str, request: Request, desk: AtDesk, lang: str = "") -> Response:
    """The letter of a launched call, in the asked language; 404 for drafts, and for what was given up."""
    with desk.outreach.database.reading() as session:
        read = seen(session, slug, request, lang)
        listed = public_list(session, read.call)
        known = known_to_all(session, read.call, read.letter.language, desk.house)
    call, text, now = read.call, read.letter, desk.outreach.clock.now()
    pages = cut(listed, FIRST_NAMES)
    here = f"/letters/{slug}"
    return show(
        "letter",
        read.words,
        desk.house,
        rehearsal=call.rehearsal,
        headers=public_headers(rehearsal=call.rehearsal),
        call=call,
        letter=text,
        body=body_of(text, listed.counts if listed.edition else None, known),
        facts=facts_of(call, text, read.words, now),
        languages=[one.language for one in read.texts if one.language != text.language],
        counted=words_for(read.words.language).count(listed.counts),
        around=words_for(read.words.language),
        listed=listed,
        names=names_on(pages[0], listed, text.language, read.words) if pages else (),
        more=f"{here}/signatories?lang={text.language}" if len(pages) > 1 else "",
        dated=say_date(listed.edition.at, desk.house.time_zone, read.words.language) if listed.edition else "",
        sign=[(kind, f"{here}/{kind.value}?lang={text.language}") for kind in taken(call)]
        if can_be_signed(call)
        else [],
        late=is_late(call, now),
        released=call.state is CallState.RELEASED,
        downloads=downloads_of(slug, text.language) if listed.edition else (),
    )
