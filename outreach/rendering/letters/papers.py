"""What a letter carries when it is delivered: whom it is for, its references, its salutation, its copies."""

import re
from collections.abc import Iterator

from outreach.ports.press import AddressedPaper
from outreach.rendering.content import isolate, single_line
from outreach.rendering.letters.correspondence_words import CorrespondenceWords, correspondence_words
from outreach.rendering.letters.escaping import escape_markdown
from outreach.rendering.publication import Publication

_LONGEST_SALUTATION = 80
_SALUTATION = re.compile(
    r"(your |vos |vuestras |sus )?(excellenc|exzellenz|excelenc|eminen)|dear\b|honou?rable|distinguished|"
    r"(mr|mrs|ms|madam|sir|ladies)\b|mesdames|messieurs|madame|monsieur|ch[eè]re?s?\b|señor|estimad|distinguid|"
    r"honorable|sehr |prezad|senhor|уважаем|ваш[еи]? превосходительств|أصحاب|سعادة|سعادتكم|معالي|فخامة|السيد",
    re.IGNORECASE,
)
"""How letters begin that greet somebody, in the languages in which the program speaks."""
_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def paper_of(publication: Publication) -> AddressedPaper | None:
    """All of it in words and in one-line texts; None for a letter that is delivered to nobody."""
    if publication.addressed is None:
        return None
    words = correspondence_words(publication.language)
    number = words.our_reference.format(number=_apart(publication.our_reference, words))
    return AddressedPaper(
        letterhead=_lines(publication.letterhead),
        address=_lines(publication.addressed.lines),
        date=publication.date_line,
        number=number if publication.our_reference else "",
        references=_lines(publication.references),
        salutation=salutation_above(publication),
        copies=tuple(words.copy.format(to=_apart(line, words)) for line in _lines(publication.copies)),
        fold_marks=publication.fold_marks,
    )


def salutation_above(publication: Publication) -> str:
    """The salutation that is printed above the body; "" when the body begins with it, or with one of its own.

    The text that was signed greets whom it was signed for ("Excellencies,"): nobody is greeted twice.
    """
    salutation = single_line(publication.addressed.salutation) if publication.addressed else ""
    said = publication.body.translate(_ISOLATES).strip().partition("\n\n")[0]
    own = len(said) <= _LONGEST_SALUTATION and _SALUTATION.match(said.strip("*_ ")) is not None
    return "" if own or salutation in said or escape_markdown(salutation) in said else salutation


def above(paper: AddressedPaper | None) -> Iterator[tuple[str, ...]]:
    """The blocks of lines that stand above the title, in the order in which they are read."""
    if paper is not None:
        dated = tuple(filter(None, (paper.date, paper.number)))
        yield from filter(None, (paper.letterhead, paper.address, dated, paper.references))


def _lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for text in lines for part in text.splitlines() if (line := single_line(part)))


def _apart(text: str, words: CorrespondenceWords) -> str:
    return isolate(single_line(text), rtl=words is correspondence_words("ar"))
