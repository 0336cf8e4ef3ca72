"""``outreach correspondence``: officials' answers logged, corrected and withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli import chasing, closing
from outreach.cli.door import Answer, Desk, changes, only_shown
from outreach.cli.files import media_type, read_document
from outreach.cli.options import Yes
from outreach.cli.showing_correspondence import AnswerNumber, LetterName, PostName, app, in_words
from outreach.cli.text import due_words, sentences
from outreach.domain.answers import LONGEST_SUMMARY
from outreach.domain.correspondence import AnswerKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import Way
from outreach.queries.answer_doubts import answer_doubts
from outreach.queries.correspondence import as_data, one_answer
from outreach.store import tables
from outreach.store.addressees import day_of, find_addressee, find_letter
from outreach.store.answers import find_answer
from outreach.store.documents import keep_document
from outreach.store.officials import find_post
from outreach.usecases.correct_answer import Corrections, correct_answer
from outreach.usecases.log_answer import log_answer
from outreach.usecases.withdraw_answer import withdraw_answer

__all__ = ["app", "chasing", "closing"]

WAYS = ", ".join(Way)
KINDS = ", ".join(AnswerKind)

Sender = Annotated[str, typer.Option("--from", metavar="NAME", help="Who signed it.")]
Received = Annotated[
    datetime | None,
    typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="When it came; today if not given."),
]
Channel = Annotated[Way, typer.Option(metavar="WAY", help=f"By which way it came: {WAYS}.")]
Reference = Annotated[str, typer.Option(metavar="WORDS", help="The office's own number.")]
Summary = Annotated[str, typer.Option(metavar="WORDS", help="What it says.")]
Certain = Annotated[bool, typer.Option("--yes", help="Log it although something looks wrong.")]
Scans = Annotated[
    list[Path] | None, typer.Option(metavar="FILE", help="A scan, a mail, an attachment. May be repeated.")
]


@changes(app, "log")
def log(
    desk: Desk,
    post: PostName,
    dated: Annotated[
        datetime, typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="The day that stands on it.")
    ],
    sender: Sender,
    letter: Annotated[str, typer.Option(metavar="LETTER", help="What it answers; not known if none.")] = "",
    received: Received = None,
    channel: Channel = Way.POST,
    reference: Reference = "",
    subject: Annotated[str, typer.Option(metavar="WORDS", help="Its subject line.")] = "",
    summary: Summary = "",
    scan: Scans = None,
    yes: Certain = False,
) -> Answer:
    """Log an official's answer that did not come to the mailbox.

    The clock of the letter that it answers stops.
    """
    to = find_post(desk.session, post)
    answer = log_answer(
        desk.session,
        to,
        addressee=find_addressee(desk.session, find_letter(desk.session, letter), to) if letter else None,
        kind=AnswerKind.ANSWER,
        way=channel,
        dated=dated.date(),
        received_on=_day(received, desk),
        sender=_named(sender),
        subject=subject,
        reference=reference,
        summary=_of_length(summary),
        documents=_kept(desk, scan or ()),
        now=desk.now,
        by=desk.by,
        house=desk.house,
    )
    known = f"outreach correspondence correct {answer.id} --letter LETTER"
    return _logged(desk, answer, yes=yes, hint="" if letter else f"Once you know which:  {known}")


@changes(app, "acknowledge")
def acknowledge(
    desk: Desk,
    letter: LetterName,
    post: PostName,
    reference: Reference = "",
    received: Received = None,
    sender: Sender = "",
    channel: Channel = Way.POST,
    summary: Summary = "",
    scan: Scans = None,
    yes: Certain = False,
) -> Answer:
    """Note that an office has a letter, and under which number.

    It has time to answer from that day on.
    """
    to = find_post(desk.session, post)
    day = _day(received, desk)
    if not (reference.strip() or summary.strip() or scan):
        raise InvalidInput(
            "Give the office's number (--reference), a scan, or a word of what was said (--summary)."
        )
    answer = log_answer(
        desk.session,
        to,
        addressee=find_addressee(desk.session, find_letter(desk.session, letter), to),
        kind=AnswerKind.ACKNOWLEDGEMENT,
        way=channel,
        dated=day,
        received_on=day,
        sender=sender,
        reference=reference,
        summary=_of_length(summary) or f"The office has the letter, under {reference}.",
        documents=_kept(desk, scan or ()),
        now=desk.now,
        by=desk.by,
        house=desk.house,
    )
    return _logged(desk, answer, yes=yes)


def _day(given: datetime | None, desk: Desk) -> date:
    return given.date() if given else day_of(desk.now, desk.house)


def _named(sender: str) -> str:
    if not sender.strip():
        raise InvalidInput("Say who signed it: --from NAME.")
    return sender


def _of_length(summary: str) -> str:
    if len(summary) > LONGEST_SUMMARY:
        raise InvalidInput(f"A summary has at most {LONGEST_SUMMARY:,} letters; add the text as a file (--scan).")
    return summary


def _kept(desk: Desk, files: Sequence[Path]) -> list[tables.Document]:
    """The files, kept in the database under names of our own making."""
    return [
        keep_document(desk.session, file.name, media_type(file), read_document(file), now=desk.now, by=desk.by)
        for file in files
    ]


def _logged(desk: Desk, answer: tables.Answer, *, yes: bool, hint: str = "") -> Answer:
    """What was logged, and how its letter stands. Refusal: something looks wrong, and nobody said --yes."""
    doubts = answer_doubts(desk.session, answer, desk.house)
    if doubts and not (yes or desk.dry_run):
        raise Refusal(*doubts, "If all is as you say, add --yes.")
    return _stands(desk, answer, f"Logged as answer {answer.id}.", *doubts, hint)


def _stands(desk: Desk, answer: tables.Answer, *said: str) -> Answer:
    line = one_answer(desk.session, answer)
    to = desk.session.get(tables.Addressee, answer.addressee_id) if answer.addressee_id else None
    state = to.state.value if to else ""
    due = due_words(to.state, to.due_on) if to else ""
    stands = f"{line.letter} is {state} with {line.post} now{due}." if to else ""
    text = "\n".join(sentences(one) for one in (*said, stands) if one)
    data = {**as_data([line])[0], "state_of_letter": state, "due_on": to.due_on if to else None}
    return Answer(data, f"{text}\n\n{in_words(line)}")


@changes(app, "correct")
def correct(
    desk: Desk,
    number: AnswerNumber,
    letter: Annotated[str, typer.Option(metavar="LETTER", help="What it answers; - for nobody knows.")] = "",
    post: Annotated[str, typer.Option(metavar="POST", help="With --letter: another office's.")] = "",
    kind: Annotated[AnswerKind | None, typer.Option(metavar="KIND", help=f"What it is: {KINDS}.")] = None,
    dated: Annotated[
        datetime | None, typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="The day on it.")
    ] = None,
    received: Annotated[
        datetime | None, typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="When it came.")
    ] = None,
    sender: Annotated[str | None, typer.Option("--from", metavar="NAME", help="Who signed it.")] = None,
    channel: Annotated[Way | None, typer.Option(metavar="WAY", help="By which way it came.")] = None,
    reference: Annotated[str | None, typer.Option(metavar="WORDS", help="The office's own number.")] = None,
    subject: Annotated[str | None, typer.Option(metavar="WORDS", help="Its subject line.")] = None,
    summary: Annotated[str | None, typer.Option(metavar="WORDS", help="What it says.")] = None,
) -> Answer:
    """Correct an answer, or say which letter it answers.

    The letters stand as if it had been known from the beginning.
    """
    answer = find_answer(desk.session, number)
    corrections = Corrections(
        addressee=_answered(desk, answer, letter, post),
        to_no_letter=letter == "-",
        kind=kind,
        way=channel,
        dated=dated.date() if dated else None,
        received_on=received.date() if received else None,
        sender=sender,
        subject=subject,
        reference=reference,
        summary=summary if summary is None else _of_length(summary),
    )
    correct_answer(desk.session, answer, corrections, now=desk.now, by=desk.by, house=desk.house)
    return _stands(desk, answer, f"Answer {number} is corrected.")


def _answered(desk: Desk, answer: tables.Answer, letter: str, post: str) -> tables.Addressee | None:
    """The letter that is named as the one answered."""
    if not letter or letter == "-":
        if post:
            raise InvalidInput("Say with --letter which letter to that office it answers.")
        return None
    to = find_post(desk.session, post) if post else desk.session.get_one(tables.Post, answer.post_id)
    return find_addressee(desk.session, find_letter(desk.session, letter), to)


@changes(app, "withdraw")
def withdraw(desk: Desk, number: AnswerNumber, yes: Yes = False) -> Answer:
    """Take an answer that was logged by mistake off the record.

    Its files are deleted; the log keeps that it stood there. A mail that it was made of waits again.
    """
    answer = find_answer(desk.session, number)
    line = one_answer(desk.session, answer)
    data = {"answer": number, "post": line.post, "files": len(line.documents)}
    withdraw_answer(desk.session, answer, now=desk.now, by=desk.by, house=desk.house)
    if not yes and not desk.dry_run:
        files = f"{len(line.documents)} files that came with it"
        would = f"This would delete answer {number} of {line.post}, dated {line.dated}, and {files}."
        return only_shown(data, would, f"outreach correspondence withdraw {number}")
    return Answer({**data, "done": True}, f"Answer {number} of {line.post} is off the record.")
