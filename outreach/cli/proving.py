"""``outreach letters proof-pack``: everything that is on record of a letter, in one archive."""

import os
import tempfile
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from outreach.cli.door import Answer, Desk, DryRunFlag, reads
from outreach.cli.letters import app
from outreach.cli.lists import Replace
from outreach.cli.text import sentences
from outreach.domain.errors import Refusal
from outreach.queries.proof import proof_files
from outreach.rendering.proofs import Packed, write_pack
from outreach.store.addressees import find_letter
from outreach.store.tables import Letter
from outreach.usecases.pack_proof import pack_proof

__all__ = ["app", "pack_to"]


@reads(app, "proof-pack")
def proof_pack(
    desk: Desk,
    letter: Annotated[str, typer.Argument(metavar="LETTER", help="The letter's short name.")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="Where to: a zip file.")],
    public: Annotated[
        bool, typer.Option("--public", help="Without whom only the addressee may see, and what was said of drafts.")
    ] = False,
    replace: Replace = False,
    dry_run: DryRunFlag = False,
) -> Answer:
    """Write all that is on record of a letter into one archive.

    Editions, deliveries with receipts, answers, approvals, and the log of who did what.
    """
    found = find_letter(desk.session, letter)
    if output.exists() and not replace:
        raise Refusal(f"{output} is there already. Name another file, or add --replace.")
    packed = pack_to(output, desk, found, public=public, dry_run=dry_run)
    text = f"{output} is written: {packed.files} files; index.json in it lists them with their digests."
    if not public:
        text += "\n" + sentences("It names people who must not be named in public: keep it to yourselves.")
    data = {"file": str(output), "files": packed.files, "sha256": packed.digest, "public": public}
    if dry_run:
        typer.echo("Dry run: nothing was changed.", err=True)
    return Answer(data, text)


def pack_to(output: Path, desk: Desk, letter: Letter, *, public: bool, dry_run: bool) -> Packed:
    """The archive, written beside its place and then put there, so that it is whole or not there at all.

    Others can work while it is written: only that it was made takes a transaction that changes something.
    """
    if dry_run:
        with tempfile.TemporaryFile() as written:
            packed = _write(desk, letter, written, public=public)
        with desk.app.database.changing(dry_run=True) as session:
            pack_proof(session, letter, packed, public=public, now=desk.now, by=desk.by)
        return packed
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    except OSError as error:
        raise Refusal(f"{output} cannot be written: {error.strerror}.") from None
    beside = Path(name)
    try:
        with os.fdopen(number, "wb") as written:
            packed = _write(desk, letter, written, public=public)
        with desk.app.database.changing() as session:
            pack_proof(session, letter, packed, public=public, now=desk.now, by=desk.by)
            beside.replace(output)  # before it is committed: nobody is said to have what is not there
    except OSError as error:
        raise Refusal(f"{output} cannot be written: {error.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)
    return packed


def _write(desk: Desk, letter: Letter, written: BinaryIO, *, public: bool) -> Packed:
    files = proof_files(desk.session, letter, press=desk.app.press, house=desk.house, public=public)
    return write_pack(letter.slug, files, written, public=public)
