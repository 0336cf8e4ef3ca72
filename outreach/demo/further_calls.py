"""Two more calls of the demo's coalition, so that its console has something to do: one under way, one a draft."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from outreach.adapters.call_files import read_call
from outreach.domain.audiences import Audience
from outreach.domain.call_files import CallFile, LetterFile
from outreach.domain.deadlines import WallClock
from outreach.domain.reminders import parse_offset

HARBOURS, SHELTER = "open-harbours", "winter-shelter"

_HARBOURS = LetterFile(
    title="Keep the harbours open to those who rescue",
    addressee="Ministers responsible for ports and shipping",
    asks=(
        "Let every ship that carries rescued people enter the nearest safe harbour within a day.",
        "Publish each refusal of a harbour, with its reason and its date.",
    ),
    body="""\
Ministers,

Between October and January, nineteen ships with rescued people on board waited longer than a day off a closed
harbour. Two of them waited for nine days, in February, with children on deck.

## What we ask

1. Let every ship that carries rescued people enter the nearest safe harbour within a day.
2. Publish each refusal of a harbour, with its reason and its date.

A harbour is a public place. Whether it opens must not depend on who is on duty that night.

Respectfully,
""",
)
_SHELTER = LetterFile(
    title="A warm room for everyone, from the first frost",
    addressee="Mayors of the coastal towns",
    asks=("Open a heated shelter in every town from the first frost on, without asking for papers.",),
    body="""\
Mayors,

Last winter the sports halls opened in January. The first frost came in November.

We ask you to open a heated shelter in every town from the first frost on, without asking for papers.

Respectfully,
""",
)


def harbours(folder: Path, now: datetime) -> CallFile:
    """The call that is under way: three weeks to sign, one reminder soon, one close to the deadline."""
    return _further(
        folder,
        _HARBOURS,
        slug=HARBOURS,
        title="Keep the harbours open",
        deadline=_at_five(now + timedelta(days=22)),
        reminders=(parse_offset("15d 09:00"), parse_offset("3d 09:00")),
        audience=Audience(tags=("migration",), exclude_tags=("press",)),
    )


def shelter(folder: Path, now: datetime) -> CallFile:
    """The call that is a draft."""
    return _further(
        folder,
        _SHELTER,
        slug=SHELTER,
        title="A warm room for everyone",
        deadline=_at_five(now + timedelta(days=40)),
        reminders=(parse_offset("14d 09:00"),),
        audience=Audience(tags=("shelter",), exclude_tags=("press",)),
    )


def _further(folder: Path, letter: LetterFile, *, deadline: WallClock, **changes: object) -> CallFile:
    """As the sample call, with another letter; written in English only."""
    file = read_call(folder / "templates/calls/safe-passage.toml", folder / "templates")
    release = WallClock(deadline.local + timedelta(days=3, hours=-8), deadline.zone)
    texts = {key: text for key, text in file.texts.items() if key[1] == "en"}
    changes |= {"languages": ("en",), "letters": {"en": letter}, "texts": texts, "release": release}
    return replace(file, deadline=deadline, **changes)  # type: ignore[arg-type]


def _at_five(day: datetime) -> WallClock:
    return WallClock(day.replace(hour=17, minute=0, second=0, microsecond=0, tzinfo=None), "Europe/Brussels")
