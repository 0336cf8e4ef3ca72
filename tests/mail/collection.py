"""The collection of mails: what each is, what it is taken for, and the table that sets them side by side."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from outreach.domain.replies import REPLIES, ReplyKind
from outreach.reading.rules import Understood
from outreach.reading.understanding import hear

FOLDER = Path(__file__).parent
KNOWN = ("machines", "people")
"""The rules were made with these in sight."""
KEPT_ASIDE = ("held-out", "held-out-2", "held-out-3")
"""These were written without sight of the rules, and opened when the rules stood."""
TABLE = FOLDER / "README.md"
HEAD = """\
# Mails that come back

Each `.eml` is written as a real program or server writes it; all people in them are invented. The `table.csv` of a
folder says what a careful person would take each for, and a `.txt` beside a mail holds what its writer newly wrote.
What the rules make of each is the table below: `python -m tests.mail.collection` writes it anew, and
`tests/mail/test_collection.py` holds it to the figures that we promise.

The rules were made with `machines` and `people` in sight. The others were written without sight of the rules and
opened when those stood; what they said at first sight, before anything was mended, is the honest figure:

| at first sight | kind right | bounces | other automatic mail | a person's taken for a machine's | new text exact |
|---|---:|---:|---:|---:|---:|
| held-out | 70 of 78 | 24 of 25 | 17 of 18 | 0 | 34 of 35 |
| held-out-2 | 82 of 95 | 31 of 31 | 16 of 22 | 1 | 39 of 42 |
| held-out-3 | 66 of 80 | 23 of 24 | 16 of 20 | 0 | 36 of 36 |

Nothing suppressed an address wrongly in any; one mail of the first and one of the third was wrongly taken for an
opt-out. The rules were mended after each, for the third hardly at all. What follows is what they say now.

"""


@dataclass(frozen=True)
class Sample:
    """One mail, and what it is expected to be; ``text`` is None for what a machine wrote."""

    folder: str
    name: str
    kind: ReplyKind
    recipient: str
    status: str
    reason: str
    suppresses: bool
    until: str
    text: str | None

    @property
    def raw(self) -> bytes:
        return (FOLDER / self.folder / f"{self.name}.eml").read_bytes()

    @cached_property
    def heard(self) -> Understood:
        """What the rules make of it."""
        return hear(self.raw).understood

    @property
    def automatic(self) -> bool:
        return REPLIES[self.kind].automatic

    @property
    def cut_exactly(self) -> bool:
        """Whether the new text is what the person wrote, white space aside."""
        return self.text is not None and self.text.split() == self.heard.new_text.split()

    @property
    def would_suppress(self) -> bool:
        return any(failure.suppresses for failure in self.heard.failures)


@cache
def samples(*folders: str) -> tuple[Sample, ...]:
    """The samples of these folders, or of all."""
    return tuple(one for folder in folders or (*KNOWN, *KEPT_ASIDE) for one in _read(folder))


def _read(folder: str) -> Iterator[Sample]:
    with (FOLDER / folder / "table.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            text = FOLDER / folder / f"{row['sample']}.txt"
            yield Sample(
                folder,
                row["sample"],
                ReplyKind(row["kind"]),
                row["recipient"],
                row["status"],
                row["reason"],
                row["suppresses"] == "yes",
                row["until"],
                text.read_text(encoding="utf-8") if text.exists() else None,
            )


def table() -> str:
    """The table of all samples as a page of Markdown, with the figures of each folder above it."""
    lines = [
        "| folder | mails | kind right | new text exact | would suppress wrongly |",
        "|---|---:|---:|---:|---:|",
    ]
    for folder in (*KNOWN, *KEPT_ASIDE):
        each = samples(folder)
        texts = [one for one in each if one.text is not None]
        right = sum(one.heard.kind is one.kind for one in each)
        exact = f"{sum(one.cut_exactly for one in texts)} of {len(texts)}" if texts else ""
        wrongly = sum(one.would_suppress and not one.suppresses for one in each)
        lines.append(f"| {folder} | {len(each)} | {right} | {exact} | {wrongly} |")
    lines += ["", "| sample | expected | recognised | by the rule | new text |", "|---|---|---|---|---|"]
    for one in samples():
        kind = one.heard.kind if one.heard.kind is one.kind else f"**{one.heard.kind}**"
        text = "" if one.text is None else "exact" if one.cut_exactly else "**not exact**"
        lines.append(f"| {one.folder}/{one.name} | {one.kind} | {kind} | {one.heard.rule} | {text} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
