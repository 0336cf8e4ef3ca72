"""``outreach letters``: the letter with its list: amended, signed off, and published."""

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from outreach.cli.door import Answer, Desk, changes, only_shown, reads
from outreach.cli.files import write_file
from outreach.cli.lists import Replace
from outreach.cli.options import CallFilePath, CallName, SecondPerson, Yes
from outreach.cli.pages import chapter
from outreach.cli.text import people, sentences, table, when
from outreach.domain.counts import Counts
from outreach.domain.editions import CopyKind
from outreach.domain.errors import Refusal
from outreach.queries import editions
from outreach.queries.calls import find_signature
from outreach.queries.kits import announcing, kit_of
from outreach.queries.publications import find_edition, publication
from outreach.store.calls import find_call
from outreach.store.editions import FOR_ADDRESSEE, copy_went_out
from outreach.usecases.amend_letter import amend_letter
from outreach.usecases.render_letter import LetterFormat, render_letter
from outreach.usecases.sign_off import sign_off

app = chapter("The letter with its list: amend it, sign it off, publish it.")

FORMATS = ", ".join(LetterFormat)
EditionNumber = Annotated[
    int | None, typer.Option(metavar="NUMBER", min=1, help="An edition; the newest if none is named.")
]


@changes(app, "sign-off")
def sign_off_list(
    desk: Desk,
    call: CallName,
    yes: Yes = False,
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why there is a further edition.")] = "",
) -> Answer:
    """Freeze the list as it stands now, as the next edition.

    The release waits for this. What changes later is in a further edition.
    """
    found = find_call(desk.session, call)
    done = sign_off(desk.session, found, now=desk.now, by=desk.by, house=desk.house, reason=reason)
    what = f"edition {done.edition.number} of {found.slug}: {in_words(done.counts)}"
    data = {"edition": done.edition.number, "digest": done.edition.digest, **_counts(done.counts)}
    data["waiting"] = done.waiting
    waits = ""
    if done.waiting:
        waits = f"\nNot in it: {people(done.waiting)} whose signature nobody has decided about (signatures desk)."
    if not yes and not desk.dry_run:
        again = f"outreach letters sign-off {found.slug}{f' --reason {shlex.quote(reason)}' if reason else ''}"
        return only_shown(data, f"This would freeze {what}.{waits}", again)
    text = f"Signed off: {what}.{waits}\nTo look at it:  outreach letters render {found.slug} --output letter.pdf"
    return Answer({**data, "done": True}, text)


@reads(app, "editions")
def list_editions(desk: Desk, call: CallName) -> Answer:
    """The editions, and which copies of them went out.

    Says of each whether it is still what was signed off.
    """
    found = find_call(desk.session, call)
    lines = editions.lines(desk.session, found, desk.house.salt)
    zone = desk.house.time_zone
    text = table(
        ("NO.", "SIGNED OFF", "BY", "LISTED", "NOT NAMED", "WHAT"),
        [
            (
                one.number,
                when(one.at, zone),
                one.by,
                one.counts.named,
                one.counts.unnamed,
                " ".join(filter(None, (one.reason, "" if one.unchanged else "CHANGED SINCE: do not use it"))),
            )
            for one in lines
        ],
        empty=f"Nobody has signed off a list of {found.slug} yet.",
    )
    copies = [
        f"  {when(copy.at, zone)}  {copy.kind} of edition {one.number}, {copy.detail or 'no detail'} ({copy.by})"
        for one in lines
        for copy in one.copies
    ]
    told = "\n".join(["", "Copies that went out:", *copies]) if copies else ""
    return Answer([asdict(one) for one in lines], text + told)


