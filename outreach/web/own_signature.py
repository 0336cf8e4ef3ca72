"""A signatory's own pages: to look at the signature, to withdraw it, and to take that back."""

from fastapi import APIRouter, Request, Response

from outreach.domain.editions import CopyKind
from outreach.domain.errors import Refusal
from outreach.domain.states import CallState, SignatureState
from outreach.domain.tokens import Purpose
from outreach.store.editions import copies_naming, is_signed_off
from outreach.usecases.change_signature import LIVE, reinstate_signature, withdraw_signature
from outreach.web.asking_again import ask_once_more, asked_again
from outreach.web.desk import AtDesk, Desk
from outreach.web.facts import facts_for
from outreach.web.forms import FromOurPage
from outreach.web.limits import NotTooOften
from outreach.web.own_entry import asked_in_words, overview, own_entry, own_path, waits
from outreach.web.showing import show, test_link
from outreach.web.subjects import NOBODY, ids_of, signature_of
from outreach.web.words import Words

router = APIRouter()


@router.api_route("/signature/{token}", methods=["GET", "HEAD"])
def look(token: str, request: Request, desk: AtDesk) -> Response:
    """What stands, what has become of it, and what can be done about it."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    return overview(signature_id, desk)


@router.post("/signature/{token}/again", dependencies=[FromOurPage, NotTooOften])
def again(token: str, request: Request, desk: AtDesk) -> Response:
    """Ask the mailbox again; the answer is the same whatever comes of it, and leads nowhere by itself."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.changing() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
        asked = waits(signature, subject.call) and ask_once_more(session, subject.call, signature, desk)
    if asked:
        desk.on_change()
    return asked_again(subject, desk)


@router.api_route("/signature/{token}/withdraw", methods=["GET", "HEAD"])
def withdrawing(token: str, request: Request, desk: AtDesk) -> Response:
    """What a withdrawal will mean, and the button."""
    signature_id = _read(token, desk)
    if signature_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.reading() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
        signed_off = is_signed_off(session, subject.call)
        kinds = {copy.kind for _, copy in copies_naming(session, signature)}
    if signature.state not in LIVE:
        return overview(signature_id, desk)
    words = subject.words
    return show(
        "withdraw",
        words,
        desk.house,
        rehearsal=subject.call.rehearsal,
        facts=facts_for(subject, desk.outreach.clock.now()),
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
        return overview(signature_id, desk)
    desk.on_change()
    return overview(signature_id, desk)


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
                return overview(signature_id, desk)
            changed = reinstate_signature(session, signature, now=desk.outreach.clock.now(), house=desk.house)
    except Refusal:
        return overview(signature_id, desk)
    desk.on_change()
    return overview(signature_id, desk, news=asked_in_words(changed, subject.words))


def _read(token: str, desk: Desk) -> int:
    _, (signature_id,) = ids_of(token, [Purpose.SIGNATURE], desk.house, count=1)
    return signature_id


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
