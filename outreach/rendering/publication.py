"""The letter with its list as one value, from which every page, file and print of it is made."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from outreach.domain.addressing import Addressed
from outreach.domain.counts import Counts
from outreach.domain.signatures import SignatureKind


class GroupHeading(StrEnum):
    """What stands above a group of names; each language has its own words for it."""

    NONE = "none"
    INITIATORS = "initiators"
    ORGANISATIONS = "organisations"
    INDIVIDUALS = "individuals"
    COUNTRY = "country"
    NO_COUNTRY = "no country"
    OTHERS = "others"
    """Those who follow the initiators, in one list."""


@dataclass(frozen=True, slots=True)
class ListedName:
    """One line of the list, byte for byte as it was signed. ``country`` is an ISO 3166-1 alpha-2 code or ""."""

    number: int
    line: str
    country: str
    kind: SignatureKind


@dataclass(frozen=True, slots=True)
class Group:
    """Names that stand together. ``country`` is the code of the country that is their heading, if it is one."""

    heading: GroupHeading
    names: tuple[ListedName, ...]
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One letter in one language with the signatories that this rendering names.

    The rendering for the addressee is the same value with more names in it: whoever makes the value decides, and
    what is not in the value cannot leak. ``body`` is Markdown with the counts put in (fill_letter). ``dated`` and
    ``embargo`` are moments in words, or ""; ``unreleased`` says that nothing of it may be published yet, whether or
    not that moment is settled. ``edition`` is 0 for a draft; ``digest`` is its SHA-256 or "".
    ``affiliations``: individuals are printed with where they work, so a note says what for.

    With ``addressed`` it is the letter as it is delivered to that official: a ``letterhead`` (name, postal address,
    mail), the address block, the ``date_line``, the letters it refers to in words (``references``), its own number
    (``our_reference``), the salutation if the body has none, and to whom ``copies`` go. ``fold_marks`` are printed
    for a window envelope.

    ValueError: the counts do not agree with the names, or the numbers do not run from 1 on.
    """

    slug: str
    language: str
    title: str
    addressee: str
    body: str
    counts: Counts
    groups: tuple[Group, ...]
    asks: tuple[str, ...] = ()
    organisers: tuple[str, ...] = ()
    dated: str = ""
    edition: int = 0
    digest: str = ""
    url: str = ""
    workspace: str = ""
    numbered: bool = True
    affiliations: bool = False
    embargo: str = ""
    unreleased: bool = False
    press_contacts: tuple[str, ...] = ()
    addressed: Addressed | None = None
    letterhead: tuple[str, ...] = ()
    date_line: str = ""
    references: tuple[str, ...] = ()
    our_reference: str = ""
    copies: tuple[str, ...] = ()
    fold_marks: bool = False

    def __post_init__(self) -> None:
        kinds = Counter(name.kind for name in self.names())
        named = (kinds[SignatureKind.ORGANISATION], kinds[SignatureKind.INDIVIDUAL])
        if named != (self.counts.organisations, self.counts.individuals):
            raise ValueError(
                f"{self.slug}: the counts {self.counts} do not agree with the list, which holds {named}."
            )
        if any(name.number != number for number, name in enumerate(self.names(), 1)):
            raise ValueError(f"{self.slug}: the numbers of the list do not run from 1 to {self.counts.named}.")

    def names(self) -> Iterator[ListedName]:
        """All names, in the order in which they are printed."""
        for group in self.groups:
            yield from group.names

    @property
    def draft(self) -> bool:
        """Whether this is no edition, so that it says so wherever it is shown."""
        return self.edition == 0
