"""Rosa's whole work in a real browser: from an empty workspace to a released letter, and an official's answer."""

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Page, expect

from outreach.domain.users import Held, Role
from outreach.rendering.access import access_link
from outreach.store.database import Database
from outreach.usecases.add_user import add_user
from tests.journeys.theatre import Theatre, link, theatre, words_of
from tests.parts.chromium import chromium

DARNELL, ROSA = "darnell@lanterncoast.example", "rosa@lanterncoast.example"
IDRIS, AMINA, KOFI, MARTA = (
    "idris@harbour.example",
    "amina@pier.example",
    "kofi@shore.example",
    "marta@quay.example",
)
PASSWORD = "four lanterns on a quay"
TABLE = f"""\
Their mail,Who,Body,Where,Speaks,Theme,Shoe size
{IDRIS},Idris Belhaj,Harbour House,BE,en,ports,44
{AMINA},Amina Diop,Pier Watch,BE,en,ports,38
{KOFI},Kofi Mensah,Shore Legal Aid,BE,en,ports,43
{MARTA},Marta Ruiz,Quay Kitchen,BE,en,ports,
not an address,Nobody,Nowhere,BE,en,ports,
"""
HELD = {"Their mail": "email", "Who": "name", "Body": "organisation", "Where": "country"}
MISSION = "mission-chl@geneva.example"
POSTS = f"""\
post,office,institution,state,languages,channels,email,name,title.en,form_of_address.en,salutation.en,from,source
chile-geneva,Permanent Representative,Mission of Chile,CL,en,mail,{MISSION},Vera Fuentes Rojas,Ambassador,\
Her Excellency Ms. Vera Fuentes Rojas,"Excellency,",2026-03-01,the invented Blue Book
"""
LETTER = "Excellencies,\n\nA harbour is a **public place**.\n\nRespectfully,"


def test_rosa_brings_a_letter_from_an_empty_workspace_to_an_officials_answer(
    sqlite: Database, tmp_path: Path
) -> None:
    with chromium() as browser, theatre(sqlite, tmp_path, browser) as here:
        darnell, rosa = here.page(), here.page()
        _get_in(here, darnell, rosa)
        _bring_in_contacts(here, rosa, tmp_path)
        _make_the_call(here, rosa)
        _launch(here, rosa, darnell)
        invited = {one: here.next_mail(one) for one in (IDRIS, AMINA, KOFI, MARTA)}
        _sign(here, here.page(), invited[IDRIS], "Harbour House")
        _sort_what_came_back(here, rosa, invited)
        _extend(here, rosa)
        _release(here, rosa)
        _address(here, rosa, tmp_path)
        _deliver(here, rosa, darnell)
        _log_the_answer(here, rosa)


def _get_in(here: Theatre, darnell: Page, rosa: Page) -> None:
    """The operator lets Darnell in from the shell; Darnell invites Rosa by mail."""
    with here.app.database.changing() as session:
        held = (Held(Role.ADMINISTRATOR),)
        user = add_user(session, DARNELL, "Darnell Reyes", held, now=here.clock.now(), by="the operator")
        way_in = access_link(user.id or 0, user.stamp, here.app.house)
    _choose_password(darnell, way_in)
    darnell.get_by_role("link", name="Users").click()
    darnell.get_by_label("Address").fill(ROSA)
    darnell.locator("input[name=name]").fill("Rosa Lindqvist")
    darnell.get_by_label("Role", exact=True).select_option("coordinator")
    darnell.get_by_role("button", name="Invite", exact=True).click()
    expect(darnell.get_by_role("status").first).to_be_visible()
    _choose_password(rosa, link(here.next_mail(ROSA), "console/welcome"))
    expect(rosa.get_by_text("There is no call yet.")).to_be_visible()


def _choose_password(page: Page, way_in: str) -> None:
    page.goto(way_in)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Keep it and log in").click()
    page.locator("header a.house").click()


def _bring_in_contacts(here: Theatre, rosa: Page, folder: Path) -> None:
    """A table with headings of its own: mapped, tried, and only then taken in."""
    table = folder / "people.csv"
    table.write_text(TABLE, encoding="utf-8")
    rosa.get_by_role("link", name="To the contacts").click()
    rosa.get_by_role("link", name="Import").first.click()
    rosa.get_by_label("A table").set_input_files(table)
    rosa.get_by_role("button", name="Go on to its columns").click()
    for heading, field in {**HELD, "Speaks": "language", "Theme": "tags"}.items():
        rosa.get_by_label(heading, exact=True).select_option(field)
    rosa.locator("#basis").select_option("member")
    rosa.get_by_role("button", name="Try it").click()
    expect(rosa.get_by_text("row left out", exact=True)).to_be_visible()
    expect(rosa.locator("main")).to_contain_text("not an address")
    rosa.get_by_role("button", name="Take it in").click()
    expect(rosa.get_by_role("heading", name="It is taken in")).to_be_visible()
    rosa.get_by_role("link", name="To the contacts").click()
    rosa.get_by_role("link", name="Idris Belhaj").click()
    expect(rosa.locator("main")).to_contain_text(IDRIS)


