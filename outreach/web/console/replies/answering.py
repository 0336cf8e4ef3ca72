"""Answers by mail, and official's letters put on record."""

from typing import Any

from fastapi import Request, Response
from sqlmodel import Session, col, select

from outreach.domain.errors import InvalidInput
from outreach.domain.users import Right
from outreach.queries.reply_watches import version_of
from outreach.store.addressees import find_addressee, find_letter
from outreach.store.officials import find_post
from outreach.store.tables import Addressee, Letter, Post, Reply
from outreach.usecases.answer_reply import answer_reply
from outreach.usecases.file_answer import file_answer
from outreach.web.console.forms import AtForm
from outreach.web.console.replies.door import reply_for, room, view_of
from outreach.web.console.replies.sorting import done
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk

MOST_POSTS = 1000


@room.deed("/replies/{number:int}/answer", Right.SORT)
def answer(number: int, request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """The answer is queued, in the mail's thread, and the reply is done."""

    def deed(session: Session, reply: Reply) -> Said:
        text, subject = form.text("text"), form.line("subject")
        to = answer_reply(session, reply, text, now=seat.now, house=desk.house, by=seat.by, subject=subject)
        return Said(seat._("The answer to %(address)s is queued.") % {"address": to})

    return done(request, seat, desk, form, number, deed)


@room.page("/replies/{number:int}/official", Right.SORT, whole=True)
def official(
    number: int, request: Request, seat: AtSeat, desk: AtDesk, state: str = "", kind: str = "", call: str = ""
) -> Response:
    """From which office it comes, and which letter it answers."""
    with desk.outreach.database.reading() as session:
        found = reply_for(session, seat, number, Right.SORT)
        view, _ = view_of(session, seat, state, kind, call)
        open_posts = select(Post).where(col(Post.closed_at).is_(None)).order_by(Post.office, Post.slug)
        addressed = select(Letter).where(col(Letter.id).in_(select(Addressee.letter_id)))
        values: dict[str, Any] = {
            "reply": found,
            "view": view,
            "version": version_of(session, found),
            "posts": session.exec(open_posts.limit(MOST_POSTS)).all(),
            "letters": session.exec(addressed.order_by(col(Letter.id).desc()).limit(100)).all(),
        }
    return show("reply-official", request, seat, **values)


@room.deed("/replies/{number:int}/official", Right.SORT, whole=True)
def file(number: int, request: Request, seat: AtSeat, desk: AtDesk, form: AtForm) -> Response:
    """It goes on record as that office's answer."""

    def deed(session: Session, reply: Reply) -> Said:
        slug, letter = form.line("post"), form.line("letter")
        if not slug:
            raise InvalidInput(seat._("Choose the office."))
        post = find_post(session, slug)
        answers = find_addressee(session, find_letter(session, letter), post) if letter else None
        filed = file_answer(session, reply, post, answers, now=seat.now, house=desk.house, by=seat.by)
        words = seat._("Reply %(number)s is on record as answer %(answer)s of %(office)s.")
        return Said(words % {"number": number, "answer": filed.id, "office": post.office})

    return done(request, seat, desk, form, number, deed)
