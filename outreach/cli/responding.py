"""``outreach letters``, the commands around a response: draft it, send it round for approval, see who approves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from outreach.adapters.approval_texts import read_approval_texts
from outreach.cli.calls import launching
from outreach.cli.door import Answer, Desk, changes, reads
from outreach.cli.files import read_document, write_file
from outreach.cli.letters import app
from outreach.cli.lists import Replace
from outreach.cli.official_letters import LetterName
from outreach.cli.options import CallName, SecondPerson, Yes
from outreach.cli.text import sentences, table, when
from outreach.domain.call_files import LetterFile, read_letter, write_letter
from outreach.domain.correspondence import DraftAnswer, RoundKind
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.reminders import parse_offset
from outreach.domain.signatures import Origin
from outreach.queries.responses import response_draft
from outreach.queries.rounds import MemberLine, as_data, counts_of, round_now
from outreach.store.addressees import day_of, find_letter
from outreach.store.answers import find_answer
from outreach.store.calls import find_call
from outreach.store.membership import aliases_of, members_of, named
from outreach.store.tables import Call, RoundMember
from outreach.usecases.answer_draft import Answered, answer_draft
from outreach.usecases.name_member import name_member
from outreach.usecases.open_round import open_round
from outreach.usecases.respond_to import respond_to

ORIGINS = (Origin.TELEPHONE, Origin.POST, Origin.MEETING)
WAYS = ", ".join(ORIGINS)
SAID = ", ".join(DraftAnswer)

AnswerNumber = Annotated[
    int, typer.Argument(metavar="ANSWER", help="The official's answer, by number (correspondence thread).")
]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="NAME", help="Ask only this organisation. May be repeated.")
]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="NAME", help="Do not ask this one. May be repeated.")
]
OrganisationName = Annotated[
    str, typer.Argument(metavar="ORGANISATION", help="A member of the round, by name or acronym.")
]


@reads(app, "draft-response")
def draft_response(
    desk: Desk,
    answer: AnswerNumber,
    output: Annotated[Path, typer.Option(metavar="FILE", help="Where to, such as response.en.md.")],
    language: Annotated[
        str, typer.Option(metavar="CODE", help="In this language; as the file is named if none.")
    ] = "",
    replace: Replace = False,
) -> Answer:
    """Begin the response to an official's letter.

    The file cites that letter and ours from the record; write on in it.
    """
    found = find_answer(desk.session, answer)
    code = language or _language_of(output)
    letter = response_draft(desk.session, found, code, day_of(desk.now, desk.house))
    write_file(output, write_letter(letter).encode(), replace=replace)
    lines = [
        f"{output} is written. Write on where it says so, then:",
        f"  outreach letters respond {answer} --slug NAME --text {output} --deadline TIME",
    ]
    return Answer({"file": str(output), "language": code, "answer": answer}, "\n".join(lines))


@changes(app, "respond")
def respond(
    desk: Desk,
    answer: AnswerNumber,
    slug: Annotated[str, typer.Option(metavar="NAME", help="The short name of the response.")],
    text: Annotated[
        list[Path], typer.Option(metavar="FILE", help="The letter, NAME.LANGUAGE.md. May be repeated.")
    ],
    deadline: Annotated[str, typer.Option(metavar="TIME", help='Such as "2027-07-10 17:00 Europe/Brussels".')],
    reminder: Annotated[
        list[str] | None, typer.Option(metavar="OFFSET", help="Before the deadline; 3d if none. May be repeated.")
    ] = None,
    last_call: Annotated[str, typer.Option(metavar="OFFSET", help='Such as 1d; "" for none.')] = "1d",
    only: Only = None,
    without: Without = None,
) -> Answer:
    """Make the response a draft, with a round to approve it.

    It asks the organisations that signed the letter which was answered.
    """
    done = respond_to(
        desk.session,
        find_answer(desk.session, answer),
        slug=slug,
        letters=_letters(text),
        texts=read_approval_texts(desk.app.folder),
        deadline=parse_wall_clock(deadline),
        reminders=[parse_offset(one) for one in reminder or ["3d"]],
        last_call=parse_offset(last_call) if last_call else None,
        only=only or (),
        without=without or (),
        now=desk.now,
        by=desk.by,
        house=desk.house,
    )
    return _opened(done.call, done.round.members, done.round.nobody_to_ask)


@changes(app, "open-round")
def begin_round(
    desk: Desk,
    call: CallName,
    signed: Annotated[str, typer.Option(metavar="LETTER", help="Ask those who signed this letter.")],
    only: Only = None,
    without: Without = None,
) -> Answer:
    """Let named organisations, and nobody else, sign a draft.

    The call's mails should be those of templates/approval: copied to a folder "email" beside the call's file.
    """
    found = find_call(desk.session, call)
    done = open_round(
        desk.session,
        found,
        find_letter(desk.session, signed),
        only=only or (),
        without=without or (),
        now=desk.now,
        by=desk.by,
        house=desk.house,
    )
    return _opened(found, done.members, done.nobody_to_ask)


@reads(app, "round")
def show_round(desk: Desk, letter: LetterName) -> Answer:
    """Who approves, who does not, who is silent or not asked."""
    found = _round(desk, letter)
    lines = round_now(desk.session, found)
    zone = desk.house.time_zone
    text = table(
        ("STANDS", "ORGANISATION", "SAID", "DETAIL"),
        [(line.standing.value, line.organisation, when(line.at, zone), _detail(line)) for line in lines],
        empty="Nobody is asked.",
    )
    counts = counts_of(lines)
    summary = ", ".join(f"{number} {standing}" for standing, number in counts.items())
    deadline = f"{found.slug}, {found.state.value}, until {found.deadline}"
    data = {"call": found.slug, "state": found.state.value, "counts": counts, "members": as_data(lines)}
    return Answer(data, f"{deadline}\n{summary}\n\n{text}")


@changes(app, "ask")
def ask(desk: Desk, letter: LetterName, yes: Yes = False, authorised_by: SecondPerson = "") -> Answer:
    """Show what the round will do, and with --yes ask."""
    found = _round(desk, letter)
    absent = [line for line in round_now(desk.session, found) if line.not_asked]
    notes = [
        sentences(f"{line.organisation} cannot be asked by mail: {line.not_asked}. Telephone it.")
        for line in absent
    ]
    command = f"outreach letters ask {letter}"
    return launching(desk, found.slug, yes=yes, authorised_by=authorised_by, command=command, notes=notes)


@changes(app, "round-answer")
def note_answer(
    desk: Desk,
    letter: LetterName,
    organisation: OrganisationName,
    answer: Annotated[DraftAnswer, typer.Argument(metavar="WHAT", help=f"One of: {SAID}.")],
    evidence: Annotated[str, typer.Option(metavar="WORDS", help="Who said so, when, and to whom.")],
    comment: Annotated[str, typer.Option(metavar="TEXT", help="What was said besides.")] = "",
    channel: Annotated[Origin, typer.Option(metavar="WAY", help=f"By which way: {WAYS}.")] = Origin.TELEPHONE,
) -> Answer:
    """Note what an organisation said by telephone or post."""
    if channel not in ORIGINS:
        raise InvalidInput(f"--channel is one of {WAYS}.")
    if not evidence.strip():
        raise InvalidInput("Say in --evidence who said so, when, and to whom.")
    found = _round(desk, letter)
    done = answer_draft(
        desk.session,
        found,
        _member(desk, found, organisation),
        answer,
        comment,
        contact=None,
        origin=channel,
        evidence=evidence,
        now=desk.now,
        by=desk.by,
        house=desk.house,
    )
    if not isinstance(done, Answered):
        raise Refusal(f"The round {found.slug} takes no answers now: it is {found.state.value}, or signed off.")
    late = " It came after the deadline: 'outreach signatures accept' decides." if done.late else ""
    data = {"organisation": organisation, "answer": done.answer.answer.value, "late": done.late}
    return Answer(data, f"Noted: {organisation} {done.answer.answer.value.replace('-', ' ')}.{late}")


@changes(app, "name-member")
def ask_by(
    desk: Desk,
    letter: LetterName,
    organisation: OrganisationName,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="A contact's address.")],
) -> Answer:
    """Say by whom an organisation is asked.

    In an open round that contact is asked now.
    """
    found = _round(desk, letter)
    member = _member(desk, found, organisation)
    done = name_member(desk.session, found, member, address, now=desk.now, by=desk.by, house=desk.house)
    asked = " The draft is on its way there." if done.asked else ""
    data = {"organisation": organisation, "contact": done.contact.address, "asked": done.asked}
    return Answer(data, f"{organisation} is asked by {done.contact.address}.{asked}")


def _round(desk: Desk, slug: str) -> Call:
    found = find_call(desk.session, slug)
    if found.round is not RoundKind.APPROVAL:
        raise Refusal(f"{slug} is signed publicly; it is no round of approval.")
    return found


def _member(desk: Desk, call: Call, word: str) -> RoundMember:
    members = members_of(desk.session, call)
    for member, body in members:
        if named(body, aliases_of(desk.session, body), word):
            return member
    names = ", ".join(body.name for _, body in members)
    raise Refusal(f"{word} is not asked in {call.slug}. Those who are: {names}.")


def _opened(call: Call, members: int, nobody: Sequence[str]) -> Answer:
    naming = f"outreach letters name-member {call.slug}"
    lines = [
        f"{call.slug} is a draft, and its round will ask {members} organisation{'' if members == 1 else 's'}.",
        *(f"Nobody is known to ask for {name}:  {naming} '{name}' ADDRESS" for name in nobody),
        f"Look who is asked:  outreach letters round {call.slug}",
        f"Then ask them:      outreach letters ask {call.slug}",
    ]
    return Answer({"call": call.slug, "members": members, "nobody_to_ask": list(nobody)}, "\n".join(lines))


def _detail(line: MemberLine) -> str:
    by = f"({line.by})" if line.by and not line.by.startswith("contact ") else ""
    return " ".join(filter(None, (line.comment.replace("\n", " "), line.not_asked, by)))


def _language_of(file: Path) -> str:
    stem, _, language = file.stem.rpartition(".")
    if not stem or not language:
        raise InvalidInput(f"{file} does not say in which language it is: name it like response.en.md.")
    return language


def _letters(files: Sequence[Path]) -> dict[str, LetterFile]:
    letters = {}
    for file in files:
        try:
            letters[_language_of(file)] = read_letter(read_document(file).decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise InvalidInput(f"{file} is not UTF-8 text; save it as UTF-8.") from None
        except InvalidInput as refusal:
            raise InvalidInput(*(f"{file}: {reason}" for reason in refusal.reasons)) from refusal
    return letters
