"""The way out: the page of the visible link, and the one click of mail programs (RFC 8058)."""

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse
from sqlmodel import Session, col, select

from outreach.domain.tokens import Purpose
from outreach.store.tables import Contact, Suppression, SuppressionReason
from outreach.usecases.opt_out import EVERYTHING, opt_out
from outreach.web.desk import AtDesk, Desk
from outreach.web.forms import FROM_ELSEWHERE, Posted, comes_from_elsewhere
from outreach.web.showing import show, test_link
from outreach.web.subjects import NOBODY, Subject, ids_of, subject_of

router = APIRouter()


@router.api_route("/opt-out/{token}", methods=["GET", "HEAD"])
def choose(token: str, request: Request, desk: AtDesk) -> Response:
    """The choice between this letter and everything, with a button; changes nothing."""
    _, (call_id, contact_id) = ids_of(token, [Purpose.OPT_OUT], desk.house, count=2)
    if contact_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.reading() as session:
        subject = subject_of(session, call_id, contact_id, desk.house)
        scopes = _scopes(session, subject.contact)
    if EVERYTHING in scopes:
        return _done(subject, desk, EVERYTHING)
    return _done(subject, desk, call_id) if call_id in scopes else _choice(subject, desk)


@router.post("/opt-out/{token}")
def stop(token: str, request: Request, desk: AtDesk, posted: Posted) -> Response:
    """Opt out as the button says, or of everything when a mail program posts the one click.

    A body that is neither changes nothing. There is no redirect, and neither cookie nor origin is asked of a mail
    program (RFC 8058, 3.1 and 3.2).
    """
    _, (call_id, contact_id) = ids_of(token, [Purpose.OPT_OUT], desk.house, count=2)
    one_click = _is_one_click(posted)
    if not one_click and comes_from_elsewhere(request):
        raise HTTPException(FROM_ELSEWHERE)
    if contact_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    scope = EVERYTHING if one_click else _scope_on_page(posted, call_id)
    now = desk.outreach.clock.now()
    with desk.outreach.database.changing() as session:
        subject = subject_of(session, call_id, contact_id, desk.house)
        if scope is None:
            return _choice(subject, desk, unclear=True)
        evidence = "one-click" if one_click else "opt-out page"
        opt_out(session, subject.contact, scope=scope, evidence=evidence, now=now, answers=subject.call)
    return PlainTextResponse("You are unsubscribed.\n") if one_click else _done(subject, desk, scope)


def _is_one_click(posted: Mapping[str, str]) -> bool:
    return posted.get("List-Unsubscribe", "").strip().lower() == "one-click"


def _scope_on_page(posted: Mapping[str, str], call_id: int) -> int | None:
    """What was chosen on our page, which says of itself that it is; None for anything else."""
    if posted.get("from") != "page":
        return None
    return {"this": call_id, "everything": EVERYTHING}.get(posted.get("scope", ""))


def _scopes(session: Session, contact: Contact) -> frozenset[int]:
    """What the person has opted out of already."""
    known = select(Suppression.scope).where(
        col(Suppression.address_digest) == contact.address_digest,
        col(Suppression.reason) == SuppressionReason.OPT_OUT,
    )
    return frozenset(session.exec(known))


def _choice(subject: Subject, desk: Desk, *, unclear: bool = False) -> Response:
    return show(
        "opt-out",
        subject.words,
        desk.house,
        code=422 if unclear else 200,
        rehearsal=subject.call.rehearsal,
        subject=subject,
        unclear=unclear,
    )


def _done(subject: Subject, desk: Desk, scope: int) -> Response:
    rehearsal = subject.call.rehearsal
    everything = scope == EVERYTHING
    return show("opted-out", subject.words, desk.house, rehearsal=rehearsal, subject=subject, everything=everything)
