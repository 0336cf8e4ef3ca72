"""The log's chain: each line's digest covers the line before it, so that none can be changed unseen.

What is digested here is a format for ever: a line that was sealed years ago must still be found as it was.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Final

from outreach.domain.errors import InvalidInput

START: Final = ""
"""What stands in the place of a digest before the first line."""
SHOWN: Final = 16
"""So many hexadecimal digits of a digest are shown to people: 64 bits, which nobody finds a second line for."""
LONGEST_KEPT: Final = 500
"""A longer text is kept as its length and digest only: the thing itself has its versions."""
_ANCHOR = re.compile(rf"\s*(\d{{1,10}}):([0-9a-fA-F]{{{SHOWN},64}})\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLine:
    """One line of the log, as its digest covers it. ``details`` are the digests of its details, in their order."""

    number: int
    at: datetime
    by: str
    verb: str
    subject: str
    subject_id: int
    facts: Mapping[str, Any]
    details: Sequence[str] = ()
    digest: str = ""

    def sealed(self, previous: str) -> "ChainLine":
        """The line with its digest, after the line of that digest."""
        return replace(self, digest=self.digest_after(previous))

    def digest_after(self, previous: str, *, number: int | None = None) -> str:
        """SHA-256 over the canonical JSON of the line, if it stood at ``number`` after the digest ``previous``."""
        whole = {
            "previous": previous,
            "number": self.number if number is None else number,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "by": self.by,
            "verb": self.verb,
            "subject": self.subject,
            "subject_id": self.subject_id,
            "facts": self.facts,
            "details": list(self.details),
        }
        return _digest(whole)


def detail_digest(salt: str, thing: str, row_id: int, changes: Mapping[str, Any]) -> str:
    """The stand-in for what changed of one thing.

    It is salted, so that nobody can test a guess once the details have been erased.
    """
    return _digest({"salt": salt, "thing": thing, "row": row_id, "changes": changes})


def _digest(whole: Mapping[str, Any]) -> str:
    canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def anchor(number: int, digest: str) -> str:
    """How people note a line outside the database: ``1204:9f86d081884c7d65``; "" for a log without lines."""
    return f"{number}:{digest[:SHOWN]}" if number else ""


def read_anchor(said: str) -> tuple[int, str]:
    """The number and the digest's beginning that somebody noted. Raises InvalidInput for anything else."""
    found = _ANCHOR.fullmatch(said)
    if found is None:
        raise InvalidInput(
            f'"{said}" is no line of the log: copy it from a digest mail, a number, a colon and {SHOWN} digits, '
            "such as 1204:9f86d081884c7d65."
        )
    return int(found[1]), found[2].lower()


def as_kept(value: Any) -> Any:
    """A column's value as details keep it: plain JSON, and of what is long only the length and the digest."""
    match value:
        case Enum():
            return as_kept(value.value)
        case date():
            return (value.astimezone(UTC) if isinstance(value, datetime) else value).isoformat()
        case bytes():
            return {"octets": len(value), "sha256": hashlib.sha256(value).hexdigest()}
        case list() | dict():
            written = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
            return json.loads(written) if len(written) <= LONGEST_KEPT else _of_long(written)
        case str() if len(value) > LONGEST_KEPT:
            return _of_long(value)
    return value


def _of_long(text: str) -> dict[str, Any]:
    return {"characters": len(text), "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}
