"""The signatures' desk in the console: who waits, what is doubtful, what may be one, and what staff decide."""

import re

import pytest
from sqlmodel import select

from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import Origin, SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.domain.tasks import TaskState, TaskVerb
from outreach.domain.users import Role
from outreach.store.tables import Call, Contact, Distinction, Document, Signature, Task
from tests import make
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit

DESK = "/console/calls/safe-passage/signatures"


def signature(here: Visit, **given: object) -> int:
    """A signature of the call, by nobody's mailbox unless it says otherwise."""
    with here.app.database.changing() as session:
        call = session.get_one(Call, here.call.id)
        return make.signature(session, call, **given).id or 0  # type: ignore[arg-type]


def shown(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_who_waits_stands_first_and_who_sees_the_name_is_said_in_words(here: Visit) -> None:
    signature(here, name="Harbour Lamp", state=SignatureState.LATE, visibility=Visibility.COUNTED)
    signature(here, name="Quiet Coast", key="q")
    rosa = seated(here)
    page = rosa.get(DESK).text
    assert "Harbour Lamp" in page
    assert "Quiet Coast" not in page
    assert "named nowhere, only counted" in shown(page)
    assert "Quiet Coast" in rosa.get(f"{DESK}?show=confirmed").text
    assert "Harbour Lamp" in rosa.get(f"{DESK}?show=late").text
    assert "There is none here." in rosa.get(f"{DESK}?show=gone").text
    assert "Harbour Lamp" in rosa.get(f"{DESK}?show=odd&after=x").text


def test_figures_say_how_many_stand_where(here: Visit) -> None:
    for number, state in enumerate(SignatureState):
        signature(here, name=f"Body {number}", key=str(number), state=state)
    page = shown(seated(here).get(DESK).text)
    for words in ("1 confirmed", "2 proposed, or wait for their mailbox", "1 late", "1 withdrawn", "1 rejected"):
        assert words in page


def test_a_long_list_is_read_page_by_page_and_nobody_is_missed(here: Visit) -> None:
    numbers = [signature(here, name=f"Body {number}", key=str(number)) for number in range(120)]
    rosa, read, path = seated(here), list[int](), f"{DESK}?show=confirmed"
    while path:
        page = rosa.get(path).text
        read += [
            int(number) for number in re.findall(r'<th scope="row">\s*<a href="/console/signatures/(\d+)"', page)
        ]
        more = re.search(r'class="next" href="([^"]+)"', page)
        path = more.group(1).replace("&amp;", "&") if more else ""
    assert read == numbers


def test_a_doubtful_name_is_shown_until_somebody_says_that_it_is_right(here: Visit) -> None:
    number = signature(here, name="HARBOUR LAMP SOCIETY OF THE COAST")
    rosa = seated(here)
    assert "all in capitals" in rosa.get(f"{DESK}?show=doubtful").text
    done = rosa.does(f"/console/signatures/{number}/check", {"from": "doubtful"})
    assert "It may be printed as it is" in done.text
    assert "No name looks wrong." in done.text
    assert here.stands(number).checked_by == "rosa@coalition.example"


def test_two_that_look_alike_are_merged_unmerged_and_told_apart(here: Visit) -> None:
    one = signature(here, name="Harbour Lamp")
    other = signature(here, name="Harbour  Lamp!", key="x")
    rosa = seated(here)
    assert "the same name" in rosa.get(f"{DESK}?show=pairs").text
    assert "the same name" in rosa.get(f"/console/signatures/{one}").text
    done = rosa.does(f"/console/signatures/{other}/merge", {"other": str(one), "from": "pairs"})
    assert "No two signatures look like one." in done.text
    assert f'action="/console/signatures/{other}/unmerge"' in done.text
    assert here.stands(other).merged_into_id == one
    assert "both count" in rosa.does(f"/console/signatures/{other}/unmerge").text
    assert here.stands(other).state is SignatureState.CONFIRMED
    assert "No two signatures look like one." in rosa.get(f"{DESK}?show=pairs").text


def test_two_are_said_to_be_two_from_the_desk(here: Visit) -> None:
    one = signature(here, name="Harbour Lamp")
    other = signature(here, name="Harbour  Lamp!", key="x")
    done = seated(here).does(f"/console/signatures/{one}/distinct", {"other": str(other), "from": "pairs"})
    assert "No two signatures look like one." in done.text
    with here.app.database.reading() as session:
        assert session.get(Distinction, (one, other)) is not None


def test_names_are_compared_beside_the_page_when_there_are_many(here: Visit) -> None:
    for number in range(301):
        signature(here, name=f"{make.NOON} {number} Society", key=str(number))
    rosa = seated(here)
    pages = [rosa.get(f"{DESK}?show=pairs") for _ in range(2)]
    assert {page.status_code for page in pages} == {200}


def test_a_late_one_is_counted_and_a_waiting_one_only_with_a_word_on_how_it_is_known(here: Visit) -> None:
    late = signature(here, name="Late Light", state=SignatureState.LATE, key="l", late_at=here.clock.now())
    waits = signature(here, name="Slow Sail", state=SignatureState.PENDING, key="s")
    rosa = seated(here)
    assert "it counts" in rosa.does(f"/console/signatures/{late}/accept", {"from": "late"}).text
    assert here.stands(late).state is SignatureState.CONFIRMED
    assert "has confirmed nothing" in rosa.does(f"/console/signatures/{waits}/accept").text
    assert here.stands(waits).state is SignatureState.PENDING
    rosa.does(f"/console/signatures/{waits}/accept", {"evidence": "By telephone", "visibility": "counted"})
    stands = here.stands(waits)
    assert (stands.state, stands.evidence, stands.visibility) == (
        SignatureState.CONFIRMED,
        "By telephone",
        Visibility.COUNTED,
    )


def test_a_rejection_and_a_withdrawal_are_undone_by_the_button_that_is_offered(here: Visit) -> None:
    number = signature(here, name="Harbour Lamp")
    rosa, at = seated(here), f"/console/signatures/{number}"
    done = rosa.does(f"{at}/reject", {"reason": "A joke", "from": "confirmed"})
    assert f'action="{at}/restore"' in done.text
    assert (here.stands(number).state, here.stands(number).reason) == (SignatureState.REJECTED, "A joke")
    assert "The rejection is undone: confirmed." in rosa.does(f"{at}/restore").text
    done = rosa.does(f"{at}/withdraw", {"note": "As you asked"})
    assert f'action="{at}/reinstate"' in done.text
    assert here.stands(number).state is SignatureState.WITHDRAWN
    rosa.does(f"{at}/reinstate")
    assert here.stands(number).state is SignatureState.CONFIRMED


def test_a_correction_shows_before_and_after_in_the_history_and_can_be_taken_back(here: Visit) -> None:
    number = signature(here, name="Harbor Lamp")
    rosa, at = seated(here), f"/console/signatures/{number}"
    done = rosa.does(f"{at}/correct", {"name": "Harbour Lamp", "visibility": "addressee", "country": "Kenya"})
    assert re.search(r"<del><bdi>Harbor Lamp</bdi></del>.*<ins><bdi>Harbour Lamp</bdi></ins>", done.text)
    assert "named to the official alone" in shown(done.text)
    undo = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', done.text))
    assert undo["name"] == "Harbor Lamp"
    assert (
        "Nothing is changed by that."
        in rosa.does(f"{at}/correct", {"name": "Harbour Lamp", "visibility": "addressee", "country": "KE"}).text
    )
    assert "name is empty" in rosa.does(f"{at}/correct", {"visibility": "public"}).text
    rosa.does(f"{at}/correct", undo)
    assert here.stands(number).name == "Harbor Lamp"


def test_a_signatory_is_asked_by_mail(here: Visit) -> None:
    given, _ = here.signed()
    with here.app.database.changing() as session:
        one = session.get_one(Signature, given.id)
        one.state, one.confirmed_at = SignatureState.CONFIRMED, here.clock.now()
    rosa = seated(here)
    assert "The question is queued" in rosa.does(f"/console/signatures/{given.id}/ask", {"question": "Which?"}).text
    assert len(here.mails(MessageKind.SIGNATURE_QUESTION)) == 1
    assert "A question must ask something." in rosa.does(f"/console/signatures/{given.id}/ask").text


def test_one_is_added_by_hand_with_how_it_is_known(here: Visit) -> None:
    rosa = seated(here)
    typed = {"kind": "individual", "name": "Ama Mensah", "visibility": "counted", "origin": "meeting"}
    wrong = rosa.post(f"{DESK}/add", typed)
    assert wrong.status_code == 422
    assert "Say how you know" in wrong.text
    assert 'value="Ama Mensah"' in wrong.text
    done = rosa.does(f"{DESK}/add", {**typed, "evidence": "She said so to Rosa in Accra"})
    assert "The signature is added." in done.text
    assert "She said so to Rosa in Accra" in done.text
    [one] = [one for one in here.signatures() if one.name == "Ama Mensah"]
    assert (one.origin, one.state, one.visibility) == (Origin.MEETING, SignatureState.CONFIRMED, Visibility.COUNTED)
    assert "It was there already" in rosa.does(f"{DESK}/add", {**typed, "evidence": "Again"}).text
    assert rosa.post(f"{DESK}/add", {**typed, "evidence": "x", "origin": "import"}).status_code == 422


def test_what_is_looked_for_is_found_in_every_state_and_stands_in_no_address(here: Visit) -> None:
    signature(here, name="Harbour Lamp", state=SignatureState.REJECTED)
    rosa = seated(here)
    page = rosa.post(f"{DESK}/find", {"search": "lamp harb"})
    assert page.status_code == 200
    assert "/console/signatures/" in page.text
    assert "No signature fits." in rosa.post(f"{DESK}/find", {"search": "%"}).text
    assert 'method="post" action="/console/calls/safe-passage/signatures/find"' in page.text


def test_the_list_reads_as_it_would_be_signed_off_now(here: Visit) -> None:
    signature(here, name="Zebra Trust")
    signature(here, name="Amber Trust", key="a", visibility=Visibility.ADDRESSEE)
    signature(here, name="Hidden Trust", key="h", visibility=Visibility.COUNTED)
    page = seated(here).get(f"{DESK}/list").text
    assert page.index("Amber Trust") < page.index("Zebra Trust")
    assert "named to the official alone" in shown(page)
    assert "Hidden Trust" not in page
    assert "2 counted, and not named in public" in shown(page)


def test_an_export_holds_private_names_only_when_they_are_asked_for(here: Visit) -> None:
    signature(here, name="Zebra Trust")
    signature(here, name="=HIDDEN()", key="h", visibility=Visibility.COUNTED)
    rosa = seated(here)
    public, whole = rosa.get(f"{DESK}/export"), rosa.get(f"{DESK}/export?private=yes")
    assert "attachment" in public.headers["content-disposition"]
    assert "Zebra Trust" in public.text
    assert "HIDDEN" not in public.text
    assert "HIDDEN" in whole.text
    assert ",=HIDDEN" not in whole.text


def test_a_list_is_tried_before_it_is_taken_in(here: Visit) -> None:
    rosa = seated(here)
    form = {"visibility": "public", "columns": "Mail=email"}
    content = b"organisation,Mail\nHarbour Lamp,ama@lamp.example\n"
    asked = rosa.post(f"{DESK}/import", form, files={"file": ("list.csv", content, "text/csv")})
    assert asked.status_code == 303
    page = rosa.get(asked.headers["location"])
    assert "Dry run: nothing is changed" in page.text
    assert "Take it in" not in page.text
    with here.app.database.changing() as session:
        task = session.exec(select(Task)).one()
        assert (task.verb, task.given["dry_run"], task.given["columns"]) == (
            TaskVerb.IMPORT_SIGNATURES,
            True,
            {"Mail": "email"},
        )
        task.state, task.ended_at = TaskState.DONE, here.clock.now()
    assert "Take it in" in rosa.get(asked.headers["location"]).text
    assert "The import has been asked for." in rosa.does(asked.headers["location"]).text
    with here.app.database.reading() as session:
        assert [task.given["dry_run"] for task in session.exec(select(Task).order_by("id"))] == [True, False]
    other = seated(here, name="Amina")
    assert other.get(asked.headers["location"]).status_code == 404


@pytest.mark.parametrize(
    ("form", "file", "said"),
    [
        ({}, b"x", "Choose who sees the names"),
        ({"visibility": "public", "columns": "Mail"}, b"x", "is not understood"),
        ({"visibility": "public", "signed": "yesterday"}, b"x", "yesterday"),
        ({"visibility": "public"}, b"", "is empty"),
    ],
)
def test_an_import_that_cannot_be_tried_says_why(here: Visit, form: dict[str, str], file: bytes, said: str) -> None:
    page = seated(here).post(f"{DESK}/import", form, files={"file": ("list.csv", file, "text/csv")})
    assert page.status_code == 422
    assert said in page.text
    with here.app.database.reading() as session:
        assert not session.exec(select(Task)).all()
        assert not session.exec(select(Document)).all()


def all_pages(number: int) -> list[str]:
    shows = ("undecided", "doubtful", "pairs", "confirmed", "late", "gone")
    parts = [f"{DESK}?show={show}" for show in shows]
    return [*parts, f"{DESK}/list", f"{DESK}/export?private=yes", f"{DESK}/add", f"/console/signatures/{number}"]


def every_deed(person: Seated, number: int) -> set[int]:
    deeds = ("accept", "reject", "restore", "check", "merge", "unmerge", "distinct", "correct", "ask", "withdraw")
    codes = {person.post(f"/console/signatures/{number}/{deed}").status_code for deed in (*deeds, "reinstate")}
    return codes | {person.post(f"{DESK}/add").status_code, person.post(f"{DESK}/find").status_code}


def test_an_observer_sees_nobody_and_decides_nothing(here: Visit) -> None:
    number = signature(here, name="Hidden Harbour", visibility=Visibility.COUNTED)
    observer = seated(here, Role.OBSERVER)
    before = here.everything()
    answers = [observer.get(path) for path in (*all_pages(number), f"{DESK}/import")]
    assert {answer.status_code for answer in answers} == {404}
    assert every_deed(observer, number) == {404}
    assert here.everything() == before
    for path in ("/console", "/console/calls", "/console/calls/safe-passage"):
        assert "Hidden Harbour" not in observer.get(path).text


def test_a_role_for_one_call_opens_no_other_call_s_signatures(here: Visit) -> None:
    number = signature(here, name="Hidden Harbour", visibility=Visibility.COUNTED)
    amina = seated(here, Role.COORDINATOR, call_id=99, name="Amina")
    assert {amina.get(path).status_code for path in all_pages(number)} == {404}
    assert every_deed(amina, number) == {404}
    rosa = seated(here)
    assert {rosa.get(f"/console/signatures/{odd}").status_code for odd in ("0", "99999", "9" * 30)} == {404}


def test_a_merge_reaches_into_no_call_that_she_may_not_sort(here: Visit) -> None:
    with here.app.database.changing() as session:
        call = make.call(session, here.app.house, slug="another-one")
        other = make.signature(session, call, name="Hidden Harbour").id
    mine = signature(here, name="Harbour Lamp")
    amina = seated(here, Role.COORDINATOR, call_id=here.call.id or 0, name="Amina")
    for deed in ("merge", "distinct"):
        assert amina.post(f"/console/signatures/{mine}/{deed}", {"other": str(other)}).status_code == 404


def test_staff_sort_and_import_nothing(here: Visit) -> None:
    staff = seated(here, Role.STAFF)
    page = staff.get(DESK).text
    assert f'href="{DESK}/add"' in page
    assert f'href="{DESK}/import"' not in page
    assert staff.get(f"{DESK}/import").status_code == staff.post(f"{DESK}/import").status_code == 404


def test_whatever_was_signed_is_text_on_every_page(here: Visit) -> None:
    canary = "<script>alert(1)</script>"
    number = signature(
        here,
        name=canary,
        kind=SignatureKind.INDIVIDUAL,
        evidence=canary,
        reason=canary,
        affiliation=canary,
        signer_title=canary,
    )
    with here.app.database.changing() as session:
        session.get_one(Contact, here.idris.id).name = canary
        session.get_one(Call, here.call.id).title = canary
    rosa = seated(here)
    for path in [path for path in all_pages(number) if "export" not in path]:
        assert canary not in rosa.get(path).text
    assert canary not in rosa.post(f"{DESK}/find", {"search": canary}).text
