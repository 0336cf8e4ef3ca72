"""Documents in the database: scans, proofs, attachments, and the letters as they went out."""

import hashlib
import re
from datetime import datetime
from pathlib import PurePosixPath

from sqlmodel import Session

from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.names import clean_line
from outreach.store.tables import Document, DocumentContent

LARGEST = 25_000_000
"""Octets in one document."""
LARGEST_RESULT = 200_000_000
"""Octets of an archive that was made here for a person to fetch."""
NAME_LENGTH = 120
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
OCTETS = "application/octet-stream"
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def keep_document(
    session: Session,
    name: str,
    media_type: str,
    content: bytes,
    *,
    now: datetime,
    by: str,
    largest: int = LARGEST,
) -> Document:
    """Keep a file under a plain name made of ``name``. Raises InvalidInput when it is empty or too large.

    What ``media_type`` says is kept if it is the name of one (RFC 6838, 4.2); a stranger's mail may claim anything.
    """
    plain = plain_name(name)
    if not content:
        raise InvalidInput(f"{plain} is empty.")
    if len(content) > largest:
        raise InvalidInput(f"{plain} has {len(content) / 1e6:.1f} MB; {largest // 1_000_000} MB are the most.")
    document = Document(
        name=plain,
        media_type=media_type if _MEDIA_TYPE.fullmatch(media_type) else OCTETS,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
        at=now,
    )
    session.add(document)
    session.flush()
    session.add(DocumentContent(document_id=document.id or 0, content=content))
    session.flush()
    return document


def plain_name(name: str) -> str:
    """A file name without a folder, without letters that steer, and with an ending that can be read.

    What cannot be a name on some system (RFC 6266, 4.3) is called "document".
    """
    last = PurePosixPath(name.replace("\\", "/").replace("\0", "")).name
    line = _UNSAFE.sub("-", clean_line(last, len(last) + 1)).strip(" .")
    if not line or _RESERVED.fullmatch(line):
        return "document"
    stem, dot, ending = line.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", ending):
        return line[:NAME_LENGTH]
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"


def content_of(session: Session, document_id: int) -> bytes:
    """The bytes of a document. Raises Refusal when there is none of that number."""
    content = session.get(DocumentContent, document_id)
    if content is None:
        raise Refusal(f"There is no document {document_id}.")
    return content.content
