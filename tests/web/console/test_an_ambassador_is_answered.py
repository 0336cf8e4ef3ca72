"""S4, by Rosa in the console: an ambassador's letter is logged, and those who wrote to her answer her as one."""

import re
from dataclasses import dataclass, replace

import pytest
from sqlmodel import select

from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState, SignatureState
from outreach.domain.tokens import Purpose, mint
from outreach.store.organisations import find_or_add
from outreach.store.tables import Call, Contact, Organisation
from outreach.usecases.close_call import close_call
from tests import make, officials, rounds
from tests.rounds import HOME, LEFT, THEN
from tests.web.console.answered import OFFICIALS
from tests.web.console.seated import FROM_OUR_PAGE, Seated, seated
from tests.web.visit import Visit

SLUG = "answer-to-chile"
CALL = f"/console/calls/{SLUG}"
SCAN = b"%PDF-1.7 the ambassador's letter"


@dataclass
class Story:
    """The workspace, Rosa before her console, and the numbers of the post, of the letter, of who signed it."""

    here: Visit
    rosa: Seated
    post: int
    letter: int
    contacts: dict[str, int]

    def call(self) -> Call:
        with self.here.app.database.reading() as session:
            return session.exec(select(Call).where(Call.slug == SLUG)).one()

    def link(self, who: str) -> str:
        """The personal page of a member's mail."""
        key, call = self.here.app.database.link_key, self.call().id or 0
        return f"/sign/{mint(key, Purpose.SIGN_ORGANISATION, call, self.contacts[who])}"

    def body(self, who: str) -> int:
        with self.here.app.database.reading() as session:
            return session.exec(select(Organisation.id).where(Organisation.name == HOME[who])).one() or 0

    def by_telephone(self, who: str, answer: str) -> str:
        said = {"answer": answer, "channel": "telephone", "evidence": "Their director to Rosa, at noon"}
        return self.rosa.does(f"{CALL}/round/{self.body(who)}/answer", said).text

    def signed(self) -> dict[str, SignatureState]:
        number = self.call().id
        return {one.name: one.state for one in self.here.signatures() if one.call_id == number}


@pytest.fixture
def story(here: Visit) -> Story:
    """Four organisations signed a letter; it left for Chile's mission on 17 May."""
    here.app = replace(here.app, folder=make.ROOT)
    house, contacts = here.app.house, dict[str, Contact]()
    with here.app.database.changing() as session:
        for who in ("one", "two", "three"):
            contacts[who] = make.contact(session, house, f"{who}@{who}.example", organisation=HOME[who])
        earlier, _ = make.launched(session, house, slug="earlier")
        for who, contact in contacts.items():
            make.signature(session, earlier, contact, name=HOME[who])
        fourth = make.signature(session, earlier, name=HOME["four"], key="four")
        fourth.organisation_id = find_or_add(session, HOME["four"], now=make.NOON).id
        make.signature(session, earlier, kind=SignatureKind.INDIVIDUAL, name="Otto Ott", key="otto")
        close_call(session, earlier, now=make.NOON, by="Rosa")
        edition = make.edition(session, earlier, house)
        chile = officials.post(session)
        officials.holder(session, chile)
        letter = rounds.addressee(session, earlier.letter_id, chile, edition, sent_at=LEFT)
        numbers = {who: contact.id or 0 for who, contact in contacts.items()}
        post, number = chile.id or 0, letter.id or 0
    here.clock.turn(THEN - here.clock.now())
    return Story(here, seated(here), post, number, numbers)


def test_an_ambassador_is_answered(story: Story) -> None:
    answer = it_is_logged_with_its_scan(story)
    the_response_is_drafted(story, answer)
    the_round_is_opened(story)
    they_answer_by_their_links_and_by_telephone(story)
    the_draft_is_revised_and_they_are_asked_again(story)
    they_approve_it_and_the_round_closes(story)
    nobody_outside_knows(story)


def it_is_logged_with_its_scan(story: Story) -> str:
    """Rosa logs the letter; its clock stops. Where it stands then."""
    data = {
        "letter": str(story.letter),
        "kind": "answer",
        "way": "post",
        "dated": "2027-06-20",
        "received": "2027-06-22",
        "sender": "Vera Fuentes",
        "reference": "GVA/2027/117",
    }
    files = {"scan": ("letter.pdf", SCAN, "application/pdf")}
    path = f"{OFFICIALS}/{story.post}/log"
    done = story.rosa.request("POST", path, data=data, files=files, headers=FROM_OUR_PAGE)
    page = story.rosa.get(done.headers["location"]).text
    assert "The letter is answered now." in page
    thread = story.rosa.get(f"{OFFICIALS}/{story.post}").text
    scan = re.search(rf'href="({OFFICIALS}/{story.post}/files/\d+)" download><bdi>letter.pdf', thread)
    assert scan is not None
    assert story.rosa.get(scan.group(1)).content == SCAN
    return str(done.headers["location"])


