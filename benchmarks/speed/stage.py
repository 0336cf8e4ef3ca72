"""Makes ready what every measurement needs: people, templates, workspaces, and a look at everybody's mail."""

import json
import sys
from pathlib import Path

from speed.campaign import people
from speed.installing import NotInstalledError
from speed.ledgers import SqliteLedgers
from speed.measuring import MOST, Pace, Stage
from speed.sample import kept_mail, write_texts
from speed.senders import OURS, RIVALS, FailedError
from speed.stopwatch import Order


def prepared(folder: Path, pace: Pace) -> tuple[Stage, SqliteLedgers, dict[str, int]]:
    """The stage, the workspaces, and how many bytes a mail of each sender has on the wire."""
    stage, ledgers = Stage(folder, pace), SqliteLedgers(folder / "ledgers")
    with stage.people.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(person) + "\n" for person in people(max(MOST, pace.messages)))
    first = Order(0, 1, 1, str(folder / "first"), database=ledgers.fresh(1))
    mail = kept_mail(OURS, first, folder / "mails" / OURS.name)
    write_texts(mail, stage.texts)
    sizes = {OURS.name: len(mail)}
    for rival in RIVALS:
        own = folder / "first" / rival.name.replace(" ", "-")
        order = Order(0, 1, 1, str(own), people=str(stage.people), texts=str(stage.texts))
        try:
            print(f"Looking at a mail of {rival.name}", file=sys.stderr)
            sizes[rival.name] = len(kept_mail(rival, order, folder / "mails" / rival.name))
        except (NotInstalledError, FailedError) as trouble:
            print(f"{rival.name}: {trouble}", file=sys.stderr)
    return stage, ledgers, sizes
