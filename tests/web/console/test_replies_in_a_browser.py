"""The inbox in a real browser: by the keyboard alone, and with nothing that leaves."""

from playwright.sync_api import Page

from outreach.domain.states import ReplyState, SignatureState
from tests.parts.chromium import chromium
from tests.web.console.browsing import logged_in, served
from tests.web.console.seated import seated
from tests.web.console.sorted_replies import QUESTION, YES, came, stands
from tests.web.console.test_reply_evidence import hostile
from tests.web.visit import Visit


def pressed(page: Page, *keys: str) -> None:
    """The keys, and then the page that they lead to."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def test_twenty_replies_are_sorted_by_the_keyboard_alone(here: Visit) -> None:
    yes = came(here, YES)
    others = [came(here, f"{QUESTION} {number}") for number in range(19)]
    seated(here)
    with served(here) as base, chromium() as browser:
        page = logged_in(browser, base).new_page()
        page.goto(f"{base}/console/replies")
        pressed(page, "j")
        assert page.url.endswith(f"/{yes}")
        pressed(page, "a")  # the proposed signature
        pressed(page, "j")
        pressed(page, "k")
        assert page.url.endswith(f"/{others[0]}")
        pressed(page, "c", "d", "Tab", "Enter")  # declines
        pressed(page, "a")
        pressed(page, "u")  # undone: it waits again
        pressed(page, "a")
        page.keyboard.press("r")
        page.keyboard.type("Twelve so far.")
        page.keyboard.press("Tab")
        pressed(page, "Enter")
        for _ in range(16):
            pressed(page, "a")
        assert page.url.endswith("/console/replies")
        assert "Nothing waits for a person." in page.content()
    assert {stands(here, number).state for number in (yes, *others)} == {ReplyState.DONE}
    assert here.signatures()[0].state is not SignatureState.PROPOSED


def test_keys_do_nothing_while_something_is_typed_or_when_they_are_turned_off(here: Visit) -> None:
    number = came(here)
    seated(here)
    with served(here) as base, chromium() as browser:
        page = logged_in(browser, base).new_page()
        page.goto(f"{base}/console/replies/{number}")
        page.keyboard.press("r")
        page.keyboard.type("a jaded dad")
        assert page.locator("#words").input_value() == "a jaded dad"
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        page.get_by_role("button", name="Turn the keys off").press("Enter")
        page.keyboard.press("a")
        page.wait_for_timeout(300)
        assert page.url.endswith(f"/{number}")
    assert stands(here, number).state is ReplyState.WAITING


def test_it_is_sorted_without_scripts_and_by_tab_alone(here: Visit) -> None:
    number = came(here)
    seated(here)
    with served(here) as base, chromium() as browser:
        page = logged_in(browser, base, java_script_enabled=False).new_page()
        page.goto(f"{base}/console/replies/{number}")
        for _ in range(60):
            page.keyboard.press("Tab")
            if (
                page.locator("button:focus").count()
                and "Right, and done" in page.locator("button:focus").inner_text()
            ):
                break
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert f"Reply {number} is done." in page.content()
    assert stands(here, number).state is ReplyState.DONE


def test_no_request_leaves_and_nothing_runs_when_a_hostile_mail_is_shown(here: Visit) -> None:
    """B80."""
    number = came(here, raw=hostile())
    seated(here)
    with served(here) as base, chromium() as browser:
        page = logged_in(browser, base).new_page()
        left: list[str] = []
        ran: list[str] = []
        said: list[str] = []
        page.on("request", lambda asked: None if asked.url.startswith(base) else left.append(asked.url))
        page.on("dialog", lambda dialog: ran.append(dialog.message))
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{base}/console/replies/{number}")
        for fold in page.locator("details.fold summary").all():
            fold.click()
        page.wait_for_timeout(800)
        frame = page.frame_locator("iframe")
        assert frame.locator("b").first.inner_text() == "all"
        frame.get_by_text("your bank").click()
        page.wait_for_timeout(300)
        page.goto(f"{base}/console/replies/{number}/mail")
        page.wait_for_timeout(300)
        assert (left, ran, said) == ([], [], [])


def test_the_other_is_seen_while_the_page_is_open_and_gone_when_she_leaves(here: Visit) -> None:
    number = came(here)
    seated(here)
    seated(here, name="Amina")
    with served(here) as base, chromium() as browser:
        rosa, amina = logged_in(browser, base).new_page(), logged_in(browser, base, "Amina").new_page()
        amina.goto(f"{base}/console/replies/{number}")
        amina.wait_for_load_state("networkidle")
        rosa.goto(f"{base}/console/replies/{number}")
        assert "Amina has just opened this." in rosa.locator("main").inner_text()
        amina.goto(f"{base}/console/replies")
        amina.wait_for_timeout(300)
        rosa.reload()
        rosa.wait_for_load_state("networkidle")
        assert "Amina" not in rosa.locator("main").inner_text()
