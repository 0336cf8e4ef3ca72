"""The page on which a signatory whose mail did not come asks for it again."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.errors import InvalidInput
from outreach.domain.floods import Asking
from outreach.domain.names import clean_line
from outreach.queries.public_letters import waiting_for
from outreach.store.tables import Call, Signature
from outreach.usecases.ask_to_confirm import ask_to_confirm
from outreach.web.desk import AtDesk, Desk
from outreach.web.facts import facts_of
from outreach.web.filling import ADDRESS, LONGEST_SHOWN
from outreach.web.forms import FromOurPage, Posted
from outreach.web.limits import NotTooOften
from outreach.web.showing import notice, show
from outreach.web.subjects import Seen, Subject, seen

router = APIRouter()


@router.api_route("/letters/{slug}/again", methods=["GET", "HEAD"])
def form(slug: str, request: Request, desk: AtDesk, lang: str = "") -> Response:
    """The form: an address, and a button."""
    with desk.outreach.database.reading() as session:
        letter = seen(session, slug, request, lang)
    return _form(letter, desk, "", fault="")


@router.post("/letters/{slug}/again", dependencies=[FromOurPage, NotTooOften])
def submit(slug: str, request: Request, desk: AtDesk, posted: Posted, lang: str = "") -> Response:
    """Ask that mailbox again about all that waits for it, within its limits; say the same whatever came of it."""
    typed = posted.get(ADDRESS, "")
    with desk.outreach.database.changing() as session:
        letter = seen(session, slug, request, lang)
        try:
            digest = address_digest(parse_address(typed).key, desk.house.salt)
        except InvalidInput:
            return _form(letter, desk, typed, fault=letter.words.form.address_wrong)
        waiting = waiting_for(session, letter.call, digest)
        asked = [ask_once_more(session, letter.call, signature, desk) for signature in waiting]
    if any(asked):
        desk.on_change()
    form = letter.words.form
    rehearsal = letter.call.rehearsal
    return notice(letter.words, desk.house, form.again_done_title, form.again_done, rehearsal=rehearsal)


def ask_once_more(session: Session, call: Call, signature: Signature, desk: Desk) -> bool:
    """Ask the mailbox once more to confirm, if its limits allow; whether a mail was queued.

    The call is locked first, as by every verb, and two requests at once go one after the other.
    """
    session.refresh(call, with_for_update={"read": True})
    session.refresh(signature, with_for_update=True)
    now = desk.outreach.clock.now()
    return ask_to_confirm(session, call, signature, now=now, house=desk.house) in (Asking.NOW, Asking.HELD)


def asked_again(subject: Subject, desk: Desk) -> Response:
    """What is said to whoever asked by a personal link: the same whatever came of it."""
    own, rehearsal = subject.words.own, subject.call.rehearsal
    return notice(subject.words, desk.house, own.asked_again_title, own.asked_again, rehearsal=rehearsal)


def _form(letter: Seen, desk: Desk, typed: str, *, fault: str) -> Response:
    return show(
        "again",
        letter.words,
        desk.house,
        code=422 if fault else 200,
        rehearsal=letter.call.rehearsal,
        facts=facts_of(letter.call, letter.letter, letter.words, desk.outreach.clock.now()),
        typed=clean_line(typed, LONGEST_SHOWN),
        fault=fault,
    )
