"""Postfix's mail log as a witness: cleanup names a mail's Message-ID, qmgr takes the mail into the queue."""

import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class RelayLog:
    """The log, and its older part if there is one: FILE.1, as logrotate and Postfix's own rotation name it.

    ``domain`` is that of our Message-IDs.
    """

    path: Path
    domain: str

    def asked(self, message_ids: Collection[str]) -> Seen:
        """A mail was taken when the queue manager has it; a mail that cleanup alone has seen was perhaps cut off.

        A file that begins in the middle (the rest was compressed or thrown away) says nothing of what was before:
        its first Message-IDs show where it begins.
        """
        wanted = {each.encode() for each in message_ids}
        ours = f"@{self.domain}>".encode().lower()
        waiting: dict[bytes, bytes] = {}
        taken: dict[str, str] = {}
        seen = set[str]()
        first, last = list[str](), deque[str](maxlen=SOME)
        for line in self._lines():
            if found := _CLEANUP.search(line):
                queue_id, message_id = found.groups()
                if not message_id.lower().endswith(ours):
                    continue
                name = message_id.decode("utf-8", "replace")
                last.append(name)
                if len(first) < SOME:
                    first.append(name)
                if message_id in wanted:
                    waiting[queue_id] = message_id
                    seen.add(name)
            elif waiting and (queued := _QUEUED.search(line)) and queued[1] in waiting:
                name = waiting.pop(queued[1]).decode()
                taken.setdefault(name, line[:LONGEST_LINE].decode("utf-8", "replace").strip())
        return Seen(Proof.RELAY_LOG, taken, frozenset(seen - taken.keys()), tuple(first), tuple(last))

    def _lines(self) -> Iterator[bytes]:
        older = self.path.with_name(f"{self.path.name}.1")
        for path in (older, self.path):
            try:
                with path.open("rb") as file:
                    file.seek(max(path.stat().st_size - LARGEST, 0))
                    for line in file:
                        if b"message-id=" in line or b"/qmgr[" in line:
                            yield line
            except OSError as error:
                if path is older and isinstance(error, FileNotFoundError):
                    continue
                said = f"The relay's log {path} cannot be read: {error.strerror or error} (mail.relay_log)."
                raise WitnessTrouble(said) from error
