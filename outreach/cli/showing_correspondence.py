"""``outreach correspondence``, the commands that only look: the thread, the list, what is overdue, one answer."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, reads
from outreach.cli.files import write_file
from outreach.cli.harmless import harmless
from outreach.cli.lists import Replace
from outreach.cli.pages import chapter
from outreach.cli.text import sentences, table
from outreach.domain.row_numbers import LARGEST_NUMBER
from outreach.queries import correspondence as reading
from outreach.queries import overdue as reading_overdue
from outreach.queries import standings as reading_standings
from outreach.queries.correspondence import IN, ThreadLine
from outreach.queries.standings import OfficialLine
from outreach.store.addressees import Standing, day_of, find_letter
from outreach.store.answers import find_answer
from outreach.store.documents import content_of

app = chapter("With officials: what went to them, what they answered, and what is overdue.")

STANDINGS = ", ".join(Standing)
KILO = 1000

LetterName = Annotated[str, typer.Argument(metavar="LETTER", help="The letter's short name.")]
PostName = Annotated[str, typer.Argument(metavar="POST", help="The official's post.")]
AnswerNumber = Annotated[
    int, typer.Argument(metavar="NUMBER", min=1, max=LARGEST_NUMBER, help="The answer's number, from the thread.")
]


@reads(app, "thread")
def thread(
    desk: Desk,
    post: Annotated[str, typer.Argument(metavar="[POST]", help="The official's post.")] = "",
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="All posts of this State. May be repeated.")
    ] = None,
    institution: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="All posts at this institution. May be repeated.")
    ] = None,
) -> Answer:
    """Every letter to and from an office, by date, across calls.

    With the numbers of answers and of files.
    """
    posts = reading.posts_meant(desk.session, post, states=state or (), institutions=institution or ())
    lines = reading.thread(desk.session, posts, desk.house)
    empty = f"Nothing went to {posts[0].slug}, and nothing came." if len(posts) == 1 else "Nothing went or came."
    text = "\n\n".join(in_words(line, named=len(posts) > 1) for line in lines) or empty
    return Answer(reading.as_data(lines), text)


def in_words(line: ThreadLine, *, named: bool = True) -> str:
    """One letter out or in; ``named``: with its post."""
    came = line.direction == IN
    what = f"{line.what} {line.answer}" if came else line.what
    parts = [f"edition {line.edition}" if line.edition else "", f"by {line.way}" if line.way else "", line.state]
    head = f"{line.on}  {line.direction:<3}  {', '.join(filter(None, [what, *parts]))}"
    who = f"{'From' if came else 'To'} {line.who}" if line.who else ""
    about = [
        who + (f" ({line.post})" if named and who else f"{'From' if came else 'To'} {line.post}" if named else ""),
        f"dated {line.dated}" if line.dated and line.dated != line.on else "",
        f"reference {line.reference}" if line.reference else "",
        (f"answers {line.letter}" if line.letter else "to a letter that nobody knows") if came else line.letter,
    ]
    files = ", ".join(
        f"{one.id} {one.name}{f' ({one.role})' if one.role else ''}, {in_bytes(one.size)}" for one in line.documents
    )
    below = [
        "; ".join(filter(None, about)),
        line.subject,
        *line.text.splitlines(),
        f"Files: {files}" if files else "",
    ]
    return "\n".join([head, *(sentences(harmless(one), before=" " * 17) for one in below if one.strip())])


def in_bytes(size: int) -> str:
    """A size as people read it."""
    if size < KILO:
        return f"{size} bytes"
    return f"{size / KILO:,.0f} kB" if size < KILO**2 else f"{size / KILO**2:,.1f} MB"


@reads(app, "list")
def list_correspondence(
    desk: Desk,
    letter: Annotated[str, typer.Argument(metavar="[LETTER]", help="Of this letter only.")] = "",
    state_of: Annotated[
        Standing | None, typer.Option("--state-of", metavar="STATE", help=f"Only those that are: {STANDINGS}.")
    ] = None,
) -> Answer:
    """How far each letter has come with each official.

    Without a letter or a state: each letter, with how many officials it has come how far with.
    """
    today = day_of(desk.now, desk.house)
    if not letter and state_of is None:
        return _letters(desk)
    found = find_letter(desk.session, letter) if letter else None
    lines = reading_standings.standings(desk.session, letter=found, only=state_of, today=today, house=desk.house)
    counts = reading_standings.counted(Counter(line.standing.value for line in lines))
    data = {"officials": [asdict(line) for line in lines], "counts": counts}
    if not lines:
        nobody = f"{letter} is addressed to nobody" if letter else "No letter stands so with any official"
        return Answer(data, f"{nobody if state_of is None or not letter else 'None of them is ' + state_of.value}.")
    return Answer(data, f"{_officials(lines, with_letter=found is None)}\n\n{counts_text(counts)}")


def _officials(lines: list[OfficialLine], *, with_letter: bool) -> str:
    rows = [
        (line.letter, line.post, line.standing.value, line.since or "-", line.due_on or "-", _remark(line))
        for line in lines
    ]
    header = ("LETTER", "POST", "STATE", "SINCE", "DUE", "REFERENCE")
    start = 0 if with_letter else 1
    return table(header[start:], [row[start:] for row in rows], gives_way=1 - start)


def _remark(line: OfficialLine) -> str:
    """The office's reference, and why the letter came back or was closed."""
    return "; ".join(filter(None, (line.reference, line.reason))) or "-"


