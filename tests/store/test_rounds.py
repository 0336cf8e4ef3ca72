"""What a letter cites from the record."""

from datetime import date, timedelta

from outreach.domain.addressing import CitedAnswer, Known
from outreach.domain.correspondence import LetterKind
from outreach.store.database import Database
from outreach.store.rounds import known_of
from outreach.store.tables import Letter, ResponseLetter
from outreach.usecases.close_call import close_call
from outreach.usecases.release_call import release_call
from tests import make, officials, rounds
from tests.make import NOON

TODAY = date(2027, 7, 1)


def test_a_response_cites_the_answer_and_the_letter_that_was_answered(sqlite: Database) -> None:
    with sqlite.changing() as session:
        house = make.house(sqlite)
        make.contact(session, house, "idris@harbourlight.coop")
        call, _ = make.launched(session, house)
        make.signature(session, call, name="Harbour Light", visibility="counted", key="one")
        make.signature(session, call, name="Lantern Coast", key="two")
        close_call(session, call, now=NOON, by="Rosa")
        edition = make.edition(session, call, house)
        make.signature(session, call, name="Too late for that edition", key="three")
        chile = officials.post(session)
        went = rounds.addressee(session, call.letter_id, chile, edition)
        came = rounds.answer(session, chile, went)
        response = Letter(slug="response", kind=LetterKind.RESPONSE, created_at=NOON)
        session.add(response)
        session.flush()
        session.add(ResponseLetter(letter_id=response.id or 0, answer_id=came.id or 0))

        known = known_of(session, response, None, "en", TODAY, house=house)

        assert known.official is None
        assert known.answer == CitedAnswer(rounds.WROTE, rounds.CAME, "Vera Fuentes", "Your letter", "GVA/2027/117")
        assert known.earlier is not None
        assert known.earlier.title == make.call_file().letters["en"].title
        assert (known.earlier.dated, known.earlier.count) == (date(2027, 5, 17), 2)
        assert known.earlier.url == ""  # it was delivered, and never published


def test_a_follow_up_cites_the_published_letter_in_its_own_language(sqlite: Database) -> None:
    with sqlite.changing() as session:
        house = make.house(sqlite)
        make.contact(session, house, "idris@harbourlight.coop")
        call, _ = make.launched(session, house)
        make.signature(session, call)
        close_call(session, call, now=NOON, by="Rosa")
        make.edition(session, call, house)
        late = NOON.replace(hour=23) + timedelta(hours=4)  # the evening before, by the clocks of the call
        release_call(session, call, now=late, by="Rosa", house=house)
        after = Letter(slug="after", kind=LetterKind.FOLLOW_UP, follows_id=call.letter_id, created_at=NOON)
        session.add(after)
        session.flush()

        known = known_of(session, after, None, "fr", TODAY, house=house)

        assert known.answer is None
        assert known.earlier is not None
        assert known.earlier.title == make.call_file().letters["fr"].title
        assert known.earlier.dated == NOON.date()
        assert known.earlier.url == f"{house.settings.workspace.base_url}/letters/{call.slug}"


def test_an_official_is_taken_from_the_register_until_the_letter_has_left(sqlite: Database) -> None:
    with sqlite.changing() as session:
        house = make.house(sqlite)
        call = make.call(session, house)
        letter = session.get_one(Letter, call.letter_id)
        chile = officials.post(session)
        officials.holder(session, chile)
        one = rounds.addressee(session, call.letter_id, chile, released_at=None)

        before = known_of(session, letter, one, "es", TODAY, house=house).official
        assert before is not None
        assert (before.name, before.salutation) == ("Vera Fuentes", "Excelencia:")

        one.frozen = {**before.table(), "name": "Her predecessor"}
        after = known_of(session, letter, one, "es", TODAY, house=house).official
        assert after is not None
        assert after.name == "Her predecessor"


def test_an_open_letter_cites_nothing(sqlite: Database) -> None:
    with sqlite.changing() as session:
        house = make.house(sqlite)
        call = make.call(session, house)
        assert known_of(session, session.get_one(Letter, call.letter_id), None, "en", TODAY, house=house) == Known()
