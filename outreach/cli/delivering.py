"""``outreach letters``, the commands that bring a letter to officials: address, look, authorise, deliver, note."""

import shlex
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from outreach.cli.door import Answer, Desk, DryRunFlag, changes, only_shown, reads
from outreach.cli.files import media_type, read_document, write_file
from outreach.cli.lists import progress
from outreach.cli.official_letters import LetterName, PostName, app
from outreach.cli.options import SecondPerson, Yes
from outreach.cli.text import due_words, officials, sentences
from outreach.domain.errors import Refusal
from outreach.domain.officials import WAYS_OUT, Way
from outreach.domain.officials.ways import must_lead_out
from outreach.ports.press import PrintFormat
from outreach.queries.official_letters import Deliverable, deliverable
from outreach.store.addressees import find_addressee, find_letter
from outreach.store.documents import keep_document
from outreach.store.letters_to_officials import ToOfficial
from outreach.store.officials import choose_posts, find_post
from outreach.store.tables import Letter
from outreach.usecases.address_letter import address_letter, take_off_letter
from outreach.usecases.attach_document import attach_document
from outreach.usecases.authorise_letter import authorise_letter, may_deliver
from outreach.usecases.deliver_letter import Delivered, HeldBack, Printed
from outreach.usecases.detach_document import detach_document
from outreach.usecases.record_delivery import record_delivery
from outreach.worker.delivering import DeliveryRun, ToGo, deliver_all, letters_to_go

Posts = Annotated[list[str] | None, typer.Option("--post", metavar="POST", help="This post. May be repeated.")]
WAYS = ", ".join(WAYS_OUT)


@changes(app, "address")
def address(
    desk: Desk,
    letter: LetterName,
    post: Posts = None,
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="All posts of this State. May be repeated.")
    ] = None,
    institution: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="All posts at this institution. May be repeated.")
    ] = None,
    everybody: Annotated[bool, typer.Option("--all", help="All posts on record.")] = False,
) -> Answer:
    """Say to which officials the letter goes.

    One that is named twice gets it once.
    """
    found = find_letter(desk.session, letter)
    posts = choose_posts(
        desk.session, states=state or (), institutions=institution or (), slugs=post or (), all=everybody
    )
    done = address_letter(desk.session, found, posts, now=desk.now, by=desk.by)
    there = f" {done.there} were addressed before." if done.there else ""
    text = f"{found.slug} is addressed to {officials(done.added, 'more ')}.{there}"
    data = {"letter": found.slug, "added": done.added, "there": done.there, "posts": [one.slug for one in posts]}
    return Answer(data, f"{text}\nTo look before it goes:  outreach letters preflight {found.slug}")


@changes(app, "take-off")
def take_off(desk: Desk, letter: LetterName, post: PostName) -> Answer:
    """Take an official off the letter.

    As long as it was not released to that one.
    """
    found, to = find_letter(desk.session, letter), find_post(desk.session, post)
    take_off_letter(desk.session, found, to, now=desk.now, by=desk.by)
    return Answer({"letter": found.slug, "post": to.slug}, f"{found.slug} no longer goes to {to.slug}.")


@changes(app, "attach")
def attach(
    desk: Desk,
    letter: LetterName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What goes with every copy.")],
) -> Answer:
    """Add a file that goes with every copy of the letter."""
    found = find_letter(desk.session, letter)
    done = attach_document(
        desk.session, found, file.name, media_type(file), read_document(file), now=desk.now, by=desk.by
    )
    data = {"letter": found.slug, "file": done.name, "size": done.size}
    return Answer(data, f"{done.name} ({done.size:,} bytes) goes with every copy of {found.slug}.")


@changes(app, "detach")
def detach(
    desk: Desk,
    letter: LetterName,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The name of a file that goes with it.")],
) -> Answer:
    """Take a file off the letter.

    It goes with no further copy; those that have gone keep it.
    """
    found = find_letter(desk.session, letter)
    gone = detach_document(desk.session, found, file, now=desk.now, by=desk.by)
    return Answer(
        {"letter": found.slug, "file": gone.name}, f"{gone.name} goes with no further copy of {found.slug}."
    )


@changes(app, "authorise")
def authorise(desk: Desk, letter: LetterName) -> Answer:
    """Consent, as the second person, to its delivery.

    Name yourself: outreach --by NAME letters authorise.
    """
    found = find_letter(desk.session, letter)
    authorise_letter(desk.session, found, now=desk.now, by=desk.by)
    data = {"letter": found.slug, "version": found.version, "by": desk.by}
    return Answer(data, f"{desk.by} authorises version {found.version} of {found.slug}.")


