"""The page of a personal link for signing: for an organisation, or in one's own name."""

from datetime import datetime

from fastapi import APIRouter, Request, Response

from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState
from outreach.domain.tokens import Purpose
from outreach.usecases.sign import NotOpen, printable_name, sign
from outreach.web.desk import AtDesk, Desk
from outreach.web.facts import facts_of
from outreach.web.forms import FromOurPage, Posted
from outreach.web.showing import notice, show, test_link
from outreach.web.subjects import NOBODY, Subject, ids_of, subject_of

KINDS = {
    Purpose.SIGN_ORGANISATION: SignatureKind.ORGANISATION,
    Purpose.SIGN_INDIVIDUAL: SignatureKind.INDIVIDUAL,
}
LONGEST_SHOWN = 1000

router = APIRouter()


@router.api_route("/sign/{token}", methods=["GET", "HEAD"])
def form(token: str, request: Request, desk: AtDesk) -> Response:
    """What can be signed, for whom the link is, and the form; changes nothing."""
    purpose, (call_id, contact_id) = ids_of(token, KINDS, desk.house, count=2)
    if contact_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    now = desk.outreach.clock.now()
    with desk.outreach.database.reading() as session:
        subject = subject_of(session, call_id, contact_id, desk.house)
    if subject.call.state not in (CallState.OPEN, CallState.CLOSED):
        return _not_open(subject, desk, code=200)
    return _form(subject, KINDS[purpose], desk, now)


@router.post("/sign/{token}", dependencies=[FromOurPage])
def submit(token: str, request: Request, desk: AtDesk, posted: Posted) -> Response:
    """Sign, and say that a mail is on its way; the answer is the same whoever has signed before."""
    purpose, (call_id, contact_id) = ids_of(token, KINDS, desk.house, count=2)
    if contact_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    now, kind = desk.outreach.clock.now(), KINDS[purpose]
    name, another = posted.get("name", ""), posted.get("another") == "yes"
    with desk.outreach.database.changing() as session:
        subject = subject_of(session, call_id, contact_id, desk.house)
        fault = _fault(name, subject)
        if fault and subject.call.state in (CallState.OPEN, CallState.CLOSED):
            return _form(subject, kind, desk, now, fault=fault, typed=name, another=another)
        signed = sign(
            session, subject.call, subject.contact, kind, name, now=now, house=desk.house, for_another=another
        )
    if isinstance(signed, NotOpen):
        return _not_open(subject, desk, code=409)
    if not signed.repeated:
        desk.on_change()
    rehearsal = subject.call.rehearsal
    return show("signed", subject.words, desk.house, rehearsal=rehearsal, subject=subject, late=signed.late)


def _form(
    subject: Subject,
    kind: SignatureKind,
    desk: Desk,
    now: datetime,
    *,
    fault: str = "",
    typed: str = "",
    another: bool = False,
) -> Response:
    """The form; with ``fault``, what was typed stands in it again."""
    for_organisation = kind is SignatureKind.ORGANISATION
    known = subject.organisation if for_organisation else subject.contact.name
    return show(
        "sign",
        subject.words,
        desk.house,
        code=422 if fault else 200,
        rehearsal=subject.call.rehearsal,
        subject=subject,
        facts=facts_of(subject.call, subject.letter, subject.words, now, zone=subject.contact.time_zone),
        for_organisation=for_organisation,
        made_for=known or subject.masked_address,
        name=clean_line(typed, LONGEST_SHOWN) if fault else known,
        fault=fault,
        another=another,
        late=subject.is_late(now),
    )


def _fault(name: str, subject: Subject) -> str:
    """What is wrong with the name, in the reader's words; "" when it can be printed."""
    try:
        printable_name(name)
    except InvalidInput:
        blank = not any(character.isalnum() for character in clean_line(name))
        return subject.words.name_is_blank if blank else subject.words.name_has_contact
    return ""


def _not_open(subject: Subject, desk: Desk, *, code: int) -> Response:
    words = subject.words
    title, text = {
        CallState.DRAFT: (words.not_begun_title, words.not_begun),
        CallState.CANCELLED: (words.given_up_title, words.given_up),
    }.get(subject.call.state, (words.over_title, words.over))
    return notice(words, desk.house, title, text, code=code, rehearsal=subject.call.rehearsal)
