"""Idris opens the link in a mail, signs, confirms, corrects, withdraws: real mail, real pages, a real browser."""

import asyncio
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email import message_from_bytes, policy

from playwright.sync_api import Page, expect
from sqlmodel import select

from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.bootstrap import Outreach
from outreach.config.house import House
from outreach.demo.world import free_port
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.signatures import Visibility
from outreach.domain.states import SignatureState
from outreach.store.calls import find_call
from outreach.store.database import Database
from outreach.store.editions import entries_of, newest_edition
from outreach.store.tables import Signature
from outreach.usecases.close_call import close_call
from outreach.usecases.release_call import release_call
from outreach.usecases.sign_off import sign_off
from outreach.web.serve import serve
from tests import make
from tests.parts.chromium import chromium
from tests.parts.mailstack import MailStack
from tests.stage import stage, submit

IDRIS = "idris@harbour-in-a-browser.example"
SLUG = "safe-passage"


@contextmanager
def served(app: Outreach) -> Iterator[None]:
    """The pages, in a thread of their own."""
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve(app, ready=ready.set, stop=stop)))
    thread.start()
    assert ready.wait(20)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


class Mailbox:
    """Idris's mailbox behind the real servers."""

    def __init__(self, app: Outreach, mailstack: MailStack) -> None:
        self.app, self.mailstack = app, mailstack
        self.read: set[str] = set()

    def next(self) -> str:
        """The text of the mail that comes when what waits has left, as its reader sees it."""
        with ThreadPoolExecutor(1) as apart:  # playwright keeps an event loop in this thread
            apart.submit(submit, self.app).result()
        found = self.mailstack.arrived(IDRIS, len(self.read) + 1)
        mails = [message_from_bytes(raw, policy=policy.default) for raw in found]
        (mail,) = [one for one in mails if one["Message-ID"] not in self.read]
        self.read.add(mail["Message-ID"])
        body = mail.get_body(("plain",))
        assert body is not None
        return str(body.get_content())


def link(text: str, door: str) -> str:
    found = re.findall(rf"http://127\.0\.0\.1:\d+/{door}/[\w-]+", text)
    assert found, text
    return str(found[0])


def signature(app: Outreach) -> Signature:
    with app.database.reading() as session:
        return session.exec(select(Signature)).one()


def fill_in(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def on_the_list(page: Page, address: str) -> str:
    page.goto(address)
    return page.locator("main").inner_text()


def test_idris_signs_confirms_corrects_and_withdraws(sqlite: Database, mailstack: MailStack) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    house = make.house(
        sqlite,
        workspace={"base_url": base},
        web={"port": port},
        sender={"address": "calls@lanterncoast.example"},
        smtp={"host": "localhost", "security": "starttls", "port": mailstack.smtp_port},
    )
    account = SmtpAccount(
        "localhost", mailstack.smtp_port, username="coalition", password="secret", ca_file=mailstack.ca_file
    )
    clock = make.TurnedClock()
    app = stage(sqlite, house, clock, SmtpTransport(account))
    with sqlite.changing() as session:
        make.contact(session, house, IDRIS, organisation="Harbour House", given_name="Idris")
        deadline = parse_wall_clock("2027-02-26 17:00 Europe/Brussels")
        make.launched(session, house, deadline=deadline, release=None, thank_you=False)
    mailbox = Mailbox(app, mailstack)
    with served(app), chromium() as browser:
        page = browser.new_page(java_script_enabled=False)
        elsewhere: list[str] = []
        page.on("request", lambda asked: None if asked.url.startswith(base) else elsewhere.append(asked.url))
        _signs(page, mailbox)
        _confirms(page, mailbox, app)
        receipt = mailbox.next()
        _corrects(page, link(receipt, "signature"), app)
        assert "Harbour House Belgium (HHB)" in mailbox.next()
        _is_released(app, house, clock)
        assert "Harbour House Belgium (HHB)" in on_the_list(page, f"{base}/letters/{SLUG}")
        told = mailbox.next()
        _withdraws(page, link(told, "signature"), app)
        farewell = mailbox.next()
        assert "withdrew your organisation" in farewell
        assert "Harbour House" not in farewell
        assert "Harbour House" not in on_the_list(page, f"{base}/letters/{SLUG}")
        assert page.context.cookies() == []
        assert elsewhere == []
    with sqlite.reading() as session:
        call = find_call(session, SLUG)
        newest = newest_edition(session, call.letter_id)
        assert newest is not None
        assert (newest.number, entries_of(session, newest)) == (2, [])


def _signs(page: Page, mailbox: Mailbox) -> None:
    page.goto(link(mailbox.next(), "sign"))
    expect(page.locator("[name=name]")).to_have_value("Harbour House")
    assert page.locator("[name=visibility]:checked").count() == 0, "who sees the name is the signatory's to say"
    page.get_by_role("button").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    fill_in(page, name="Harbour Hause", acronym="HHB", signer_name="Idris Belhaj", signer_title="Director")
    page.locator("[name=country]").select_option("BE")
    page.locator("[name=visibility][value=public]").check()
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")


def _confirms(page: Page, mailbox: Mailbox, app: Outreach) -> None:
    mail = mailbox.next()
    assert "Harbour Hause" not in mail
    page.goto(link(mail, "confirm"))
    assert signature(app).state is SignatureState.PENDING, "looking confirms nothing"
    expect(page.locator("main")).to_contain_text("Harbour Hause (HHB)")
    page.get_by_role("button", name="Yes, sign the letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed, thank you")
    assert signature(app).state is SignatureState.CONFIRMED


def _corrects(page: Page, own: str, app: Outreach) -> None:
    page.goto(own)
    page.locator("a[href$='/correct']").click()
    fill_in(page, name="Harbour House Belgium")
    page.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("Harbour House Belgium (HHB)")
    assert (signature(app).name, signature(app).visibility) == ("Harbour House Belgium", Visibility.PUBLIC)


def _is_released(app: Outreach, house: House, clock: make.TurnedClock) -> None:
    with app.database.changing() as session:
        call = find_call(session, SLUG)
        close_call(session, call, now=clock.now(), by="Rosa")
        assert sign_off(session, call, now=clock.now(), by="Rosa", house=house).counts.named == 1
        release_call(session, call, now=clock.now(), by="Rosa", house=house)


def _withdraws(page: Page, own: str, app: Outreach) -> None:
    page.goto(own)
    page.locator("a[href$='/withdraw']").click()
    assert signature(app).state is SignatureState.CONFIRMED, "looking withdraws nothing"
    page.get_by_role("button").first.click()
    assert signature(app).state is SignatureState.WITHDRAWN
