"""Everything that is on record of a letter went into one archive: that somebody has it goes into the log."""

from datetime import datetime

from sqlmodel import Session

from outreach.rendering.proofs import Packed
from outreach.store.events import record
from outreach.store.tables import Letter

VERB = "pack_proof"


def pack_proof(session: Session, letter: Letter, packed: Packed, *, public: bool, now: datetime, by: str) -> None:
    """Put on record that the archive was made. It is written before: nobody waits while it is printed."""
    record(
        session,
        at=now,
        by=by,
        verb=VERB,
        subject="letter",
        subject_id=letter.id,
        public=public,
        files=packed.files,
        sha256=packed.digest,
    )
