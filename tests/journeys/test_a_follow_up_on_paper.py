"""Eighty organisations signed a letter; two years later they follow it up, and it is handed over on paper.

Rosa coordinates; two councils get the letter with a thousand names as a book, each at its front desk.
"""

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlmodel import Session, col, select

from outreach.adapters.call_files import read_call, write_call
from outreach.adapters.press.printing import PrintingPress
from outreach.config.house import House
from outreach.domain.correspondence import LetterKind
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.names import name_key
from outreach.domain.officials import Way
from outreach.domain.signatures import Origin, SignatureKind, Visibility
from outreach.domain.states import AddresseeState, CallState, SignatureState
from outreach.ports.press import PrintFormat
from outreach.queries.correspondence import thread
from outreach.queries.follow_ups import follow_up
from outreach.queries.official_letters import deliverable, for_official
from outreach.rendering.letters.manuscript import manuscript
from outreach.store.addressees import find_addressee, find_letter
from outreach.store.calls import find_call
from outreach.store.database import Database
from outreach.store.documents import keep_document
from outreach.store.letters_to_officials import letters_to_officials
from outreach.store.officials import find_post
from outreach.store.tables import Call, Contact, Message, Organisation, Post, Signature
from outreach.usecases.address_letter import address_letter
from outreach.usecases.create_call import create_call
from outreach.usecases.deliver_letter import Delivered, Printed, deliver_letter
from outreach.usecases.launch_call import launch_call
from outreach.usecases.record_delivery import record_delivery
from outreach.usecases.release_call import release_call
from outreach.usecases.ring import ring
from outreach.usecases.sign_off import sign_off
from tests import make
from tests.officials import holder, post

ROOT = Path(__file__).parents[2]
EARLIER, NEW = "safe-passage", "safe-passage-two-years-on"
THEN, RELEASED = datetime(2027, 1, 20, 9, tzinfo=UTC), datetime(2027, 3, 2, 9, tzinfo=UTC)
NOW = datetime(2029, 3, 5, 9, tzinfo=UTC)
CLOSED = datetime(2029, 4, 20, 9, tzinfo=UTC)
HANDED = date(2029, 4, 23)
PRESS_CONTACT = "Rosa Lindqvist, Lantern Coast Network, +32 2 555 01 00"


@dataclass
class Journey:
    """The coalition's workspace."""

    database: Database
    house: House
    folder: Path


@pytest.fixture
def journey(sqlite: Database, tmp_path: Path) -> Journey:
    """A workspace in which nothing has been done."""
    return Journey(sqlite, make.house(sqlite), tmp_path / "follow-up")


def eighty_signed(journey: Journey) -> None:
    """The letter of two years ago, with its eighty signatories; twenty organisations did not sign."""
    with journey.database.changing() as session:
        for number in range(1, 101):
            make.contact(session, journey.house, f"desk@member{number}.example", organisation=f"Member {number:03}")
        call = make.call(session, journey.house, now=THEN)
        call.state, call.launched_at, call.closed_at = CallState.CLOSED, THEN, THEN
        people = session.exec(select(Contact).order_by(col(Contact.id)).limit(80)).all()
        for person in people:
            body = session.get_one(Organisation, person.organisation_id)
            make.signature(session, call, person, name=body.name, at=THEN)
        sign_off(session, call, now=THEN, by="Rosa", house=journey.house)
        release_call(session, call, now=RELEASED, by="Rosa", house=journey.house)
        make.submitted(session, now=RELEASED)


def it_is_followed_up(journey: Journey) -> None:
    """The files come from the record; Rosa writes on, and names whom the press may ask."""
    with journey.database.reading() as session:
        earlier = find_letter(session, EARLIER)
        draft = follow_up(session, earlier, NEW, deadline=None, now=NOW, house=journey.house)
        assert (draft.kind, draft.follows) == (LetterKind.FOLLOW_UP, EARLIER)
        assert draft.audience.first_signed == (EARLIER,)
    unwritten = read_call(write_call(draft, journey.folder), ROOT / "templates")
    with journey.database.changing(dry_run=True) as session:
        call = create_call(session, unwritten, now=NOW, by="Rosa", house=journey.house)
        with pytest.raises(Refusal, match="to be written in it"):
            launch_call(session, call, now=NOW, by="Rosa", house=journey.house)
    written = {
        language: replace(letter, body=letter.body.replace("write it here", "nothing"))
        for language, letter in unwritten.letters.items()
        if language == "en"
    }
    file = replace(
        unwritten, letters=written, languages=("en",), default_language="en", press_contacts=(PRESS_CONTACT,)
    )
    with journey.database.changing() as session:
        create_call(session, file, now=NOW, by="Rosa", house=journey.house)


def earlier_signatories_are_invited_first(journey: Journey) -> None:
    """Eighty at once, the twenty others three days later, nobody twice."""
    with journey.database.changing() as session:
        call = find_call(session, NEW)
        assert launch_call(session, call, now=NOW, by="Rosa", house=journey.house).invitations == 80
        first = make.submitted(session, now=NOW)
        assert set(first) == {f"desk@member{number}.example" for number in range(1, 81)}
        shown = session.exec(select(Message).where(Message.call_id == call.id)).first()
        assert shown is not None
    with journey.database.changing() as session:
        ring(session, now=NOW + timedelta(days=3, minutes=1), house=journey.house)
        later = make.submitted(session, now=NOW + timedelta(days=3, hours=2))
        assert set(later) == {f"desk@member{number}.example" for number in range(81, 101)}


