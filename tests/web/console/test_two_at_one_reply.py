"""Two people never work on the same reply without seeing it."""

from outreach.domain.replies import ReplyKind
from outreach.domain.states import ReplyState
from outreach.store.tables import ReplyWatch
from tests.web.console.seated import seated
from tests.web.console.sorted_replies import came, stands, turn
from tests.web.console.test_replies import version
from tests.web.visit import Visit

OPEN = "Amina has had this open for 3 minutes."


def test_the_second_sees_before_anything_else_that_the_first_is_at_it(here: Visit) -> None:
    number, rosa, amina = came(here), seated(here), seated(here, name="Amina")
    amina.get(f"/console/replies/{number}")
    turn(here, 3)
    page = rosa.get(f"/console/replies/{number}").text
    assert OPEN in page
    assert page.index(OPEN) < page.index("<h1")
    assert "has had this open" not in amina.get("/console/replies").text
    assert "Rosa has just opened this." in amina.get(f"/console/replies/{number}").text


def test_ten_minutes_later_a_browser_without_scripts_counts_no_more(here: Visit) -> None:
    number, rosa, amina = came(here), seated(here), seated(here, name="Amina")
    amina.get(f"/console/replies/{number}")
    turn(here, 10)
    assert "Amina" not in rosa.get(f"/console/replies/{number}").text


def test_a_page_that_is_still_open_says_so_and_hears_of_the_other_and_of_changes(here: Visit) -> None:
    number, rosa, amina = came(here), seated(here), seated(here, name="Amina")
    seen = version(amina, number)
    for _ in range(12):
        turn(here, 1)
        assert amina.post(f"/console/replies/{number}/watch", {"version": seen}).status_code == 200
    assert "Amina has had this open for" in rosa.get(f"/console/replies/{number}").text
    heard = amina.post(f"/console/replies/{number}/watch", {"version": seen}).text
    assert "Rosa has just opened this." in heard
    assert "has changed" not in heard
    rosa.does(f"/console/replies/{number}/done", {"version": seen})
    assert (
        "has changed since you opened it" in amina.post(f"/console/replies/{number}/watch", {"version": seen}).text
    )


def test_who_leaves_or_goes_on_is_at_it_no_more(here: Visit) -> None:
    number, other, rosa, amina = came(here), came(here, "And when?"), seated(here), seated(here, name="Amina")
    amina.get(f"/console/replies/{number}")
    assert amina.post(f"/console/replies/{number}/leave").status_code == 204
    assert "Amina" not in rosa.get(f"/console/replies/{number}").text
    amina.get(f"/console/replies/{number}")
    amina.get(f"/console/replies/{other}")
    assert "Amina" not in rosa.get(f"/console/replies/{number}").text
    amina.does(f"/console/replies/{other}/done", {"version": version(amina, other)})
    assert "Amina" not in rosa.get(f"/console/replies/{other}").text.partition("<h1")[0]


def test_what_the_other_has_sorted_meanwhile_is_not_sorted_twice(here: Visit) -> None:
    number, rosa, amina = came(here), seated(here), seated(here, name="Amina")
    seen = version(rosa, number)
    amina.does(f"/console/replies/{number}/correct", {"version": version(amina, number), "kind": "declines"})
    for deed, values in {
        "done": {},
        "correct": {"kind": "signs"},
        "place": {"call": "safe-passage"},
        "answer": {"text": "Twelve so far."},
        "reopen": {},
    }.items():
        answer = rosa.post(f"/console/replies/{number}/{deed}", {"version": seen, **values})
        page = answer.text or rosa.get(f"/console/replies/{number}").text
        assert "has changed since you opened it: Amina has sorted it first." in page, deed
    assert (stands(here, number).kind, stands(here, number).state) == (ReplyKind.DECLINES, ReplyState.DONE)
    assert here.woken == [True]


def test_a_form_without_a_version_changes_nothing(here: Visit) -> None:
    number, rosa = came(here), seated(here)
    rosa.post(f"/console/replies/{number}/done")
    assert stands(here, number).state is ReplyState.WAITING


def test_only_to_ask_for_the_headers_is_not_to_open_it(here: Visit) -> None:
    number, rosa = came(here), seated(here)
    assert rosa.request("HEAD", f"/console/replies/{number}").status_code == 200
    with here.app.database.reading() as session:
        assert session.get(ReplyWatch, (number, rosa.user.id)) is None
