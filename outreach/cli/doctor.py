"""``outreach doctor``: whether all that the workspace depends on works, and what to do where it does not."""

import asyncio
from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, reads
from outreach.cli.text import sentences
from outreach.domain.health import Finding, Level, in_order
from outreach.queries.health import as_data, known_health
from outreach.queries.limits_left import LimitLeft, limits_left
from outreach.queries.limits_left import as_data as limits_data
from outreach.worker.probing import probe

app = typer.Typer(rich_markup_mode=None)
LIMITS = {
    "minute": "Mails in any minute",
    "hour": "Mails in any hour",
    "day": "Mails in any 24 hours",
    "confirmations": "Confirmations to strangers in any hour",
}
ADVICE = " " * 9 + "-> "


@reads(app, "doctor")
def doctor(
    desk: Desk,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody outside: no mail server, no mailbox, no DNS.")
    ] = False,
) -> Answer:
    """Look whether everything works, and say what to do where it does not.

    It logs in at the mail server and the mailbox, sends no mail, and reads none.
    """
    probed = asyncio.run(probe(desk.app, offline=offline))
    found = in_order([*known_health(desk.session, now=desk.now, house=desk.house), *probed])
    limits = limits_left(desk.session, now=desk.now, house=desk.house)
    faults = sum(one.level is Level.FAULT for one in found)
    data = {"findings": as_data(found), "limits": limits_data(limits)}
    text = "\n".join([*map(_line, found), "", *map(_limit, limits)])
    return Answer(data, text, (_count(faults),) if faults else ())


def _line(one: Finding) -> str:
    said = sentences(f"{one.check}: {one.found}", before=f"{one.level:9}", then=" " * 9)
    return "\n".join(filter(None, (said, one.advice and sentences(one.advice, before=ADVICE, then=" " * 12))))


def _limit(one: LimitLeft) -> str:
    until = f", until {one.until:%Y-%m-%d %H:%M} UTC" if one.until else ""
    return f"{LIMITS[one.name]}: {one.used:,} of {one.limit:,} are used{until}."


def _count(faults: int) -> str:
    return "There is 1 fault." if faults == 1 else f"There are {faults} faults."
