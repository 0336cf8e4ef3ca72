"""Pictures of a call, drawn on the server as SVG: its funnel, its timeline, its curve of signatures.

Each is drawn twice, for a wide and a narrow page, so that its letters keep their size; the style sheet shows one.
Colours are the style sheet's, and nothing is told by colour alone: the same numbers stand in a table beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

WIDE, NARROW = 720, 340
SHORTEST_BAR = 2.0
ROW, BAR = 46, 16
MOST_STEPS = 5
EDGE = 60
LEVELS = 4
"""So many rows keep the numbers of moments apart that lie close to each other."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the funnel: what it counts, in words, and how it is filled (a class of the style sheet)."""

    words: str
    count: int
    shown: str
    fill: str = "accent"


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment on the timeline, known in the table below by its number. ``done``: filled, otherwise a ring."""

    at: datetime
    number: int
    words: str
    done: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """So many signatures by then."""

    at: datetime
    total: int


@dataclass(frozen=True, slots=True)
class Flag:
    """A moment marked on the curve by a line and a letter (``M`` for a mailing, ``D`` for the deadline)."""

    at: datetime
    letter: str
    words: str


Say = Callable[[datetime], str]
"""A day as the reader writes it, short."""


def _picture(kind: str, title: str, told: str, draw: Callable[[int], tuple[int, list[Markup]]]) -> Markup:
    both = []
    for name, width in (("wide", WIDE), ("narrow", NARROW)):
        height, parts = draw(width)
        both.append(
            Markup(
                '<svg class="drawn {kind} {name}" viewBox="0 0 {width} {height}" role="img" '
                'aria-labelledby="{kind}-{name}-title {kind}-{name}-desc">'
                '<title id="{kind}-{name}-title">{title}</title><desc id="{kind}-{name}-desc">{told}</desc>'
                "{parts}</svg>"
            ).format(
                kind=kind, name=name, width=width, height=height, title=title, told=told, parts=Markup().join(parts)
            )
        )
    return Markup().join(both)


def draw_funnel(title: str, told: str, bars: Sequence[Bar]) -> Markup:
    """Bars one below the other, each with its words and its number above it; the longest is as wide as the page."""
    most = max((bar.count for bar in bars), default=0) or 1

    def draw(width: int) -> tuple[int, list[Markup]]:
        parts = []
        for number, bar in enumerate(bars):
            top = number * ROW
            long = max(bar.count / most * width, SHORTEST_BAR if bar.count else 0)
            parts.append(_text(0, top + 16, bar.words, "label"))
            parts.append(_text(width, top + 16, bar.shown, "value end"))
            parts.append(_box(0, top + 22, width, BAR, "track"))
            parts.append(_box(0, top + 22, long, BAR, f"bar {bar.fill}"))
        return len(bars) * ROW, parts

    return _picture("funnel", title, told, draw)


def draw_timeline(title: str, told: str, stops: Sequence[Stop], *, now: datetime, today: str, say: Say) -> Markup:
    """Numbered moments on a line from the first to the last; what lies close together stands on rows of its own."""
    start, end = min([now, *(one.at for one in stops)]), max([now, *(one.at for one in stops)])

    def draw(width: int) -> tuple[int, list[Markup]]:
        inner, left = width - 40, 20

        def across(at: datetime) -> float:
            return left + (at - start) / (end - start) * inner if end > start else left + inner / 2

        levels = _levels([across(one.at) for one in stops])
        base = 26 + 26 * (max(levels, default=0) + 1)
        parts = [
            _line(left, base, left + inner, base, "axis"),
            _line(across(now), 22, across(now), base + 6, "now"),
            _text(across(now), 14, today, _anchor(across(now), width, "label")),
            _text(left, base + 22, say(start), "label"),
            _text(left + inner, base + 22, say(end), "label end"),
        ]
        for one, level in zip(stops, levels, strict=True):
            x, y = across(one.at), base - 20 - 26 * level
            parts.insert(0, _line(x, y, x, base, "stem"))  # beneath all circles
            parts.append(
                Markup('<g class="stop {}"><title>{}</title><circle cx="{}" cy="{}" r="11"/>{}</g>').format(
                    "done" if one.done else "planned",
                    one.words,
                    _round(x),
                    _round(y),
                    _text(x, y + 4, str(one.number), "number middle"),
                )
            )
        return base + 30, parts

    return _picture("timeline", title, told, draw)


def _levels(places: Sequence[float], apart: float = 26) -> list[int]:
    """On which row each stands, so that none hides another; beyond LEVELS rows they may touch."""
    ends = [float("-inf")] * LEVELS
    found = []
    for place in places:
        level = next((number for number, end in enumerate(ends) if place - end >= apart), ends.index(min(ends)))
        ends[level] = place
        found.append(level)
    return found


def draw_curve(
    title: str,
    told: str,
    points: Sequence[Reached],
    flags: Sequence[Flag],
    *,
    until: datetime,
    say: Say,
    shown: Callable[[int], str],
) -> Markup:
    """The count over time, from nothing at the launch; mailings and the deadline are lines with a letter."""
    start = points[0].at
    end = max([until, *(one.at for one in points)])
    ticks = _ticks(max(one.total for one in points))

    def draw(width: int) -> tuple[int, list[Markup]]:
        left, right, top, height = 10 + 8 * max(len(shown(tick)) for tick in ticks), 12, 26, 180

        def across(at: datetime) -> float:
            return left + ((at - start) / (end - start) if end > start else 1) * (width - left - right)

        def up(total: float) -> float:
            return top + height * (1 - total / ticks[-1])

        parts = []
        for tick in ticks:
            parts.append(_line(left, up(tick), width - right, up(tick), "grid"))
            parts.append(_text(left - 6, up(tick) + 4, shown(tick), "label end"))
        for number, one in enumerate(flags):
            x = across(one.at)
            parts.append(_line(x, top, x, top + height, f"flag {'deadline' if one.letter == 'D' else ''}"))
            parts.append(
                Markup("<g><title>{}</title>{}</g>").format(
                    one.words, _text(x, top - 5 - 11 * (number % 2), one.letter, "value middle")
                )
            )
        path = _steps([(across(one.at), up(one.total)) for one in points])
        floor = up(0)
        area = f"{path} V{_round(floor)} H{_round(across(points[0].at))} Z"
        parts.append(Markup('<path class="area" d="{}"/><path class="curve" d="{}"/>').format(area, path))
        last = points[-1]
        parts.append(
            Markup('<circle class="tip" cx="{}" cy="{}" r="4"/>').format(
                _round(across(last.at)), _round(up(last.total))
            )
        )
        parts.append(_text(left, top + height + 20, say(start), "label"))
        parts.append(_text(width - right, top + height + 20, say(end), "label end"))
        return top + height + 28, parts

    return _picture("signatures", title, told, draw)


def _steps(places: Sequence[tuple[float, float]]) -> str:
    (x, y), *rest = places
    return f"M{_round(x)} {_round(y)} " + " ".join(f"L{_round(right)} {_round(up)}" for right, up in rest)


def _ticks(most: int) -> list[int]:
    """From nothing to no less than the most, in at most five even steps of 1, 2 or 5 and their tenfolds."""
    tens = 1
    while True:
        for step in (tens, 2 * tens, 5 * tens):
            if most <= MOST_STEPS * step:
                return [step * number for number in range(max(-(-most // step), 1) + 1)]
        tens *= 10


def _anchor(place: float, width: int, kind: str) -> str:
    if place > width - EDGE:
        return f"{kind} end"
    return kind if place < EDGE else f"{kind} middle"


def _round(number: float) -> str:
    return f"{number:.1f}"


def _text(x: float, y: float, words: str, kind: str) -> Markup:
    return Markup('<text x="{}" y="{}" class="{}">{}</text>').format(_round(x), _round(y), kind, escape(words))


def _line(x: float, y: float, to_x: float, to_y: float, kind: str) -> Markup:
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(
        _round(x), _round(y), _round(to_x), _round(to_y), kind
    )


def _box(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="3" class="{}"/>').format(
        _round(x), _round(y), _round(width), _round(height), kind
    )
