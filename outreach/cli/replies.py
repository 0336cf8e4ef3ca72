"""``outreach replies``: what came back, what was done, and what waits for a person."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from outreach.bootstrap import Outreach
from outreach.cli.door import Answer, Desk, JsonFlag, changes, in_workspace, say, with_refusals
from outreach.cli.options import CallName
from outreach.cli.pages import Page
from outreach.cli.showing_replies import KINDS, app, page_text
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.replies import REPLIES, Channel, ReplyKind
from outreach.domain.states import ReplyState
from outreach.queries.previews import contact_for_preview
from outreach.queries.replies import find_reply, guess_lines, reply_page
from outreach.store.addressees import find_addressee, find_letter
from outreach.store.calls import find_call
from outreach.store.officials import find_post
from outreach.store.tables import Call, Contact, Reply
from outreach.usecases.answer_reply import answer_reply
from outreach.usecases.correct_reply import correct_reply
from outreach.usecases.file_answer import file_answer
from outreach.usecases.finish_reply import finish_reply
from outreach.usecases.log_reply import log_reply
from outreach.usecases.place_reply import place_reply
from outreach.usecases.reopen_reply import reopen_reply
from outreach.usecases.unplace_reply import unplace_reply

__all__ = ["app"]

LOGGED = ", ".join(kind for kind, rules in REPLIES.items() if not rules.automatic)
CHANNELS = ", ".join(channel for channel in Channel if channel is not Channel.MAIL)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The reply's number, as the list shows it.")]
Until = Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Of an out-of-office: the last day of the absence.")]


@changes(app, "place")
def place(
    desk: Desk,
    number: Number,
    call: Annotated[str, typer.Argument(metavar="[CALL]", help="The call it belongs to.")] = "",
    contact: Annotated[str, typer.Option(metavar="ADDRESS", help="Whose it is; nobody's we know if none.")] = "",
    guess: Annotated[int, typer.Option(metavar="RANK", help="Accept this guess instead; 1 is the likeliest.")] = 0,
    official: Annotated[str, typer.Option(metavar="POST", help="The official's post it comes from.")] = "",
    letter: Annotated[str, typer.Option(metavar="LETTER", help="The letter that the official answers.")] = "",
) -> Answer:
    """Say which call a reply belongs to, and whose it is.

    Or which official's office wrote it. What follows from it is done then.
    """
    reply = find_reply(desk.session, number)
    if official or letter:
        if call or contact or guess:
            raise InvalidInput("What an official writes belongs to no call: name the post, or the call, not both.")
        return _from_official(desk, reply, official, letter)
    if guess and (call or contact):
        raise InvalidInput("Name the call, or accept a guess, not both.")
    found, person = _guessed(desk, reply, guess) if guess else _named(desk, call, contact)
    place_reply(desk.session, reply, found, person, now=desk.now, house=desk.house, by=desk.by)
    return _answer(desk, reply, f"Reply {number} belongs to {found.slug} now.")


def _from_official(desk: Desk, reply: Reply, slug: str, letter: str) -> Answer:
    if not slug:
        raise InvalidInput("Say which official answers the letter: --official POST.")
    post = find_post(desk.session, slug)
    answers = find_addressee(desk.session, find_letter(desk.session, letter), post) if letter else None
    filed = file_answer(desk.session, reply, post, answers, now=desk.now, house=desk.house, by=desk.by)
    which = "" if filed.addressee_id else " Nobody has said which letter it answers (--letter LETTER)."
    return _answer(desk, reply, f"Reply {reply.id} is on record as answer {filed.id} of {post.slug}.{which}")


def _guessed(desk: Desk, reply: Reply, rank: int) -> tuple[Call, Contact | None]:
    for one in guess_lines(desk.session, reply):
        if one.rank == rank:
            return _named(desk, one.call, one.contact)
    raise Refusal(f"Reply {reply.id} has no guess {rank}.")


def _named(desk: Desk, slug: str, address: str) -> tuple[Call, Contact | None]:
    if not slug:
        raise InvalidInput("Name the call, or accept a guess: --guess 1.")
    call = find_call(desk.session, slug)
    person = contact_for_preview(desk.session, call, address, desk.house) if address else None
    return call, desk.session.get_one(Contact, person) if person else None


@changes(app, "correct")
def correct(
    desk: Desk,
    number: Number,
    kind: Annotated[ReplyKind, typer.Argument(metavar="KIND", help=f"What it really is: {KINDS}.")],
    until: Until = "",
) -> Answer:
    """Say what a reply really is.

    What was done because of the mistake is undone.
    """
    reply = find_reply(desk.session, number)
    day = _day(until) if until else None
    correct_reply(desk.session, reply, kind, now=desk.now, house=desk.house, by=desk.by, until=day)
    return _answer(desk, reply, f"Reply {number} is {kind.value} now.")


@changes(app, "reply")
def answer(
    desk: Desk,
    number: Number,
    text: Annotated[str, typer.Option(metavar="WORDS", help="What to answer; - reads it from the keyboard.")] = "",
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="A file with the answer.")
    ] = None,
    subject: Annotated[str, typer.Option(metavar="WORDS", help="Another subject than the reply's own.")] = "",
) -> Answer:
    """Answer a reply by mail, in its thread.

    Nothing waits because of it then.
    """
    reply = find_reply(desk.session, number)
    if text and file:
        raise InvalidInput("Write the answer in one place: --text or --file.")
    written = sys.stdin.read() if text == "-" else (_read(file) if file else text)
    to = answer_reply(desk.session, reply, written, now=desk.now, house=desk.house, by=desk.by, subject=subject)
    return Answer({"queued": 1, "to": to}, f"The answer to {to} is queued; reply {number} is done.")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is not UTF-8 text; save it as UTF-8.") from error


@changes(app, "done")
def done(
    desk: Desk, numbers: Annotated[list[int], typer.Argument(metavar="NUMBERS", help="The replies' numbers.")]
) -> Answer:
    """Say that replies have been seen to."""
    finished = [
        number
        for number in numbers
        if finish_reply(desk.session, find_reply(desk.session, number), now=desk.now, by=desk.by)
    ]
    return Answer({"done": finished}, f"Done: {len(finished)}. Nothing waits because of them.")


@changes(app, "reopen")
def reopen(
    desk: Desk, numbers: Annotated[list[int], typer.Argument(metavar="NUMBERS", help="The replies' numbers.")]
) -> Answer:
    """Let replies that are done wait again.

    What was done because of them stays done.
    """
    opened = [
        number
        for number in numbers
        if reopen_reply(desk.session, find_reply(desk.session, number), now=desk.now, by=desk.by)
    ]
    return Answer({"reopened": opened}, f"They wait for a person again: {len(opened)}.")


@changes(app, "unplace")
def unplace(desk: Desk, number: Number) -> Answer:
    """Say that a reply does not belong where it was placed.

    What followed from it is undone, and its guesses stand again.
    """
    reply = find_reply(desk.session, number)
    unplace_reply(desk.session, reply, now=desk.now, house=desk.house, by=desk.by)
    return _answer(desk, reply, f"Reply {number} belongs to no call now.")


@changes(app, "log")
def log(
    desk: Desk,
    call: CallName,
    contact: Annotated[str, typer.Argument(metavar="ADDRESS", help="The contact it came from.")],
    kind: Annotated[ReplyKind, typer.Argument(metavar="KIND", help=f"What it says: {LOGGED}, out-of-office.")],
    text: Annotated[str, typer.Option(metavar="WORDS", help="What was said, as evidence.")],
    channel: Annotated[
        Channel, typer.Option(metavar="WAY", help=f"By which way it came: {CHANNELS}.")
    ] = Channel.TELEPHONE,
    at: Annotated[
        str, typer.Option(metavar="WHEN", help='When it came: "YYYY-MM-DD HH:MM [ZONE]"; now if not given.')
    ] = "",
    until: Until = "",
) -> Answer:
    """Log what came by telephone, by post or in a meeting.

    It counts as a mail would.
    """
    found, person = _named(desk, call, contact)
    if person is None:
        raise InvalidInput("Say from whom it came: the address of a contact.")
    reply = log_reply(
        desk.session,
        found,
        person,
        channel,
        kind,
        text,
        at=parse_wall_clock(at, desk.house.time_zone).instant() if at else desk.now,
        now=desk.now,
        house=desk.house,
        by=desk.by,
        until=_day(until) if until else None,
    )
    return _answer(desk, reply, f"Logged as reply {reply.id}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text!r} is no day: write it as 2027-03-08.") from None


def _answer(desk: Desk, reply: Reply, sentence: str) -> Answer:
    """What was done, with the reply as it stands now."""
    desk.session.flush()
    page = reply_page(desk.session, reply)
    waits = " It waits for a person." if reply.state is ReplyState.WAITING else ""
    data = {"reply": reply.id, "kind": reply.kind.value, "state": reply.state.value, "effects": page.effects}
    return Answer(data, f"{sentence}{waits}\n\n{page_text(page, desk.house.time_zone)}")


@app.command("fetch", cls=Page)
def fetch(ctx: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Take in what lies in the mailbox now.

    'outreach run' does it by itself.
    """
    in_workspace(ctx, lambda opened: say(_fetch(opened), as_json=as_json))


def _fetch(opened: Outreach) -> Answer:
    from outreach.worker.intake import Intake

    if opened.mailbox is None:
        raise Refusal('No mailbox is set: mailbox.kind in config.toml is "none".')
    taken = Intake(opened, opened.mailbox).once()
    text = f"Taken in: {taken.stored:,}. Processed: {taken.processed:,}."
    return Answer({"stored": taken.stored, "processed": taken.processed}, text)


@app.command("explain", cls=Page)
def explain(
    paths: Annotated[list[Path], typer.Argument(metavar="FILES", help="Mails (.eml), or folders of them.")],
) -> None:
    """Say what mails would be taken for.

    One JSON object a line; nothing is stored.
    """
    from outreach.cli.explaining import explained

    def work() -> None:
        for line in explained(paths):
            typer.echo(line)

    with_refusals(work)
