"""The mails of a draft in the console: changed, declined with their line, looked at as a real contact."""

import re

import pytest

from outreach.domain.kinds import OWN_KINDS, MessageKind
from tests import make
from tests.web.console.made import MAKE, begin, mail_values, written
from tests.web.console.seated import Seated
from tests.web.visit import Visit


@pytest.fixture
def begun(here: Visit) -> Seated:
    """Rosa has made a draft."""
    return begin(here)


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
