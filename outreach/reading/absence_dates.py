"""The last day of an absence, as an automatic answer says it in seven languages; rather none than a wrong one."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from babel.dates import get_day_names, get_month_names

from outreach.reading.sentences import folded

LONGEST_READ: Final = 6_000
MOST_DATES: Final = 40
_LONGEST_AHEAD: Final = timedelta(days=365)
_NEXT_YEAR_WITHIN: Final = timedelta(days=183)
"""A date without year that has just passed is last week's, not next year's: the answer is an old one."""
_LOCALES: Final = (
    "en",
    "en_GB",
    "fr",
    "es",
    "es_MX",
    "de",
    "de_AT",
    "pt",
    "pt_PT",
    "ru",
    "ar",
    "ar_LB",
    "ar_MA",
    "ar_DZ",
)
_ALSO: Final = {"sept": 9, "setiembre": 9, "marz": 3, "اوكتوبر": 10, "ايلول": 9, "مايس": 5}
_MONTHS: Final = 12
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Folded month names, Levantine and Egyptian and Maghrebi ones too; a name of two months is left out."""
    found: dict[str, set[int]] = {}
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale=locale).items():
                    found.setdefault(folded(name).rstrip("."), set()).add(number)
    sure = {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1 and not name.isdigit()}
    return {**sure, **{folded(name): number for name, number in _ALSO.items()}}


@lru_cache(maxsize=1)
def _weekdays() -> str:
    names = {
        folded(name).rstrip(".")
        for locale in _LOCALES
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, "format", locale=locale).values()
    }
    inflected = {"понедельника", "вторника", "среды", "среду", "четверга", "пятницы", "пятницу", "субботу"}
    return "|".join(sorted(map(re.escape, names | inflected), key=len, reverse=True))


