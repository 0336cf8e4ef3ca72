"""How measurements are told: the machine, medians, tables, and the files that keep them in results/."""

import importlib.metadata
import json
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Section:
    """One table with what must be said about it, and the figures it was made from."""

    title: str
    text: str
    figures: Any


def machine(*packages: str) -> dict[str, str]:
    """What the figures were measured on, with the versions of ``packages`` in this Python."""
    versions = {name: importlib.metadata.version(name) for name in packages}
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **versions,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def median(values: Iterable[float]) -> float:
    """The middle one; not a number if there is none."""
    found = list(values)
    return statistics.median(found) if found else float("nan")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, aligned for the terminal too: the first column to the left, the others to the right."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(header))]

    def row(cells: Sequence[str]) -> str:
        first, *others = zip(cells, widths, strict=True)
        filled = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        return f"| {' | '.join(filled)} |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([row(lines[0]), row(rule), *(row(line) for line in lines[1:])])


def write(sections: Iterable[Section], about: Mapping[str, str]) -> Path:
    """Keep the sections in today's Markdown and JSON of this machine; the Markdown's path.

    A section that was measured earlier today is replaced, the others stay.
    """
    KEPT.mkdir(exist_ok=True)
    path = KEPT / f"{datetime.now(UTC):%Y-%m-%d}-{platform.node()}.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"machine": {}, "sections": {}}
    kept["machine"].update(about)
    for section in sections:
        kept["sections"][section.title] = {"text": section.text, "figures": section.figures}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = ["# Measured\n", *(f"- {name}: {value}" for name, value in kept["machine"].items())]
    lines += [f"\n## {title}\n\n{each['text']}" for title, each in kept["sections"].items()]
    document = path.with_suffix(".md")
    document.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return document
