"""``outreach letters proof-pack``: everything that is on record of a letter, in one archive."""

import os
import tempfile
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from outreach.cli.door import Answer, Desk, changes
from outreach.cli.letters import app
from outreach.cli.lists import Replace
from outreach.cli.text import sentences
from outreach.domain.errors import Refusal
from outreach.queries.proof import proof_files
from outreach.store.addressees import find_letter
from outreach.store.tables import Letter
from outreach.usecases.pack_proof import Packed, pack_proof

__all__ = ["app"]


@changes(app, "proof-pack")
def proof_pack(
    desk: Desk,
    letter: Annotated[str, typer.Argument(metavar="LETTER", help="The letter's short name.")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="Where to: a zip file.")],
    public: Annotated[
        bool, typer.Option("--public", help="Without whom only the addressee may see, and what was said of drafts.")
    ] = False,
    replace: Replace = False,
) -> Answer:
    """Write all that is on record of a letter into one archive.

    Editions, deliveries with receipts, answers, approvals, and the log of who did what.
    """
    found = find_letter(desk.session, letter)
    if output.exists() and not replace:
        raise Refusal(f"{output} is there already. Name another file, or add --replace.")
    packed = _packed(desk, found, output, public=public)
    text = f"{output} is written: {packed.files} files; index.json in it lists them with their digests."
    if not public:
        text += "\n" + sentences("It names people who must not be named in public: keep it to yourselves.")
    data = {"file": str(output), "files": packed.files, "sha256": packed.digest, "public": public}
    return Answer(data, text)


def _packed(desk: Desk, letter: Letter, output: Path, *, public: bool) -> Packed:
    """The archive, written beside its place and then put there, so that it is whole or not there at all."""
    if desk.dry_run:
        with tempfile.TemporaryFile() as written:
            return _pack(desk, letter, written, public=public)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    except OSError as error:
        raise Refusal(f"{output} cannot be written: {error.strerror}.") from None
    beside = Path(name)
    try:
        with os.fdopen(number, "wb") as written:
            packed = _pack(desk, letter, written, public=public)
        beside.replace(output)
    except OSError as error:
        raise Refusal(f"{output} cannot be written: {error.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)
    return packed


def _pack(desk: Desk, letter: Letter, written: BinaryIO, *, public: bool) -> Packed:
    files = proof_files(desk.session, letter, press=desk.app.press, house=desk.house, public=public)
    return pack_proof(desk.session, letter, files, written, public=public, now=desk.now, by=desk.by)
