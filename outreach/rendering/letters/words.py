"""What the program itself says around a letter and its list: the form that each language fills in."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.numbers import format_decimal

from outreach.domain.counts import Counts
from outreach.rendering.moments import locale_of
from outreach.rendering.publication import GroupHeading

Plurals = Mapping[str, str]
"""One wording for each plural category that the language has (Unicode TR 35, part 3); ``other`` is always there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The wordings of one language. What stands in braces is put in."""

    language: str
    to: str
    organised: str
    signatories: str
    organisations: Plurals
    individuals: Plurals
    both: str
    signed: str
    unnamed: Plurals
    nobody: str
    headings: Mapping[GroupHeading, str]
    identification: str
    press: str
    edition: str
    draft: str
    embargo: str
    not_yet: str
    link: str
    digest: str
    book: str
    asks: str

    def number(self, number: int) -> str:
        """A whole number as the language writes it."""
        return str(format_decimal(number, locale=locale_of(self.language)))

    def count(self, counts: Counts) -> str:
        """How many have signed, in a sentence or two, such as “Signed by 267 organisations and 12 individuals.”.

        Its figures are those of the list below it; who signed without being named comes after them.
        """
        parts = [
            self._counted(number, wording)
            for number, wording in (
                (counts.organisations, self.organisations),
                (counts.individuals, self.individuals),
            )
            if number
        ]
        who = self.both.format(organisations=parts[0], individuals=parts[1]) if len(parts) > 1 else "".join(parts)
        sentences = [self.signed.format(who=who)] if who else [] if counts.unnamed else [self.nobody]
        if counts.unnamed:
            sentences.append(self._counted(counts.unnamed, self.unnamed))
        return " ".join(sentences)

    def _counted(self, number: int, wording: Plurals) -> str:
        category = locale_of(self.language).plural_form(number)
        return wording.get(category, wording["other"]).format(n=self.number(number))
