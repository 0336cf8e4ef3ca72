"""A draft that Rosa makes in the console, and what its pages hold."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace

import httpx
from sqlmodel import select

from outreach.store.tables import Call
from tests.make import ROOT
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

NEW = {
    "title": "Open ports",
    "default_language": "en",
    "languages": ["en", "fr"],
    "organisers": "Lantern Coast Network",
    "deadline": "2027-02-26T17:00",
    "zone": "Europe/Brussels",
}
MAKE = "/console/calls/open-ports/make"
WRITTEN = {
    "title.en": "Open the ports",
    "addressee.en": "The ministers",
    "asks.en": "Open them\nKeep them open",
    "body.en": "Excellency,\n\n**open** the ports.",
    "title.fr": "Ouvrez les ports",
    "addressee.fr": "Les ministres",
    "asks.fr": "",
    "body.fr": "Excellence,\n\nouvrez les ports.",
}
CANARY = "<script>alert(1)</script>"


def begin(here: Visit, name: str = "Rosa") -> Seated:
    here.app = replace(here.app, folder=ROOT)
    rosa = seated(here, name=name)
    done = rosa.post("/console/calls/new", NEW)
    assert done.headers["location"] == f"{MAKE}/letter", done.text[:500]
    return rosa


def form_of(page: httpx.Response | str) -> dict[str, str]:
    """The hidden values of a page's forms."""
    text = page if isinstance(page, str) else page.text
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: id="[^"]+")? value="([^"]*)"', text)
    return dict(found)


def version(who: Seated, page: str) -> str:
    return form_of(who.get(f"{MAKE}/{page}"))["version"]


def save(who: Seated, page: str, values: Mapping[str, str], **more: str) -> httpx.Response:
    return who.post(f"{MAKE}/{page}", {"version": version(who, page), **values, **more})


def draft(here: Visit) -> Call:
    with here.app.database.reading() as session:
        return session.exec(select(Call).where(Call.slug == "open-ports")).one()


def written(who: Seated) -> None:
    assert save(who, "letter", WRITTEN).status_code == 303
    assert save(who, "audience", {"tags": "migration"}).status_code == 303


def mail_values(who: Seated, path: str = f"{MAKE}/mails") -> dict[str, str]:
    page = who.get(path).text
    source = re.search(r'<textarea id="source".*?>\n(.*?)</textarea>', page, re.DOTALL)
    assert source is not None
    return {**form_of(page), "source": html.unescape(source.group(1))}