_UNTIL: Final = (
    r"until|till?|through|thru|up to|ending|jusqu'(?:au|a|en)|hasta|bis|ate|до|по|حتي|لغايه|الي غايه|وحتي|ولغايه"
)
_RANGE: Final = r"to|-|au|al|a|ao|al|bis|по|الي|until|jusqu'au|hasta|ate"
_AND: Final = r"and|et|y|und|e|и|و"
_FROM: Final = (
    r"from|as of|starting|ab|am|vom|a partir d[eou]l?|a partir du|des le|des|le|el|a|em|no|desde|с|со|من|ابتداء من|"
    r"اعتبارا من|في|يوم|on|from the"
)
_START: Final = (
    r"from|between|starting|as of|du|a partir du|a compter du|des le|del|desde(?: el)?|a partir del?|"
    r"vom|ab|de|с|из|من"
)
_FILLER: Final = (
    r"the|and including|including|inclusive|incl\.?|inclus|le|la|el|dia|den|dem|zum|einschliesslich|einschl\.?|"
    r"inkl\.?|inklusive|und mit|on|o|al|au|no|em|на|конца дня|يوم|تاريخ|بتاريخ|about|approximately"
)
_RETURN: Final = (
    r"back|return\w*|reopen\w*|resume\w*|again|reachable|in (?:the )?office|available|(?:de )?retour|"
    r"revien\w*|rentr\w*|repren\w*|a nouveau|de nouveau|joignable|de vuelta|de regreso|vuelv\w*|volver\w*|"
    r"regres\w*|reincorpor\w*|incorpor\w*|wieder|zuruck|ruckkehr|erreichbar|de volta|retorn\w*|volt\w*|"
    r"novamente|disponi\w*|верн\w*|возвращ\w*|выид\w*|выхо\w*|снова|приступ\w*|буду (?:на|в|доступ)\w*|"
    r"ساعود|اعود|العوده|عودتي|عودته|متاح\w*|سارجع|ارجع|استانف"
)
_NOT_BACK: Final = re.compile(
    r"(?:not|n't|never|ne|pas|no|nicht|nao|не|لن|لا)(?: \w{1,12}){0,3} (?:back|return\w*|de retour|zuruck|vuelv\w*|"
    r"regres\w*|de volta|de vuelta|верн\w*|اعود)\b"
)
_PRESENT: Final = re.compile(
    r"(?<!not )(?<!n't )\b(?:am|be|are|is) (?:available|reachable|in the office|at my desk)"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A date in the text: where it stands, and which days it can be."""

    begin: int
    end: int
    days: tuple[date, ...]


def last_day(text: str, on: date | None, *, month_first: bool | None = False) -> date | None:
    """The last day of the absence that ``text`` tells of, in an answer written ``on`` that day.

    "Until the 8th" is the 8th, "back on the 9th" is the 8th. None if no day is stated, if it has passed, or if it
    lies more than a year ahead. Without ``on`` only dates with a year are read. ``month_first``: whether the writer
    puts the month before the day (03/08); None if nobody knows, so that only what can be read in one way is.
    """
    plain = folded(text[:LONGEST_READ]).translate(_DIGITS)
    plain = re.sub(r"\s+", " ", plain)
    stated = list(_stated(plain, on, month_first=month_first))
    untils = [day for is_until, day in stated if is_until and _makes_sense(day, on)]
    backs = [day - timedelta(days=1) for is_until, day in stated if not is_until]
    backs = [day for day in backs if _makes_sense(day, on)]
    if untils and backs and untils[0] > backs[0]:
        return backs[0]
    return next(iter(untils or backs), None)


def begins_later(text: str, on: date | None) -> bool:
    """Whether the absence that ``text`` tells of has not begun: then a person announces it, for no machine does."""
    plain = re.sub(r"\s+", " ", folded(text[:LONGEST_READ]).translate(_DIGITS))
    if on is None:
        return False
    for found in _dates(plain, on, month_first=False):
        before = _this_sentence(plain[max(found.begin - 60, 0) : found.begin])
        after = plain[found.end : found.end + 40]
        if re.search(rf"(?<!\w)(?:{_START})(?: (?:the|le|el|dem|den|{_weekdays()})){{0,2}} ?$", before):
            return found.days[0] > on and not re.search(rf"(?<!\w)(?:{_RETURN})(?!\w)", f"{before} {after}")
        begun = re.search(rf"(?<!\w)(?:{_START}) (\d{{1,2}})\w{{0,2}}\.? ?(?:{_RANGE}) ?(?:the |le |el )?$", before)
        if begun and int(begun.group(1)) < found.days[0].day:
            return found.days[0].replace(day=max(int(begun.group(1)), 1)) > on
    return False


def _makes_sense(day: date, on: date | None) -> bool:
    return on is None or on <= day <= on + _LONGEST_AHEAD


def _stated(plain: str, on: date | None, *, month_first: bool | None) -> Iterator[tuple[bool, date]]:
    """Each date that ends an absence: (True, the last day) or (False, the day of the return)."""
    for found in _dates(plain, on, month_first=month_first):
        before = _this_sentence(plain[max(found.begin - 90, 0) : found.begin])
        after = re.split(r"[.!?;] ", plain[found.end : found.end + 60])[0]
        role = _role(before, after)
        if role is not None and len(found.days) == 1:
            yield role, found.days[0]


def _this_sentence(before: str) -> str:
    """What stands before the date since the last full stop that is none after a number ("1. bis")."""
    return re.split(r"(?<=[^\d\W])[.!?;؟](?= )|\n", before)[-1]


def _role(before: str, after: str) -> bool | None:
    """True if the date is a last day, False if it is the day of the return, None if it is neither."""
    trail = rf"(?:[ ,(:]+(?:{_FILLER}|{_weekdays()})\.?){{0,4}}[ ,(:]*$"
    if re.search(rf"(?<!\w)(?:{_UNTIL}){trail}", before) or _ends_a_range(before, trail):
        if _PRESENT.search(before):
            return None
        return not _NOT_BACK.search(before)
    if re.search(rf"(?<!\w)(?:{_RETURN})(?:[ ,(:]+[\w'’.-]{{1,20}}){{0,6}}[ ,(:]*$", before):
        return False
    if re.search(rf"(?<!\w)(?:{_FROM}){trail}", before) and re.search(rf"(?<!\w)(?:{_RETURN})(?!\w)", after):
        return False
    return None


def _ends_a_range(before: str, trail: str) -> bool:
    begun = rf"(?:\d{{1,4}}(?:st|nd|rd|th|er|o|a|г|-?го)?\.?|{_names()})"
    if re.search(rf"(?<!\w){begun} ?г?\.?,? ?(?:{_RANGE})(?![^\W\d]){trail}", before):
        return True
    between = re.search(r"(?<!\w)(?:between|entre|zwischen|между|بين)(?!\w)", before)
    return bool(between and re.search(rf"(?<!\w)(?:{_AND}) ?{trail}", before))


@lru_cache(maxsize=1)
def _names() -> str:
    return "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    day, year = r"(?P<d>\d{1,2})", r"(?P<y>\d{4})"
    month = rf"(?P<m>{_names()})"
    return tuple(
        map(
            re.compile,
            (
                (
                    rf"(?<![\d./:]){day}(?:st|nd|rd|th|er|re|o|a|\.|-?го|-?е)? ?(?:of |de |do |d')?"
                    rf"{month}(?!\w)\.?,?(?: (?:of |de |del |do )?{year}(?!\d))?"
                ),
                rf"(?<!\w){month}\.? (?:the )?{day}(?:st|nd|rd|th)?(?![\d:])(?:,? {year}(?!\d))?",
                (
                    r"(?<!\w)(?P<last>end of|the end of|fin|la fin|fines de|finales de|ende|fim de|final de|конца|"
                    rf"نهايه)(?: de)? {month}(?!\w)\.?(?: (?:de )?{year}(?!\d))?"
                ),
                r"(?<![\d./-])(?P<y>\d{4})[-/.](?P<n>\d{1,2})[-/.](?P<d>\d{1,2})(?![\d-])",
                r"(?<![\d./])(?P<d>\d{1,2})\. ?(?P<n>\d{1,2})\. ?(?P<y>\d{4}|\d{2})?(?![\d:])",
                r"(?<![\d./])(?P<d>\d{2})\.(?P<n>\d{2})(?![\d:.]| ?(?:uhr|h\b|ч))",
                r"(?<![\d./-])(?P<d>\d{1,2})-(?P<n>\d{1,2})-(?P<y>\d{4})(?!\d)",
                r"(?<![\d./-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>\d{4}|\d{2}))?(?![\d/])",
            ),
        )
    )


def _dates(plain: str, on: date | None, *, month_first: bool | None) -> list[_Found]:
    """The dates in the text in order; where two patterns read the same place, the longer reading counts."""
    matches = [match for pattern in _patterns() for match in pattern.finditer(plain)]
    found: list[_Found] = []
    for match in sorted(matches, key=lambda match: (match.start(), -match.end()))[: 2 * MOST_DATES]:
        if found and match.start() < found[-1].end:
            continue
        days = tuple(dict.fromkeys(_days(match.groupdict(), on, month_first=month_first)))
        if days:
            found.append(_Found(match.start(), match.end(), days))
    return found[:MOST_DATES]


def _days(parts: dict[str, str | None], on: date | None, *, month_first: bool | None) -> Iterator[date]:
    """The days that a date can be: one, or two where day and month cannot be told apart and both make sense."""
    year = int(str(parts["y"])) if parts.get("y") else None
    if year is not None and year < 100:  # noqa: PLR2004  two digits
        year += 2000
    if parts.get("last"):
        yield from _in_year(year, _months()[str(parts["m"])], 0, on)
    elif parts.get("m"):
        yield from _in_year(year, _months()[str(parts["m"])], int(str(parts["d"])), on)
    elif parts.get("n"):
        yield from _in_year(year, int(str(parts["n"])), int(str(parts["d"])), on)
    else:
        yield from _either_way(int(str(parts["a"])), int(str(parts["b"])), year, on, month_first=month_first)


def _either_way(
    first: int, second: int, year: int | None, on: date | None, *, month_first: bool | None
) -> Iterator[date]:
    """As the writer's country writes it, if that makes sense; both ways if the country is not known."""
    as_month_first = [day for day in _in_year(year, first, second, on) if _makes_sense(day, on)]
    as_day_first = [day for day in _in_year(year, second, first, on) if _makes_sense(day, on)]
    if month_first is None:
        yield from (*as_day_first, *as_month_first)
    elif month_first:
        yield from as_month_first or as_day_first
    else:
        yield from as_day_first or (as_month_first if second > _MONTHS else ())


def _in_year(year: int | None, month: int, day: int, on: date | None) -> Iterator[date]:
    """The day in its year; without a year, in this one or, if it has passed long ago, the next. 0: the last day."""
    if year is None and on is None:
        return
    for candidate in (year,) if year is not None else (on.year, on.year + 1) if on else ():
        found = _day(candidate, month, day)
        if found is None:
            continue
        if year is not None or on is None or on <= found <= on + _NEXT_YEAR_WITHIN:
            yield found
            return


def _day(year: int, month: int, day: int) -> date | None:
    if not 1 <= month <= 12 or not 1990 <= year <= 2200:  # noqa: PLR2004
        return None
    days = calendar.monthrange(year, month)[1]
    if day == 0:
        day = days
    return date(year, month, day) if 1 <= day <= days else None
