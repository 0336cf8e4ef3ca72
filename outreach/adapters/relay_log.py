"""Postfix's mail log as a witness: cleanup names a mail's Message-ID, qmgr takes the mail into the queue."""

import re
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from outreach.domain.proofs import Proof
from outreach.ports.witness import Seen, WitnessTrouble

LARGEST: Final = 256 * 1024 * 1024
"""So much of the end of a log is read: of what lies further back it can say nothing."""
SOME: Final = 20
LONGEST_LINE: Final = 500
_CLEANUP = re.compile(rb"/cleanup\[\d+\]: ([0-9A-Za-z]+): (?:resent-)?message-id=(<[^>\s]+>)")
_QUEUED = re.compile(rb"/qmgr\[\d+\]: ([0-9A-Za-z]+): from=<")
_OF_USE = (b"message-id=", b"/qmgr[", b"rate-limiting", b"Suppressed ")
_DROPPED = re.compile(rb"messages lost due to rate-limiting|Suppressed \d+ messages")
"""What rsyslog and journald write when they have thrown lines away: what such a file lacks may have been taken."""


@dataclass(slots=True)
class _Part:
    """One file of the log, as far as it was read: the Message-IDs of ours that stand first and last in it."""

    first: list[str] = field(default_factory=list)
    last: deque[str] = field(default_factory=lambda: deque(maxlen=SOME))
    is_whole: bool = True

    def add(self, name: str) -> None:
        self.last.append(name)
        if len(self.first) < SOME:
            self.first.append(name)


@dataclass(frozen=True, slots=True)
class RelayLog:
    """The log, and its older part if there is one: FILE.1, as logrotate names it where it does not date its files.

    ``domain`` is that of our Message-IDs.
    """

    path: Path
    domain: str

    def asked(self, message_ids: Collection[str]) -> Sequence[Seen]:
        """A mail was taken when the queue manager has it; a mail that cleanup alone has seen was perhaps cut off.

        Each file speaks for itself: between two there may be a third, which was rotated away meanwhile, and of a
        large one only the end is read. A file that begins in the middle says nothing of what was before: its first
        Message-IDs show where it begins.
        """
        wanted = {each.encode() for each in message_ids}
        ours = f"@{self.domain}>".encode().lower()
        waiting: dict[bytes, str] = {}
        taken: dict[str, str] = {}
        seen = set[str]()
        parts: dict[Path, _Part] = {}
        for path, line in self._lines():
            part = parts.setdefault(path, _Part())
            if found := _CLEANUP.search(line):
                queue_id, message_id = found.groups()
                if not message_id.lower().endswith(ours):
                    continue
                name = message_id.decode("utf-8", "replace")
                part.add(name)
                if message_id in wanted:
                    waiting[queue_id] = name
                    seen.add(name)
            elif waiting and (queued := _QUEUED.search(line)) and queued[1] in waiting:
                taken.setdefault(waiting.pop(queued[1]), line[:LONGEST_LINE].decode("utf-8", "replace").strip())
            elif _DROPPED.search(line):
                part.is_whole = False
        begun = frozenset(seen - taken.keys())
        spans = [(tuple(part.first), tuple(part.last)) for part in parts.values() if part.is_whole]
        return [Seen(Proof.RELAY_LOG, taken, begun, first, last) for first, last in spans or [((), ())]]

    def _lines(self) -> Iterator[tuple[Path, bytes]]:
        older = self.path.with_name(f"{self.path.name}.1")
        for path in (older, self.path):
            try:
                with path.open("rb") as file:
                    file.seek(max(path.stat().st_size - LARGEST, 0))
                    for line in file:
                        if any(sign in line for sign in _OF_USE):
                            yield path, line
            except OSError as error:
                if path is older and isinstance(error, FileNotFoundError):
                    continue
                said = f"The relay's log {path} cannot be read: {error.strerror or error} (mail.relay_log)."
                raise WitnessTrouble(said) from error
