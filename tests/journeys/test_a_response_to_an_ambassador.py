"""Eighteen organisations write privately to many missions; an ambassador answers, and they answer her as one.

Rosa coordinates, Idris consents as the second person, Vera Fuentes is the ambassador.
"""

import io
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document as WordDocument
from pypdf import PdfReader
from sqlmodel import Session, select

from outreach.adapters.approval_texts import read_approval_texts
from outreach.adapters.official_files import read_facts, read_officials
from outreach.adapters.press.printing import PrintingPress
from outreach.config.house import House
from outreach.domain.call_files import LetterFile
from outreach.domain.correspondence import AnswerKind, DraftAnswer, LetterKind
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.kinds import MessageKind
from outreach.domain.officials import Way
from outreach.domain.reminders import parse_offset
from outreach.domain.states import AddresseeState, CallState, SignatureState
from outreach.ports.press import PrintFormat
from outreach.queries.correspondence import thread
from outreach.queries.official_letters import deliverable, for_official
from outreach.queries.publications import find_edition, publication
from outreach.rendering.letters.manuscript import manuscript
from outreach.store.addressees import find_addressee
from outreach.store.calls import export_call, find_call
from outreach.store.database import Database
from outreach.store.documents import content_of, keep_document
from outreach.store.letters_to_officials import letters_to_officials
from outreach.store.officials import choose_posts, find_post
from outreach.store.tables import Answer, Contact, Letter, Message, Organisation, RoundMember, Signature
from outreach.usecases.address_letter import address_letter
from outreach.usecases.amend_letter import amend_letter
from outreach.usecases.answer_draft import Answered, answer_draft
from outreach.usecases.authorise_letter import authorise_letter, may_deliver
from outreach.usecases.deliver_letter import Delivered, Printed, deliver_letter
from outreach.usecases.import_facts import import_facts
from outreach.usecases.import_officials import import_officials
from outreach.usecases.launch_call import launch_call
from outreach.usecases.log_answer import log_answer
from outreach.usecases.record_delivery import record_delivery
from outreach.usecases.release_call import release_call
from outreach.usecases.respond_to import respond_to
from outreach.usecases.ring import ring
from outreach.usecases.sign_off import sign_off
from tests import make

SAMPLE = Path(__file__).parents[2] / "contacts"
LETTER, RESPONSE = "rescue-in-the-strait", "answer-to-chile"
SIGNED, LEFT = datetime(2027, 5, 14, 9, tzinfo=UTC), datetime(2027, 5, 17, 9, tzinfo=UTC)
WROTE, CAME = date(2027, 6, 20), datetime(2027, 6, 22, 9, tzinfo=UTC)
ASKED, DEADLINE = datetime(2027, 6, 23, 9, tzinfo=UTC), "2027-07-05 17:00 Europe/Brussels"
WENT = datetime(2027, 7, 6, 9, tzinfo=UTC)
SIXTEEN = [f"Member {number:02}" for number in range(1, 17)]
SCAN = b"%PDF-1.7 the ambassador's letter, scanned"
BODY = """{% if facts.ratified_migrant_workers_convention %}

We commend your ratification of {{ facts.ratified_migrant_workers_convention.year }}.

{% else %}

{{ official.state }} has not yet ratified the Convention.

{% endif %}

We ask your Government to open its ports.
"""
DRAFT = """{{ official.salutation }}

Thank you for your letter of {{ answer.date }}, in answer to ours of {{ earlier.date }}, which {{ earlier.count }}
of us had signed.

We ask for a date.

With the assurances of our highest consideration,
"""


