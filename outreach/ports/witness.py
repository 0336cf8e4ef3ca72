"""Who can say afterwards whether a mail was taken: the relay's log, or a folder where a provider keeps copies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from outreach.domain.errors import Refusal
from outreach.domain.proofs import Proof


class WitnessTrouble(Refusal):
    """The witness cannot be asked just now; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness says. ``taken``: of each Message-ID that was taken, the line or place that shows it.

    ``begun``: Message-IDs that were seen without an end, of which it says nothing. ``ours``: the Message-IDs of our
    domain that stand first and last in what was read, a few of each; only a witness that sees everything between
    them, without a gap and in the order in which it happened, names any.
    """

    proof: Proof
    taken: Mapping[str, str] = field(default_factory=dict)
    begun: frozenset[str] = frozenset()
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()


class Witness(Protocol):
    """Somebody who saw, or did not see, our mails go by."""

    def asked(self, message_ids: Collection[str]) -> Sequence[Seen]:
        """What became of these (each with its angle brackets), part by part. Raises WitnessTrouble."""
        ...