def sixty_two_sign(journey: Journey) -> None:
    """Sixty-two of the eighty sign again; the page says whom the press may ask, and a thousand people sign too."""
    with journey.database.changing() as session:
        call = find_call(session, NEW)
        people = session.exec(select(Contact).order_by(col(Contact.id)).limit(62)).all()
        for person in people:
            body = session.get_one(Organisation, person.organisation_id)
            make.signature(session, call, person, name=body.name, at=NOW + timedelta(days=4))
        session.add_all(individual(call, number) for number in range(1, 939))
        call.state, call.closed_at = CallState.CLOSED, CLOSED
        session.flush()
        signed = sign_off(session, call, now=CLOSED, by="Rosa", house=journey.house)
        assert (signed.counts.organisations, signed.counts.individuals) == (62, 938)
        invited = session.exec(
            select(Message).where(Message.call_id == call.id, Message.kind == MessageKind.INVITATION)
        ).all()
        assert len(invited) == 100


def individual(call: Call, number: int) -> Signature:
    name = f"Signatory Nº {number:04}"
    return Signature(
        letter_id=call.letter_id,
        letter_version=call.letter_version,
        call_id=call.id or 0,
        kind=SignatureKind.INDIVIDUAL,
        state=SignatureState.CONFIRMED,
        visibility=Visibility.PUBLIC,
        name=name,
        signer_key=name_key(name),
        origin=Origin.IMPORT,
        submitted_at=CLOSED,
        confirmed_at=CLOSED,
    )


def it_is_handed_over_to_two_councils(journey: Journey) -> None:
    """A book of a thousand names for each, its pages numbered; both deliveries on record, with what proves them."""
    with journey.database.changing() as session:
        letter = find_letter(session, NEW)
        offices = [council(session, slug) for slug in ("council-of-the-bay", "council-of-the-north")]
        address_letter(session, letter, offices, now=CLOSED, by="Rosa")
        what = deliverable(session, letter)
        lines = letters_to_officials(
            session, letter, what.call, what.edition, day=CLOSED.date(), house=journey.house
        )
        assert [one.problems for one in lines] == [(), ()]
        shown = [
            for_official(session, what.call, what.edition, one, day=CLOSED.date(), house=journey.house)
            for one in lines
        ]
        books = list(PrintingPress().typeset_many([manuscript(one) for one in shown], PrintFormat.BOOK))
        for one, publication, book in zip(lines, shown, books, strict=True):
            assert isinstance(book, bytes)
            done = deliver_letter(
                session,
                letter,
                what.call,
                what.edition,
                Printed(one, publication, book),
                way=Way.HAND,
                authorised_by="",
                now=CLOSED,
                by="Rosa",
                house=journey.house,
            )
            assert done == Delivered(Way.HAND, 0)
            stamped = keep_document(session, f"{one.post}.pdf", "application/pdf", b"%PDF", now=CLOSED, by="Rosa")
            addressee = find_addressee(session, letter, find_post(session, one.post))
            record_delivery(
                session,
                addressee,
                Way.HAND,
                HANDED,
                arrived=True,
                proof=stamped,
                note="front desk",
                now=CLOSED + timedelta(days=4),
                by="Rosa",
                house=journey.house,
            )
            assert (addressee.state, addressee.reference) == (AddresseeState.DELIVERED, "")
        the_book_holds_what_was_signed(books[0])


def council(session: Session, slug: str) -> Post:
    found = post(
        session,
        slug,
        state="",
        office="President",
        institution=slug.replace("-", " ").title(),
        languages=["en"],
        ways=["hand"],
        address="",
    )
    holder(session, found, "Vera Fuentes", since=date(2028, 1, 1))
    return found


def the_book_holds_what_was_signed(book: object) -> None:
    assert isinstance(book, bytes)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(book)).pages]
    text = " ".join(" ".join(pages).split())
    assert "On 2 March 2027 we wrote to you. 80 organisations and people had signed that letter" in text
    assert PRESS_CONTACT in text
    assert "Signatory Nº 0001" in text
    assert "Signatory Nº 0938" in text
    assert "1000." in text
    assert f"{len(pages)} / {len(pages)}" in " ".join(pages[-1].split())


def all_of_it_stands_in_the_thread(journey: Journey) -> None:
    with journey.database.reading() as session:
        (line,) = thread(session, [find_post(session, "council-of-the-bay")], journey.house)
        assert (line.on, line.direction, line.letter, line.way) == (HANDED, "out", NEW, "hand")


def test_a_letter_of_two_years_ago_is_followed_up_and_delivered_on_paper(journey: Journey) -> None:
    eighty_signed(journey)
    it_is_followed_up(journey)
    earlier_signatories_are_invited_first(journey)
    sixty_two_sign(journey)
    it_is_handed_over_to_two_councils(journey)
    all_of_it_stands_in_the_thread(journey)