@dataclass
class Journey:
    """The coalition's workspace, and its clock."""

    database: Database
    house: House
    press: PrintingPress = field(default_factory=PrintingPress)

    def organisations(self, session: Session) -> None:
        for number in range(1, 19):
            make.contact(
                session,
                self.house,
                f"desk{number}@member{number}.example",
                organisation=f"Member {number:02}",
                name=f"Person {number}",
            )

    def signs_privately(self, session: Session) -> Letter:
        """The eighteen sign a letter of which no page says anything."""
        texts = {
            language: LetterFile(one.title, "The permanent missions", one.asks, BODY)
            for language, one in make.call_file().letters.items()
        }
        call = make.call(
            session, self.house, slug=LETTER, kind=LetterKind.PRIVATE, release=None, letters=texts, now=SIGNED
        )
        call.state, call.launched_at, call.closed_at = CallState.CLOSED, SIGNED, SIGNED
        for person in session.exec(select(Contact)).all():
            body = session.get_one(Organisation, person.organisation_id)
            make.signature(session, call, person, name=body.name, at=SIGNED)
        sign_off(session, call, now=SIGNED, by="Rosa", house=self.house)
        return session.get_one(Letter, call.letter_id)

    def takes_in_officials(self, session: Session) -> None:
        officials, facts = read_officials(SAMPLE / "officials.csv"), read_facts(SAMPLE / "facts.csv")
        import_officials(session, officials.rows, officials.columns, now=SIGNED, by="Rosa", house=self.house)
        import_facts(session, facts.rows, facts.columns, now=SIGNED, by="Rosa", house=self.house)

    def delivers(self, session: Session, letter: Letter, now: datetime) -> tuple[dict[str, bytes], list[str]]:
        """Every letter that can go, printed and released; and the posts whose letters are held back."""
        what = deliverable(session, letter)
        lines = letters_to_officials(session, letter, what.call, what.edition, day=now.date(), house=self.house)
        ready = [one for one in lines if not one.problems]
        shown = [
            for_official(session, what.call, what.edition, one, day=now.date(), house=self.house) for one in ready
        ]
        pages = self.press.typeset_many([manuscript(one) for one in shown], PrintFormat.PDF)
        out = {}
        for one, publication_, pdf in zip(ready, shown, pages, strict=True):
            assert isinstance(pdf, bytes)
            done = deliver_letter(
                session,
                letter,
                what.call,
                what.edition,
                Printed(one, publication_, pdf),
                way=None,
                authorised_by=letter.authorised_by,
                now=now,
                by="Rosa",
                house=self.house,
            )
            assert isinstance(done, Delivered)
            out[one.post] = pdf
        return out, [one.post for one in lines if one.problems]

    def says(
        self, session: Session, number: int, answer: DraftAnswer, now: datetime, comment: str = ""
    ) -> Answered:
        """What a member says of the draft on its page."""
        call = find_call(session, RESPONSE)
        body = session.exec(select(Organisation).where(Organisation.name == f"Member {number:02}")).one()
        member = session.get_one(RoundMember, (call.id, body.id))
        contact = session.get_one(Contact, member.contact_id)
        done = answer_draft(
            session,
            call,
            member,
            answer,
            comment,
            contact=contact,
            version=call.letter_version,
            now=now,
            by=f"contact {contact.id}",
            house=self.house,
        )
        assert isinstance(done, Answered)
        return done


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.fixture
def journey(sqlite: Database) -> Journey:
    """Eighteen organisations, the sample's missions, and a letter that they have signed."""
    return Journey(sqlite, make.house(sqlite, workspace={"second_person": True}))


def the_letter_is_signed(journey: Journey) -> None:
    """Eighteen sign, and the missions on record are addressed."""
    house = journey.house
    with journey.database.changing() as session:
        journey.organisations(session)
        letter = journey.signs_privately(session)
        journey.takes_in_officials(session)
        address_letter(session, letter, choose_posts(session, all=True), now=SIGNED, by="Rosa")
        authorise_letter(session, letter, now=SIGNED, by="Idris")
        may_deliver(letter, house, by="Rosa")


