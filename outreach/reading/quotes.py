"""What a person wrote in this mail, cut from everything that it quotes."""

import re
import unicodedata
from itertools import takewhile
from typing import Final

from outreach.reading.bodies import Body
from outreach.reading.headings import BEGINNINGS, LABELS, LISTS, MAIL_WORD, OPENERS, ORIGINAL, QUOTING, WROTE
from outreach.reading.sentences import folded, one_line

MOST_LINES = 5_000
LONGEST_LINE = 4_000
"""A longer line is cut: nobody reads it, and every pattern here looks at lines."""

_MARKS: Final = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\ufeff\u200b"
_QUOTED: Final = re.compile(rf"^[\s{_MARKS}]{{0,8}}>|^ ?[A-ZА-ЯЁ]{{1,4}}>(?: |$)")
"""A quoted line; some programs (The Bat!, Gnus) write the initials of whom they quote before the mark."""
_DIVIDER: Final = re.compile(r"^\s{0,8}[_=*~\-\u2500-\u2502\u2014]{3,200}\s*$")
_DASHED: Final = re.compile(r"^[\W_]{0,3}[-_=*]{2,80}\s{0,3}(.{3,80}?)\s{0,3}[-_=*:]{2,80}[\W_]{0,3}$")
_LABEL: Final = re.compile(r"^[\s*_>|]{0,6}([^:*]{1,24}?)[\s*_]{0,4}[:：][\s*_]{0,4}(.{0,2000})$")
_ADDRESS: Final = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,200}")
_TIME: Final = re.compile(r"\d{1,2}\s?[:.hч]\s?\d{2}")
_DATED: Final = re.compile(r"\d{1,2}\D{1,25}\d{1,4}|\d{4}-\d{2}-\d{2}")
_GROUPWISE: Final = re.compile(r"^>>>\s.{1,200}(?:>>>|\d{1,2}[:.]\d{2}.{0,12})\s*$")
_UNDERSCORES: Final = re.compile(r"^[_\-=~*]{10,200}\s*$")
_MOST_ATTRIBUTION_LINES: Final = 4
_LONGEST_ATTRIBUTION: Final = 500
_LONG_QUOTED_LINE: Final = 60


def new_text(body: Body) -> str:
    """What the person wrote: no quoted line, no attribution, no header block, no forwarded mail, no list's footer.

    Passages between quoted ones are joined by one empty line. The signature stays. Empty if nothing is new. Where
    the mail's HTML tells quoted from new by its structure, it decides what the words alone did not show.
    """
    text = _cut(body.text)
    if not body.shown or body.shown == body.text:
        return text
    return _agreed(text, body.shown)


def _cut(text: str) -> str:
    lines = [line[:LONGEST_LINE].rstrip() for line in text.split("\n", MOST_LINES)[:MOST_LINES]]
    lines = lines[: _end(lines)]
    quoted = [_QUOTED.match(line) is not None for line in lines]
    _join_broken(lines, quoted)
    for start, stop in _attributions(lines, quoted):
        quoted[start:stop] = [True] * (stop - start)
    passages, passage = [], list[str]()
    for line, is_quoted in [*zip(lines, quoted, strict=True), ("", True)]:
        if not is_quoted:
            passage.append(line)
        elif passage:
            passages.append(_without_list_footer(passage))
            passage = []
    whole = "\n\n".join(found for found in map(_trimmed, passages) if found)
    return whole[1:] if whole.startswith((" ", "\u00a0")) and not whole.startswith("  ") else whole


def _trimmed(passage: list[str]) -> str:
    """The passage without empty lines and dividers at its ends, and nothing if no letter or digit is in it."""
    kept = list(passage)
    while kept and (not kept[-1].strip(_BLANK) or _DIVIDER.match(kept[-1])):
        kept.pop()
    while kept and not kept[0].strip(_BLANK):
        kept.pop(0)
    return "\n".join(kept).rstrip()


_BLANK: Final = " \t\u00a0" + _MARKS


def _end(lines: list[str]) -> int:
    """Where another mail begins that is not marked line by line, its divider included; else the number of lines."""
    for index, line in enumerate(lines):
        if _QUOTED.match(line) and not _GROUPWISE.match(line):
            continue
        if _begins_original(lines, index) and (_GROUPWISE.match(line) or not _goes_on(lines, index)):
            return _above(lines, index)
        if _ends_with_colon(line) and (start := _bare_attribution(lines, index)) is not None:
            return _above(lines, start)
    return len(lines)