def _make_the_call(here: Theatre, rosa: Page) -> None:
    rosa.get_by_role("link", name="Calls").click()
    rosa.get_by_role("link", name="New call").first.click()
    rosa.get_by_label("Title").fill("Open ports")
    rosa.locator("#deadline").fill("2027-01-25T17:00")
    rosa.get_by_role("button", name="Make the draft").click()
    _type(rosa, {"#addressee-en": "The ministers", "#asks-en": "Open them", "#body-en": LETTER})
    expect(rosa.locator("#look-en strong")).to_have_text("public place")
    rosa.get_by_role("link", name="Audience").click()
    _type(rosa, {"#tags": "ports"})
    expect(rosa.locator("#counted b").first).to_have_text("4")
    rosa.get_by_role("link", name="Schedule").click()
    _type(rosa, {"#reminders": "5d 09:00"})
    expect(rosa.locator("#seen")).to_contain_text("Reminder 5d 09:00")
    rosa.get_by_role("link", name="Mails").click()
    rosa.get_by_label("As somebody else").fill("Kofi")
    rosa.get_by_role("button", name="Find").click()
    rosa.get_by_role("link", name="Kofi Mensah").click()
    expect(rosa.frame_locator("iframe").locator("body")).to_contain_text("Shore Legal Aid")
    rosa.get_by_role("button", name="Send a test to me").click()
    assert "Shore Legal Aid" in words_of(here.next_mail(ROSA))


def _type(page: Page, typed: dict[str, str]) -> None:
    """It is saved as she goes."""
    for where, what in typed.items():
        page.locator(where).fill(what)
    expect(page.locator("#saved")).to_contain_text("Saved at")


def _launch(here: Theatre, rosa: Page, darnell: Page) -> None:
    """Rosa asks, Darnell consents."""
    rosa.get_by_role("link", name="Check and launch").click()
    rosa.get_by_role("button", name="Ask for a second person’s consent").click()
    expect(rosa.locator("main")).to_contain_text("Waits for a second person")
    darnell.goto(rosa.url)
    darnell.get_by_role("button", name="Consent and launch").click()
    expect(darnell.get_by_role("status").first).to_contain_text("Launched. 4 invitations are queued.")
    expect(darnell.locator("main")).to_contain_text("No mail of this call waits.")  # by itself, as they leave


def _sign(here: Theatre, page: Page, invited: EmailMessage, name: str) -> None:
    """On the public pages, as anybody."""
    page.goto(link(invited, "sign"))
    page.locator("[name=name]").fill(name)
    page.locator("[name=visibility][value=public]").check()
    page.get_by_role("button").click()
    _confirm(here, page, IDRIS)


def _confirm(here: Theatre, page: Page, address: str) -> None:
    page.goto(link(here.next_mail(address), "confirm"))
    page.get_by_role("button", name="Yes, sign the letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed, thank you")


def _sort_what_came_back(here: Theatre, rosa: Page, invited: dict[str, EmailMessage]) -> None:
    """Amina signs by mail, Kofi asks: both wait on her first page."""
    here.answers(invited[AMINA], AMINA, "Yes, please add us to the signatories.\n\nAmina Diop\nPier Watch\n")
    here.answers(invited[KOFI], KOFI, "Will the letter be sent to the regional commission as well?\n")
    _until(rosa, f"{here.base}/console/replies", "Kofi")
    rosa.goto(f"{here.base}/console")
    rosa.get_by_role("link", name="replies").first.click()
    rosa.get_by_role("link", name="Amina").first.click()
    rosa.get_by_role("button", name="Accept the signature of").click()
    _confirm(here, here.page(), AMINA)  # nothing proved that the mail was hers
    rosa.goto(f"{here.base}/console/replies")
    rosa.get_by_role("link", name="Kofi").first.click()
    rosa.get_by_label("Your answer").fill("Yes, to the commission as well.")
    rosa.get_by_role("button", name="Queue the answer").click()
    assert "to the commission as well" in words_of(here.next_mail(KOFI))
    expect(rosa.locator("main")).to_contain_text("Nothing waits for a person.")


def _until(page: Page, address: str, words: str) -> None:
    """Look at the page again and again until it says so."""
    for _ in range(60):
        page.goto(address)
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(250)
    raise TimeoutError(f"{address} never said {words}")


