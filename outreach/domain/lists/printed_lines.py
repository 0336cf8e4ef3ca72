"""The lines of a list as they come out of a PDF: what marks a name, and what belongs to the page alone."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from outreach.domain.names import clean_line

MOST_JOINED: Final = 6
"""More unmarked lines than this in a row are no rest of a name."""
FEWEST_IN_SEQUENCE: Final = 3
SOFT_HYPHEN: Final = "\u00ad"
_LINE_ENDS: Final = re.compile("\r\n|[\n\r\v\x85\u2028\u2029]")
_DASHES: Final = "-\u2010-\u2015"
_BULLET: Final = re.compile(r"[•‣⁃◦▪▫■□●○◆◇►▸➢➤✓✔·∙\uf0a7\uf0b7\uf0d8]\s*")
_DASH_BULLET: Final = re.compile(rf"(?:[{_DASHES}*]|o)\s+(?=\S)")

_FIRST: Final = rf"(?:[{_DASHES}*•·●▪]\s*)?"
"""A bullet that stands before the number, as word processors write a list within a list."""
_STRICT: Final = re.compile(
    _FIRST + rf"(?:(?:#|№|n[o°º]\.?)\s*)?(?:\((\d{{1,6}})\)|(\d{{1,6}})\s*(?:[.):\]．、]|[{_DASHES}]))(?:\s+|$)",
    re.IGNORECASE,
)
"""A number with its stop and a space: "12. ", "12) ", "(12) ", "12 - "."""
_DOTTED: Final = re.compile(_FIRST + r"(\d{1,6})[.):．、](?=[^\W\d])")
_BARE: Final = re.compile(_FIRST + r"(\d{1,6})(?:[.):．、]|\s+)(?=\S)")
_LOOSE: Final = (_DOTTED, _BARE)
"""What is a number only if it is the next one, as "12.Oxfam"; and, where no other numbers are found, "12 Oxfam"."""

_PAGE_WORDS: Final = "page|pág|pag|página|pagina|seite|side|strona|p|s|с|стр|стор|صفحة|الصفحة|ص"
_PAGE_NUMBER: Final = re.compile(
    rf"[{_DASHES}|\s]*(?:(?:{_PAGE_WORDS})\b\.?\s*)?\d{{1,4}}(?:\s*(?:/|\||of|de|sur|von|di|z|из|من)\s*\d{{1,4}})?"
    rf"[{_DASHES}|\s]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line with something on it.

    ``at`` is its number in the text, from 1. ``text`` is what stands after the mark, which is a ``number``, or a
    bullet (``marked`` without a number), or missing. ``page`` counts page breaks before it; ``gap_before`` and
    ``gap_after`` say whether an empty line, a page's end or a page number comes between it and its neighbour.
    ``soft`` says that it ends within a word, by a soft hyphen.
    """

    at: int
    whole: str
    text: str
    page: int = 0
    gap_before: bool = True
    gap_after: bool = True
    soft: bool = False
    marked: bool = False
    number: int | None = None


def printed_lines(text: str) -> tuple[list[PrintedLine], list[int]]:
    """The lines that hold something, and the numbers of those that hold a page number, which are left out."""
    lines = _with_gaps(list(_read(text)))
    left_out = [line.at for line in lines if _is_page_number(line)]
    lines = _with_gaps(list(_paged(lines)))
    return _with_marks(lines), left_out


def running_heads(lines: Sequence[PrintedLine]) -> dict[str, list[PrintedLine]]:
    """What is repeated at the edges of pages, in the wording of its first time; figures in it may change.

    Where names are numbered, a line without a number that is repeated next to gaps; otherwise the first or the last
    line of a page, on more pages than one.
    """
    seen: dict[str, list[PrintedLine]] = defaultdict(list)
    some_numbered = any(line.number is not None for line in lines)
    for index, line in enumerate(lines):
        if line.marked:
            continue
        neighbours = (lines[index - 1] if index else None, lines[index + 1] if index + 1 < len(lines) else None)
        of_page = any(other is None or other.page != line.page for other in neighbours)
        if of_page or (some_numbered and (line.gap_before or line.gap_after)):
            seen[re.sub(r"\d+", "#", line.text)].append(line)
    return {
        found[0].text: found
        for found in seen.values()
        if len(found) > 1 and (some_numbered or len({line.page for line in found}) > 1)
    }


