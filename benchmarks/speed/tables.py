"""Tells what was measured as tables that fit a terminal."""

from collections.abc import Mapping

from results import Section, table

from speed.measuring import Pace, Series
from speed.parts import Measured

HEADER = ("sender", "messages/s", "spread", "CPU ms", "MiB", "bytes", "mails")
MEMORY = HEADER.index("MiB")


def told_part(measured: Measured, pace: Pace, sizes: Mapping[str, int]) -> Section:
    """The table of a part: medians, how far the runs lie apart, and how many mails each run sent."""
    header = list(HEADER)
    rows = [_row(label, one, sizes) for label, one in measured.series.items() if one.runs]
    if measured.per_connection:
        for line, said in ((header, "each"), *((row, _each(measured.series[row[0]])) for row in rows)):
            line[MEMORY] = said
    absent = [f"- {label} {one.trouble}" for label, one in measured.series.items() if one.trouble]
    about = f"{measured.about}\nMedians of {pace.rounds} rounds; CPU ms, of user and system, for one message."
    text = "\n\n".join(filter(None, (about, table(header, rows), "\n".join(absent))))
    return Section(measured.title, text, {label: one.figures() for label, one in measured.series.items()})


def _row(label: str, one: Series, sizes: Mapping[str, int]) -> list[str]:
    rates = [run.rate for run in one.runs]
    spread = f"{(max(rates) - min(rates)) / one.rate:.0%}"
    size = f"{sizes.get(one.contender.sender.name, 0):,}"
    return [label, _number(one.rate), spread, f"{one.cpu * 1000:.3f}", f"{one.rss_mib:.0f}", size, f"{one.count:,}"]


def _each(one: Series) -> str:
    return _number(one.rate / one.contender.connections)


def _number(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}"
