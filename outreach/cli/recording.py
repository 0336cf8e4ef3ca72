"""``outreach letters``: a letter from before this tool was used goes on record."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from outreach.cli.door import Answer, Desk, changes
from outreach.cli.letters import app, in_words
from outreach.cli.lists import Columns, columns_of, progress
from outreach.cli.taking_in_signatures import VISIBILITIES
from outreach.cli.text import sentences
from outreach.domain.correspondence import LetterKind
from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line
from outreach.domain.officials import WAYS_OUT, Way
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.store.editions import counts_of
from outreach.store.officials import find_post
from outreach.usecases.record_letter import Recorded, SignedBy, WrittenTo, record_letter

WAYS = ", ".join(WAYS_OUT)


@changes(app, "record")
def record(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The letter: NAME.LANGUAGE.md.")],
    signed_by: Annotated[
        Path, typer.Option(metavar="LIST", help="Who signed: CSV, XLSX, or the printed list as text.")
    ],
    dated: Annotated[datetime, typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="The day of the letter.")],
    slug: Annotated[str, typer.Option(metavar="NAME", help="Its short name; as the file is named if none.")] = "",
    organiser: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Who organised it; you if none. May be repeated.")
    ] = None,
    official: Annotated[
        list[str] | None, typer.Option(metavar="POST", help='Got it: POST, "POST=NAME" or "POST=NAME, TITLE".')
    ] = None,
    way: Annotated[Way | None, typer.Option(metavar="WAY", help=f"How these officials got it: {WAYS}.")] = None,
    private: Annotated[
        bool, typer.Option("--private", help="It was a private letter, and is in confidence.")
    ] = False,
    published: Annotated[bool, typer.Option("--published", help="It was private, and is published now.")] = False,
    visibility: Annotated[
        Visibility,
        typer.Option(metavar="WHO", help=f"Who sees names of whom the list does not say it: {VISIBILITIES}."),
    ] = Visibility.PUBLIC,
    columns: Columns = None,
    kind: Annotated[SignatureKind | None, typer.Option("--as", metavar="KIND", help="All signed as this.")] = None,
) -> Answer:
    """Record a letter from before, with its list.

    So that it can be cited and followed up. Nobody is written to.
    """
    from outreach.adapters.letter_files import read_letters
    from outreach.adapters.signature_files import read_signatures

    if published and not private:
        raise InvalidInput("--published goes with --private; any other letter is public anyway.")
    name, letters = read_letters(file)
    found = read_signatures(signed_by, columns_of(columns))
    with progress(found.expected_rows) as bar:
        done = record_letter(
            desk.session,
            letters,
            slug=slug or name,
            dated=dated.date(),
            zone=desk.house.time_zone,
            organisers=organiser or (),
            names=SignedBy(found.rows, found.header, signed_by.name, visibility, kind),
            officials=[_written_to(desk, one, way) for one in official or ()],
            kind=LetterKind.PRIVATE if private else LetterKind.OPEN,
            published=published or not private,
            now=desk.now,
            by=desk.by,
            house=desk.house,
            progress=bar,
        )
    return _said(desk, done, found.notices)


def _written_to(desk: Desk, text: str, way: Way | None) -> WrittenTo:
    """What --official says: a post, perhaps with the name and the title that stood on the letter."""
    if way is None:
        raise InvalidInput(f"Say with --way how the letter went to its officials: {WAYS}.")
    slug, _, person = text.partition("=")
    name, _, title = person.partition(",")
    return WrittenTo(find_post(desk.session, slug.strip()), way, clean_line(name), clean_line(title))


def _said(desk: Desk, done: Recorded, notices: tuple[str, ...]) -> Answer:
    slug, counts = done.call.slug, counts_of(desk.session, done.edition)
    lines = [
        f"Recorded: {slug} of {done.call.deadline[:10]}, {done.call.state.value}. Edition 1: {in_words(counts)}.",
        *(sentences(one) for one in (*notices, *done.signatures.sentences()[1:])),
        *(sentences(one.sentence, before="  ", then="    ") for one in done.signatures.known_rows),
        *(f"Nobody is on record for {one} that day: it went to the office." for one in done.unnamed),
        f"To follow it up:  outreach letters follow-up {slug} --slug NAME --output FOLDER",
    ]
    data: dict[str, Any] = {
        "letter": slug,
        "state": done.call.state.value,
        "edition": done.edition.number,
        "signatures": counts.all,
        "unnamed": done.unnamed,
        "notices": notices,
    }
    return Answer(data, "\n".join(lines))
