"""A name in all the forms in which it is compared with others."""

from dataclasses import dataclass

from outreach.domain.addresses import SHARED_DOMAINS
from outreach.domain.desk.acronyms import squeezed, taken_apart
from outreach.domain.desk.lookalikes import skeleton
from outreach.domain.desk.name_words import core_words, words_of
from outreach.domain.desk.sites import host_of, own_site


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who signed as an organisation, and what else is known: only the name must be.

    ``country`` is an ISO 3166-1 alpha-2 code, ``website`` a URL, ``domain`` that of the signer's address.
    """

    id: int
    name: str
    acronym: str = ""
    country: str = ""
    website: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What is compared, spelt plainly.

    ``whole``: all letters and digits of the name. ``skeleton``: as it looks. ``core``: without article, "and" and
    legal form. ``stem``: the core without acronyms, of ``words``. ``site``: the domain that is its own, or "".
    """

    place: int
    named: Named
    whole: str
    skeleton: str
    core: str
    stem_text: str
    words: tuple[str, ...]
    stem: str
    acronyms: frozenset[str]
    other_names: frozenset[str]
    site: str

    @property
    def digits(self) -> tuple[str, ...]:
        """The numbers in the name: where they differ, the names do."""
        return tuple("".join(c for c in word if c.isdigit()) for word in self.words if not word.isalpha())


def form_of(place: int, named: Named) -> Form:
    """The name in all its forms; ``place`` is where it stands among those that are compared."""
    parts = taken_apart(named.name)
    words = core_words(words_of(parts.stem))
    whole = squeezed(named.name) or named.name
    own = {squeezed(named.acronym)} - {""}
    spelt = {name for other in parts.other_names for name in (other, taken_apart(other).stem)}
    others = {"".join(core_words(words_of(name))) for name in spelt}
    return Form(
        place=place,
        named=named,
        whole=whole,
        skeleton=skeleton(named.name),
        core="".join(core_words(words_of(named.name))) or whole,
        stem_text=parts.stem,
        words=words,
        stem="".join(words),
        acronyms=parts.acronyms | own,
        other_names=frozenset(others - {""}),
        site=_site(named),
    )


def _site(named: Named) -> str:
    by_website = own_site(host_of(named.website)) if named.website else ""
    by_address = own_site(named.domain) if named.domain and named.domain not in SHARED_DOMAINS else ""
    return by_website or by_address
