"""The form of a signature: what was filled in, what of it cannot be taken, and how it is shown again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from babel import Locale

from outreach.domain.addresses import parse_address
from outreach.domain.collation import collation_key
from outreach.domain.entries import FIELDS, Entry, Fault, FaultReason, Faults, read_entry
from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line
from outreach.domain.places import country_code, country_name
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.web.words import Words

ADDRESS = "address"
LONGEST_SHOWN = 1000
"""As much of what was typed stands in the form again."""
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Filled:
    """What was posted. ``entry`` is None when something cannot be taken, as ``faults`` says.

    ``address`` is "" where none is asked for. ``sure``: the signatory has looked at our doubts already.
    """

    given: Mapping[str, str]
    entry: Entry | None
    address: str
    faults: tuple[Fault, ...]

    @property
    def news(self) -> bool:
        """Whether she agrees to be written to about other letters."""
        return self.given.get("news") == "yes"

    @property
    def sure(self) -> bool:
        """Whether she was asked "is this right?" and said yes."""
        return self.given.get("sure") == "yes"


UNTOUCHED = Filled({}, None, "", ())
"""A form in which nothing has been filled in yet."""


def read_filled(kind: SignatureKind, given: Mapping[str, str], *, with_address: bool) -> Filled:
    """The form as it was filled in; fields that it does not have are passed over."""
    read = read_entry(kind, given)
    faults = list(read.faults) if isinstance(read, Faults) else []
    address = given.get(ADDRESS, "") if with_address else ""
    if with_address:
        try:
            parse_address(address)
        except InvalidInput:
            faults.append(Fault(ADDRESS, FaultReason.CONTACT_DETAILS if address.strip() else FaultReason.BLANK))
    return Filled(given, None if isinstance(read, Faults) or faults else read, address, tuple(faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field as it is shown. ``complete`` is what browsers may fill in (HTML, 4.10.18.7)."""

    name: str
    label: str
    value: str
    hint: str = ""
    fault: str = ""
    required: bool = False
    type: str = "text"
    complete: str = "off"
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The whole form: its fields, the choice of who sees the name, our doubts.

    ``visibility`` is "" until it is chosen: nobody chooses for anybody. ``asks_for_news``: there is a box for it.
    """

    kind: SignatureKind
    fields: tuple[Field, ...]
    visibility: str
    visibility_fault: str
    news: bool
    asks_for_news: bool
    faulty: bool
    doubts: Sequence[str] = field(default_factory=tuple)

    @property
    def for_organisation(self) -> bool:
        """Whether an organisation signs."""
        return self.kind is SignatureKind.ORGANISATION


def form_of(
    kind: SignatureKind,
    words: Words,
    given: Mapping[str, str] = NOTHING,
    faults: Sequence[Fault] = (),
    *,
    with_address: bool,
    asks_for_news: bool = True,
    doubts: Sequence[str] = (),
) -> Form:
    """The form with what is known or was typed in it, each fault beside its field."""
    wrong = {fault.field: _sentence(fault, words) for fault in reversed(faults)}
    names = [*FIELDS[kind], *([ADDRESS] if with_address else [])]
    return Form(
        kind=kind,
        fields=tuple(_field(name, kind, words, given.get(name, ""), wrong.get(name, "")) for name in names),
        visibility=given.get("visibility", ""),
        visibility_fault=wrong.get("visibility", ""),
        news=given.get("news") == "yes",
        asks_for_news=asks_for_news,
        faulty=bool(faults),
        doubts=doubts,
    )


def given_of(entry: Entry) -> dict[str, str]:
    """An entry as somebody would fill it in."""
    values = {name: str(getattr(entry, name)) for name in FIELDS[entry.kind]}
    return {**values, "visibility": entry.visibility.value}


def _field(name: str, kind: SignatureKind, words: Words, value: str, fault: str) -> Field:
    organisation = kind is SignatureKind.ORGANISATION
    label, hint = _labels(words, organisation=organisation)[name]
    shown = clean_line(value, LONGEST_SHOWN)
    return Field(
        name=name,
        label=label,
        hint=hint,
        value=(country_code(shown) or "") if name == "country" else shown,
        fault=fault,
        required=name in {"name", ADDRESS},
        type={"country": "select", ADDRESS: "email", "website": "url"}.get(name, "text"),
        complete=_COMPLETE[organisation].get(name, "off"),
        choices=countries(words.language) if name == "country" else (),
    )


_COMPLETE: dict[bool, dict[str, str]] = {
    True: {
        "name": "organization",
        "country": "country",
        "website": "url",
        "signer_name": "name",
        "signer_title": "organization-title",
        ADDRESS: "email",
    },
    False: {"name": "name", "affiliation": "organization", "country": "country", ADDRESS: "email"},
}


def _labels(words: Words, *, organisation: bool) -> dict[str, tuple[str, str]]:
    form = words.form
    return {
        "name": (words.name_of_organisation if organisation else words.name_of_person, ""),
        "acronym": (form.acronym, form.acronym_hint),
        "country": (form.country, ""),
        "website": (form.website, form.website_hint),
        "signer_name": (form.signer_name, form.signer_name_hint),
        "signer_title": (form.role, "") if organisation else (form.title, form.title_hint),
        "affiliation": (form.affiliation, form.affiliation_hint),
        ADDRESS: (form.address, form.address_hint),
    }


def _sentence(fault: Fault, words: Words) -> str:
    """What is wrong with a field, in the reader's words."""
    if fault.field == ADDRESS:
        return words.form.address_wrong
    return {
        FaultReason.BLANK: words.name_is_blank,
        FaultReason.TOO_LONG: words.form.too_long,
        FaultReason.CONTACT_DETAILS: words.name_has_contact,
        FaultReason.NO_COUNTRY: words.form.choose_country,
        FaultReason.NO_WEBSITE: words.form.website_wrong,
        FaultReason.NOT_CHOSEN: words.form.choose_visibility,
    }[fault.reason]


@lru_cache(maxsize=32)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """All countries, as code (ISO 3166-1 alpha-2) and name in that language, in the order of the names."""
    codes = (code for code in map(str, Locale("en").territories) if len(code) == 2 and country_code(code) == code)  # noqa: PLR2004
    named = ((code, country_name(code, language)) for code in codes)
    return tuple(sorted(named, key=lambda pair: collation_key(pair[1])))


def visibility_words(words: Words) -> dict[Visibility, tuple[str, str]]:
    """Each choice of who sees the name, and what it means."""
    form = words.form
    return {
        Visibility.PUBLIC: (form.public, form.public_means),
        Visibility.ADDRESSEE: (form.addressee, form.addressee_means),
        Visibility.COUNTED: (form.counted, form.counted_means),
    }
