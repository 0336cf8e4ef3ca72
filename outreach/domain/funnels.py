"""How far a call has come with each person it invited: every one of them stands at exactly one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """Where somebody who was invited stands. Of several that are true the first one counts."""

    SIGNED = "signed"
    """Has signed, or their organisation has, and it is confirmed."""
    DECLINED = "declined"
    """Wrote that they do not sign, or somebody did for their organisation."""
    ANSWERED = "answered"
    """Has answered in another way: not confirmed yet, late, taken back, or a reply that waits for staff."""
    OPTED_OUT = "opted-out"
    """Does not want to be written to: about this call, or at all."""
    BOUNCED = "bounced"
    """A mail of this call came back; a warning that one is late is none."""
    SILENT = "silent"
    """The invitation went out, and nothing has come back."""
    ON_ITS_WAY = "on-its-way"
    """The invitation has not left yet, or is held."""
    NOT_SENT = "not-sent"
    """The invitation could not be sent."""


REPLIED = (Standing.SIGNED, Standing.DECLINED, Standing.ANSWERED)
"""Who has said something about the letter."""
NOT_REACHED = (Standing.BOUNCED, Standing.ON_ITS_WAY, Standing.NOT_SENT)


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many people stand where. ``invited`` is the sum of all standings, never counted apart from them."""

    standings: Mapping[Standing, int]

    def __getitem__(self, standing: Standing) -> int:
        return self.standings.get(standing, 0)

    @property
    def invited(self) -> int:
        """To whom an invitation is on its way, has gone, or could not be sent."""
        return sum(self.standings.values())

    @property
    def reached(self) -> int:
        """Whose invitation went out and did not come back, as far as we know."""
        return self.invited - sum(self[one] for one in NOT_REACHED)

    @property
    def replied(self) -> int:
        """Who has said something about the letter: signed, declined, or answered in another way."""
        return sum(self[one] for one in REPLIED)
