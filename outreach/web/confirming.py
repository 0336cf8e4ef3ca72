"""The page of the link in a confirmation mail: GET shows what will be confirmed, POST confirms it."""

from fastapi import APIRouter, HTTPException, Request, Response
from sqlmodel import Session

from outreach.domain.correspondence import RoundKind
from outreach.domain.signatures import confirmed_state, signing_ended
from outreach.domain.states import SignatureState
from outreach.domain.tokens import Purpose
from outreach.store.editions import is_signed_off
from outreach.store.signing import DISOWNED
from outreach.store.tables import Signature
from outreach.usecases.confirm_signature import (
    Unconfirmed,
    confirm_signature,
    disown_signature,
    why_unconfirmed,
)
from outreach.web.approving import draft_answered, draft_page
from outreach.web.asking_again import ask_once_more, asked_again
from outreach.web.desk import AtDesk, Desk
from outreach.web.facts import facts_for
from outreach.web.forms import FromOurPage, Posted
from outreach.web.limits import NotTooOften
from outreach.web.own_entry import outcome, own_entry, own_path, waits
from outreach.web.showing import notice, show, test_link
from outreach.web.subjects import NOBODY, Subject, ids_of, signature_of

FIRST_REVISION = 1
"""What a link of a mail stands for that was written before links said it."""

router = APIRouter()


@router.api_route("/confirm/{token}", methods=["GET", "HEAD"])
def look(token: str, request: Request, desk: AtDesk) -> Response:
    """What will be printed, who will see it, the letter, and the button; changes nothing."""
    signature_id, revision = read_confirmation(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.reading() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
        if subject.call.round is RoundKind.APPROVAL:  # where a draft is read, it is also answered
            return draft_page(session, subject, desk)
        return confirmation_page(session, signature, subject, desk, (token, revision))


@router.post("/confirm/{token}", dependencies=[FromOurPage, NotTooOften])
def confirm(token: str, request: Request, desk: AtDesk, posted: Posted) -> Response:
    """Confirm the signature, and say what it is now; doing it again changes nothing."""
    signature_id, revision = read_confirmation(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.changing() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
        if subject.call.round is RoundKind.APPROVAL:
            return draft_answered(session, subject, desk, posted)
        before = signature.state
        done = confirm_signature(
            session, signature, now=desk.outreach.clock.now(), house=desk.house, revision=revision
        )
        if done.unconfirmed is not None:
            return _unconfirmed(signature, subject, desk, done.unconfirmed, token)
    if signature.state is not before:
        desk.on_change()
    return outcome(signature, subject, desk)


@router.post("/confirm/{token}/disown", dependencies=[FromOurPage, NotTooOften])
def disown(token: str, request: Request, desk: AtDesk) -> Response:
    """The mailbox says that it was not its own doing."""
    signature_id, _ = read_confirmation(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.changing() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
        disown_signature(session, signature, now=desk.outreach.clock.now())
    own = subject.words.own
    if signature.state is SignatureState.REJECTED and signature.reason == DISOWNED:
        return notice(subject.words, desk.house, own.disowned_title, own.disowned, rehearsal=subject.call.rehearsal)
    return outcome(signature, subject, desk)


@router.post("/confirm/{token}/again", dependencies=[FromOurPage, NotTooOften])
def again(token: str, request: Request, desk: AtDesk) -> Response:
    """Ask for a new mail, because this one's link is too old; the answer is the same whatever comes of it."""
    signature_id, _ = read_confirmation(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.changing() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
        asked = waits(signature, subject.call) and ask_once_more(session, subject.call, signature, desk)
    if asked:
        desk.on_change()
    return asked_again(subject, desk)


def read_confirmation(token: str, desk: Desk) -> tuple[int, int]:
    """The signature and its revision that a link is for."""
    try:
        _, (signature_id, revision) = ids_of(token, [Purpose.CONFIRM], desk.house, count=2)
    except HTTPException:
        _, (signature_id,) = ids_of(token, [Purpose.CONFIRM], desk.house, count=1)
        revision = FIRST_REVISION
    return signature_id, revision


def confirmation_page(
    session: Session, signature: Signature, subject: Subject, desk: Desk, link: tuple[str, int]
) -> Response:
    """What the link (its token, and the revision that it is for) can confirm now, or why it cannot."""
    token, revision = link
    if not waits(signature, subject.call):
        return outcome(signature, subject, desk)
    now, call, words = desk.outreach.clock.now(), subject.call, subject.words
    unconfirmed = why_unconfirmed(signature, revision, now)
    if unconfirmed is not None:
        return _unconfirmed(signature, subject, desk, unconfirmed, token)
    ended = signing_ended(call.deadline_at, call.closed_at)
    becomes = confirmed_state(signature.submitted_at, ended, signed_off=is_signed_off(session, call))
    pending = signature.state is SignatureState.PENDING
    return show(
        "confirm",
        words,
        desk.house,
        rehearsal=call.rehearsal,
        facts=facts_for(subject, now, zone=subject.contact.time_zone),
        entry=own_entry(signature, words, signature.wider),
        pending=pending,
        widens=signature.wider is not None and signature.confirmed_at is not None,
        late=pending and becomes is SignatureState.LATE,
        changed=pending and signature.letter_version < call.letter_version,
        own=own_path(signature, desk),
        here=f"/confirm/{token}",
    )


def _unconfirmed(signature: Signature, subject: Subject, desk: Desk, why: Unconfirmed, token: str) -> Response:
    """The link confirms nothing any more: what stands now, and how to get one that does."""
    own = subject.words.own
    title, text = {
        Unconfirmed.STALE: (own.stale_title, own.stale),
        Unconfirmed.EXPIRED: (own.expired_title, own.expired),
    }[why]
    return show(
        "unconfirmed",
        subject.words,
        desk.house,
        rehearsal=subject.call.rehearsal,
        title=title,
        text=text,
        entry=own_entry(signature, subject.words, signature.wider),
        facts=facts_for(subject, desk.outreach.clock.now()),
        here=f"/confirm/{token}",
    )