def _read(text: str) -> Iterator[PrintedLine | None]:
    """Every line, cleaned; None stands for an empty one, and one with nothing but a page break."""
    page = 0
    for at, raw in enumerate(_LINE_ENDS.split(text.removeprefix("\ufeff")), 1):
        for index, piece in enumerate(raw.split("\f")):
            page += index > 0
            if index:
                yield None
            whole = clean_line(piece, len(piece) + 1)
            soft = piece.rstrip().endswith(SOFT_HYPHEN)
            yield PrintedLine(at, whole, whole, page, soft=soft) if whole else None


def _with_gaps(lines: list[PrintedLine | None]) -> list[PrintedLine]:
    around = [None, *lines, None]
    return [
        replace(line, gap_before=around[index] is None, gap_after=around[index + 2] is None)
        for index, line in enumerate(lines)
        if line is not None
    ]


def _is_page_number(line: PrintedLine) -> bool:
    """A bare number within a name's lines is part of the name: "Refugee / 613"."""
    at_edge = line.gap_before or line.gap_after
    return at_edge and _PAGE_NUMBER.fullmatch(line.text) is not None


def _paged(lines: list[PrintedLine]) -> Iterator[PrintedLine | None]:
    """The lines with None wherever there is a gap; a page number ends its page, even without a page break."""
    page, breaks = 0, 0
    for line in lines:
        if line.page != breaks:
            page, breaks = page + 1, line.page
        if line.gap_before:
            yield None
        if _is_page_number(line):
            page += 1
            yield None
        else:
            yield replace(line, page=page)
        if line.gap_after:
            yield None


def marks_names(lines: Sequence[PrintedLine]) -> bool:
    """Whether the marks tell where every name begins, so that a line without one continues a name."""
    numbers = [line.number for line in lines if line.number is not None]
    return _is_numbered(numbers, len(lines)) or sum(line.marked for line in lines) * 2 >= len(lines)


def _with_marks(lines: list[PrintedLine]) -> list[PrintedLine]:
    """The lines with their numbers and bullets taken off, where the whole list bears out that they are marks."""
    for loose in _LOOSE:
        numbered = _numbered(lines, loose)
        numbers = [line.number for line in numbered if line.number is not None]
        if _is_numbered(numbers, len(lines)):
            return numbered
    numbered = _numbered(lines, _DOTTED)
    numbers = [line.number for line in numbered if line.number is not None]
    neighbours = {number + step for number in numbers for step in (-1, 1)}
    # One number alone begins a name: "10. Oktober".
    pairs = zip(lines, numbered, strict=True)
    return _bulleted([new if new.number in neighbours else old for old, new in pairs])


def _numbered(lines: list[PrintedLine], loose: re.Pattern[str]) -> list[PrintedLine]:
    found, last = [], 0
    for line in lines:
        found.append(_number(line, last, loose))
        last = found[-1].number or last
    return found


def _is_numbered(numbers: list[int], lines: int) -> bool:
    """Most lines have numbers; or fewer, for names that are broken over lines, but in perfect sequence."""
    if len(numbers) * 2 >= lines:
        return len(numbers) > 1 or len(numbers) == lines
    enough = len(numbers) >= FEWEST_IN_SEQUENCE and len(numbers) * (MOST_JOINED + 1) >= lines
    return enough and numbers == list(range(1, len(numbers) + 1))


def _number(line: PrintedLine, last: int, loose: re.Pattern[str]) -> PrintedLine:
    """The line without its number, if it has one: in digits of any script."""
    if found := _STRICT.match(line.text):
        number = int(found.group(1) or found.group(2))
    elif (found := loose.match(line.text)) and int(found.group(1)) == last + 1:
        number = last + 1
    else:
        return line
    return replace(line, marked=True, number=number, text=line.text[found.end() :])


def _bulleted(lines: list[PrintedLine]) -> list[PrintedLine]:
    """A dash or an asterisk is a bullet where at least half of the lines have one, other bullets always."""
    dashes = sum(_DASH_BULLET.match(line.text) is not None for line in lines)
    dashed = dashes * 2 >= max(len(lines), 2)
    return [line if line.marked else _bullet(line, dashed=dashed) for line in lines]


def _bullet(line: PrintedLine, *, dashed: bool) -> PrintedLine:
    found = _BULLET.match(line.text) or (_DASH_BULLET.match(line.text) if dashed else None)
    return replace(line, marked=True, text=line.text[found.end() :]) if found else line
