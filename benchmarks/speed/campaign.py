"""The one mail that everybody sends: an invitation of about eight KiB, in text and HTML, to invented people."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from outreach.adapters.clock import SystemClock
from outreach.config.house import House
from outreach.store.database import Database
from tests import make

GIVEN = ("Idris", "Amina", "Rosa", "Tomas", "Leila", "Jonas", "Mireille", "Kwame", "Ines", "Pavel", "Nadia", "Otto")
TOWNS = 997
"""So many domains the people's addresses are of."""
FIRST: dict[str, Any] = {
    "address": "wilhelmina@zuiderlicht.example",
    "given_name": "Wilhelmina",
    "name": "Wilhelmina Zonneveld",
    "organisation": "Zuiderlicht Collective",
}
"""The first person: nothing of her name stands anywhere else in the mail."""
SITE = "http://127.0.0.1:8080"
UNLIMITED = dict.fromkeys(("per_minute", "per_hour", "per_day", "domain_per_minute"), 10**6)


class ClockFromNoon(SystemClock):
    """Begins at noon of a working day, whenever it is looked at, so that no quiet hours hold anything back."""

    def __init__(self) -> None:
        self._ahead = make.NOON + timedelta(minutes=1) - datetime.now(UTC)

    def now(self) -> datetime:
        """The present instant, moved."""
        return super().now() + self._ahead


def house(database: Database, *, port: int = 2525, connections: int = 16, ca: str = "") -> House:
    """The workspace's settings: nothing is held back, and the sink is the mail account."""
    account: dict[str, Any] = {"host": "localhost", "port": port, "hello_name": "localhost"}
    account |= {"security": "tls", "ca_file": ca} if ca else {"security": "none"}
    return make.house(database, limits={**UNLIMITED, "connections": connections}, smtp=account)


def call() -> dict[str, Any]:
    """What differs from the sample's call: a shorter letter, so that the whole mail has about eight KiB."""
    letter = make.sample_call().letters["en"]
    short = "\n\n".join(letter.body.split("\n\n")[:2])
    said = {"en": replace(letter, body=short, asks=letter.asks[:1])}
    return {"letters": said, "languages": ("en",), "background": (), "release": None}


def people(count: int) -> Iterator[dict[str, str]]:
    """What a rival is told of each: whom it writes to, and the words for the templates."""
    for number in range(1, count + 1):
        yield {
            "email": f"person{number}@town{number % TOWNS}.example",
            "given_name": GIVEN[number % len(GIVEN)],
            "organisation": f"Harbour Lamp {number}",
            "sign": f"{SITE}/sign/AQE{number:016d}",
            "sign_alone": f"{SITE}/sign/AQH{number:016d}",
            "opt_out": f"{SITE}/opt-out/AQO{number:016d}",
        }
