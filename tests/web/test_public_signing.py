"""The public forms, the same answer to everybody, and the mail that is asked for again."""

from datetime import timedelta
from pathlib import Path

import pytest

from outreach.domain.kinds import MessageKind
from outreach.domain.listings import Listing
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CallState, SignatureState
from outreach.rendering.composing import compose
from outreach.store.database import Database
from outreach.store.outbox import claim
from outreach.store.ownership import owning
from tests import make
from tests.web.visit import FILLED, Visit, visit

FORM = "/letters/safe-passage/organisation"
IN_PERSON = "/letters/safe-passage/individual"
AGAIN = "/letters/safe-passage/again"
OTTO = {**FILLED, "name": "Otto’s House", "address": "otto@house.example"}


def confirmations(here: Visit) -> int:
    return len(here.mails(MessageKind.CONFIRMATION))


def test_anybody_can_sign_by_the_public_form_and_is_asked_by_mail(database: Database, tmp_path: Path) -> None:
    here = visit(database, tmp_path)
    filled = {
        **OTTO,
        "acronym": "OH",
        "country": "BE",
        "website": "house.example",
        "signer_name": "Otto Ott",
        "signer_title": "Warden",
        "news": "yes",
    }
    page = here.post(FORM, filled)
    assert page.status_code == 200
    assert "One more step" in page.text
    (signature,) = here.signatures()
    assert (signature.state, signature.visibility) == (SignatureState.PENDING, Visibility.PUBLIC)
    assert (signature.acronym, signature.country, signature.website) == ("OH", "BE", "https://house.example")
    assert (signature.signer_name, signature.signer_title) == ("Otto Ott", "Warden")
    assert signature.news_at is not None
    assert confirmations(here) == 1
    assert here.woken == [True]


def test_nobody_s_visibility_is_chosen_for_them(here: Visit) -> None:
    assert " checked" not in here.get(FORM).text
    page = here.post(FORM, {**OTTO, "visibility": ""})
    assert page.status_code == 422
    assert "Please choose who may see the name." in page.text
    assert here.signatures() == []


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "🎉", "Please write the name as it shall stand"),
        ("name", "See t.me/evil", "Please write a name only"),
        ("name", "x" * 201, "This is too long to be printed."),
        ("acronym", "x" * 41, "This is too long to be printed."),
        ("country", "ZZ", "Please choose a country from the list."),
        ("website", "not a site", "Please write a web address"),
        ("address", "nobody", "Please write one e-mail address of yours"),
        ("address", "", "Please write one e-mail address of yours"),
        ("address", "a@b.example, c@d.example", "Please write one e-mail address of yours"),
        ("address", "calls@lanterncoast.coop", "Please write one e-mail address of yours"),
        ("signer_name", "+1 202 555 0100 99", "Please write a name only"),
        ("visibility", "everyone", "Please choose who may see the name."),
    ],
)
def test_each_fault_stands_beside_its_field_and_all_that_was_typed_is_kept(
    here: Visit, field: str, typed: str, sentence: str
) -> None:
    before = here.everything()
    page = here.post(FORM, {**OTTO, "signer_title": "Warden of the <b>lamp</b>", field: typed})
    assert page.status_code == 422
    assert sentence in page.text
    assert f'id="{field}-fault"' in page.text
    assert 'value="Warden of the &lt;b&gt;lamp&lt;/b&gt;"' in page.text
    assert page.text.count('class="fault" id=') == 1
    assert here.everything() == before


def test_a_doubt_is_asked_once_with_everything_kept_and_never_refuses(here: Visit) -> None:
    doubtful = {**OTTO, "name": "Personal", "address": "otto@gmail.com"}
    page = here.post(FORM, doubtful)
    assert page.status_code == 200
    assert "Is this right?" in page.text
    assert "“<bdi>Personal</bdi>” does not look like the name of an organisation." in page.text
    assert "The address is at <bdi>gmail.com</bdi>" in page.text
    assert 'name="sure" value="yes"' in page.text
    assert 'value="otto@gmail.com"' in page.text
    assert here.signatures() == []
    assert "One more step" in here.post(FORM, {**doubtful, "sure": "yes"}).text
    assert [one.name for one in here.signatures()] == ["Personal"]


def test_the_answer_is_the_same_whoever_has_signed_and_whether_or_not_a_mail_goes(here: Visit) -> None:
    first = here.post(FORM, OTTO)
    repeated = here.post(FORM, OTTO)
    crowded = [here.post(FORM, {**OTTO, "name": f"House {number}"}) for number in range(8)][-1]
    assert first.text == repeated.text == crowded.text
    keeper = here.post(FORM, {**OTTO, "address": "postmaster@house.example"})
    assert keeper.text.replace("postmaster@", "otto@") == first.text
    assert confirmations(here) == 1


def test_an_organisation_that_has_signed_is_not_given_away(here: Visit) -> None:
    before = here.post(FORM, {**OTTO, "name": "Harbour House"})
    here.post(here.signed()[1])
    after = here.post(FORM, {**OTTO, "name": "Harbour House"})
    assert before.text == after.text