def it_leaves_for_every_mission(journey: Journey) -> None:
    """17 May: a private letter for each mission; of one post nobody knows the holder, and it alone is held back."""
    house = journey.house
    with journey.database.changing() as session:
        letter = session.exec(select(Letter).where(Letter.slug == LETTER)).one()
        out, held = journey.delivers(session, letter, LEFT)
        assert held == ["kenya-new-york"]
        assert len(out) == 23
        assert "has not yet ratified" in text_of(out["canada-geneva"])
        assert re.search("ratification of (19|20)", text_of(out["philippines-geneva"]))
        make.submitted(session, now=LEFT)
        ring(session, now=LEFT + timedelta(minutes=1), house=house)
        chile = find_addressee(session, letter, find_post(session, "chile-geneva"))
        assert (chile.state, chile.sent_at) == (AddresseeState.SENT, LEFT)
        by_hand = find_addressee(session, letter, find_post(session, "lebanon-new-york"))
        assert by_hand.sent_at is None
        record_delivery(
            session,
            by_hand,
            Way.HAND,
            LEFT.date(),
            arrived=True,
            proof=keep_document(session, "stamp.pdf", "application/pdf", b"%PDF stamp", now=LEFT, by="Rosa"),
            note="at the gate",
            now=LEFT + timedelta(hours=3),
            by="Rosa",
            house=house,
        )
        assert by_hand.state is AddresseeState.DELIVERED


def the_ambassador_answers(journey: Journey) -> None:
    """20 June: the ambassador writes; her letter is logged with its scan."""
    house = journey.house
    with journey.database.changing() as session:
        letter = session.exec(select(Letter).where(Letter.slug == LETTER)).one()
        post = find_post(session, "chile-geneva")
        log_answer(
            session,
            post,
            addressee=find_addressee(session, letter, post),
            kind=AnswerKind.ANSWER,
            way=Way.POST,
            dated=WROTE,
            received_on=CAME.date(),
            sender="Vera Fuentes Rojas",
            reference="CHL/2027/118",
            summary="The Government will look at the matter.",
            documents=[keep_document(session, "scan.pdf", "application/pdf", SCAN, now=CAME, by="Rosa")],
            now=CAME,
            by="Rosa",
            house=house,
        )
        chile = find_addressee(session, letter, post)
        assert (chile.state, chile.due_on) == (AddresseeState.ANSWERED, None)


def a_response_is_drafted(journey: Journey) -> None:
    """The response is drafted from the record, and goes to exactly the eighteen."""
    house = journey.house
    with journey.database.changing() as session:
        answer = session.exec(select(Answer)).one()
        drafted = respond_to(
            session,
            answer,
            slug=RESPONSE,
            letters={"en": LetterFile("Our answer", "The Permanent Representative of Chile", (), DRAFT)},
            texts={key: text for key, text in read_approval_texts(SAMPLE.parent).items() if key[1] == "en"},
            deadline=parse_wall_clock(DEADLINE),
            reminders=(parse_offset("3d"),),
            now=ASKED,
            by="Rosa",
            house=house,
        )
        assert drafted.round.members == 18
        launched = launch_call(
            session, find_call(session, RESPONSE), now=ASKED, by="Rosa", house=house, authorised_by="Idris"
        )
        assert launched.invitations == 18
        assert len(make.submitted(session, now=ASKED)) == 18


def it_is_approved_after_a_change(journey: Journey) -> None:
    """One asks for a change, one declines; everybody is asked about the changed draft, and sixteen approve."""
    house = journey.house
    with journey.database.changing() as session:
        for number in range(1, 10):
            journey.says(session, number, DraftAnswer.APPROVES, ASKED + timedelta(days=1))
        journey.says(session, 10, DraftAnswer.ASKS_FOR_CHANGE, ASKED + timedelta(days=1), "Name the port.")
        journey.says(session, 17, DraftAnswer.DECLINES, ASKED + timedelta(days=1), "We do not write to States.")
        call = find_call(session, RESPONSE)
        file = export_call(session, call)
        changed = DRAFT.replace("We ask for a date.", "We ask for a date, and for the port of Arica.")
        amend_letter(
            session,
            call,
            replace(file, letters={"en": replace(file.letters["en"], body=changed)}),
            substance="The port is named.",
            now=ASKED + timedelta(days=2),
            house=house,
            by="Rosa",
            authorised_by="Idris",
        )
        confirmed = select(Signature).where(
            Signature.call_id == call.id, Signature.state == SignatureState.CONFIRMED
        )
        assert session.exec(confirmed).all() == []
        make.submitted(session, now=ASKED + timedelta(days=2))
        for number in range(1, 17):
            comment = "Gladly." if number == 3 else ""
            said = DraftAnswer.APPROVES_WITH_COMMENT if comment else DraftAnswer.APPROVES
            journey.says(session, number, said, ASKED + timedelta(days=3), comment)
        assert len(session.exec(confirmed).all()) == 16


