"""Everything that is on record of a letter goes into one archive, the same bytes for the same record."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlmodel import Session

from outreach.rendering.archives import pack_into
from outreach.rendering.proofs import ProofFile, with_index
from outreach.store.events import record
from outreach.store.tables import Letter

VERB = "pack_proof"


@dataclass(frozen=True, slots=True)
class Packed:
    """How many files are in the archive, and the SHA-256 over their paths and contents."""

    files: int
    digest: str


def pack_proof(
    session: Session,
    letter: Letter,
    files: Iterable[ProofFile],
    into: BinaryIO,
    *,
    public: bool,
    now: datetime,
    by: str,
) -> Packed:
    """Write the archive, one file in memory at a time; that somebody has it is in the log."""
    digest, count = hashlib.sha256(), 0

    def counted() -> Iterator[tuple[str, bytes]]:
        nonlocal count
        for path, content in with_index(letter.slug, files, public=public):
            count += 1
            digest.update(f"{path}\n{len(content)}\n".encode() + content)
            yield path, content

    pack_into(into, counted())
    record(
        session,
        at=now,
        by=by,
        verb=VERB,
        subject="letter",
        subject_id=letter.id,
        public=public,
        files=count,
        sha256=digest.hexdigest(),
    )
    return Packed(count, digest.hexdigest())