def _above(lines: list[str], index: int) -> int:
    """The index moved up over empty lines and dividers."""
    while index > 0 and (not lines[index - 1].strip(_BLANK) or _DIVIDER.match(lines[index - 1])):
        index -= 1
    return index


def _begins_original(lines: list[str], index: int) -> bool:
    line = lines[index]
    plain = one_line(line[:200])
    if not plain:
        return False
    if _GROUPWISE.match(line) or (plain.startswith(BEGINNINGS) and plain.endswith(":")):
        return True
    if dashed := _DASHED.match(plain):
        inner = dashed.group(1)
        if MAIL_WORD.search(inner) and ORIGINAL.search(inner):
            return True
        return _labels(lines, index + 1, known=False)
    if _UNDERSCORES.match(line.strip(_BLANK)):
        return _labels(lines, index + 1, known=False)
    return _labels(lines, index, known=True)


def _labels(lines: list[str], index: int, *, known: bool) -> bool:
    """Whether header fields stand here, as programs show them above a quoted mail.

    With ``known`` the first line must itself be a field we know, from whom with when, to whom or about what.
    Otherwise, after a divider, three fields of any language with an address or a time will do.
    """
    near = [line for line in lines[index : index + 14] if line.strip(_BLANK)][:9]
    meanings: set[str] = set()
    fields = 0
    for number, line in enumerate(near):
        found = _LABEL.match(line.strip(_BLANK))
        meaning = _meaning(found.group(1)) if found else ""
        if number == 0 and known and meaning not in ("from", "date", "to", "subject"):
            return False
        if found is None and fields and number > fields + 2:
            break
        fields += found is not None
        meanings.add(meaning)
    meanings -= {"", "copy"}
    if "from" in meanings and len(meanings) >= 2:  # noqa: PLR2004  whom it is from, and one more
        return len(meanings) > 2 or _has_address_or_time(near)  # noqa: PLR2004
    return not known and fields >= 3 and _has_address_or_time(near) and bool(meanings)  # noqa: PLR2004


def _meaning(label: str) -> str:
    plain = one_line(label)
    return next((meaning for meaning, words in LABELS.items() if plain in words), "")


def _has_address_or_time(lines: list[str]) -> bool:
    return any(_ADDRESS.search(line) or _TIME.search(line) for line in lines)


def _goes_on(lines: list[str], index: int) -> bool:
    """Whether the mail below is quoted line by line after all, so that what stands below it may be new."""
    below = [line for line in lines[index:] if line.strip(_BLANK)]
    unmarked = list(takewhile(lambda line: not _QUOTED.match(line), below))
    marked = below[len(unmarked) :]
    return bool(marked) and len(unmarked) <= 9 and all(_is_heading(line) for line in unmarked[1:])  # noqa: PLR2004


def _is_heading(line: str) -> bool:
    found = _LABEL.match(line.strip(_BLANK))
    return found is not None and _meaning(found.group(1)) != ""


def _ends_with_colon(line: str) -> bool:
    return line.rstrip(_BLANK).endswith((":", "：")) and len(line) <= _LONGEST_ATTRIBUTION


def _bare_attribution(lines: list[str], index: int) -> int | None:
    """Where an attribution begins that ends here, if it is plainly one although no mark follows; else None."""
    below = next((line for line in lines[index + 1 :] if line.strip(_BLANK)), "")
    if not below or _QUOTED.match(below):
        return None
    start = _attribution_start(lines, [False] * len(lines), index)
    plain = one_line(" ".join(lines[start : index + 1]))
    sure = _ADDRESS.search(plain) is not None and _DATED.search(plain) is not None
    verb = WROTE.search(plain) is not None
    if (sure and (verb or _TIME.search(plain))) or (verb and _TIME.search(plain) and OPENERS.match(plain)):
        return start
    return None


def _attributions(lines: list[str], quoted: list[bool]) -> list[tuple[int, int]]:
    """The stretches of lines above quoted ones that say who wrote them and when."""
    found: list[tuple[int, int]] = []
    for index, is_quoted in enumerate(quoted):
        if not is_quoted or (index > 0 and quoted[index - 1]):
            continue
        last = index - 1
        while last >= 0 and not lines[last].strip(_BLANK) and not quoted[last]:
            last -= 1
        if last < 0 or quoted[last]:
            continue
        if (heading := _headed(lines, quoted, last)) is not None:
            found.append((heading, index))
        elif _ends_with_colon(lines[last]) or QUOTING.match(one_line(lines[last][:200])):
            start = _attribution_start(lines, quoted, last)
            if _attributes(one_line(" ".join(lines[start : last + 1]))):
                found.append((start, index))
    return found


