"""The correspondence and its rounds in a real browser, readable for everybody on every screen."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from sqlmodel import select

from outreach.domain.correspondence import AnswerKind, DraftAnswer
from outreach.store.tables import Addressee, Letter, Organisation, Post
from outreach.usecases.file_answer import file_answer
from tests import exchange, inbound, make, officials, rounds
from tests.parts.chromium import chromium
from tests.rounds import HOME, THEN
from tests.web.console.answered import CORRESPONDENCE, OFFICIALS
from tests.web.console.browsing import logged_in, served
from tests.web.console.seated import seated
from tests.web.visit import Visit

LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (390, "light"),
    (1280, "dark"),
    (1280, "light"),
    (390, "dark"),
)


def story(here: Visit) -> dict[str, str]:
    """A letter to four offices, an answer by mail and one by post, a response that is being approved; the pages."""
    here.app = replace(here.app, folder=make.ROOT)
    house = here.app.house
    with here.app.database.changing() as session:
        made = rounds.opened(session, house)
        made.says("one", DraftAnswer.APPROVES)
        made.says("two", DraftAnswer.ASKS_FOR_CHANGE, "Please name the ports that are closed, and since when.")
        made.amends()
        letter = session.get_one(Addressee, made.answer.addressee_id or 0)
        chile = letter.post_id
        numbers = []
        for slug, state, name in (("kenya-geneva", "KE", "Amina Otieno"), ("peru-geneva", "PE", "Tomás Rivas")):
            there: dict[str, Any] = {"institution": f"Mission of {state}", "address": f"{slug}@geneva.example"}
            post = officials.post(session, slug, state=state, **there)
            officials.holder(session, post, name)
            asked = session.get_one(Letter, made.earlier.letter_id)
            numbers.append(exchange.gone(session, house, asked, post, at=rounds.LEFT).id or 0)
        kenya, peru = numbers
        to_peru = session.get_one(Addressee, peru)
        mail = inbound.written("Peru <peru-geneva@geneva.example>", "We have your letter.", to=inbound.OURS)
        reply = inbound.arrived(session, house, mail, at=THEN)
        post = session.get_one(Post, to_peru.post_id)
        filed = file_answer(session, reply, post, to_peru, now=THEN, house=house, by="Rosa").id
        second = made.answer.id
        four = session.exec(select(Organisation.id).where(Organisation.name == HOME["four"])).one()
        loose = rounds.answer(session, post, kind=AnswerKind.ACKNOWLEDGEMENT, sender="The registry").id
    here.clock.turn(THEN - here.clock.now())
    response = "/console/calls/response"
    return {
        "list": CORRESPONDENCE,
        "overdue": f"{OFFICIALS}/overdue",
        "official": f"{OFFICIALS}/{chile}",
        "log": f"{OFFICIALS}/{chile}/log",
        "enquire": f"{CORRESPONDENCE}/{kenya}/enquire",
        "too-early": f"{CORRESPONDENCE}/{peru}/enquire",
        "answer": f"{CORRESPONDENCE}/answers/{second}",
        "mail": f"{CORRESPONDENCE}/answers/{filed}",
        "loose": f"{CORRESPONDENCE}/answers/{loose}",
        "respond": f"{CORRESPONDENCE}/answers/{second}/respond",
        "round": f"{response}/round",
        "member": f"{response}/round/{four}",
        "import": f"{OFFICIALS}/import/officials",
    }


def pictures() -> Path | None:
    """Where the pages' pictures go, if somebody wants to look at them."""
    folder = os.environ.get("OUTREACH_PICTURES", "")
    return Path(folder) if folder else None


def test_the_correspondence_can_be_read_by_everybody_on_every_screen(here: Visit) -> None:
    pages, folder = story(here), pictures()
    seated(here)
    with served(here) as base, chromium() as browser:
        for width, scheme in LOOKS if folder else LOOKS[:2]:
            context = logged_in(browser, base, viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            for name, path in pages.items():
                page.goto(f"{base}{path}")
                if folder:
                    page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
                page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
                found = Axe().run(page)
                assert found.violations_count == 0, (path, found.generate_report())
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            context.close()
