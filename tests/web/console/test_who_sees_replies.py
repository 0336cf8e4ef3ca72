"""Who sees and sorts which reply: nobody learns of what is not hers to see."""

from outreach.domain.states import ReplyState
from outreach.domain.users import Role
from tests import make
from tests.web.console.seated import seated
from tests.web.console.sorted_replies import STRANGER, came, stands, stranger_came
from tests.web.console.test_replies import does, version
from tests.web.visit import Visit


def test_an_observer_sees_no_reply_and_staff_of_another_call_sees_none_of_this(here: Visit) -> None:
    number = came(here)
    olga = seated(here, Role.OBSERVER, name="Olga")
    with here.app.database.changing() as session:
        other = make.call(session, here.app.house, slug="open-ports")
    sam = seated(here, Role.STAFF, name="Sam", call_id=other.id or 0)
    for path in ("/console/replies", f"/console/replies/{number}", "/console/replies/log"):
        assert olga.get(path).status_code == 404
    assert sam.get("/console/replies").status_code == 200
    for path in ("", "/mail", "/source", "/files/1", "/official"):
        assert sam.get(f"/console/replies/{number}{path}").status_code == 404, path
    assert sam.get("/console/replies?call=safe-passage").status_code == 404
    assert "Idris" not in sam.get("/console/replies?state=all").text
    assert "Idris" not in sam.post("/console/replies/find", {"search": "idris@harbour.example"}).text
    before = here.everything()
    for deed in (
        "done",
        "reopen",
        "correct",
        "place",
        "unplace",
        "accept",
        "reject",
        "answer",
        "official",
        "watch",
    ):
        for person in (olga, sam):
            values = {"version": "x", "kind": "other", "call": "open-ports", "text": "x", "guess": "1"}
            assert person.post(f"/console/replies/{number}/{deed}", values).status_code == 404, deed
    assert here.everything() == before


def test_staff_of_this_call_sorts_it_but_sees_nothing_that_belongs_to_no_call(here: Visit) -> None:
    number, loose = came(here), stranger_came(here)
    sam = seated(here, Role.STAFF, name="Sam", call_id=here.call.id or 0)
    assert STRANGER not in sam.get("/console/replies?state=all").text
    assert sam.get(f"/console/replies/{loose}").status_code == 404
    assert sam.get("/console/replies?call=none").status_code == 404
    does(sam, number, "done")
    assert stands(here, number).state is ReplyState.DONE
    with here.app.database.changing() as session:
        make.call(session, here.app.house, slug="open-ports")
    moved = sam.post(f"/console/replies/{number}/place", {"version": version(sam, number), "call": "open-ports"})
    assert moved.status_code == 404
    assert stands(here, number).call_id == here.call.id
    assert sam.post(f"/console/replies/{number}/unplace", {"version": version(sam, number)}).status_code == 404
