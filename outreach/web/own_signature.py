"""A signatory's own pages: to look at the signature, correct, hide or withdraw it, and take that back."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from outreach.domain.editions import CopyKind
from outreach.domain.errors import Refusal
from outreach.domain.states import CallState, SignatureState
from outreach.domain.tokens import Purpose
from outreach.store.editions import copies_naming, newest_edition
from outreach.store.entries import entry_of
from outreach.store.tables import Signature
from outreach.usecases.change_signature import (
    LIVE,
    Changed,
    correct_signature,
    reinstate_signature,
    withdraw_signature,
)
from outreach.web.desk import AtDesk, Desk
from outreach.web.facts import facts_of
from outreach.web.filling import Filled, form_of, given_of, read_filled
from outreach.web.forms import FromOurPage, Posted
from outreach.web.limits import NotTooOften
from outreach.web.misgivings import misgivings
from outreach.web.own_entry import confirm_path, own_entry, own_path
from outreach.web.showing import show, test_link
from outreach.web.subjects import NOBODY, Subject, ids_of, signature_of
from outreach.web.words import Words

SEE_OTHER = 303
UNTOUCHED = Filled({}, None, "", ())

router = APIRouter()


@router.api_route("/signature/{token}", methods=["GET", "HEAD"])
def look(token: str, request: Request, desk: AtDesk) -> Response:
    """What stands, what has become of it, and what can be done about it."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    return _overview(signature_id, desk)


@router.api_route("/signature/{token}/correct", methods=["GET", "HEAD"])
def correcting(token: str, request: Request, desk: AtDesk) -> Response:
    """The form, with what stands now."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.reading() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
    if signature.state not in LIVE:
        return _overview(signature_id, desk)
    return _form(signature, subject, desk, UNTOUCHED)


@router.post("/signature/{token}/correct", dependencies=[FromOurPage, NotTooOften])
def correct(token: str, request: Request, desk: AtDesk, posted: Posted) -> Response:
    """Let the signature read as the form says; one that waits to be confirmed is shown for that at once."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    try:
        with desk.outreach.database.changing() as session:
            signature, subject = signature_of(session, signature_id, desk.house)
            filled = read_filled(signature.kind, posted, with_address=False)
            doubts = misgivings(filled, subject.words)
            if signature.state in LIVE and (filled.entry is None or doubts):
                return _form(signature, subject, desk, filled, doubts)
            entry = filled.entry or entry_of(signature)
            now = desk.outreach.clock.now()
            changed = correct_signature(session, signature, entry, now=now, house=desk.house)
            signed_off = newest_edition(session, signature.letter_id) is not None
    except Refusal:  # it was taken back meanwhile
        return _overview(signature_id, desk)
    desk.on_change()
    if signature.state is SignatureState.PENDING:
        return RedirectResponse(confirm_path(signature, desk), SEE_OTHER)
    return _corrected(signature, subject, desk, changed, waits=signed_off and not changed.edition)


@router.api_route("/signature/{token}/withdraw", methods=["GET", "HEAD"])
def withdrawing(token: str, request: Request, desk: AtDesk) -> Response:
    """What a withdrawal will mean, and the button."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.reading() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
        signed_off = newest_edition(session, signature.letter_id) is not None
        kinds = {copy.kind for _, copy in copies_naming(session, signature)}
    if signature.state not in LIVE:
        return _overview(signature_id, desk)
    words = subject.words
    return show(
        "withdraw",
        words,
        desk.house,
        rehearsal=subject.call.rehearsal,
        facts=facts_of(subject.call, subject.letter, words, desk.outreach.clock.now()),
        entry=own_entry(signature, words),
        meaning=_meaning(signature.state, words, signed_off=signed_off),
        copies=[text for kind, text in _copies(words).items() if kind in kinds],
        own=own_path(signature, desk),
    )


@router.post("/signature/{token}/withdraw", dependencies=[FromOurPage, NotTooOften])
def withdraw(token: str, request: Request, desk: AtDesk) -> Response:
    """Withdraw the signature; doing it again changes nothing."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    try:
        with desk.outreach.database.changing() as session:
            signature, _ = signature_of(session, signature_id, desk.house)
            withdraw_signature(session, signature, now=desk.outreach.clock.now(), house=desk.house)
    except Refusal:
        return _overview(signature_id, desk)
    desk.on_change()
    return _overview(signature_id, desk)


