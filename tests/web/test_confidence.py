"""What is in confidence stays so: no page for everybody knows of it, and the reader's own pages show it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from outreach.domain.correspondence import LetterKind, RoundKind
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState, SignatureState
from outreach.domain.tokens import Purpose, mint
from outreach.rendering.composing import compose, links
from outreach.store.database import Database
from outreach.store.outbox import load_message
from outreach.store.tables import Addressee, Answer, Call, Letter, Signature
from outreach.web.app import ROOMS
from tests import make, officials
from tests.web.visit import FILLED, Visit, visit

SLUG = "safe-passage"
CANARIES = ("Safe passage for people at sea", "two years ago", "Harbour House", SLUG)
"""The letter's title, its text, who signs it, and its name, as pages would show them."""
PERSONAL = ("/sign/", "/confirm/", "/signature/", "/kit/", "/opt-out/")


@pytest.fixture
def private(sqlite: Database, tmp_path: Path) -> Visit:
    """A private letter that Harbour House is asked to sign, and Idris of it has."""
    here = visit(sqlite, tmp_path, changes={"kind": LetterKind.PRIVATE, "release": None})
    signature, _ = here.signed()
    with here.app.database.changing() as session:
        make.submitted(session)
        kept = session.get_one(Signature, signature.id)
        kept.state, kept.confirmed_at = SignatureState.CONFIRMED, here.clock.now()
    return here


def routes(slug: str) -> Iterator[str]:
    """Every address that a stranger can ask for, with that slug where a letter's stands."""
    for room in ROOMS:
        for route in room.router.routes:
            path = route.path
            if path.startswith(PERSONAL):
                continue
            for kind in SignatureKind if "{kind}" in path else [""]:
                yield path.replace("{slug}", slug).replace("{kind}", kind).replace("{ending}", "pdf")


@pytest.mark.parametrize("state", [CallState.OPEN, CallState.CLOSED])
@pytest.mark.parametrize("whose", ["private", "response", "round"])
def test_no_public_page_knows_of_a_letter_in_confidence(private: Visit, whose: str, state: CallState) -> None:
    private.change_call(state=state, round=RoundKind.APPROVAL if whose == "round" else RoundKind.PUBLIC)
    with private.app.database.changing() as session:
        kinds = {"private": LetterKind.PRIVATE, "response": LetterKind.RESPONSE, "round": LetterKind.OPEN}
        session.get_one(Letter, private.call.letter_id).kind = kinds[whose]
    before = private.everything()
    for path, unknown in zip(routes(SLUG), routes("never-was"), strict=True):
        answered, nothing = private.get(path), private.get(unknown)
        assert (answered.status_code, answered.text) == (nothing.status_code, nothing.text), path
        assert SLUG not in path or answered.status_code in (404, 405), path
        assert not [canary for canary in CANARIES if canary in answered.text], path
    for form in SignatureKind:
        posted = private.post(f"/letters/{SLUG}/{form}", {**FILLED, "address": "otto@house.example"})
        assert posted.status_code == 404
    assert private.post(f"/letters/{SLUG}/again", {"address": "idris@harbour.example"}).status_code == 404
    assert private.everything() == before


def test_a_kit_is_no_way_around_it(private: Visit) -> None:
    private.sign_off()
    signature = private.stands()
    kit = f"/kit/{mint(private.app.database.link_key, Purpose.KIT, signature.id or 0)}"
    assert private.get(kit).status_code == private.get(f"{kit}/kit.zip").status_code == 404


def test_publishing_it_shows_it_like_any_other(private: Visit) -> None:
    private.release()
    page = private.get(f"/letters/{SLUG}")
    assert (page.status_code, "Harbour House" in page.text) == (200, True)
    assert f"/letters/{SLUG}" in private.get("/").text
    assert "in confidence" not in private.get(private.own_page(private.stands())).text


def test_the_reader_s_own_pages_show_the_letter_and_lead_to_no_page_that_is_not_there(private: Visit) -> None:
    another, confirmation = private.signed("Idris Belhaj", SignatureKind.INDIVIDUAL)
    for path in (private.organisation_link, private.individual_link, confirmation, private.own_page(another)):
        page = private.get(path)
        assert page.status_code == 200
        assert f"/letters/{SLUG}" not in page.text, path
        assert '<article class="text" id="letter"' in page.text, path
        assert "You agreed to these principles two years ago" in page.text, path
        assert "Please do not pass it on." in page.text, path
    assert f"/letters/{SLUG}" not in private.get(f"{private.own_page(another)}/correct").text
    assert f"/letters/{SLUG}" not in private.get(f"{private.own_page(another)}/withdraw").text
    assert "thank" in private.post(confirmation).text.lower()


def test_whoever_signs_by_a_personal_link_is_led_to_no_public_form(private: Visit) -> None:
    posted = private.post(private.individual_link, {"name": "Idris Belhaj", "visibility": "public"})
    assert posted.status_code == 200
    assert f"/letters/{SLUG}" not in posted.text


def test_its_mails_lead_to_the_reader_s_own_page_which_shows_it(private: Visit) -> None:
    house = private.app.house
    for message in private.mails(*MessageKind):
        with private.app.database.reading() as session:
            loaded = load_message(session, message.id or 0)
        assert loaded is not None
        letter = links(loaded.record, house)["letter"]
        assert f"/letters/{SLUG}" not in compose(loaded.record, house).content.text, message.kind
        assert "Port Alder" in private.get(letter.removeprefix(house.settings.workspace.base_url)).text


def test_a_mail_of_the_release_leads_to_the_public_page(private: Visit) -> None:
    private.release()
    (told,) = private.mails(MessageKind.RELEASED)
    with private.app.database.reading() as session:
        loaded = load_message(session, told.id or 0)
    assert loaded is not None
    assert links(loaded.record, private.app.house)["letter"].endswith(f"/letters/{SLUG}")


def test_nothing_about_officials_is_on_any_page(private: Visit) -> None:
    secret = ("Vera Canary", "canary@geneva.example", "Canary Street", "CANARY-REF", "canary-post", "canary_fact")
    with private.app.database.changing() as session:
        post = officials.post(
            session, "canary-post", address="canary@geneva.example", postal_address=["Canary Street 1"]
        )
        officials.holder(session, post, "Vera Canary")
        officials.fact(session, "canary_fact", "yes", date(2020, 1, 1))
        call = session.get_one(Call, private.call.id)
        to = Addressee(
            letter_id=call.letter_id,
            post_id=post.id or 0,
            reference="CANARY-REF",
            frozen={"name": "Vera Canary"},
            added_by="Rosa",
            added_at=make.NOON,
        )
        session.add(to)
        session.flush()
        day = date(2027, 1, 4)
        answer = Answer(
            post_id=post.id or 0, addressee_id=to.id, dated=day, received_on=day, by="Rosa", at=make.NOON
        )
        answer.sender, answer.reference, answer.summary = "Vera Canary", "CANARY-REF", "Canary Street"
        session.add(answer)
    own = [private.organisation_link, private.own_page(private.stands()), private.way_out]
    for released in (False, True):
        if released:
            private.release()
        for path in [*routes(SLUG), *own]:
            answered = private.get(path)
            shown = f"{answered.text}{dict(answered.headers)}"
            assert not [canary for canary in secret if canary in shown], path


def test_the_front_page_still_lists_the_others(private: Visit) -> None:
    with private.app.database.changing() as session:
        make.launched(session, private.app.house, slug="open-ports", title="Open ports")
    front = private.get("/").text
    assert "/letters/open-ports" in front
    assert SLUG not in front