def _extend(here: Theatre, rosa: Page) -> None:
    rosa.goto(f"{here.base}/console/calls/open-ports")
    rosa.get_by_text("Move the deadline").first.click()
    rosa.get_by_label("New deadline").fill("2027-01-28T17:00")
    rosa.get_by_role("button", name="Move the deadline").click()
    expect(rosa.get_by_role("status").first).to_be_visible()
    told = here.next_mail(MARTA)
    assert "28 January 2027" in words_of(told)


def _release(here: Theatre, rosa: Page) -> None:
    """The deadline passes; Rosa signs the list off and releases the letter, with both names on it."""
    here.turn(timedelta(days=18))
    call = f"{here.base}/console/calls/open-ports"
    _log_in(rosa, call, ROSA)
    _until(rosa, call, "Sign off the list")
    _has_done(rosa, "Sign off the list")
    rosa.goto(call)
    _has_done(rosa, "Release the letter")
    anybody = here.page()
    anybody.goto(f"{here.base}/letters/open-ports")
    expect(anybody.locator("main")).to_contain_text("Harbour House")
    expect(anybody.locator("main")).to_contain_text("Pier Watch")


def _log_in(page: Page, address: str, who: str) -> None:
    """After two weeks everybody is asked anew."""
    page.goto(address)
    page.get_by_label("Address").fill(who)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def _has_done(page: Page, words: str) -> None:
    """One of the deeds of a call: unfolded, asked for, and done by the worker while she looks on."""
    page.locator("summary", has_text=words).click()
    page.get_by_role("button", name=words, exact=True).click()
    _is_over(page)


def _is_over(page: Page) -> None:
    """The page of the task has come to its end by itself."""
    expect(page.locator("dl.facts").get_by_text("Ended")).to_be_visible()


def _address(here: Theatre, rosa: Page, folder: Path) -> None:
    """A table of officials comes in, and the letter is for whom it names."""
    table = folder / "officials.csv"
    table.write_text(POSTS, encoding="utf-8")
    rosa.get_by_role("link", name="Officials").click()
    rosa.get_by_role("link", name="Import").first.click()
    rosa.get_by_label("A table").set_input_files(table)
    rosa.get_by_role("button", name="Go on to its columns").click()
    rosa.get_by_role("button", name="Try it").click()
    rosa.get_by_role("button", name="Take it in").click()
    rosa.get_by_role("link", name="To the officials").click()
    expect(rosa.locator("main")).to_contain_text("Vera Fuentes Rojas")
    rosa.goto(f"{here.base}/console/calls/open-ports")
    rosa.get_by_role("link", name="Officials").last.click()
    rosa.get_by_role("link", name="Add officials").first.click()
    rosa.get_by_role("button", name="Add the 1 that is found").click()
    expect(rosa.locator("main")).to_contain_text("Mission of Chile")


def _deliver(here: Theatre, rosa: Page, darnell: Page) -> None:
    """Darnell authorises what Rosa signed off; Rosa lets it go, and the mission gets it with its PDF."""
    _log_in(darnell, f"{here.base}/console/calls/open-ports/officials", DARNELL)
    darnell.get_by_role("button", name="Authorise the letter").click()
    expect(darnell.locator("main")).to_contain_text("has authorised it")
    rosa.goto(f"{here.base}/console/calls/open-ports/officials/deliver")
    rosa.get_by_role("button", name="Release the letter to them").click()
    _is_over(rosa)
    (pdf,) = here.next_mail(MISSION).iter_attachments()
    assert pdf.get_content().startswith(b"%PDF")


def _log_the_answer(here: Theatre, rosa: Page) -> None:
    """The ambassador answers by post; the thread shows both letters."""
    here.turn(timedelta(days=5))
    rosa.get_by_role("link", name="Officials").first.click()
    rosa.get_by_role("link", name="Permanent Representative").click()
    rosa.get_by_role("link", name="Log its answer").click()
    rosa.get_by_label("The day that stands on it").fill("2027-02-01")
    rosa.get_by_label("The day on which it came").fill("2027-02-03")
    rosa.get_by_label("How it came").select_option("post")
    rosa.get_by_label("Who signed it").fill("Vera Fuentes Rojas")
    rosa.get_by_label("What it says").fill("They will open the port of Valparaíso.")
    rosa.get_by_role("button", name="Log it").click()
    expect(rosa.get_by_role("status").first).to_be_visible()
    rosa.goto(f"{here.base}/console/officials/1")
    thread = rosa.locator("ol.thread")
    expect(thread.locator("li")).to_have_count(2)
    expect(thread).to_contain_text("They will open the port of Valparaíso.")
    expect(rosa.locator("article .badge")).to_have_text("answered")
