"""The mail room: every mail with what became of it, and what a person decides about one."""

import re

import pytest

from outreach.domain.judging import Verdict
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.domain.tokens import Purpose
from outreach.domain.users import Role
from outreach.store.tables import Message
from tests import make
from tests.web.console.seated import Seated, seated
from tests.web.visit import Visit


@pytest.fixture
def rosa(here: Visit) -> Seated:
    return seated(here)


def _is(here: Visit, state: MessageState, **values: object) -> None:
    with here.app.database.changing() as session:
        one = session.get_one(Message, 1)
        one.state = state
        for name, value in values.items():
            setattr(one, name, value)


def _stands(here: Visit) -> Message:
    with here.app.database.reading() as session:
        return session.get_one(Message, 1)


def test_the_mails_are_listed_with_figures_that_open_them(here: Visit, rosa: Seated) -> None:
    page = rosa.get("/console/outbox").text
    assert "Invitation" in page
    assert "idris@harbour.example" in page
    assert re.search(r'href="/console/outbox\?state=queued"><b>1</b>', page)


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("state=queued", True),
        ("state=sent", False),
        ("kind=invitation", True),
        ("kind=reminder", False),
        ("call=safe-passage", True),
        ("call=safe-passage&state=queued&kind=invitation&test=no", True),
        ("test=yes", False),
        ("before=1", False),
        ("before=x&state=nonsense&kind=&test=%00", True),
    ],
)
def test_the_list_is_narrowed(rosa: Seated, query: str, there: bool) -> None:  # noqa: FBT001
    page = rosa.get(f"/console/outbox?{query}")
    assert (page.status_code, "/console/outbox/1" in page.text) == (200, there)


def test_a_test_mail_is_shown_beside_the_others_and_counted_nowhere(here: Visit, rosa: Seated) -> None:
    _is(here, MessageState.QUEUED, test=True)
    assert "/console/outbox/1" in rosa.get("/console/outbox?test=yes&kind=invitation").text
    assert "/console/outbox/1" in rosa.get("/console/outbox?kind=invitation").text
    assert "/console/outbox/1" not in rosa.get("/console/outbox?test=no").text


def test_of_a_rehearsed_mail_no_server_is_said_to_have_taken_it(here: Visit, rosa: Seated) -> None:
    _is(here, MessageState.SENT, rehearsal=True)
    page = rosa.get("/console/outbox/1").text
    assert "It was written to a file, and nobody was sent it." in page
    assert "The mail server took it." not in page
    _is(here, MessageState.SENT, rehearsal=False)
    assert "The mail server took it." in rosa.get("/console/outbox/1").text


def test_mails_are_found_by_address_and_the_address_bar_says_nothing(rosa: Seated) -> None:
    assert "/console/outbox/1" in rosa.post("/console/outbox/find", {"address": "IDRIS@harbour.example "}).text
    assert "/console/outbox/1" not in rosa.post("/console/outbox/find", {"address": "ana@harbour.example"}).text
    assert "/console/outbox/1" not in rosa.post("/console/outbox/find", {"address": "nonsense"}).text


def test_every_mail_is_reached_page_by_page_and_none_twice(here: Visit, rosa: Seated) -> None:
    with here.app.database.changing() as session:
        for number in range(120):
            make.contact(session, here.app.house, f"p{number}@lamp.example")
        make.launched(session, here.app.house, slug="other")
    seen: list[str] = []
    path = "/console/outbox?call=other"
    while path:
        page = rosa.get(path).text
        seen += re.findall(r'href="/console/outbox/(\d+)"', page)
        more = re.search(r'class="next" href="([^"]+)"', page)
        path = more.group(1).replace("&amp;", "&") if more else ""
    assert (len(seen), len(set(seen))) == (121, 121)


def test_a_mail_is_shown_as_its_reader_sees_it_and_its_links_open_nothing(here: Visit, rosa: Seated) -> None:
    page = rosa.get("/console/outbox/1").text
    assert "It waits for its turn" in page
    assert '<iframe src="/console/outbox/1/mail" sandbox' in page
    framed = rosa.get("/console/outbox/1/mail")
    assert "Harbour House" in framed.text or "Idris" in framed.text
    policy = framed.headers["content-security-policy"]
    assert "sandbox;" in policy
    assert "default-src 'none'" in policy
    for purpose in (Purpose.SIGN_ORGANISATION, Purpose.SIGN_INDIVIDUAL, Purpose.OPT_OUT):
        assert here.link(purpose) not in framed.text + page
    links = re.findall(r"/(?:sign|opt-out)/[\w-]+", framed.text)
    assert links
    assert {here.get(link).status_code for link in links} == {404}


def test_a_mail_that_cannot_be_written_says_why(here: Visit, rosa: Seated) -> None:
    _is(here, MessageState.FAILED, reason="cannot be sent", address="nobody")
    page = rosa.get("/console/outbox/1").text
    assert "It cannot be shown" in page
    assert rosa.get("/console/outbox/1/mail").status_code == 404