def _headed(lines: list[str], quoted: list[bool], last: int) -> int | None:
    """Where the header block or the "Original Message" begins that ends in this line; None if there is none."""
    for start in range(max(0, last - 9), last + 1):
        if any(quoted[start : last + 1]):
            continue
        if _begins_original(lines[: last + 1], start) and _goes_on(lines, start):
            return start
    return None


def _attribution_start(lines: list[str], quoted: list[bool], last: int) -> int:
    """The first line of the attribution that ends in this line; programs wrap it over up to four lines."""
    first = last
    for index in range(last, max(-1, last - _MOST_ATTRIBUTION_LINES), -1):
        if quoted[index] or not lines[index].strip(_BLANK):
            break
        plain = one_line(lines[index][:_LONGEST_ATTRIBUTION])
        dated = _DATED.search(one_line(" ".join(lines[index : last + 1])))
        if dated and OPENERS.match(plain) and (_DATED.search(plain) or index < last or WROTE.search(plain)):
            return index
        if index == last or (index == last - 1 and _is_tail(lines[last])):
            first = index
    return first


def _is_tail(line: str) -> bool:
    """Whether an attribution's line cannot stand alone, as it holds no name before its verb or address."""
    plain = one_line(line)
    before = WROTE.split(plain)[0] if WROTE.search(plain) else plain
    return not re.sub(r"<[^<>]{0,200}>|[^\w]", "", before)


def _attributes(plain: str) -> bool:
    """Whether the line right above a quote says whose words they are, rather than leads into it with own words."""
    if len(plain) > _LONGEST_ATTRIBUTION:
        return False
    if WROTE.search(plain) and (plain.rstrip(" :").endswith(_last_words(plain)) or _DATED.search(plain)):
        return True
    return (
        QUOTING.match(plain) is not None
        or bool(_ADDRESS.search(plain))
        or bool(_DATED.search(plain) and (_TIME.search(plain) or OPENERS.match(plain)))
    )


def _last_words(plain: str) -> tuple[str, ...]:
    return tuple(found.group() for found in WROTE.finditer(plain))


def _join_broken(lines: list[str], quoted: list[bool]) -> None:
    """Take as quoted the rest of a quoted line that a mail program broke without marking it."""
    for index in range(1, len(lines) - 1):
        between = quoted[index - 1] and not quoted[index] and quoted[index + 1]
        bare = lines[index].strip(_BLANK)
        if between and bare and len(lines[index - 1]) >= _LONG_QUOTED_LINE and len(bare) < _LONG_QUOTED_LINE:
            ended = lines[index - 1].rstrip()[-1:] in ".!?:;"
            quoted[index] = (
                not ended and unicodedata.category(bare[0]) in ("Ll", "Lo") and not bare.endswith(("!", "?"))
            )


def _without_list_footer(passage: list[str]) -> list[str]:
    """The passage without what a mailing list wrote below it, from its line of underscores or "-- " on."""
    for index, line in enumerate(passage):
        if _sets_apart(line):
            below = takewhile(lambda text: not _sets_apart(text), passage[index + 1 : index + 6])
            if LISTS.search(folded(" ".join(below))):
                return passage[:index]
    return passage


def _sets_apart(line: str) -> bool:
    bare = line.strip(_BLANK)
    return bare == "--" or _UNDERSCORES.match(bare) is not None


def _agreed(text: str, shown: str) -> str:
    """The text, shorter by what its HTML shows as quoted by structure although no word says so."""
    by_structure = _cut(shown)
    short, long = _squashed(by_structure), _squashed(text)
    if not short or len(short) >= len(long) or not long.startswith(short):
        return text
    quoted = _squashed("\n".join(line for line in shown.split("\n") if _QUOTED.match(line)))
    if long[len(short) :][:2000] not in quoted:
        return text
    return _first(text, len(short))


def _squashed(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFC", text) if character.isalnum())


def _first(text: str, count: int) -> str:
    """The text up to its ``count``-th letter or digit, and the rest of that line if no more of them is in it."""
    seen = 0
    for index, character in enumerate(text):
        seen += character.isalnum()
        if seen == count:
            rest = "".join(takewhile(lambda mark: not mark.isalnum() and mark != "\n", text[index + 1 :]))
            return (text[: index + 1] + rest).rstrip()
    return text
