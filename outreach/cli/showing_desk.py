"""The desk before release, on a terminal."""

from outreach.cli.text import cut, table, when
from outreach.queries.desk import DeskLine, DeskPage, DeskPair

NAME_WIDTH = 60


def as_text(page: DeskPage, call: str, zone: str) -> str:
    """The desk in chapters, each with the commands that decide; an empty desk says what comes next."""
    chapters = [
        _chapter(
            "Nobody has decided about these",
            _undecided(page.undecided, zone),
            "outreach signatures accept NUMBER   or   reject NUMBER",
        ),
        _chapter(
            "Look at these names",
            _doubtful(page.doubtful),
            "outreach signatures check NUMBER   or   correct, ask, reject NUMBER",
        ),
        _chapter(
            "These may be one and the same",
            _pairs(page.pairs),
            "outreach signatures merge NUMBER INTO   or   distinct NUMBER OTHER",
        ),
        _chapter(
            "A body and its branch: two, unless you know better",
            _pairs(page.chapters),
            "outreach signatures distinct NUMBER OTHER   to see them no more",
        ),
        _chapter("Merged", _pairs(page.merged), "outreach signatures unmerge NUMBER"),
    ]
    shown = "\n\n".join(filter(None, chapters))
    return shown or f"The desk is clear. When signing has ended:  outreach letters sign-off {call}"


def _chapter(title: str, body: str, commands: str) -> str:
    return f"{title}\n{body}\n  {commands}" if body else ""


def _undecided(lines: tuple[DeskLine, ...], zone: str) -> str:
    rows = [(one.id, one.state, when(one.submitted_at, zone), one.address or "-", one.line) for one in lines]
    return table(("NO.", "STATE", "SUBMITTED", "MAILBOX", "NAME"), rows, empty="", gives_way=3)


def _doubtful(lines: tuple[DeskLine, ...]) -> str:
    rows = [(one.id, cut(one.line, NAME_WIDTH), "; ".join(one.doubts)) for one in lines]
    return table(("NO.", "NAME", "WHY"), rows, empty="", gives_way=1)


def _pairs(pairs: tuple[DeskPair, ...]) -> str:
    rows = [
        row
        for pair in pairs
        for row in (
            (pair.first.id, cut(pair.first.line, NAME_WIDTH), pair.why),
            (pair.second.id, cut(pair.second.line, NAME_WIDTH), ""),
        )
    ]
    return table(("NO.", "NAME", "WHY"), rows, empty="", gives_way=1)
