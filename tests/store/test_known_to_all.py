"""What the text that everybody reads cites from the record, wherever it is shown."""

from dataclasses import replace
from pathlib import Path

from outreach.domain.states import CallState
from outreach.queries.publications import publication
from outreach.store.calls import shared_values
from outreach.store.database import Database
from outreach.store.tables import Call
from outreach.usecases.sign_off import sign_off
from tests import make
from tests.web.visit import visit

CITES = "We wrote to you in {{ earlier.title }}, which {{ earlier.count }} had signed.\n"


def test_a_follow_up_cites_the_earlier_letter_in_mails_files_and_on_its_page(
    sqlite: Database, tmp_path: Path
) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        earlier = make.call(session, house, slug="open-ports")
        for name in ("Harbour", "Quay"):
            make.signature(session, earlier, name=name, key=name)
        earlier.state = CallState.CLOSED
        sign_off(session, earlier, now=make.NOON, by="Rosa", house=house)
    file = make.call_file()
    letters = {one: replace(text, body=CITES) for one, text in file.letters.items()}
    here = visit(sqlite, tmp_path, changes={"letters": letters, "follows": "open-ports"})
    said = "We wrote to you in Safe passage for people at sea, which 2 had signed."
    assert said in here.get("/letters/safe-passage?lang=en").text
    with sqlite.reading() as session:
        call = session.get_one(Call, here.call.id)
        assert said in shared_values(session, call, house)["letters"]["en"]["text"]
        assert said in publication(session, call, house=house).body