def counts_text(counts: dict[str, int]) -> str:
    """How many have come how far, as one line."""
    total = sum(counts.values())
    said = ", ".join(f"{number:,} {standing.replace('-', ' ')}" for standing, number in counts.items())
    return sentences(f"{total:,} official{'' if total == 1 else 's'}: {said}.")


def _letters(desk: Desk) -> Answer:
    lines = reading_standings.letter_lines(desk.session, today=day_of(desk.now, desk.house), house=desk.house)
    unplaced = reading_standings.unplaced_answers(desk.session)
    rows = [
        (line.letter, line.kind, line.officials, ", ".join(f"{n:,} {s}" for s, n in line.counts.items()))
        for line in lines
    ]
    text = table(
        ("LETTER", "KIND", "OFFICIALS", "STATE"), rows, empty="No letter is addressed to any official yet."
    )
    if unplaced:
        text += f"\n\nAnswers to a letter that nobody knows: {unplaced} (outreach correspondence thread POST)."
    return Answer({"letters": [asdict(line) for line in lines], "unplaced": unplaced}, text)


@reads(app, "overdue")
def overdue(
    desk: Desk, letter: Annotated[str, typer.Argument(metavar="[LETTER]", help="Of this letter only.")] = ""
) -> Answer:
    """Whose next step was due, since when, and what to do.

    Days are working days of that office. Nothing is sent by itself.
    """
    found = find_letter(desk.session, letter) if letter else None
    today = day_of(desk.now, desk.house)
    lines = reading_overdue.overdue(desk.session, letter=found, today=today, house=desk.house)
    rows = [
        (line.letter, line.post, line.awaited, line.due_on, line.days, line.enquiries, line.step) for line in lines
    ]
    header = ("LETTER", "POST", "AWAITED", "DUE", "DAYS", "ASKED", "NEXT")
    text = table(header, rows, empty="Nothing is overdue.", gives_way=0)
    if lines:
        text += f"\n\nDays are working days. For the first:\n  {lines[0].command}"
    return Answer([asdict(line) for line in lines], text)


@reads(app, "show")
def show(desk: Desk, number: AnswerNumber) -> Answer:
    """One answer, with all that is known of it."""
    line = reading.one_answer(desk.session, find_answer(desk.session, number))
    return Answer(reading.as_data([line])[0], in_words(line))


@reads(app, "save")
def save(
    desk: Desk,
    document: Annotated[
        int, typer.Argument(metavar="FILE", min=1, max=LARGEST_NUMBER, help="The file's number, from the thread.")
    ],
    output: Annotated[Path, typer.Option(metavar="FILE", help="Where to.")],
    replace: Replace = False,
) -> Answer:
    """Write a scan, a proof or a letter as it went to a file.

    Open what others sent with the care that you give to attachments.
    """
    content = content_of(desk.session, document)
    write_file(output, content, replace=replace)
    return Answer({"document": document, "file": str(output), "size": len(content)}, f"{output} is written.")
