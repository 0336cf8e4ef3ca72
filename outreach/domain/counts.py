"""How many have signed, as a list, a sentence and a page all count them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Signatories by kind: ``named`` are in the list of this rendering, ``unnamed`` only in the count."""

    organisations: int = 0
    individuals: int = 0
    unnamed_organisations: int = 0
    unnamed_individuals: int = 0

    @property
    def named(self) -> int:
        """As many as there are lines in the list."""
        return self.organisations + self.individuals

    @property
    def unnamed(self) -> int:
        """Those who signed and are not named here."""
        return self.unnamed_organisations + self.unnamed_individuals

    @property
    def all(self) -> int:
        """Everybody who has signed."""
        return self.named + self.unnamed
