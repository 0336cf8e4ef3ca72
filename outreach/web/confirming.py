"""The page of the link in a confirmation mail: GET shows what will be confirmed, POST confirms it."""

from fastapi import APIRouter, Request, Response

from outreach.domain.signatures import SignatureKind, confirmed_state, signing_ended
from outreach.domain.states import CallState, SignatureState
from outreach.domain.tokens import Purpose
from outreach.store.tables import Signature
from outreach.usecases.confirm_signature import confirm_signature
from outreach.web.desk import AtDesk, Desk
from outreach.web.facts import facts_of
from outreach.web.forms import FromOurPage
from outreach.web.showing import notice, show, test_link
from outreach.web.subjects import NOBODY, Subject, ids_of, signature_of

router = APIRouter()


@router.api_route("/confirm/{token}", methods=["GET", "HEAD"])
def look(token: str, request: Request, desk: AtDesk) -> Response:
    """The name as it will be printed, the letter, and the button; changes nothing."""
    _, (signature_id,) = ids_of(token, [Purpose.CONFIRM], desk.house, count=1)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    now = desk.outreach.clock.now()
    with desk.outreach.database.reading() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
    if signature.state is not SignatureState.PENDING or subject.call.state is CallState.CANCELLED:
        return _outcome(signature, subject, desk)
    ended = signing_ended(subject.call.deadline_at, subject.call.closed_at)
    becomes = confirmed_state(signature.submitted_at, ended, subject.call.state)
    return show(
        "confirm",
        subject.words,
        desk.house,
        rehearsal=subject.call.rehearsal,
        facts=facts_of(subject.call, subject.letter, subject.words, now, zone=subject.contact.time_zone),
        name=signature.name,
        for_organisation=signature.kind is SignatureKind.ORGANISATION,
        late=becomes is SignatureState.LATE,
    )


@router.post("/confirm/{token}", dependencies=[FromOurPage])
def confirm(token: str, request: Request, desk: AtDesk) -> Response:
    """Confirm the signature, and say what it is now; doing it again changes nothing."""
    _, (signature_id,) = ids_of(token, [Purpose.CONFIRM], desk.house, count=1)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    now = desk.outreach.clock.now()
    with desk.outreach.database.changing() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
        before = signature.state
        confirm_signature(session, signature, now=now, house=desk.house)
    if signature.state is not before:
        desk.on_change()
    return _outcome(signature, subject, desk)


def _outcome(signature: Signature, subject: Subject, desk: Desk) -> Response:
    """The page that says what has become of the signature."""
    words = subject.words
    title, text = {
        SignatureState.CONFIRMED: (words.confirmed_title, words.confirmed),
        SignatureState.MERGED: (words.confirmed_title, words.confirmed),
        SignatureState.LATE: (words.kept_late_title, words.kept_late),
        SignatureState.PROPOSED: (words.looked_at_title, words.looked_at),
        SignatureState.PENDING: (words.given_up_title, words.given_up),
        SignatureState.WITHDRAWN: (words.not_counted_title, words.not_counted),
        SignatureState.REJECTED: (words.not_counted_title, words.not_counted),
    }[signature.state]
    return notice(words, desk.house, title, text, rehearsal=subject.call.rehearsal, name=signature.name)