@router.post("/signature/{token}/reinstate", dependencies=[FromOurPage, NotTooOften])
def reinstate(token: str, request: Request, desk: AtDesk) -> Response:
    """Take a withdrawal back."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    try:
        with desk.outreach.database.changing() as session:
            signature, subject = signature_of(session, signature_id, desk.house)
            if subject.call.state is CallState.CANCELLED:
                return _overview(signature_id, desk)
            reinstate_signature(session, signature, now=desk.outreach.clock.now(), house=desk.house)
    except Refusal:
        return _overview(signature_id, desk)
    desk.on_change()
    asks = subject.words.own.reinstated if signature.state is SignatureState.PENDING else ""
    return _overview(signature_id, desk, news=asks)


def _read(token: str, desk: Desk) -> int:
    _, (signature_id,) = ids_of(token, [Purpose.SIGNATURE], desk.house, count=1)
    return signature_id


def _overview(signature_id: int, desk: Desk, *, news: str = "") -> Response:
    with desk.outreach.database.reading() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
    words, state = subject.words, signature.state
    given_up = subject.call.state is CallState.CANCELLED
    live = state in LIVE
    return show(
        "own-signature",
        words,
        desk.house,
        rehearsal=subject.call.rehearsal,
        subject=subject,
        facts=facts_of(
            subject.call, subject.letter, words, desk.outreach.clock.now(), zone=subject.contact.time_zone
        ),
        entry=own_entry(signature, words),
        title=words.own.withdrawn_title if state is SignatureState.WITHDRAWN else words.own.title,
        state=words.given_up if given_up else _stands(state, words),
        news=news,
        widening=live and signature.wider is not None,
        own=own_path(signature, desk),
        confirm=confirm_path(signature, desk) if state is SignatureState.PENDING and not given_up else "",
        may_correct=live and not given_up,
        may_withdraw=live,
        may_reinstate=state is SignatureState.WITHDRAWN and not given_up,
    )


def _stands(state: SignatureState, words: Words) -> str:
    """What has become of the signature, in a sentence. A merged one counts, together with a colleague's."""
    return {
        SignatureState.PENDING: words.own.pending,
        SignatureState.CONFIRMED: words.own.confirmed,
        SignatureState.MERGED: words.own.confirmed,
        SignatureState.LATE: words.own.late,
        SignatureState.WITHDRAWN: words.own.withdrawn,
        SignatureState.REJECTED: words.not_counted,
        SignatureState.PROPOSED: words.looked_at,
    }[state]


def _meaning(state: SignatureState, words: Words, *, signed_off: bool) -> str:
    if state is SignatureState.PENDING:
        return words.own.withdraw_waiting
    if state is SignatureState.LATE:
        return words.own.late
    return words.own.withdraw_signed_off if signed_off else words.own.withdraw_before


def _copies(words: Words) -> dict[CopyKind, str]:
    own = words.own
    return {
        CopyKind.PAGE: own.copy_page,
        CopyKind.MAILING: own.copy_mailing,
        CopyKind.FILE: own.copy_file,
        CopyKind.KIT: own.copy_kit,
    }


def _form(
    signature: Signature, subject: Subject, desk: Desk, filled: Filled, doubts: tuple[str, ...] = ()
) -> Response:
    given = filled.given or given_of(entry_of(signature))
    return show(
        "correct",
        subject.words,
        desk.house,
        code=422 if filled.faults else 200,
        rehearsal=subject.call.rehearsal,
        facts=facts_of(subject.call, subject.letter, subject.words, desk.outreach.clock.now()),
        form=form_of(
            signature.kind,
            subject.words,
            given,
            filled.faults,
            with_address=False,
            asks_for_news=False,
            doubts=doubts,
        ),
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
        asks=changed.asks,
        waits=waits,
        own=own_path(signature, desk),
    )
