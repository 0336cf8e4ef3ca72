"""What a proof pack is made of: its files, what each is, and the index that lists them with their digests."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from outreach.domain.formulas import guard
from outreach.rendering.archives import pack_into

FOR_ADDRESSEE = "for-the-addressee"
"""The folder of what names people whom only the addressee may see."""
LEFT_OUT = "left-out.csv"
"""The table of the files that are not in the public pack."""
_BYTE_ORDER_MARK = "\ufeff"

README = """PROOF PACK OF THE LETTER {slug}

What was said, who signed, to whom it went and how, what was answered, and who
did what when, as it stands on record.

{files}

index.json lists every file with its size and its SHA-256. Days are those of
the workspace's clocks; moments are in UTC. Tables are CSV (UTF-8); a cell that
begins like a formula has an apostrophe before it.

Whoever asked to be counted only is named in no file that was made for this
pack.
{marked}
editions.csv has the digest of each edition: SHA-256 over its texts and its
list. "unchanged" says whether they are still those that the digest was made
of.
"""
MARKED = """
The folder for-the-addressee/ names people whom only the addressee may see,
and holds what went to the officials: editions that are not the newest may
name people who have since asked not to be named. Publish nothing of it, nor
of proofs/ and answers/: a stamped copy of the letter, or a mail that quotes
it, names the same people. answers.csv may hold words of such a mail.
"""
WITHOUT = """
This is the pack without what only the addressee may see, and without what
organisations said of drafts. It still holds the exchange with the officials,
but no file that proves a delivery or came with an answer, and no words of a
mail: a stamped copy, or a quotation, may name people who must not be named.
left-out.csv lists these files by number, with the SHA-256 of each.
"""


@dataclass(frozen=True, slots=True)
class ProofFile:
    """One file of the pack: its path in it, what it is, and its content."""

    path: str
    what: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """How many files are in the archive, and the SHA-256 over their paths and contents."""

    files: int
    digest: str


def table_file(path: str, what: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> ProofFile:
    """A table as CSV (RFC 4180, UTF-8 with a byte order mark) that no spreadsheet computes."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(header)
    table.writerows([guard(_cell(value)) for value in row] for row in rows)
    return ProofFile(path, what, (_BYTE_ORDER_MARK + written.getvalue()).encode())


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        case date():
            return value.isoformat()
        case dict() | list() | tuple():
            return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        case _:
            return str(value)


def json_file(path: str, what: str, value: Any) -> ProofFile:
    """A value as JSON (RFC 8259)."""
    written = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    return ProofFile(path, what, f"{written}\n".encode())


def with_index(slug: str, files: Iterable[ProofFile], *, public: bool) -> Iterator[tuple[str, bytes]]:
    """The files with the index and the README after them, as they are written: what was given is not kept."""
    listed = []
    for file in files:
        listed.append(
            {
                "path": file.path,
                "what": file.what,
                "size": len(file.content),
                "sha256": hashlib.sha256(file.content).hexdigest(),
            }
        )
        yield file.path, file.content
    yield "README.txt", _readme(slug, listed, public=public).encode()
    index = {"letter": slug, "files": listed}
    yield "index.json", f"{json.dumps(index, ensure_ascii=False, indent=1)}\n".encode()


def write_pack(slug: str, files: Iterable[ProofFile], into: BinaryIO, *, public: bool) -> Packed:
    """Write the archive, one file in memory at a time."""
    digest, count = hashlib.sha256(), 0

    def counted() -> Iterator[tuple[str, bytes]]:
        nonlocal count
        for path, content in with_index(slug, files, public=public):
            count += 1
            digest.update(f"{path}\n{len(content)}\n".encode() + content)
            yield path, content

    pack_into(into, counted())
    return Packed(count, digest.hexdigest())


def _readme(slug: str, listed: Sequence[dict[str, Any]], *, public: bool) -> str:
    files = "\n".join(f"{one['path']}\n    {one['what']}" for one in listed)
    return README.format(slug=slug, files=files, marked=WITHOUT if public else MARKED)
