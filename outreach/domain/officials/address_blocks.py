"""The address of an official as it stands on a letter and its envelope, and the names in it."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from outreach.domain.names import name_key
from outreach.domain.places import country_code, folded


def in_language(words: Mapping[str, str], language: str) -> str:
    """What is said in that language, or in the one that it is a variety of ("pt" for "pt-BR"); "" if nothing is."""
    return words.get(language) or words.get(language.partition("-")[0], "")


def address_block(
    *,
    name: str,
    form_of_address: str,
    title: str,
    office: str,
    institution: str,
    postal_address: Sequence[str],
) -> tuple[str, ...]:
    """The lines of an address block, nothing twice: the person, the office, where it is.

    A country in the last line is in capitals (UPU S42). It is the country that the letter travels to, which for a
    mission is not the State that the office speaks for, so that none is added to an address that names none.
    """
    *before, last = postal_address or ("",)
    country = last.upper() if country_code(last) else last
    return _once((form_of_address or name, title, office, institution, *before, country))


def has_words(name: str, words: str) -> bool:
    """Whether a name holds these words, whole and one after another: "mission of Niger" is none of Nigeria's."""
    wanted = _plain(words)
    return bool(wanted) and f" {wanted} " in f" {_plain(name)} "


def _plain(text: str) -> str:
    seen = (" " if unicodedata.category(sign)[0] in "PSZ" else sign for sign in name_key(text))
    return " ".join("".join(seen).split())


def title_says_office(titles: Mapping[str, str], office: str) -> bool:
    """Whether one of the titles holds the office's name; the others are translations of it, and say it as well."""
    return bool(folded(office)) and any(folded(office) in folded(title) for title in titles.values())


def _once(lines: Iterable[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for line in lines:
        if line:
            first.setdefault(name_key(line), line)
    return tuple(first.values())