def test_each_attempt_is_there_with_the_words_of_the_server(here: Visit, rosa: Seated) -> None:
    refused = Verdict(MessageState.FAILED, "person", "550 5.1.1 <script>alert(1)</script>", copy=False)
    with here.app.database.changing() as session:
        make.submitted(session, verdict=refused)
    page = rosa.get("/console/outbox/1").text
    assert "there is no such address" in page
    assert "550 5.1.1 &lt;script&gt;" in page


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.HELD, MessageState.UNKNOWN])
def test_a_mail_is_let_go_once_more(here: Visit, rosa: Seated, state: MessageState) -> None:
    _is(here, state, copies=1)
    assert "queued again" in rosa.does("/console/outbox/1/retry").text
    assert (_stands(here).state, here.woken) == (MessageState.QUEUED, [True])


def test_nobody_gets_a_third_copy(here: Visit, rosa: Seated) -> None:
    _is(here, MessageState.UNKNOWN, copies=2)
    assert "Try it once more" not in rosa.get("/console/outbox/1").text
    assert "second copy" in rosa.does("/console/outbox/1/retry").text
    assert _stands(here).state is MessageState.UNKNOWN


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.CANCELLED, MessageState.QUEUED])
def test_what_is_not_to_be_retried_is_not(here: Visit, rosa: Seated, state: MessageState) -> None:
    _is(here, state)
    rosa.post("/console/outbox/1/retry")
    assert _stands(here).state is state


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.DEFERRED, MessageState.HELD])
def test_a_mail_that_has_not_left_is_cancelled(here: Visit, rosa: Seated, state: MessageState) -> None:
    _is(here, state)
    assert "It will not leave" in rosa.does("/console/outbox/1/cancel").text.replace("; it", ". It")
    assert (_stands(here).state, _stands(here).reason) == (MessageState.CANCELLED, "cancelled by a person")


@pytest.mark.parametrize("state", [MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN])
def test_a_mail_that_is_leaving_or_has_left_is_not(here: Visit, rosa: Seated, state: MessageState) -> None:
    _is(here, state)
    assert "Cancel this mail" not in rosa.get("/console/outbox/1").text
    rosa.post("/console/outbox/1/cancel")
    assert _stands(here).state is state


@pytest.mark.parametrize(("arrived", "state"), [("yes", MessageState.SENT), ("no", MessageState.FAILED)])
def test_a_person_says_what_became_of_an_unknown_one(
    here: Visit, rosa: Seated, arrived: str, state: MessageState
) -> None:
    _is(here, MessageState.UNKNOWN, claimed_at=make.NOON)
    assert "It is noted" in rosa.does("/console/outbox/1/settle", {"arrived": arrived}).text
    one = _stands(here)
    assert (one.state, one.sent_at is not None) == (state, arrived == "yes")
    rosa.post("/console/outbox/1/settle", {"arrived": "yes" if arrived == "no" else "no"})
    assert _stands(here).state is state


def test_who_has_a_role_for_one_call_sees_the_mails_of_that_call_only(here: Visit) -> None:
    with here.app.database.changing() as session:
        other, _ = make.launched(session, here.app.house, slug="other")
    ana = seated(here, Role.STAFF, call_id=other.id or 0, name="Ana")
    page = ana.get("/console/outbox").text
    assert "/console/outbox/2" in page
    assert "/console/outbox/1" not in page
    assert "/console/contacts/" not in page
    assert "/console/outbox/1" not in ana.post("/console/outbox/find", {"address": "idris@harbour.example"}).text
    for path in ("1", "1/mail"):
        assert ana.get(f"/console/outbox/{path}").status_code == 404
    assert ana.get("/console/outbox/2").status_code == 200
    assert ana.get("/console/outbox?call=safe-passage").status_code == 404
    before = here.everything()
    for deed in ("retry", "cancel", "settle"):
        assert ana.post(f"/console/outbox/2/{deed}", {"arrived": "yes"}).status_code == 404
        assert ana.post(f"/console/outbox/1/{deed}", {"arrived": "yes"}).status_code == 404
    assert here.everything() == before


def test_a_mail_of_no_call_is_for_who_may_read_everything(here: Visit) -> None:
    _is(here, MessageState.SENT, call_id=None, kind=MessageKind.ALERT, mailing_id=None)
    ana = seated(here, Role.COORDINATOR, call_id=here.call.id or 0, name="Ana")
    assert ana.get("/console/outbox/1").status_code == 404
    assert "/console/outbox/1" not in ana.get("/console/outbox").text
    assert "/console/outbox/1" in seated(here).get("/console/outbox").text


def test_an_observer_sees_no_mail(here: Visit) -> None:
    observer = seated(here, Role.OBSERVER, name="Otto")
    for path in ("", "/1", "/1/mail"):
        assert observer.get(f"/console/outbox{path}").status_code == 404
