"""The form in which a signatory corrects a signature: from the page it stands on, or before it is confirmed."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.domain.states import CallState, SignatureState
from outreach.domain.tokens import Purpose
from outreach.store.editions import is_signed_off
from outreach.store.entries import entry_of
from outreach.store.tables import Signature
from outreach.usecases.change_signature import LIVE, Changed, correct_signature
from outreach.usecases.confirm_signature import why_unconfirmed
from outreach.web.confirming import confirmation_page, read_confirmation
from outreach.web.desk import AtDesk, Desk
from outreach.web.facts import facts_for
from outreach.web.filling import UNTOUCHED, Filled, form_of, given_of, read_filled
from outreach.web.forms import FromOurPage, Posted
from outreach.web.limits import NotTooOften
from outreach.web.misgivings import misgivings
from outreach.web.own_entry import asked_in_words, confirm_path, overview, own_entry, own_path
from outreach.web.showing import show, test_link
from outreach.web.subjects import NOBODY, Subject, ids_of, signature_of

SEE_OTHER = 303

router = APIRouter()


@router.api_route("/signature/{token}/correct", methods=["GET", "HEAD"])
def correcting(token: str, request: Request, desk: AtDesk) -> Response:
    """The form, with what stands now."""
    _, (signature_id,) = ids_of(token, [Purpose.SIGNATURE], desk.house, count=1)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.reading() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
    if not _may_be_corrected(signature, subject):
        return overview(signature_id, desk)
    return _form(signature, subject, desk, UNTOUCHED, own_path(signature, desk))


@router.post("/signature/{token}/correct", dependencies=[FromOurPage, NotTooOften])
def correct(token: str, request: Request, desk: AtDesk, posted: Posted) -> Response:
    """Let the signature read as the form says; what its mailbox has to confirm is asked for by mail alone."""
    _, (signature_id,) = ids_of(token, [Purpose.SIGNATURE], desk.house, count=1)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    try:
        with desk.outreach.database.changing() as session:
            signature, subject = signature_of(session, signature_id, desk.house)
            if not _may_be_corrected(signature, subject):
                return overview(signature_id, desk)
            filled = read_filled(signature.kind, posted, with_address=False)
            doubts = misgivings(filled, subject.words)
            if filled.entry is None or doubts:
                return _form(signature, subject, desk, filled, own_path(signature, desk), doubts)
            now = desk.outreach.clock.now()
            changed = correct_signature(session, signature, filled.entry, now=now, house=desk.house)
            waits = is_signed_off(session, subject.call) and not changed.edition
    except Refusal:  # it was taken back meanwhile
        return overview(signature_id, desk)
    desk.on_change()
    return _corrected(signature, subject, desk, changed, waits=waits)


@router.api_route("/confirm/{token}/correct", methods=["GET", "HEAD"])
def correcting_first(token: str, request: Request, desk: AtDesk) -> Response:
    """The form, for whoever came by the link that confirms; any other link says why it does not."""
    signature_id, revision = read_confirmation(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.reading() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
        if not _confirms(signature, subject, revision, desk):
            return confirmation_page(session, signature, subject, desk, (token, revision))
    return _form(signature, subject, desk, UNTOUCHED, f"/confirm/{token}")


@router.post("/confirm/{token}/correct", dependencies=[FromOurPage, NotTooOften])
def correct_first(token: str, request: Request, desk: AtDesk, posted: Posted) -> Response:
    """Let the signature read as the form says, and go on to the page that confirms it as it reads now."""
    signature_id, revision = read_confirmation(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    try:
        with desk.outreach.database.changing() as session:
            signature, subject = signature_of(session, signature_id, desk.house)
            if not _confirms(signature, subject, revision, desk):
                return confirmation_page(session, signature, subject, desk, (token, revision))
            filled = read_filled(signature.kind, posted, with_address=False)
            doubts = misgivings(filled, subject.words)
            if filled.entry is None or doubts:
                return _form(signature, subject, desk, filled, f"/confirm/{token}", doubts)
            _before_confirming(session, signature, filled, revision, desk)
    except Refusal:  # it was confirmed or changed meanwhile: the page of this link says so
        return RedirectResponse(f"/confirm/{token}", SEE_OTHER)
    return RedirectResponse(confirm_path(signature, desk), SEE_OTHER)


def _before_confirming(session: Session, signature: Signature, filled: Filled, revision: int, desk: Desk) -> None:
    now, entry = desk.outreach.clock.now(), filled.entry or entry_of(signature)
    correct_signature(session, signature, entry, now=now, house=desk.house, confirming=revision)


def _may_be_corrected(signature: Signature, subject: Subject) -> bool:
    return signature.state in LIVE and subject.call.state is not CallState.CANCELLED


def _confirms(signature: Signature, subject: Subject, revision: int, desk: Desk) -> bool:
    """Whether a link for that revision would confirm the signature now."""
    waits = signature.state is SignatureState.PENDING and _may_be_corrected(signature, subject)
    return waits and why_unconfirmed(signature, revision, desk.outreach.clock.now()) is None


def _form(
    signature: Signature, subject: Subject, desk: Desk, filled: Filled, here: str, doubts: tuple[str, ...] = ()
) -> Response:
    given = filled.given or given_of(entry_of(signature))
    return show(
        "correct",
        subject.words,
        desk.house,
        code=422 if filled.faults else 200,
        rehearsal=subject.call.rehearsal,
        facts=facts_for(subject, desk.outreach.clock.now()),
        form=form_of(
            signature.kind,
            subject.words,
            given,
            filled.faults,
            with_address=False,
            asks_for_news=False,
            doubts=doubts,
        ),
        here=f"{here}/correct",
        own=own_path(signature, desk),
    )


def _corrected(signature: Signature, subject: Subject, desk: Desk, changed: Changed, *, waits: bool) -> Response:
    words = subject.words
    return show(
        "corrected",
        words,
        desk.house,
        rehearsal=subject.call.rehearsal,
        subject=subject,
        entry=own_entry(signature, words),
        title=words.own.corrected_title if changed.asked is None else words.one_more_step,
        text=asked_in_words(changed, words) or words.own.corrected,
        waits=waits,
        own=own_path(signature, desk),
    )
