"""One answer of an official: all that is known of it, the mail that it came as, its files."""

from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from outreach.domain.correspondence import AnswerKind
from outreach.domain.officials import Way
from outreach.domain.states import ReplyState
from outreach.domain.users import Right
from outreach.queries.correspondence import one_answer, thread
from outreach.queries.letters_to_posts import Wanted, letters_to_posts
from outreach.queries.log import log_page
from outreach.queries.reply_mails import html_of, mail_card
from outreach.queries.responses import responses_to
from outreach.store.documents import content_of
from outreach.store.tables import Addressee, Answer, Document, Letter, Post, Reply
from outreach.web.console.correspondence.door import (
    ANSWERS,
    answer_for,
    may_for_letter,
    post_for,
    room,
    today,
)
from outreach.web.console.correspondence.words import way_words, what_words
from outreach.web.console.log import MOST_ROWS, in_words
from outreach.web.console.making.door import version_of
from outreach.web.console.replies.evidence import SHUT
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.console.tasks import as_download
from outreach.web.desk import AtDesk, Desk

HISTORY = 30
MOST_LETTERS = 200


@room.page("/correspondence/answers/{number:int}", Right.READ)
def answer(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """The answer, and what can be done about it."""
    with desk.outreach.database.reading() as session:
        values = _values(session, desk, seat, answer_for(session, seat, number))
        return show("correspondence-answer", request, seat, **values)


def _values(session: Session, desk: Desk, seat: Seat, found: Answer) -> dict[str, Any]:
    letter = session.get(Addressee, found.addressee_id) if found.addressee_id else None
    reply = session.get(Reply, found.reply_id) if found.reply_id else None
    reads_all = seat.may(Right.READ)
    return {
        "answer": found,
        "line": one_answer(session, found),
        "post": session.get_one(Post, found.post_id),
        "letter": letter,
        "letter_slug": session.get_one(Letter, letter.letter_id).slug if letter else "",
        "reply": reply,
        "mail": mail_card(session, reply) if reply else None,
        "reply_waits": reply is not None and reply.state is ReplyState.WAITING,
        "responses": [one for one in responses_to(session, found) if seat.may(Right.READ, one.id)],
        "sorts": may_for_letter(session, seat, letter, Right.SORT),
        "runs": seat.may(Right.RUN) and letter is not None,
        "choices": _choices(session, desk, seat, found.post_id),
        "typed": typed_of(found),
        "version": version_of(typed_of(found)),
        "kinds": {kind.value: what_words(seat)[kind.value] for kind in AnswerKind},
        "ways": {way.value: way_words(seat)[way] for way in Way},
        "day": today(desk, seat),
        "at": f"{ANSWERS}/{found.id}",
        "reads_all": reads_all,
        "history": _history(session, seat, found.id or 0) if reads_all else [],
    }


def _history(session: Session, seat: Seat, number: int) -> list[Any]:
    lines = log_page(session, subject="answer", subject_id=number, limit=HISTORY, most=MOST_ROWS)
    return [in_words(line, seat) for line in lines]


def _choices(session: Session, desk: Desk, seat: Seat, post: int) -> list[tuple[bool, int, str, str]]:
    """The letters that it may answer, this office's first: whether they are, their numbers, names and offices."""
    wanted = Wanted(seat.calls(Right.SORT))
    day = today(desk, seat)
    found = letters_to_posts(session, wanted, today=day, house=desk.house, limit=MOST_LETTERS).letters
    own = Wanted(seat.calls(Right.SORT), post=post)
    here = letters_to_posts(session, own, today=day, house=desk.house, limit=MOST_LETTERS).letters
    return [(True, one.number, one.line.letter, one.line.post) for one in here] + [
        (False, one.number, one.line.letter, one.line.post) for one in found if one.post != post
    ]


def typed_of(found: Answer) -> dict[str, str]:
    """The answer as it would be typed into the form that corrects it."""
    return {
        "letter": str(found.addressee_id or ""),
        "kind": found.kind.value,
        "way": found.way.value,
        "dated": found.dated.isoformat(),
        "received": found.received_on.isoformat(),
        "sender": found.sender,
        "subject": found.subject,
        "reference": found.reference,
        "summary": found.summary,
    }


@room.page("/correspondence/answers/{number:int}/mail", Right.READ)
def mail(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """The HTML of the mail that it came as, made harmless, for the frame on its page."""
    with desk.outreach.database.reading() as session:
        found = answer_for(session, seat, number)
        reply = session.get(Reply, found.reply_id) if found.reply_id else None
        page = html_of(session, reply) if reply else None
    if page is None:
        raise HTTPException(NOT_THERE)
    shown: HTMLResponse = show("reply-mail", request, seat, mail=page)
    shown.headers["Content-Security-Policy"] = SHUT
    shown.headers["Referrer-Policy"] = "no-referrer"
    return shown


@room.page("/officials/{number:int}/files/{file:int}", Right.READ)
def fetch(desk: AtDesk, seat: AtSeat, number: int, file: int) -> Response:
    """A scan, a proof or a letter as it went, to be kept and not opened here: of the letters that she may read."""
    with desk.outreach.database.reading() as session:
        post = post_for(session, seat, number)
        lines = thread(session, [post], desk.house, calls=seat.calls(Right.READ))
        if not any(one.id == file for line in lines for one in line.documents):
            raise HTTPException(NOT_THERE)
        document = session.get_one(Document, file)
        return as_download(content_of(session, file), document.name)
