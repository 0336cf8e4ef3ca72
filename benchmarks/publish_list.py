"""What a long list costs: the desk, the sign-off, the public pages and every form, for two lists side by side.

Each figure is the median of several runs; the last column is what ten or a hundred times as many signatures cost
in proportion. As a Markdown table.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx

from outreach.adapters.call_files import read_call
from outreach.adapters.press.printing import PrintingPress
from outreach.adapters.sample import make_workspace
from outreach.bootstrap import Outreach, open_workspace
from outreach.domain.names import name_key
from outreach.domain.signatures import Origin, SignatureKind
from outreach.domain.states import CallState, SignatureState
from outreach.queries.desk import desk
from outreach.queries.publications import find_edition, publication
from outreach.store.calls import find_call
from outreach.store.tables import Organisation, Signature
from outreach.usecases.create_call import create_call
from outreach.usecases.release_call import release_call
from outreach.usecases.render_letter import LetterFormat, written_as
from outreach.usecases.sign_off import sign_off
from outreach.web.app import build_app

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
WORDS = [
    "Harbour",
    "Lamp",
    "Casa",
    "del",
    "Muelle",
    "Réseau",
    "Côte",
    "Łódź",
    "Refuge",
    "Coalición",
    "Norte",
    "Women",
    "Migrants",
    "Legal",
    "Centre",
    "Rights",
    "Watch",
    "Network",
    "Alliance",
    "Foundation",
    "Youth",
    "Council",
    "Port",
    "Bridge",
    "Shelter",
    "Voice",
    "Justice",
    "Dignity",
    "Passage",
    "Shore",
]
SLUG = "safe-passage"


def names(count: int) -> Iterator[str]:
    """Invented names, no two alike, as long as real ones are."""
    for number in range(count):
        picked = [WORDS[number * factor // 7 % len(WORDS)] for factor in (3, 11, 5, 17)]
        yield f"{' '.join(dict.fromkeys(picked))} {number}"


@contextmanager
def workspace(count: int) -> Iterator[Outreach]:
    """A closed call with so many confirmed signatures."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        make_workspace(root)
        app = open_workspace(root)
        with app.database.changing() as session:
            file = read_call(root / "templates/calls/safe-passage.toml", root / "templates")
            call = create_call(session, file, now=NOW, by="benchmark", house=app.house)
            call.state, call.launched_at, call.closed_at = CallState.CLOSED, NOW, NOW
            session.add(call)
            for number, name in enumerate(names(count)):
                body = Organisation(name=name, name_key=name_key(name), created_at=NOW)
                session.add(body)
                session.flush()
                session.add(_signature(call.letter_id, call.id or 0, number, name, body.id))
        try:
            yield app
        finally:
            app.database.close()


def _signature(letter: int, call: int, number: int, name: str, body: int | None) -> Signature:
    return Signature(
        letter_id=letter,
        letter_version=1,
        call_id=call,
        kind=SignatureKind.ORGANISATION,
        state=SignatureState.CONFIRMED,
        name=name,
        signer_key=f"named {number}",
        organisation_id=body,
        origin=Origin.IMPORT,
        submitted_at=NOW,
        confirmed_at=NOW,
    )


def timed(work: Callable[[], object]) -> float:
    """The seconds that some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def page(app: Outreach, path: str) -> float:
    """The seconds for one visit of a page, the application built and warm."""

    async def visited() -> float:
        transport = httpx.ASGITransport(build_app(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
            (await client.get(path)).raise_for_status()
            began = time.perf_counter()
            (await client.get(path)).raise_for_status()
            return time.perf_counter() - began

    return asyncio.run(visited())


def measured(count: int) -> dict[str, float]:
    """Seconds for each thing that is done with a list of that length."""
    with workspace(count) as app:
        found: dict[str, float] = {}
        with app.database.reading() as session:
            call = find_call(session, SLUG)
            found["the desk: doubts and pairs"] = timed(lambda: desk(session, call))
        with app.database.changing() as session:
            call = find_call(session, SLUG)
            house = app.house
            found["sign-off: order, freeze, hash"] = timed(
                lambda: sign_off(session, call, now=NOW, by="benchmark", house=house)
            )
            release_call(session, call, now=NOW, by="benchmark", house=house)
        found["the letter's page"] = page(app, f"/letters/{SLUG}")
        found["a page of the list"] = page(app, f"/letters/{SLUG}/signatories?page=2")
        with app.database.reading() as session:
            call = find_call(session, SLUG)
            shown = publication(session, call, house=app.house, edition=find_edition(session, call))
        for form in LetterFormat:
            found[form.value] = timed(partial(written_as, shown, form, PrintingPress()))
        return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--few", type=int, default=271)
    parser.add_argument("--many", type=int, default=10_000)
    given = parser.parse_args()
    runs: dict[int, list[dict[str, float]]] = {given.few: [], given.many: []}
    for _ in range(given.runs):  # side by side, so that a busy moment of the machine meets both
        for count, of_that in runs.items():
            of_that.append(measured(count))
    print(f"| seconds | {given.few:,} signatures | {given.many:,} signatures | for each, in proportion |")
    print("|---|---:|---:|---:|")
    for what in runs[given.few][0]:
        few, many = (statistics.median(run[what] for run in runs[count]) for count in (given.few, given.many))
        proportion = (many / given.many) / (few / given.few)
        print(f"| {what} | {few:.3f} | {many:.2f} | {proportion:.2f} |")


if __name__ == "__main__":
    main()