@reads(app, "deliver")
def deliver(
    desk: Desk,
    letter: LetterName,
    post: Posts = None,
    way: Annotated[
        Way | None, typer.Option(metavar="WAY", help=f"By this way: {WAYS}; otherwise each office's first.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the letters on paper are written, to be printed.")
    ] = None,
    book: Annotated[bool, typer.Option("--book", help="Print it with its names as a signature book.")] = False,
    authorised_by: SecondPerson = "",
    yes: Yes = False,
    dry_run: DryRunFlag = False,
) -> Answer:
    """Release it to its officials: by mail, or to be printed.

    Whom something stands in the way of is left for later, and named. Without --yes it only says what would happen.
    """
    if way is not None:
        must_lead_out(way)
    found = find_letter(desk.session, letter)
    what = deliverable(desk.session, found)
    may_deliver(found, desk.house, by=desk.by, authorised_by=authorised_by)
    to_go = letters_to_go(desk.session, found, post or (), now=desk.now, house=desk.house)
    paper = to_go.not_by_mail(way)
    if not yes and not dry_run:
        return _would_go(found, what, to_go, paper, _typed(post, way, output, book=book, paper=bool(paper)))
    if paper and output is None:
        raise Refusal(
            f"{len(paper)} of the letters go on paper ({', '.join(one.post for one in paper[:3])} ...): "
            "say with --output FOLDER where they are written."
        )
    form = PrintFormat.BOOK if book else PrintFormat.PDF
    run = DeliveryRun(way, form, authorised_by, desk.now, desk.by, desk.house, dry_run)
    done = _deliver_all(desk, what, to_go, run, output)
    if dry_run:
        typer.echo("Dry run: nothing was changed.", err=True)
    return _said(found, done, to_go.held)


@changes(app, "delivered")
def delivered(
    desk: Desk,
    letter: LetterName,
    post: PostName,
    way: Annotated[Way, typer.Option(metavar="WAY", help="How: post, fax, form or hand.")],
    on: Annotated[datetime, typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="The day.")],
    arrived: Annotated[bool, typer.Option("--arrived", help="It is known to have arrived.")] = False,
    proof: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What proves it: a stamped copy, a receipt.")
    ] = None,
    note: Annotated[str, typer.Option(metavar="WORDS", help="Who took it, where.")] = "",
) -> Answer:
    """Note that it was handed over, posted or faxed."""
    found, to = find_letter(desk.session, letter), find_post(desk.session, post)
    addressee = find_addressee(desk.session, found, to)
    document = None
    if proof is not None:
        document = keep_document(
            desk.session, proof.name, media_type(proof), read_document(proof), now=desk.now, by=desk.by
        )
    record_delivery(
        desk.session,
        addressee,
        way,
        on.date(),
        arrived=arrived,
        proof=document,
        note=note,
        now=desk.now,
        by=desk.by,
        house=desk.house,
    )
    due = due_words(addressee.state, addressee.due_on)
    data = {"letter": found.slug, "post": to.slug, "state": addressee.state.value, "due_on": addressee.due_on}
    return Answer(data, f"{found.slug} to {to.slug}: {addressee.state.value} on {on.date()} by {way.value}{due}.")


def _would_go(letter: Letter, what: Deliverable, to_go: ToGo, paper: list[ToOfficial], options: str) -> Answer:
    """What a delivery would do: to whom the letter would go, and who is held back."""
    whom = f"Edition {what.edition.number} of {letter.slug} would go to {officials(len(to_go.ready))}"
    others = len(to_go.lines) - len(to_go.ready)
    data = {
        "letter": letter.slug,
        "edition": what.edition.number,
        "ready": [one.post for one in to_go.ready],
        "on_paper": [one.post for one in paper],
        "held": _held(to_go.held),
    }
    would = f"{whom}, {len(paper)} of them on paper; {others} held back or out already."
    look = f"To look at each:  outreach letters preflight {letter.slug}"
    return only_shown(data, f"{would}\n{look}", f"outreach letters deliver {letter.slug}{options}")


def _typed(posts: list[str] | None, way: Way | None, output: Path | None, *, book: bool, paper: bool) -> str:
    """The options of a delivery as they are typed again; what goes on paper asks for a folder."""
    words = [f" --post {one}" for one in posts or ()]
    words += [f" --way {way.value}"] if way else []
    words += [" --book"] if book else []
    words += [f" --output {shlex.quote(str(output))}"] if output else [" --output FOLDER"] if paper else []
    return "".join(words)


def _held(held: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"post": post, "reason": why} for post, why in held]


def _deliver_all(
    desk: Desk, what: Deliverable, to_go: ToGo, run: DeliveryRun, folder: Path | None
) -> list[tuple[ToOfficial, Delivered | HeldBack]]:
    def write(printed: Printed) -> None:
        if folder:
            write_file(folder / f"{what.letter.slug}-{printed.to.post}.pdf", printed.pdf, replace=True)

    with progress(len(to_go.ready)) as bar:
        return deliver_all(
            desk.app.database,
            desk.session,
            desk.app.press,
            what,
            to_go.ready,
            run,
            tell=lambda done: bar("letters", done),
            keep=write,
        )


def _said(
    letter: Letter, done: list[tuple[ToOfficial, Delivered | HeldBack]], held: list[tuple[str, str]]
) -> Answer:
    out = [(one.post, outcome) for one, outcome in done if isinstance(outcome, Delivered)]
    back = [(one.post, outcome.reason) for one, outcome in done if isinstance(outcome, HeldBack)]
    back += held
    mails = sum(outcome.way is Way.MAIL for _, outcome in out)
    lines = [f"{letter.slug}: released to {officials(len(out))}, {mails} by mail and {len(out) - mails} on paper."]
    if len(out) > mails:
        lines.append(
            f"When they are handed over:  outreach letters delivered {letter.slug} POST --way ... --on ..."
        )
    if back:
        lines += ["Held back:", *(sentences(f"{post}: {why}", before="  - ", then="    ") for post, why in back)]
    data: dict[str, Any] = {
        "letter": letter.slug,
        "released": [{"post": post, "way": outcome.way.value, "copies": outcome.copies} for post, outcome in out],
        "held": _held(back),
        "done": True,
    }
    return Answer(data, "\n".join(lines))