@changes(app, "render")
def render(
    desk: Desk,
    call: CallName,
    output: Annotated[Path, typer.Option(metavar="FILE", help="Where to.")],
    edition: EditionNumber = None,
    form: Annotated[
        LetterFormat | None,
        typer.Option("--format", metavar="FORMAT", help=f"One of: {FORMATS}. Otherwise as the file is named."),
    ] = None,
    language: Annotated[str, typer.Option(metavar="CODE", help="In this language; the call's if none.")] = "",
    for_addressee: Annotated[
        bool, typer.Option("--for-addressee", help="With those whom only the addressee may see. Never publish it.")
    ] = False,
    replace: Replace = False,
) -> Answer:
    """Write the letter with its list to a file.

    It is the newest edition, or a draft before there is one. No private signature is in it, except in the count.
    """
    found = find_call(desk.session, call)
    which = form or _by_name(output)
    if output.exists() and not replace:
        raise Refusal(f"{output} is there already. Name another file, or add --replace.")
    frozen = find_edition(desk.session, found, edition or 0)
    shown = publication(
        desk.session,
        found,
        house=desk.house,
        language=language,
        edition=frozen,
        for_addressee=for_addressee,
    )
    content = render_letter(
        desk.session,
        shown,
        which,
        edition=frozen,
        press=desk.app.press,
        detail=f"{which.value}{f', {FOR_ADDRESSEE}' if for_addressee else ''}",
        now=desk.now,
        by=desk.by,
    )
    if not desk.dry_run:
        write_file(output, content, replace=True)
    what = f"edition {frozen.number}" if frozen else "a draft: nobody has signed off the list yet"
    text = f"{output} is written ({what}): {in_words(shown.counts)}."
    if for_addressee:
        text += "\n" + sentences("It names people who must not be named in public: give it to the addressee only.")
    data = {"file": str(output), "edition": frozen.number if frozen else None, **_counts(shown.counts)}
    return Answer(data, text)


@changes(app, "amend")
def amend(
    desk: Desk,
    call: CallName,
    file: CallFilePath,
    substance: Annotated[
        str,
        typer.Option(
            metavar="TEXT", help="What has changed in what the letter says: everybody who signed is asked again."
        ),
    ] = "",
    typing_error: Annotated[
        bool, typer.Option("--typing-error", help="It says the same as before: every signature holds.")
    ] = False,
    authorised_by: SecondPerson = "",
) -> Answer:
    """Take over the letter's text as its files have it now.

    It is the letter's next version; say whether it says anything else than before.
    """
    from outreach.adapters.call_files import read_call

    if bool(substance.strip()) == typing_error:
        raise Refusal("Say which it is: --typing-error, or --substance 'what has changed'.")
    found = find_call(desk.session, call)
    done = amend_letter(
        desk.session,
        found,
        read_call(file, desk.app.folder / "templates"),
        substance=substance,
        now=desk.now,
        house=desk.house,
        by=desk.by,
        authorised_by=authorised_by,
    )
    asked = f" Asked to sign it again: {people(done.asked)}." if substance else " Every signature holds."
    return Answer(asdict(done), f"The letter of {found.slug} is in version {done.version} now.{asked}")


@changes(app, "kit")
def kit(
    desk: Desk,
    call: CallName,
    output: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to; it is made if it is not there.")],
    number: Annotated[
        int, typer.Option("--signature", metavar="NUMBER", min=0, help="Of this signatory only; of all if none.")
    ] = 0,
) -> Answer:
    """Write the announcement kits: a post for each signatory.

    One zip file for each, in every language, with the embargo until the release. Whoever is not named in public has
    none.
    """
    found = find_call(desk.session, call)
    meant = [find_signature(desk.session, number)] if number else announcing(desk.session, found)
    if any(one.letter_id != found.letter_id for one in meant):
        raise Refusal(f"Signature {number} is not under {found.slug}.")
    if not meant:
        raise Refusal(f"Nobody is named in public under {found.slug} yet.")
    for one in meant:
        made = kit_of(desk.session, one, desk.house)
        if not desk.dry_run:
            write_file(output / made.name, made.archive, replace=True)
    edition = find_edition(desk.session, found)
    if edition is not None:
        detail = f"{len(meant)} kits"
        copy_went_out(desk.session, edition, CopyKind.KIT, detail=detail, by=desk.by, now=desk.now)
    text = f"Kits of {people(len(meant))} are in {output}."
    return Answer({"kits": len(meant), "folder": str(output)}, text)


def in_words(counts: Counts) -> str:
    """Counts as a sentence says them."""
    kinds = (_number(counts.organisations, "organisation"), _number(counts.individuals, "individual"))
    named = f"{' and '.join(filter(None, kinds)) or 'nobody'} named"
    return f"{named}, {counts.unnamed:,} more counted" if counts.unnamed else named


def _number(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}" if number else ""


def _counts(counts: Counts) -> dict[str, Any]:
    return {**asdict(counts), "named": counts.named, "all": counts.all}


def _by_name(output: Path) -> LetterFormat:
    ending = output.suffix.lower().lstrip(".")
    if ending not in {one.value for one in LetterFormat}:
        raise Refusal(f"{output} does not say which format is meant: add --format, one of {FORMATS}.")
    return LetterFormat(ending)
