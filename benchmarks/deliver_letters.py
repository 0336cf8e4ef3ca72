"""What 193 private letters cost: merged, printed as PDF, and released, beside one press for each letter.

Each figure is the median of several runs. As a Markdown table.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from babel import Locale
from sqlmodel import select

from outreach.adapters.call_files import read_call
from outreach.adapters.press.printing import PrintingPress
from outreach.adapters.sample import make_workspace
from outreach.bootstrap import Outreach, open_workspace
from outreach.domain.addresses import address_digest
from outreach.domain.names import name_key
from outreach.domain.places import country_name
from outreach.domain.signatures import Origin, SignatureKind
from outreach.domain.states import CallState, SignatureState
from outreach.ports.press import Manuscript, PrintFormat
from outreach.queries.official_letters import Deliverable, deliverable, for_official
from outreach.rendering.letters.manuscript import manuscript
from outreach.store.addressees import find_letter
from outreach.store.letters_to_officials import ToOfficial, letters_to_officials
from outreach.store.tables import Fact, Holder, Letter, LetterText, Organisation, Post, Signature
from outreach.usecases.address_letter import address_letter
from outreach.usecases.create_call import create_call
from outreach.usecases.deliver_letter import Printed, deliver_letter
from outreach.usecases.sign_off import sign_off

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SLUG = "safe-passage"
SIGNED = 18
BODY = """Excellencies,

{% if facts.ratified_convention %}

We commend {{ official.state }} for its ratification on {{ facts.ratified_convention.date }}.

{% else %}

{{ official.state }} has not yet ratified the Convention; we ask it to do so.

{% endif %}

"""


def states(count: int) -> list[str]:
    """So many codes of countries."""
    codes = sorted(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())
    return [code for code in codes if code not in {"EU", "EZ", "UN", "XA", "XB", "XK", "ZZ"}][:count]


@contextmanager
def workspace(count: int) -> Iterator[Outreach]:
    """A letter whose list is signed off, addressed to so many missions; of the last State a fact is missing."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        make_workspace(root)
        app = open_workspace(root)
        with app.database.changing() as session:
            file = read_call(root / "templates/calls/safe-passage.toml", root / "templates")
            call = create_call(session, file, now=NOW, by="benchmark", house=app.house)
            call.state, call.launched_at, call.closed_at = CallState.CLOSED, NOW, NOW
            for text in session.exec(select(LetterText)).all():
                text.body = BODY + text.body
            for number in range(SIGNED):
                name = f"Harbour Lamp {number}"
                body = Organisation(name=name, name_key=name_key(name), created_at=NOW)
                session.add(body)
                session.flush()
                session.add(_signature(call.letter_id, call.id or 0, number, name, body.id))
            posts = [_post(app, code) for code in states(count)]
            session.add_all(posts)
            session.flush()
            session.add_all(_holder(post) for post in posts)
            session.add_all(_fact(code) for code in states(count)[:-1])
            session.flush()
            sign_off(session, call, now=NOW, by="benchmark", house=app.house)
            address_letter(session, session.get_one(Letter, call.letter_id), posts, now=NOW, by="benchmark")
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


def _post(app: Outreach, code: str) -> Post:
    address = f"mission-{code.lower()}@geneva.example"
    return Post(
        slug=f"mission-{code.lower()}",
        office=f"Permanent Mission of {country_name(code, 'en')}",
        state=code,
        languages=["en"],
        ways=["mail"],
        address=address,
        address_digest=address_digest(address, app.house.salt),
        postal_address=["1 Rue des Missions", "1200 Geneva", "SWITZERLAND"],
        created_at=NOW,
        updated_at=NOW,
    )


def _holder(post: Post) -> Holder:
    return Holder(
        post_id=post.id or 0,
        name=f"Vera Montes {post.state}",
        title={"en": "Permanent Representative"},
        form_of_address={"en": f"Her Excellency Ms. Vera Montes {post.state}"},
        salutation={"en": "Excellency,"},
        since=NOW.date() - timedelta(days=400),
        created_at=NOW,
        updated_at=NOW,
    )


def _fact(code: str) -> Fact:
    value = "yes" if ord(code[1]) % 2 else "no"
    return Fact(state=code, name="ratified_convention", value=value, since=date(2004, 7, 9), by="benchmark", at=NOW)


def timed(work: Callable[[], object]) -> float:
    """The seconds that some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def merged(app: Outreach) -> tuple[Deliverable, list[ToOfficial], list[Manuscript]]:
    """Every letter that can go, as the press gets it."""
    with app.database.reading() as session:
        what = deliverable(session, find_letter(session, SLUG))
        lines = letters_to_officials(session, what.letter, what.call, what.edition, day=NOW.date(), house=app.house)
        ready = [one for one in lines if not one.problems]
        shown = [
            for_official(session, what.call, what.edition, one, day=NOW.date(), house=app.house) for one in ready
        ]
        return what, ready, [manuscript(one) for one in shown]


def one_press_each(sheets: list[Manuscript], most: int) -> float:
    """The seconds for all letters when each has a press of its own, from the first so many."""
    press = PrintingPress()
    taken = timed(lambda: [press.typeset(sheet, PrintFormat.PDF) for sheet in sheets[:most]])
    return taken / min(most, len(sheets)) * len(sheets)


def released(app: Outreach, what: Deliverable, ready: list[ToOfficial], pages: list[bytes]) -> None:
    """Every letter released in a transaction of its own, then forgotten again."""
    for one, pdf in zip(ready, pages, strict=True):
        with app.database.changing(dry_run=True) as session:
            shown = for_official(session, what.call, what.edition, one, day=NOW.date(), house=app.house)
            deliver_letter(
                session,
                session.get_one(Letter, what.letter.id),
                what.call,
                what.edition,
                Printed(one, shown, pdf),
                way=None,
                authorised_by="",
                now=NOW,
                by="benchmark",
                house=app.house,
            )


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--letters", type=int, default=193)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--each", type=int, default=20, help="Letters printed with a press of their own.")
    given = arguments.parse_args()
    with workspace(given.letters) as app:
        what, ready, sheets = merged(app)
        press = PrintingPress()
        figures: dict[str, list[float]] = {"merged": [], "printed": [], "one press each": [], "released": []}
        pages: list[bytes] = []
        for _ in range(given.runs):
            figures["merged"].append(timed(lambda: merged(app)))
            began = time.perf_counter()
            pages = [page for page in press.typeset_many(sheets, PrintFormat.PDF) if isinstance(page, bytes)]
            figures["printed"].append(time.perf_counter() - began)
            figures["one press each"].append(one_press_each(sheets, given.each))
            began = time.perf_counter()
            released(app, what, ready, pages)
            figures["released"].append(time.perf_counter() - began)
    held = given.letters - len(ready)
    print(f"{given.letters} officials: {len(ready)} letters, {held} held back for a missing fact.")
    print(f"\n| what | seconds, median of {given.runs} | ms a letter |\n|---|---|---|")
    for what_was, taken in figures.items():
        median = statistics.median(taken)
        print(f"| {what_was} | {median:.2f} | {median / len(ready) * 1000:.0f} |")
    ratio = statistics.median(figures["one press each"]) / statistics.median(figures["printed"])
    print(f"\nOne press for all is {ratio:.1f} times as fast as one for each letter.")


if __name__ == "__main__":
    main()
