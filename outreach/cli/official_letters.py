"""``outreach letters``, the commands that look at a letter to officials before it goes, and what they share."""

from pathlib import Path
from typing import Annotated, Any

import typer

from outreach.cli.door import Answer, Desk, reads
from outreach.cli.files import write_file
from outreach.cli.letters import app
from outreach.cli.lists import Replace
from outreach.cli.text import sentences, table
from outreach.domain.errors import Refusal
from outreach.domain.officials import Way
from outreach.domain.states import AddresseeState
from outreach.queries.official_letters import deliverable, for_official, round_of
from outreach.rendering.publication import Publication
from outreach.store.addressees import day_of, find_addressee, find_letter
from outreach.store.documents import content_of
from outreach.store.editions import newest_edition
from outreach.store.letters_to_officials import ToOfficial
from outreach.store.officials import find_post
from outreach.store.tables import Addressee, Edition, Letter
from outreach.usecases.authorise_letter import may_deliver
from outreach.usecases.render_letter import LetterFormat, written_as
from outreach.worker import delivering

__all__ = ["LetterName", "PostName", "app", "letters_of", "way_of"]

LetterName = Annotated[str, typer.Argument(metavar="LETTER", help="The letter's short name.")]
PostName = Annotated[str, typer.Argument(metavar="POST", help="The official's post.")]


@reads(app, "preflight")
def preflight(desk: Desk, letter: LetterName) -> Answer:
    """Look at each official's letter, and what holds it back.

    And where somebody else holds the post since it was released.

    What is held back holds back nobody else's.
    """
    found = find_letter(desk.session, letter)
    lines = letters_of(desk, found)
    rows = [
        (one.post, one.official.name or "(vacant)", one.text.language, way_of(one, None), _state(one))
        for one in lines
    ]
    ready = [one for one in lines if not one.problems and not one.released]
    text = table(
        ("POST", "TO", "IN", "BY", "STATE"), rows, empty=f"{found.slug} is addressed to nobody.", gives_way=1
    )
    notes = _notes(lines)
    held, still = sum(bool(one.problems) for one in lines), _waits_for(desk, found) if ready else ""
    summary = f"{len(ready)} {'would be ready' if still else 'can go'}, {held} held back."
    waits = f"None can go yet:\n{sentences(still, before='  - ', then='    ')}" if still else ""
    return Answer([_line(one) for one in lines], "\n".join(filter(None, [text, "", summary, waits, notes])))


@reads(app, "preview")
def preview(
    desk: Desk,
    letter: LetterName,
    post: PostName,
    output: Annotated[Path, typer.Option(metavar="FILE", help="Where to; its ending says the format.")],
    replace: Replace = False,
) -> Answer:
    """Write the letter as one official would get it, or got it."""
    found = find_letter(desk.session, letter)
    addressee = find_addressee(desk.session, found, find_post(desk.session, post))
    (to,) = letters_of(desk, found, (post,))
    form = _format(output)
    if to.released and form is LetterFormat.PDF and addressee.document_id:
        content = content_of(desk.session, addressee.document_id)
    else:
        content = written_as(_shown(desk, found, addressee, to), form, desk.app.press)
    write_file(output, content, replace=replace)
    held = "".join(f"\n{sentences(one, before='  - ', then='    ')}" for one in to.problems)
    text = f"{output} is written: to {to.official.name or to.post}, in {to.text.language}."
    return Answer({"file": str(output), **_line(to)}, text + (f"\nIt would be held back:{held}" if held else ""))


def _shown(desk: Desk, letter: Letter, addressee: Addressee, to: ToOfficial) -> Publication:
    """The letter as it was released to the official, or as it would be today."""
    number = addressee.edition_id if to.released else None
    edition = desk.session.get(Edition, number) if number else newest_edition(desk.session, letter.id or 0)
    day = day_of(addressee.released_at or desk.now, desk.house)
    call = round_of(desk.session, letter)
    return for_official(desk.session, call, edition, to, day=day, house=desk.house)


def letters_of(desk: Desk, letter: Letter, posts: tuple[str, ...] = ()) -> list[ToOfficial]:
    """The letter to each of its officials, or to some, as it would read today."""
    return delivering.letters_of(desk.session, letter, posts, now=desk.now, house=desk.house)


def _notes(lines: list[ToOfficial]) -> str:
    held = [f"{one.post}: {reason}" for one in lines for reason in one.problems]
    changed = [
        f"{one.post}: released to {one.official.name or 'the office'}; {one.holder_now} holds the post now."
        for one in lines
        if one.holder_now
    ]
    told = ["Held back:", *(sentences(one, before="  - ", then="    ") for one in held)] if held else []
    told += ["Changed since:", *(sentences(one, before="  - ", then="    ") for one in changed)] if changed else []
    return "\n".join(told)


def _waits_for(desk: Desk, letter: Letter) -> str:
    """What those that are ready still wait for: the sign-off of the list, or a second person; "" for nothing."""
    try:
        deliverable(desk.session, letter)
        may_deliver(letter, desk.house, by=desk.by)
    except Refusal as refusal:
        return " ".join(refusal.reasons)
    return ""


def _state(one: ToOfficial) -> str:
    """How far it is; what was released and has not left yet says so."""
    return "released" if one.released and one.state is AddresseeState.TO_SEND else one.state.value


def _line(one: ToOfficial) -> dict[str, Any]:
    return {
        "post": one.post,
        "name": one.official.name,
        "state": one.state.value,
        "language": one.text.language,
        "way": way_of(one, None),
        "released": one.released,
        "holder_now": one.holder_now,
        "held": list(one.problems),
    }


def way_of(one: ToOfficial, way: Way | None) -> str:
    """The way by which it would go: the one that is asked for, or the office's first; a dash for none."""
    return (way or one.official.ways[0]).value if way or one.official.ways else "-"


def _format(output: Path) -> LetterFormat:
    ending = output.suffix.lower().lstrip(".")
    allowed = [one.value for one in LetterFormat if one not in (LetterFormat.CSV, LetterFormat.JSON)]
    if ending not in allowed:
        raise Refusal(f"{output} does not say which format is meant: name it with one of {', '.join(allowed)}.")
    return LetterFormat(ending)
