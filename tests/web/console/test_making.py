"""Making a call in the console: from its first form to the launch, each page kept, refused and shared rightly."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace

import httpx
import pytest
from sqlmodel import select

from outreach.domain.kinds import OWN_KINDS, MessageKind
from outreach.domain.states import CallState
from outreach.domain.users import Role
from outreach.store.calls import export_call
from outreach.store.tables import Call, CallExclusion
from outreach.web.app import build_app
from tests import make
from tests.make import ROOT
from tests.web.console.seated import FROM_OUR_PAGE, Seated, seated
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


@pytest.fixture
def begun(here: Visit) -> Seated:
    """Rosa has made a draft."""
    return begin(here)


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


# Beginning


def test_a_draft_is_whole_from_the_first_moment(here: Visit) -> None:
    begin(here)
    with here.app.database.reading() as session:
        file = export_call(session, draft(here))
    assert file.languages == ("en", "fr")
    assert {kind for kind, language in file.texts if language == "en"} >= set(OWN_KINDS)
    assert {language for _, language in file.texts} == {"en", "fr"}
    assert [str(one) for one in file.reminders] == ["21d", "7d"]
    assert str(file.last_call) == "24h"


def test_what_cannot_be_a_call_is_said_above_the_form_which_keeps_what_was_typed(here: Visit) -> None:
    begin(here)
    rosa = seated(here, name="Amina")
    for odd, said in (
        ({"title": ""}, "Give the call a title."),
        ({"title": "المرافئ"}, "in Latin letters"),
        ({"slug": "new"}, "taken by a page"),
        ({"slug": "Open Ports"}, "small letters"),
        ({"slug": "open-ports"}, "There is a call"),
        ({"deadline": "2020-01-01T10:00"}, "has passed already"),
        ({"zone": "CET"}, "abbreviation"),
        ({"deadline": "soon"}, "no date and time"),
        ({"organisers": ""}, "organisers"),
    ):
        page = rosa.post("/console/calls/new", {**NEW, **odd})
        assert page.status_code == 422, odd
        assert said in page.text, odd
        assert "Lantern Coast Network" in page.text


@pytest.mark.parametrize("role", [Role.STAFF, Role.OBSERVER])
def test_only_who_runs_calls_makes_one(here: Visit, begun: Seated, role: Role) -> None:
    other = seated(here, role, name="Amina")
    assert other.get("/console/calls/new").status_code == 404
    for page in ("letter", "audience", "schedule", "mails", "check", "audience/counted", "mails/framed"):
        assert begun.get(f"{MAKE}/{page}").status_code == 200, page
        assert other.get(f"{MAKE}/{page}").status_code == 404, page
    assert other.post(f"{MAKE}/launch").status_code == 404
    assert other.post("/console/calls/new", NEW).status_code == 404


def test_who_runs_one_call_makes_no_other(here: Visit, begun: Seated) -> None:
    amina = seated(here, Role.COORDINATOR, call_id=here.call.id or 0, name="Amina")
    assert amina.get("/console/calls/new").status_code == 404
    assert amina.get(f"{MAKE}/letter").status_code == 404
    assert amina.post(f"{MAKE}/letter", WRITTEN).status_code == 404
    ben = seated(here, Role.COORDINATOR, call_id=draft(here).id or 0, name="Ben")
    assert ben.get(f"{MAKE}/letter").status_code == 200


# The letter


def test_the_letter_is_kept_and_shown_as_its_readers_see_it(here: Visit, begun: Seated) -> None:
    assert save(begun, "letter", WRITTEN).status_code == 303
    page = begun.get(f"{MAKE}/letter").text
    assert "<strong>open</strong> the ports" in page
    assert "<li>Keep them open</li>" in page
    assert "Saved." in page


def test_it_is_saved_as_she_types_and_says_when(here: Visit, begun: Seated) -> None:
    hers = {**WRITTEN, "version": version(begun, "letter")}
    answer = begun.request("POST", f"{MAKE}/letter", data=hers, headers={**FROM_OUR_PAGE, "hx-request": "true"})
    assert "Saved at 13:00" in answer.text
    assert answer.headers["hx-trigger"] == "saved"
    assert form_of(answer)["version"] == version(begun, "letter")


def test_a_letter_that_cannot_be_is_not_kept_but_stays_in_the_form(here: Visit, begun: Seated) -> None:
    page = save(begun, "letter", {**WRITTEN, "body.en": "{{ nonsense }} stays here", "title.fr": ""})
    assert page.status_code == 422
    assert "nonsense" in page.text
    assert "stays here" in page.text
    faulty = save(begun, "letter", {**WRITTEN, "title.fr": ""})
    assert "The letter in fr has no title." in faulty.text
    assert "nonsense" not in begun.get(f"{MAKE}/letter").text


def test_two_who_write_at_once_see_both_and_nothing_is_lost(here: Visit, begun: Seated) -> None:
    amina = seated(here, name="Amina")
    old = version(begun, "letter")
    assert save(amina, "letter", {**WRITTEN, "title.en": "Hers came first"}).status_code == 303
    page = begun.post(f"{MAKE}/letter", {**WRITTEN, "title.en": "Mine came second", "version": old})
    assert page.status_code == 409
    assert "Hers came first" in page.text
    assert "Mine came second" in page.text
    hx = {**FROM_OUR_PAGE, "hx-request": "true"}
    typed = begun.request("POST", f"{MAKE}/letter", data={**WRITTEN, "version": old}, headers=hx)
    assert "somebody else has changed this meanwhile" in typed.text
    mine = {**WRITTEN, "title.en": "Mine came second", "version": form_of(page)["version"]}
    assert begun.post(f"{MAKE}/letter", mine).status_code == 303
    assert "Mine came second" in begun.get(f"{MAKE}/letter").text


def test_two_who_work_on_different_pages_are_in_nobodys_way(here: Visit, begun: Seated) -> None:
    old = version(begun, "audience")
    assert save(begun, "letter", WRITTEN).status_code == 303
    assert begun.post(f"{MAKE}/audience", {"version": old, "tags": "migration"}).status_code == 303


def test_the_rendering_keeps_nothing_and_runs_nothing(here: Visit, begun: Seated) -> None:
    before = here.everything()
    shown = begun.post(
        f"{MAKE}/letter/rendered", {"language": "en", "body.en": f"*so* {CANARY}", "title.en": CANARY}
    )
    assert "<em>so</em>" in shown.text
    assert CANARY not in shown.text
    assert begun.post(f"{MAKE}/letter/rendered", {"language": "xx"}).status_code == 404
    assert here.everything() == before


def test_a_language_is_added_with_its_mails_and_removed_again(here: Visit, begun: Seated) -> None:
    assert begun.post(f"{MAKE}/letter/add", {"language": "es"}).status_code == 303
    with here.app.database.reading() as session:
        file = export_call(session, draft(here))
    assert "es" in file.letters
    assert (MessageKind.INVITATION, "es") in file.texts
    assert begun.post(f"{MAKE}/letter/remove", {"language": "es"}).status_code == 303
    with here.app.database.reading() as session:
        assert "es" not in export_call(session, draft(here)).letters
    assert "own language" in begun.does(f"{MAKE}/letter/remove", {"language": "en"}).text


def test_an_open_letter_is_amended_and_its_versions_show_what_changed(here: Visit) -> None:
    rosa, path = seated(here), "/console/calls/safe-passage/make/letter"
    with here.app.database.reading() as session:
        letters = export_call(session, here.call).letters
    values = {
        f"{name}.{language}": text
        for language, one in letters.items()
        for name, text in (
            ("title", one.title),
            ("addressee", one.addressee),
            ("asks", "\n".join(one.asks)),
            ("body", one.body),
        )
    }
    values["title.en"] = "Safer passage for everybody"
    page = rosa.get(path).text
    done = rosa.does(f"{path}/amend", {**values, "version": form_of(page)["version"]})
    assert "This is version 2 of the letter now. Asked again: 0." in done.text
    assert "<ins>Safer" in done.text
    assert rosa.post(path, {**values, "title.en": "x", "version": form_of(done)["version"]}).status_code == 422
    assert rosa.post(f"{path}/amend", {**values, "version": "old"}).status_code == 409


# The audience


def test_the_filter_is_kept_and_counted_with_the_first_names_and_the_reasons(here: Visit, begun: Seated) -> None:
    with here.app.database.changing() as session:
        make.contact(session, here.app.house, "nobasis@harbour.example", basis="")
        make.contact(session, here.app.house, "other@harbour.example", tags=("fishing",))
    page = begun.does(f"{MAKE}/audience", {"version": version(begun, "audience"), "tags": "migration"})
    assert re.search(r"<b>1</b>\s*people would be invited", page.text)
    assert here.idris.address in page.text
    assert re.search(r"<b>1</b> no basis to write", page.text)
    assert "other@harbour.example" not in page.text
    assert "would be invited" in begun.get(f"{MAKE}/audience/counted").text


def test_a_filter_that_means_nothing_is_said(here: Visit, begun: Seated) -> None:
    for odd, said in (
        ({"exclude": "no address"}, "audience.exclude"),
        ({"first_signed": "x"}, "go together"),
        ({"signed": "nowhere"}, ""),
    ):
        answer = save(begun, "audience", odd)
        assert answer.status_code in (303, 422)
        assert said in answer.text


def test_who_was_invited_elsewhere_stays_left_out_whatever_is_changed(here: Visit, begun: Seated) -> None:
    with here.app.database.changing() as session:
        session.add(CallExclusion(call_id=draft(here).id or 0, address_digest=here.idris.address_digest))
    written(begun)
    assert re.search(r"<b>1</b> excluded or already invited", begun.get(f"{MAKE}/audience").text)


# The schedule


def test_dates_are_kept_with_their_zones_and_shown_in_each_of_the_audience(here: Visit, begun: Seated) -> None:
    with here.app.database.changing() as session:
        make.contact(session, here.app.house, "far@harbour.example", time_zone="Asia/Manila")
    values = {
        "deadline": "2027-02-20T12:00",
        "zone": "America/Los_Angeles",
        "release": "2027-03-01T09:00",
        "release_zone": "Europe/Brussels",
        "reminders": "14d\n3d 09:00",
        "last_call": "24h",
        "thank_you": "yes",
    }
    page = begun.does(f"{MAKE}/schedule", {"version": version(begun, "schedule"), **values})
    assert "Asia/Manila" in page.text
    assert "21 Feb 04:00" in page.text
    assert "Reminder 3d 09:00" in page.text
    call = draft(here)
    assert (call.deadline, call.release) == (
        "2027-02-20 12:00 America/Los_Angeles",
        "2027-03-01 09:00 Europe/Brussels",
    )
    assert begun.get(f"{MAKE}/schedule/zones").status_code == 200


def test_dates_that_cannot_be_are_declined_and_stay_in_the_form(here: Visit, begun: Seated) -> None:
    good = {"deadline": "2027-02-20T12:00", "zone": "Europe/Brussels", "thank_you": "yes"}
    for odd, said in (
        ({"reminders": "a week"}, "a week"),
        ({"release": "2027-02-01T12:00"}, "before the deadline"),
        ({"zone": "EST"}, "abbreviation"),
        ({"deadline": ""}, "no date and time"),
        ({"last_call": "0d"}, "not before the deadline"),
    ):
        page = save(begun, "schedule", {**good, **odd})
        assert page.status_code == 422, odd
        assert said in page.text, odd


# The mails


def mail_values(who: Seated, path: str = f"{MAKE}/mails") -> dict[str, str]:
    page = who.get(path).text
    source = re.search(r'<textarea id="source".*?>\n(.*?)</textarea>', page, re.DOTALL)
    assert source is not None
    return {**form_of(page), "source": html.unescape(source.group(1))}


def test_every_mail_has_its_text_its_words_and_a_preview_as_a_real_contact(here: Visit, begun: Seated) -> None:
    written(begun)
    for kind in OWN_KINDS:
        for language in ("en", "fr"):
            page = begun.get(f"{MAKE}/mails?kind={kind.value}&language={language}")
            assert page.status_code == 200
            assert here.idris.address in page.text
            assert "contact.given_name" in page.text
    framed = begun.get(f"{MAKE}/mails/framed?kind=invitation&language=en")
    assert "sandbox" in framed.headers["content-security-policy"]
    assert begun.get(f"{MAKE}/mails?kind=invitation&language=xx").status_code == 404


def test_a_mail_is_changed_and_a_faulty_one_is_declined_with_its_line(here: Visit, begun: Seated) -> None:
    values = mail_values(begun)
    changed = {**values, "source": values["source"].replace("Subject:", "Subject: Please,", 1)}
    if changed["source"] == values["source"]:
        changed["source"] = values["source"] + "\n\nOne line more."
    assert begun.post(f"{MAKE}/mails", changed).status_code == 303
    now = mail_values(begun)
    assert now["source"] == changed["source"]
    page = begun.post(f"{MAKE}/mails", {**now, "source": now["source"] + "\n\n{{ nobody.knows }}"})
    assert page.status_code == 422
    assert re.search(r"line \d+: .*nobody", page.text)
    assert begun.post(f"{MAKE}/mails", {**values, "source": "x"}).status_code == 409


def test_somebody_is_found_and_the_mail_shown_as_she_would_get_it(here: Visit, begun: Seated) -> None:
    with here.app.database.changing() as session:
        vera = make.contact(session, here.app.house, "vera@harbour.example", name="Vera Lund")
        number = vera.id
    written(begun)
    found = begun.post(f"{MAKE}/mails/contact", {"kind": "invitation", "language": "en", "q": "vera"})
    assert "Vera Lund" in found.text
    assert f"contact={number}" in found.text
    page = begun.get(f"{MAKE}/mails?kind=invitation&language=en&contact={number}")
    assert "vera@harbour.example" in page.text


def test_the_preview_holds_no_link_that_works(here: Visit, begun: Seated) -> None:
    written(begun)
    framed = begun.get(f"{MAKE}/mails/framed").text
    for token in re.findall(r"/(?:sign|opt-out)/([\w.~-]+)", framed):
        assert here.get(f"/sign/{token}").status_code in (404, 410)


def test_a_test_goes_to_herself(here: Visit, begun: Seated) -> None:
    written(begun)
    page = begun.does(f"{MAKE}/mails/test", {"kind": "invitation", "language": "en"})
    assert "A test is on its way to you" in page.text
    (test,) = [mail for mail in here.mails(MessageKind.INVITATION) if mail.test]
    assert test.address == "rosa@coalition.example"
    assert here.woken


# The pre-flight and the launch


def test_what_stands_in_the_way_is_named_with_the_page_that_mends_it(here: Visit, begun: Seated) -> None:
    page = begun.get(f"{MAKE}/check").text
    assert "The letter in en still says that something is to be written in it." in page
    assert f'<a href="{MAKE}/letter">Mend it</a>' in page
    assert "/make/launch" not in page
    save(begun, "audience", {"tags": "nobody-has-this"})
    page = begun.get(f"{MAKE}/check").text
    assert f'<a href="{MAKE}/audience">Mend it</a>' in page
    refused = begun.does(f"{MAKE}/launch", {"draft": "x"})
    assert "was changed since you looked" in refused.text
    assert draft(here).state is CallState.DRAFT


def test_it_is_launched_once_and_by_nobody_who_saw_another_draft(here: Visit, begun: Seated) -> None:
    written(begun)
    seen = form_of(begun.get(f"{MAKE}/check"))
    assert "1 person is invited at once" in begun.get(f"{MAKE}/check").text
    save(seated(here, name="Amina"), "letter", {**WRITTEN, "title.en": "Another"})
    assert "was changed since you looked" in begun.does(f"{MAKE}/launch", seen).text
    page = begun.does(f"{MAKE}/launch", form_of(begun.get(f"{MAKE}/check")))
    assert "Launched. 1 invitation is queued." in page.text
    assert draft(here).state is CallState.OPEN
    assert begun.post(f"{MAKE}/launch", seen).status_code == 303
    assert len(here.mails(MessageKind.INVITATION)) == 2  # one of them is the other call's
    assert "This call has been launched" in begun.get(f"{MAKE}/check").text
    for page_name in ("letter", "audience", "schedule", "mails"):
        assert begun.get(f"{MAKE}/{page_name}").status_code == 200
    assert begun.post(f"{MAKE}/audience", {"tags": "x"}).status_code == 409


def test_in_an_open_call_a_mails_text_may_change_still(here: Visit, begun: Seated) -> None:
    written(begun)
    begun.post(f"{MAKE}/launch", form_of(begun.get(f"{MAKE}/check")))
    values = mail_values(begun, f"{MAKE}/mails?kind=reminder&language=en")
    done = begun.post(f"{MAKE}/mails", {**values, "source": values["source"] + "\n\nOne line more."})
    assert done.status_code == 303
    assert "One line more." in mail_values(begun, f"{MAKE}/mails?kind=reminder&language=en")["source"]


def test_where_the_workspace_asks_for_it_a_second_person_launches_what_was_asked_for(here: Visit) -> None:
    here.app = replace(here.app, house=make.house(here.app.database, workspace={"second_person": True}))
    rosa = begin(here)
    amina = seated(here, name="Amina")
    written(rosa)
    seen = form_of(rosa.get(f"{MAKE}/check"))
    assert "asks for a second person" in rosa.does(f"{MAKE}/launch", seen).text
    assert "Nobody has asked" in amina.does(f"{MAKE}/consent", seen).text
    assert "Asked." in rosa.does(f"{MAKE}/ask", seen).text
    assert "Waits for a second person" in rosa.get(f"{MAKE}/check").text
    assert "must be somebody else" in rosa.does(f"{MAKE}/consent", seen).text
    save(rosa, "letter", {**WRITTEN, "title.en": "Another"})
    now = form_of(amina.get(f"{MAKE}/check"))
    assert "ask for it anew" in amina.does(f"{MAKE}/consent", now).text
    rosa.post(f"{MAKE}/ask", form_of(rosa.get(f"{MAKE}/check")))
    page = amina.get(f"{MAKE}/check")
    assert "rosa@coalition.example has asked for your consent" in page.text
    assert "Launched." in amina.does(f"{MAKE}/consent", form_of(page)).text
    assert draft(here).state is CallState.OPEN


def test_consent_is_nothing_where_nobody_asks_for_it(here: Visit, begun: Seated) -> None:
    written(begun)
    refused = begun.does(f"{MAKE}/consent", form_of(begun.get(f"{MAKE}/check")))
    assert "asks for nobody" in refused.text


def test_a_rehearsal_is_said_loudly(here: Visit) -> None:
    here.app = replace(here.app, house=make.house(here.app.database, mail={"transport": "files"}))
    rosa = begin(here)
    written(rosa)
    page = rosa.get(f"{MAKE}/check").text
    assert "This is a rehearsal." in page
    assert "Launch the rehearsal" in page


# Whatever is typed


def test_whatever_is_typed_is_text_on_every_page(here: Visit, begun: Seated) -> None:
    with here.app.database.changing() as session:
        make.contact(session, here.app.house, "canary@harbour.example", name=CANARY)
    bad = begun.post(
        "/console/calls/new", {**NEW, "title": CANARY, "organisers": CANARY, "zone": CANARY, "slug": CANARY}
    )
    assert CANARY not in bad.text
    letter = {name: f"{value} {CANARY}" for name, value in WRITTEN.items()}
    save(begun, "letter", letter)
    fields = ("tags", "organisations", "exclude_tags", "countries")
    save(begun, "audience", dict.fromkeys(fields, CANARY))
    save(begun, "audience", {"exclude": CANARY})
    values = mail_values(begun)
    begun.post(f"{MAKE}/mails", {**values, "source": values["source"] + f"\n\n{CANARY}"})
    pages = [begun.get(f"{MAKE}/{page}").text for page in ("letter", "audience", "schedule", "mails", "check")]
    pages.append(save(begun, "schedule", {"deadline": CANARY, "zone": CANARY, "reminders": CANARY}).text)
    pages.append(begun.post(f"{MAKE}/letter", {**letter, "title.en": CANARY, "version": "old"}).text)
    pages.append(begun.post(f"{MAKE}/mails/contact", {"q": CANARY}).text)
    pages.append(begun.get(f"{MAKE}/mails/framed").text)
    for page in pages:
        assert CANARY not in page


def test_odd_addresses_answer_like_any_other(begun: Seated) -> None:
    for odd in ("mails?kind=x", "mails?contact=99999999", "mails?contact=x", "check?count=%00"):
        assert begun.get(f"{MAKE}/{odd}").status_code == 200, odd
    assert begun.get(f"{MAKE}/nowhere").status_code == 404
    assert begun.get("/console/calls/nowhere/make/letter").status_code == 404


def test_the_console_of_another_process_shows_the_same(here: Visit, begun: Seated) -> None:
    begun.web = build_app(here.app)
    assert begun.get(f"{MAKE}/letter").status_code == 200


def test_the_way_there_stands_on_the_list_of_calls_and_on_the_draft(here: Visit, begun: Seated) -> None:
    assert 'href="/console/calls/new"' in begun.get("/console/calls").text
    assert f'href="{MAKE}/check"' in begun.get("/console/calls/open-ports").text
    staff = seated(here, Role.STAFF, name="Amina")
    assert "/console/calls/new" not in staff.get("/console/calls").text
    assert "/make/" not in staff.get("/console/calls/open-ports").text