def test_fifty_forms_at_once_give_one_signature_and_one_mail(database: Database, tmp_path: Path) -> None:
    """B61."""
    here = visit(database, tmp_path)
    pages = here.all_at_once(*[lambda client: client.post(FORM, data=OTTO)] * 50)
    assert {page.status_code for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert len(here.signatures()) == confirmations(here) == 1


def test_three_hundred_forged_signatures_bring_the_victim_one_mail_with_none_of_the_forger_s_words(
    here: Visit,
) -> None:
    def forged(number: int) -> dict[str, str]:
        return {
            "name": f"WICKED {number} words",
            "acronym": "WICKED",
            "signer_name": "WICKED",
            "signer_title": "WICKED",
            "address": f"victim+{number % 7}@house.example",
            "visibility": "public",
            "sure": "yes",
        }

    pages = here.all_at_once(
        *[lambda client, number=number: client.post(FORM, data=forged(number)) for number in range(300)]
    )
    assert {page.status_code for page in pages} == {200}
    assert confirmations(here) == 1
    for _ in range(5):
        here.clock.turn(timedelta(days=1, minutes=1))
        here.post(FORM, forged(999))
        here.post(AGAIN, {"address": "victim+1@house.example"})
    assert confirmations(here) <= 3
    with owning(here.app.database) as owner, here.app.database.changing(dry_run=True) as session:
        taken = claim(session, now=here.clock.now(), owner=owner, want=1000, rehearsal=False)
        mails = [compose(one.record, here.app.house) for one in taken if "victim" in one.record.address]
    assert mails
    assert not [mail for mail in mails if b"WICKED" in mail.envelope.content]


def test_what_a_stranger_signs_for_a_minister_waits_for_the_minister_s_own_button(here: Visit) -> None:
    here.post(FORM, {**OTTO, "name": "Ministry of Ports", "address": "minister@gov.example", "sure": "yes"})
    (signature,) = here.signatures()
    link = here.confirmation_link(signature)
    for method in ("GET", "HEAD"):
        here.request(method, link)
    assert here.stands().state is SignatureState.PENDING


def test_unknown_fields_decide_nothing(here: Visit) -> None:
    """B60."""
    here.post(FORM, {**OTTO, "state": "confirmed", "is_admin": "true", "invited": "true", "contact_id": "1"})
    signature = here.stands()
    assert (signature.state, signature.invited) == (SignatureState.PENDING, False)
    assert signature.contact_id != here.idris.id


def test_the_form_speaks_the_reader_s_language_and_so_will_the_mail(here: Visit) -> None:
    page = here.get(f"{IN_PERSON}?lang=ar")
    assert '<html lang="ar" dir="rtl">' in page.text
    assert ">بلجيكا<" in page.text
    here.post(f"{IN_PERSON}?lang=fr", {"name": "Ona", "address": "ona@quai.example", "visibility": "counted"})
    assert here.mails(MessageKind.CONFIRMATION)[0].language == "fr"


def test_a_letter_for_organisations_only_shows_individuals_another_way(sqlite: Database, tmp_path: Path) -> None:
    only = Listing(who=(SignatureKind.ORGANISATION,))
    here = visit(sqlite, tmp_path, changes={"listing": only})
    assert IN_PERSON not in here.get("/letters/safe-passage").text
    assert "This letter is signed in another way" in here.get(IN_PERSON).text
    assert here.post(IN_PERSON, {**OTTO}).status_code == 409
    assert "This letter is signed in another way" in here.get(here.individual_link).text
    assert here.signatures() == []


@pytest.mark.parametrize(
    ("state", "shown", "posted"),
    [(CallState.DRAFT, 404, 404), (CallState.CANCELLED, 404, 404), (CallState.RELEASED, 200, 409)],
)
def test_what_cannot_be_signed_is_not_signed(here: Visit, state: CallState, shown: int, posted: int) -> None:
    here.change_call(state=state)
    before = here.everything()
    assert (here.get(FORM).status_code, here.post(FORM, OTTO).status_code) == (shown, posted)
    assert here.everything() == before


def test_the_mail_comes_again_when_it_is_asked_for_and_the_answer_tells_nothing(here: Visit) -> None:
    here.post(FORM, OTTO)
    here.clock.turn(timedelta(days=1, minutes=1))
    known = here.post(AGAIN, {"address": "OTTO@house.example"})
    unknown = here.post(AGAIN, {"address": "nobody@house.example"})
    assert known.text == unknown.text
    assert confirmations(here) == 2
    here.post(AGAIN, {"address": "otto@house.example"})
    assert confirmations(here) == 2, "one mail in a day"


def test_an_address_that_is_none_cannot_be_asked(here: Visit) -> None:
    page = here.post(AGAIN, {"address": "<b>otto"})
    assert page.status_code == 422
    assert 'value="&lt;b&gt;otto"' in page.text


@pytest.mark.parametrize(
    "name",
    [
        '"; DROP TABLE contacts;--',
        "O'Brien & Søns «Ж» 人权",
        "<script>alert(1)</script>",
        "{{ contact.email }} ${7*7} <%= 7*7 %> #{7*7}",
        "=HYPERLINK(1)",
        "ＡＢＣ fullwidth ＝1+1",
        "የሰላም ማኅበር",
        "ငြိမ်းချမ်းရေး",
        "ཞི་བདེ།",
        "שלום עכשיו",
        "Pūnana Leo ʻo Hawaiʻi",
        "Z\u0335alg\u0301o",
    ],
)
def test_a_name_in_any_script_is_kept_and_shown_as_it_was_typed(here: Visit, name: str) -> None:
    assert here.post(FORM, {**OTTO, "name": name, "sure": "yes"}).status_code == 200
    signature = here.stands()
    page = here.get(here.confirmation_link(signature))
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "49" not in page.text


def test_every_name_of_a_real_list_is_kept_byte_for_byte(here: Visit) -> None:
    names = (make.ROOT / "tests/data/signatories-2025.txt").read_text(encoding="utf-8").splitlines()[::9]
    for number, name in enumerate(names):
        page = here.post(FORM, {**OTTO, "name": name, "address": f"o@h{number}.example", "sure": "yes"})
        assert page.status_code == 200, name
    assert [one.name for one in here.signatures()] == names