def only_the_silent_one_is_reminded(journey: Journey) -> None:
    """Whoever has answered, whatever the answer was, is asked no more."""
    house = journey.house
    with journey.database.changing() as session:
        call = find_call(session, RESPONSE)
        soon = call.deadline_at - timedelta(days=3) + timedelta(minutes=1)
        make.submitted(session, now=soon - timedelta(days=2))
        ring(session, now=soon, house=house)
        reminded = make.submitted(session, now=soon)
        assert reminded == ["desk18@member18.example"]
        ring(session, now=call.deadline_at + timedelta(minutes=1), house=house)
        assert call.state is CallState.CLOSED


def it_goes_out_with_those_who_approved(journey: Journey) -> None:
    """A second person authorises it; it names exactly the sixteen."""
    house = journey.house
    with journey.database.changing() as session:
        call = find_call(session, RESPONSE)
        signed = sign_off(session, call, now=WENT, by="Rosa", house=house)
        assert (signed.counts.organisations, signed.counts.unnamed) == (16, 0)
        response = session.get_one(Letter, call.letter_id)
        authorise_letter(session, response, now=WENT, by="Idris")
        out, held = journey.delivers(session, response, WENT)
        assert held == []
        printed = text_of(out["chile-geneva"])
        assert "Your letter of 20 June 2027, reference CHL/2027/118" in printed
        assert "ours of 17 May 2027, which 18 of us had signed" in printed
        assert "and for the port of Arica" in printed
        assert re.findall(r"Member \d\d", printed) == SIXTEEN
        make.submitted(session, now=WENT)
        ring(session, now=WENT + timedelta(minutes=1), house=house)


def it_is_published(journey: Journey) -> None:
    """Afterwards the coalition publishes it, with the same names."""
    house = journey.house
    with journey.database.changing() as session:
        call = find_call(session, RESPONSE)
        release_call(session, call, now=WENT + timedelta(days=20), by="Rosa", house=house)
        shown = publication(session, call, house=house, edition=find_edition(session, call))
        assert "Señora Embajadora" in shown.body or "Excellency" in shown.body
        assert "Thank you for your letter of 20 June 2027" in shown.body
        assert shown.counts.organisations == 16
        assert shown.dated == "Tuesday 6 July 2027"
        word = WordDocument(io.BytesIO(journey.press.typeset(manuscript(shown), PrintFormat.DOCX)))
        lines = [paragraph.text for paragraph in word.paragraphs]
        assert [line for line in lines if line.startswith("Member ")] == SIXTEEN


def all_of_it_stands_in_the_thread(journey: Journey) -> None:
    """By date, with the scan."""
    house = journey.house
    with journey.database.reading() as session:
        lines_of_thread = thread(session, [find_post(session, "chile-geneva")], house)
        assert [(one.on, one.direction, one.letter) for one in lines_of_thread] == [
            (LEFT.date(), "out", LETTER),
            (CAME.date(), "in", LETTER),
            (WENT.date(), "out", RESPONSE),
        ]
        (scan,) = lines_of_thread[1].documents
        assert content_of(session, scan.id) == SCAN
        declined = session.exec(select(Message).where(Message.address == "desk17@member17.example")).all()
        assert MessageKind.REMINDER not in {message.kind for message in declined}


def test_eighteen_write_an_ambassador_answers_and_sixteen_answer_her(journey: Journey) -> None:
    the_letter_is_signed(journey)
    it_leaves_for_every_mission(journey)
    the_ambassador_answers(journey)
    a_response_is_drafted(journey)
    it_is_approved_after_a_change(journey)
    only_the_silent_one_is_reminded(journey)
    it_goes_out_with_those_who_approved(journey)
    it_is_published(journey)
    all_of_it_stands_in_the_thread(journey)
