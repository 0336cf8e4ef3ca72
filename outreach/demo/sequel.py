"""What happens after the demo's story: the letter goes to officials, and the next call is under way.

The story is judged before; this is there to be looked at in the console.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from outreach.adapters.official_files import read_facts, read_officials
from outreach.demo.answers import from_the_office
from outreach.demo.further_calls import harbours, shelter
from outreach.demo.staff import DARNELL_AT
from outreach.demo.stage import BY, Stage
from outreach.demo.story import Scene, play, settled
from outreach.domain.officials import Way
from outreach.ports.press import PrintFormat
from outreach.queries.official_letters import deliverable
from outreach.store.addressees import find_letter
from outreach.store.officials import choose_posts
from outreach.usecases.address_letter import address_letter
from outreach.usecases.ask_to_launch import ask_to_launch
from outreach.usecases.authorise_letter import authorise_letter
from outreach.usecases.create_call import create_call
from outreach.usecases.import_facts import import_facts
from outreach.usecases.import_officials import import_officials
from outreach.usecases.launch_call import launch_call
from outreach.worker.delivering import DeliveryRun, deliver_all, letters_to_go

AT: Final = "Geneva"
"""The letter goes to the missions there."""
UNDER_WAY: Final = timedelta(days=14)
"""How long the next call has been open when the console is looked at."""
ANSWERS: Final = {
    "mission-chl@geneva.example": (
        timedelta(days=6),
        "Excellencies,\n\nour Government shares your concern. See our reference: CHL/17/2027.\n",
    ),
    "mission-sen@geneva.example": (
        timedelta(days=2),
        "Madame,\n\nNous accusons réception de votre lettre, qui a été transmise à notre capitale.\n",
    ),
}
"""What two of the missions write back, and after how long."""


async def play_on(stage: Stage, *, shown: Callable[[Scene], None] = lambda _scene: None) -> None:
    """On the next Monday: bring the letter to its officials, launch the next call, and let two weeks pass."""
    stage.clock.turn_to(_monday(stage.clock.now()))
    await asyncio.to_thread(_to_officials, stage)
    await settled(stage)
    second = await asyncio.to_thread(_launch_next, stage)
    start = stage.clock.now()
    for address, (after, words) in sorted(ANSWERS.items(), key=lambda one: one[1][0]):
        await play(second, shown=shown, until=start + after)
        _answer(stage, address, words)
    await play(second, shown=shown, until=start + UNDER_WAY)


def _monday(now: datetime) -> datetime:
    """The next Monday morning."""
    return (now + timedelta(days=7 - now.weekday())).replace(hour=8, minute=30, second=0, microsecond=0)


def _to_officials(stage: Stage) -> None:
    app, now, folder = stage.app, stage.clock.now(), stage.app.folder
    with app.database.changing() as session:
        posts = read_officials(folder / "contacts/officials.csv")
        import_officials(session, posts.rows, posts.columns, now=now, by=BY, house=app.house)
        facts = read_facts(folder / "contacts/facts.csv")
        import_facts(session, facts.rows, facts.columns, now=now, by=BY, house=app.house)
        letter = find_letter(session, stage.call.slug)
        there = [post for post in choose_posts(session, all=True) if AT in post.institution]
        address_letter(session, letter, there, now=now, by=BY)
        authorise_letter(session, letter, now=now, by=DARNELL_AT)
    with app.database.reading() as session:
        _deliver(stage, session, now)


def _deliver(stage: Stage, session: Session, now: datetime) -> None:
    """By mail, to every mission whose letter nothing holds back."""
    app = stage.app
    letter = find_letter(session, stage.call.slug)
    ready = letters_to_go(session, letter, (), now=now, house=app.house).ready
    run = DeliveryRun(Way.MAIL, PrintFormat.PDF, "", now, BY, app.house)
    what = deliverable(session, letter)
    deliver_all(app.database, session, app.press, what, ready, run, tell=lambda _count: None)


def _launch_next(stage: Stage) -> Stage:
    """The stage with the next call on it. A third one stays a draft that waits for a second person."""
    app, now, folder = stage.app, stage.clock.now(), stage.app.folder
    with app.database.changing() as session:
        call = create_call(session, harbours(folder, now), now=now, by=BY, house=app.house)
        launched = launch_call(session, call, now=now, by=BY, house=app.house, authorised_by=DARNELL_AT)
    with app.database.changing() as session:
        draft = create_call(session, shelter(folder, now + UNDER_WAY), now=now, by=BY, house=app.house)
        ask_to_launch(session, draft, now=now, by=BY, house=app.house)
    return replace(stage, call=call, launched=launched, launched_at=now)


def _answer(stage: Stage, address: str, words: str) -> None:
    """The office answers the mail that brought the letter."""
    brought = next(arrival for arrival in stage.world.since(0) if arrival.address == address)
    stage.world.deliver(*from_the_office(brought, words, stage.clock.now()))
