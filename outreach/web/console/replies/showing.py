"""One reply: the new text, what the machine believes and why, what was done, and what can be done about it."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session, select

from outreach.domain.replies import REPLIES, Channel, ReplyKind
from outreach.domain.states import ReplyState, SignatureState
from outreach.domain.users import Right
from outreach.queries.answer_texts import answer_for, answer_texts
from outreach.queries.inbox import Among, beside, calls_for, tally
from outreach.queries.replies import reply_page
from outreach.queries.reply_history import history_with
from outreach.queries.reply_mails import mail_card
from outreach.queries.reply_watches import others_at, version_of
from outreach.rendering.templates import TemplateError
from outreach.store.tables import Answer, Call, Contact, EffectKind, Post, Reply, ReplyEffect, Signature
from outreach.usecases.watch_reply import leave_reply, watch_reply
from outreach.web.console import mail_words
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.replies.door import NOT_SO, View, is_head, reply_for, room, view_in, view_of
from outreach.web.console.replies.words import channel_words, kind_words, match_words, state_words
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk, Desk


@room.page("/replies/{number:int}", Right.READ)
def reply(
    number: int,
    request: Request,
    seat: AtSeat,
    desk: AtDesk,
    state: str = "",
    kind: str = "",
    call: str = "",
    text: str = "",
    whole: str = "",
) -> Response:
    """The reply; who may sort it is at work on it from now on, and the others see that."""
    with desk.outreach.database.reading() as session:
        view, among = view_of(session, seat, state, kind, call)
        values = _values(session, seat, desk, number, whole=bool(whole)) | _around(
            session, seat, view, among, number
        )
        values |= _filled(session, seat, desk, values["reply"], text)
    if values["sorts"] and not is_head(request):
        with desk.outreach.database.changing() as session:
            watch_reply(session, number, seat.id, now=seat.now)
    return show("reply", request, seat, chosen=text, **values)


def declined(
    request: Request, seat: Seat, desk: Desk, form: Form, number: int, reasons: Sequence[str], typed: str
) -> Response:
    """The reply as it is now, why nothing was done, and the answer that was typed, which nobody types twice."""
    with desk.outreach.database.reading() as session:
        view, among = view_in(session, seat, form)
        values = _values(session, seat, desk, number, whole=False)
        values |= _around(session, seat, view, among, number)
    return show("reply", request, seat, code=NOT_SO, chosen="", answer=typed, wrong=reasons, **values)


def _values(session: Session, seat: Seat, desk: Desk, number: int, *, whole: bool) -> dict[str, Any]:
    """All that is known of it."""
    found = reply_for(session, seat, number)
    sorts = seat.may(Right.SORT, found.call_id)
    answerable = bool(found.sender_address) and not REPLIES[found.kind].automatic
    return {
        "reply": found,
        "card": reply_page(session, found),
        "mail": mail_card(session, found, whole=whole),
        "version": version_of(session, found),
        "others": others_at(session, found.id or 0, seat.id, seat.now),
        "call": session.get(Call, found.call_id) if found.call_id else None,
        "contact": session.get(Contact, found.contact_id) if found.contact_id else None,
        "post": session.get(Post, found.post_id) if found.post_id else None,
        "on_record": session.exec(select(Answer).where(Answer.reply_id == found.id)).first(),
        "proposal": _proposal(session, found),
        "history": history_with(session, found, seat.calls(Right.READ)),
        "waiting": found.state is ReplyState.WAITING,
        "sorts": sorts,
        "answerable": answerable,
        "texts": answer_texts(found, desk.house) if sorts and answerable else [],
        "places": calls_for(session, seat.calls(Right.SORT)) if sorts else [],
        "by_mail": found.channel is Channel.MAIL,
    }


def _filled(session: Session, seat: Seat, desk: Desk, found: Reply, key: str) -> dict[str, Any]:
    """The short answer that was chosen, or what is wrong with it."""
    try:
        filled = answer_for(session, found, key, now=seat.now, house=desk.house) if key else ""
    except TemplateError as error:
        return {"answer": "", "wrong": [f"{key}.md: {reason}" for reason in error.reasons]}
    return {"answer": filled, "wrong": []}


def _around(session: Session, seat: Seat, view: View, among: Among, number: int) -> dict[str, Any]:
    before, after = beside(session, among, number)
    return {
        "view": view,
        "before": view.at(before) if before else "",
        "after": view.at(after) if after else "",
        "left": tally(session, among.calls).waiting,
        "kinds": kind_words(seat),
        "channels": channel_words(seat),
        "states": state_words(seat),
        "matches": match_words(seat),
        "mail_kinds": mail_words.kind_words(seat),
        "mail_states": mail_words.state_words(seat),
        "ReplyKind": ReplyKind,
    }


def _proposal(session: Session, found: Reply) -> Signature | None:
    """The signature that was proposed because of it, while nobody has decided about it."""
    statement = (
        select(Signature)
        .join(ReplyEffect, ReplyEffect.signature_id == Signature.id)  # type: ignore[arg-type]
        .where(ReplyEffect.reply_id == found.id, ReplyEffect.effect == EffectKind.PROPOSED)
        .where(Signature.state == SignatureState.PROPOSED)
    )
    return session.exec(statement).first()


@room.deed("/replies/{number:int}/watch", Right.SORT)
def watch(number: int, request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """Her page is still open; who else has opened the reply meanwhile, and whether it has changed."""
    with desk.outreach.database.changing() as session:
        found = reply_for(session, seat, number, Right.SORT)
        watch_reply(session, number, seat.id, now=seat.now)
        others = others_at(session, number, seat.id, seat.now)
        changed = form.line("version") != version_of(session, found)
    return show("reply-watch", request, seat, others=others, changed=changed)


@room.deed("/replies/{number:int}/leave", Right.SORT)
def leave(number: int, seat: AtSeat, desk: AtDesk) -> Response:
    """Her page is closed."""
    with desk.outreach.database.changing() as session:
        leave_reply(session, number, seat.id)
    return HTMLResponse("", 204)
