"""Rosa and Idris bring a private letter to four offices in the console, and put all of it into one archive."""

import csv
import io
import re
import zipfile

from sqlmodel import select

from outreach.domain.kinds import MessageKind
from outreach.domain.states import AddresseeState, CallState
from outreach.store.tables import Call, Event
from tests.web.console.addressed import AT, SLUG, asks_for_two, mission, on_paper, signed_off, states, works
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

CALL = f"/console/calls/{SLUG}"


def test_a_private_letter_goes_from_the_register_to_the_proof_pack(here: Visit) -> None:
    in_confidence(here)
    asks_for_two(here)
    rosa, idris = seated(here), seated(here, name="Idris")
    chile, kenya, spain = mission(here), on_paper(here), mission(here, "ES", holder="")

    rosa.does(f"{AT}/add", {"post": [str(chile), str(kenya), str(spain)]})
    rosa.does(f"{AT}/attach", files={"file": ("annex.pdf", b"%PDF annex", "application/pdf")})
    signed_off(here, by=rosa.user.address)
    one_is_held_back(rosa)
    idris_finds_it_and_consents(idris)

    page = rosa.get(f"{AT}/deliver").text
    assert "<b>2</b> officials get it" in page
    task = rosa.post(f"{AT}/deliver").headers["location"]
    works(here)
    told = rosa.get(task).text
    assert "released to 2 officials, 1 by mail and 1 on paper" in told
    assert "mission-es: Nobody is known to hold the post" in told
    (mail,) = here.mails(MessageKind.DELIVERY)
    assert "ZZCANARY" not in str(mail.values)

    printed_and_brought(here, rosa, kenya)
    assert states(here)["mission-ke"] is AddresseeState.DELIVERED
    assert states(here)["mission-es"] is AddresseeState.TO_SEND
    the_record_is_fetched(here, rosa)
    it_is_published(here, rosa)


def in_confidence(here: Visit) -> None:
    from outreach.domain.correspondence import LetterKind
    from outreach.store.tables import Letter

    with here.app.database.changing() as session:
        letter = session.get_one(Letter, session.get_one(Call, here.call.id).letter_id)
        letter.kind = LetterKind.PRIVATE


def one_is_held_back(rosa: Seated) -> None:
    held, rest = rosa.get(f"{AT}/check").text.split('id="ready"')
    assert "Mission of ES" in held
    assert "Mission of ES" not in rest
    assert "Would be ready" in rest


def idris_finds_it_and_consents(idris: Seated) -> None:
    link = re.search(r'href="(/console/letters[^"]*)"', idris.get("/console").text)
    assert link is not None
    assert f'href="{AT}"' in idris.get(link.group(1)).text
    assert "You have authorised the letter" in idris.does(f"{AT}/authorise").text


def printed_and_brought(here: Visit, rosa: Seated, post: int) -> None:
    task = rosa.post(f"{AT}/print", {"post": str(post)}).headers["location"]
    works(here)
    archive = zipfile.ZipFile(io.BytesIO(rosa.get(f"{task}/file").content))
    assert archive.read(archive.namelist()[0]).startswith(b"%PDF")
    seen = re.search(r'name="seen" value="(\d+)"', rosa.get(f"{AT}/note").text)
    day = here.clock.now().date().isoformat()
    said = {
        "post": str(post),
        "way": "hand",
        "on": day,
        "note": "Front desk",
        "seen": seen.group(1) if seen else "",
    }
    done = rosa.does(f"{AT}/note", said, files={"proof": ("stamp.pdf", b"%PDF stamp", "application/pdf")})
    assert "Noted for Mission of KE." in done.text


def the_record_is_fetched(here: Visit, rosa: Seated) -> None:
    for which, private in (("public", False), ("whole", True)):
        task = rosa.post(f"{AT}/proof", {"which": which}).headers["location"]
        works(here)
        archive = zipfile.ZipFile(io.BytesIO(rosa.get(f"{task}/file").content))
        everything = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".pdf"))
        assert (b"Quiet House" in everything) is private
        assert b"ZZCANARY" not in everything
        rows = list(csv.DictReader(io.StringIO(archive.read("deliveries.csv").decode("utf-8-sig"))))
        assert {row["way"] for row in rows} == {"mail", "hand"}


def it_is_published(here: Visit, rosa: Seated) -> None:
    assert here.get(f"/letters/{SLUG}").status_code == 404
    page = rosa.get(f"{AT}/after").text
    assert "The letter is in confidence" in page
    assert f'action="{CALL}/release"' in page
    rosa.post(f"{CALL}/release")
    works(here)
    public = here.get(f"/letters/{SLUG}").text
    assert "Harbour Lamp" in public
    assert "Quiet House" not in public
    assert "in confidence" not in rosa.get(f"{AT}/after").text
    with here.app.database.reading() as session:
        assert session.get_one(Call, here.call.id).state is CallState.RELEASED
        by = {event.verb: event.by for event in session.exec(select(Event))}
    assert by["authorise_letter"] == "idris@coalition.example"
    assert by["deliver_letter"] == by["record_delivery"] == by["pack_proof"] == "rosa@coalition.example"
