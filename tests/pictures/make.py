"""Takes the pictures: every page of the demo's console and its public pages, light and dark, wide and narrow.

All of them go to build/pictures/, the chosen ones to docs/pictures/ as well. ``make pictures`` runs it;
``make pictures ONLY="home call"`` takes only the pages whose names hold one of these words.
"""

import asyncio
import logging
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import structlog
from playwright.sync_api import Browser, BrowserContext, Page
from sqlmodel import Session, col, select

from outreach.demo.sequel import play_on
from outreach.demo.stage import Stage, staged, story_start
from outreach.demo.story import play
from outreach.domain.replies import ReplyKind
from outreach.domain.states import AddresseeState, ReplyState
from outreach.store.tables import Addressee, Answer, Contact, Message, Post, Reply, Signature
from outreach.worker.probing import Prober
from outreach.worker.work import work
from tests.parts.chromium import chromium
from tests.pictures.compact import compact

ROOT = Path(__file__).parent.parent.parent
BUILD, DOCS = ROOT / "build" / "pictures", ROOT / "docs" / "pictures"
WIDTHS = (1280, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HEIGHTS = {1280: 860, 390: 844}
TALLEST = 1100
"""A chosen picture shows so much of a page at most."""
STILL = "document.querySelectorAll('.saving').forEach((one) => { one.style.position = 'static' })"
"""In a picture of a whole page what sticks to the window's edge would lie in its midst."""
CHOSEN = frozenset(
    {"home", "call", "letter", "audience", "schedule", "mails", "check", "replies", "signatures", "contacts"}
    | {"import", "officials", "correspondence", "log", "health"}
)
OPEN, DONE, DRAFT = "open-harbours", "safe-passage", "winter-shelter"
FIRST_PICTURE = datetime(2027, 3, 22, 8, 40, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class View:
    """A page: its name, where it is, and whose: a stranger's, Rosa's or Darnell's."""

    name: str
    path: str
    who: str = "rosa"


def views(stage: Stage) -> list[View]:
    """Every page that is worth a picture."""
    with stage.app.database.reading() as session:
        return [*_public(stage), *_rooms(), *_calls(session), *_people(session), *_letters(session)]


def _public(stage: Stage) -> list[View]:
    """The pages of strangers, and those behind the links in the newest invitation."""
    text = [one for one in stage.world.since(0) if one.kind == "invitation"][-1].text()
    links = {door: re.findall(rf"{stage.base_url}(/{door}/[\w-]+)", text) for door in ("sign", "opt-out")}
    return [
        View("public-front", "/", "stranger"),
        View("public-letter", f"/letters/{OPEN}", "stranger"),
        View("public-released", f"/letters/{DONE}", "stranger"),
        View("public-list", f"/letters/{DONE}/signatories", "stranger"),
        View("public-form", f"/letters/{OPEN}/organisation", "stranger"),
        *(View(f"public-{door}", paths[0], "stranger") for door, paths in links.items() if paths),
        View("log-in", "/console/log-in", "stranger"),
    ]


def _rooms() -> list[View]:
    rooms = (
        "calls",
        "replies",
        "contacts",
        "organisations",
        "suppressions",
        "officials",
        "correspondence",
        "letters",
    )
    more = ("outbox", "tasks", "log", "me", "calls/new", "contacts/new", "contacts/import", "replies/log")
    return [
        View("home", "/console"),
        *(View(path.replace("/", "-"), f"/console/{path}") for path in (*rooms, *more)),
        View("officials-overdue", "/console/officials/overdue"),
        View("device", "/console/device"),
        View("health", "/console/health", "darnell"),
        View("users", "/console/users", "darnell"),
        View("home-second-person", "/console", "darnell"),
        View("nowhere", "/console/nowhere"),
    ]


def _calls(session: Session) -> list[View]:
    signed = session.exec(select(Signature.id).order_by(col(Signature.id).desc())).first()
    message = session.exec(
        select(Message.id).where(Message.state == "failed").order_by(col(Message.id).desc())
    ).first()
    return [
        View("call", f"/console/calls/{OPEN}"),
        View("call-released", f"/console/calls/{DONE}"),
        View("call-draft", f"/console/calls/{DRAFT}"),
        View("silent", f"/console/calls/{OPEN}/silent"),
        View("signatures", f"/console/calls/{OPEN}/signatures"),
        View("signatures-list", f"/console/calls/{OPEN}/signatures/list"),
        View("signatures-add", f"/console/calls/{OPEN}/signatures/add"),
        View("signatures-import", f"/console/calls/{OPEN}/signatures/import"),
        View("signature", f"/console/signatures/{signed}"),
        View("call-log", f"/console/calls/{OPEN}/log"),
        View("editions", f"/console/calls/{DONE}/editions"),
        View("follow-up", f"/console/calls/{DONE}/follow-up"),
        *(
            View(one, f"/console/calls/{DRAFT}/make/{one}")
            for one in ("letter", "audience", "schedule", "mails", "check")
        ),
        View("check-second-person", f"/console/calls/{DRAFT}/make/check", "darnell"),
        View("mail", f"/console/outbox/{message}"),
    ]


def _people(session: Session) -> list[View]:
    waiting = session.exec(
        select(Reply.id).where(Reply.state == ReplyState.WAITING, Reply.kind == ReplyKind.QUESTION)
    )
    signs = session.exec(select(Reply).where(Reply.kind == ReplyKind.SIGNS).order_by(col(Reply.id).desc())).first()
    contact = signs.contact_id if signs else session.exec(select(Contact.id)).first()
    organisation = signs.organisation_id if signs else 1
    return [
        View("contact", f"/console/contacts/{contact}"),
        View("contact-edit", f"/console/contacts/{contact}/edit"),
        View("organisation", f"/console/organisations/{organisation}"),
        View("reply-question", f"/console/replies/{waiting.first()}"),
        View("reply-signs", f"/console/replies/{signs.id if signs else 1}"),
    ]


def _letters(session: Session) -> list[View]:
    answered = session.exec(select(Addressee).where(Addressee.state == AddresseeState.ANSWERED)).first()
    number = answered.id if answered else 1
    post = answered.post_id if answered else session.exec(select(Post.id)).first()
    answer = session.exec(select(Answer.id)).first()
    parts: tuple[str, ...] = (
        "officials",
        "officials/after",
        "officials/attachments",
        "officials/check",
        "officials/choose",
    )
    parts += ("officials/deliver", "officials/note", f"officials/{number}")
    return [
        *(View(f"letter-{one.replace('/', '-')}", f"/console/calls/{DONE}/{one}") for one in parts),
        View("official", f"/console/officials/{post}"),
        View("official-log", f"/console/officials/{post}/log"),
        View("correspondence-thread", f"/console/correspondence/{number}"),
        View("correspondence-answer", f"/console/correspondence/answers/{answer}"),
        View("correspondence-respond", f"/console/correspondence/answers/{answer}/respond"),
        View("correspondence-enquire", f"/console/correspondence/{number}/enquire"),
    ]


def main(only: Sequence[str]) -> None:
    """Play the demo, then take every picture; those of pages that are not there are left out and named."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with (
        tempfile.TemporaryDirectory(prefix="outreach-pictures-") as folder,
        staged(Path(folder) / "workspace", story_start()) as stage,
    ):
        asyncio.run(play(stage, shown=lambda _scene: None))
        asyncio.run(play_on(stage))
        stage.clock.turn_to(FIRST_PICTURE)
        Prober(stage.app).once()
        with chromium() as browser:
            _take_all(stage, browser, only)


def _take_all(stage: Stage, browser: Browser, only: Sequence[str]) -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    every = [*views(stage), *_imported(stage, browser)]
    wanted = [view for view in every if not only or any(word in view.name for word in only)]
    missing = set[str]()
    for width in WIDTHS:
        for scheme in SCHEMES:
            people = _people_at(stage, browser, width, scheme)
            for view in wanted:
                if not _take(stage, people[view.who].pages[0], view, width, scheme):
                    missing.add(view.name)
            for context in people.values():
                context.close()
    sys.stdout.write(
        f"{len(wanted) - len(missing)} pages in {BUILD}; not there: {', '.join(sorted(missing)) or '-'}\n"
    )


def _people_at(
    stage: Stage, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> dict[str, BrowserContext]:
    """A browser for each who is looked over the shoulder."""
    names = {"stranger": "", "rosa": stage.staff.coordinator, "darnell": stage.staff.administrator}
    people = {}
    for who, address in names.items():
        people[who] = browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-GB",
        )
        page = people[who].new_page()
        if address:
            _log_in(stage, page, address)
    return people


def _log_in(stage: Stage, page: Page, address: str) -> None:
    page.goto(f"{stage.console_url}/log-in")
    page.locator("[name=address]").fill(address)
    page.locator("[name=password]").fill(stage.staff.password)
    page.locator("main form button").first.click()
    page.wait_for_url(stage.console_url)


def _imported(stage: Stage, browser: Browser) -> list[View]:
    """The columns of a table, and what came of trying it."""
    page = _people_at(stage, browser, 1280, "light")["rosa"].pages[0]
    page.goto(f"{stage.console_url}/contacts/import")
    page.locator("[type=file]").set_input_files(ROOT / "contacts" / "contacts.csv")
    page.locator("main form button").first.click()
    columns = page.url
    page.locator("main form button").last.click()
    page.wait_for_url("**/tasks/*")
    _apart(lambda: asyncio.run(work(stage.app, until_idle=True)))
    paths = [address.removeprefix(stage.base_url) for address in (columns, page.url)]
    return [View("import", paths[0]), View("import-tried", paths[1])]


def _apart(what: Callable[[], object]) -> None:
    """Playwright keeps an event loop in this thread: what runs another one does so in a thread of its own."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(what).result()


def _take(stage: Stage, page: Page, view: View, width: int, scheme: str) -> bool:
    answer = page.goto(f"{stage.base_url}{view.path}", wait_until="load")
    if answer is None or (answer.status != 200 and view.name != "nowhere"):
        return False
    page.evaluate(STILL)
    page.wait_for_timeout(150)
    page.screenshot(path=BUILD / f"{view.name}-{width}-{scheme}.png", full_page=True)
    if view.name in CHOSEN and (width, scheme) == (1280, "light"):
        tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        png = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall})
        page.goto("about:blank")
        (DOCS / f"console-{view.name}.png").write_bytes(compact(page, png))
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