def the_response_is_drafted(story: Story, answer: str) -> None:
    """The form cites both letters; the draft stands on its own page."""
    page = story.rosa.get(f"{answer}/respond").text
    values = {
        "language": "en",
        "slug": SLUG,
        "title": "Our answer to your letter",
        "addressee": "Her Excellency Ms. Vera Fuentes",
        "body": "{{ official.salutation }}\n\nThank you for your letter of {{ answer.date }}. We ask for a date.",
        "deadline": "2027-07-15T17:00",
        "zone": "Europe/Brussels",
        "reminder": "3d",
        "last_call": "1d",
        "members": re.findall(r'name="members" value="(\d+)"', page),
    }
    drafted = story.rosa.does(f"{answer}/respond", values).text
    assert "its round will ask 4 organisations" in drafted
    assert "3 of 4 organisations get a mail" in drafted


def the_round_is_opened(story: Story) -> None:
    check = story.rosa.get(f"{CALL}/make/check").text
    draft = re.search(r'name="draft" value="([^"]+)"', check)
    assert draft is not None, re.findall(r"<li>.*?</li>", check)
    assert "Launched. 3 invitations are queued." in story.rosa.does(
        f"{CALL}/make/launch", {"draft": draft.group(1)}
    ).text.replace("\n", " ")


def they_answer_by_their_links_and_by_telephone(story: Story) -> None:
    """One approves, two asks for a change, four is on the telephone, three says nothing."""
    here = story.here
    assert "20 June 2027" in here.get(story.link("one")).text
    assert here.post(story.link("one"), {"answer": "approves", "version": "1"}).status_code == 200
    wish = {"answer": "asks-for-change", "comment": "Name the month.", "version": "1"}
    assert here.post(story.link("two"), wish).status_code == 200
    story.by_telephone("four", "approves")
    page = story.rosa.get(f"{CALL}/round").text
    for said in ("approves", "asks for a change", "Name the month.", "silent"):
        assert said in page, said
    assert story.signed() == {HOME["one"]: SignatureState.CONFIRMED, HOME["four"]: SignatureState.CONFIRMED}


def the_draft_is_revised_and_they_are_asked_again(story: Story) -> None:
    page = story.rosa.get(f"{CALL}/make/letter").text
    version = re.search(r'name="version" value="(\w+)"', page)
    assert version is not None
    values = {
        "title.en": "Our answer to your letter",
        "addressee.en": "Her Excellency Ms. Vera Fuentes",
        "asks.en": "",
        "body.en": "{{ official.salutation }}\n\nThank you for your letter of {{ answer.date }}. "
        "We ask for a meeting in September.",
        "substance": "It asks for a meeting in September.",
        "version": version.group(1),
    }
    assert "Asked again: 3." in story.rosa.does(f"{CALL}/make/letter/amend", values).text
    page = story.rosa.get(f"{CALL}/round").text
    assert re.search(r"<ins>[^<]*September", page)
    assert page.count("asked again: the draft changed") >= 3


def they_approve_it_and_the_round_closes(story: Story) -> None:
    for who, answer in (("one", "approves"), ("two", "approves"), ("three", "declines")):
        assert story.here.post(story.link(who), {"answer": answer, "version": "2"}).status_code == 200
    story.by_telephone("four", "approves")
    story.rosa.does(f"{CALL}/close")
    assert story.call().state is CallState.CLOSED
    signed = [name for name, state in story.signed().items() if state is SignatureState.CONFIRMED]
    assert sorted(signed) == sorted(HOME[who] for who in ("one", "two", "four"))
    page = story.rosa.get(f"{CALL}/round").text
    assert "<b>3</b> <span>approves</span>" in page
    assert "<b>1</b> <span>declines</span>" in page
    assert f'href="/console/calls/{SLUG}/round"' in story.rosa.get("/console/correspondence/answers/1").text
    assert "Our answer to your letter" in story.rosa.get(f"{OFFICIALS}/{story.post}").text


def nobody_outside_knows(story: Story) -> None:
    """Nothing of the response, of the official or of her letter stands on a public page."""
    for path in ("/", f"/letters/{SLUG}", f"/calls/{SLUG}", "/letters/earlier", "/letters"):
        page = story.here.get(path)
        for secret in ("Vera Fuentes", "GVA/2027/117", "September", "Our answer to your letter"):
            assert secret not in page.text, (path, secret)
