"""The reads of the console's desk of signatures, on both databases."""

import pytest
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.states import SignatureState
from outreach.queries.desk import CLAIMED, desk
from outreach.queries.signature_desk import Part, found, lines_of, part_of, tally
from outreach.queries.signature_pairs import Comparisons
from outreach.store.database import Database
from outreach.store.tables import Call, Signature
from outreach.usecases.merge_signatures import distinguish_signatures
from tests import make


@pytest.fixture
def house(database: Database) -> House:
    return make.house(database)


def given(session: Session, house: House) -> Call:
    """A call with somebody doubtful, two who look alike, and one whose mailbox is a stranger's."""
    call = make.call(session, house)
    stranger = make.contact(session, house, "ama@elsewhere.example", organisation="Quiet Coast Watch")
    make.signature(session, call, name="HARBOUR LAMP SOCIETY OF THE NORTH")
    make.signature(session, call, name="Harbour Lamp", key="a")
    make.signature(session, call, name="Harbour  Lamp!", key="b", state=SignatureState.LATE)
    make.signature(session, call, stranger, name="Quiet Coast Watch")
    return call


def test_each_part_says_of_its_lines_what_the_desk_before_sign_off_says(database: Database, house: House) -> None:
    with database.changing() as session:
        call = given(session, house)
        page = desk(session, call)
        assert part_of(session, call, Part.DOUBTFUL).lines == page.doubtful
        assert part_of(session, call, Part.UNDECIDED).lines == page.undecided
        assert tally(session, call)[SignatureState.CONFIRMED] == 3
        shown = lines_of(session, [4])[4]
        assert (CLAIMED in shown.doubts) == any(line.id == 4 and CLAIMED in line.doubts for line in page.doubtful)


def test_a_part_and_what_is_found_are_read_on_behind_a_number(database: Database, house: House) -> None:
    with database.changing() as session:
        call = given(session, house)
        first = part_of(session, call, Part.CONFIRMED, limit=2)
        rest = part_of(session, call, Part.CONFIRMED, after=first.after, limit=2)
        assert [line.id for line in (*first.lines, *rest.lines)] == [1, 2, 4]
        assert rest.after == 0
        assert [line.id for line in found(session, call, "lamp HARB", after=1).lines] == [2, 3]
        assert [line.id for line in found(session, call, "elsewhere.example").lines] == [4]
        assert found(session, call, "_").lines == ()


def test_those_who_look_alike_are_a_pair_until_they_are_told_apart(database: Database, house: House) -> None:
    compared = Comparisons()
    with database.changing() as session:
        call = given(session, house)
        before = compared.of(session, call)
        assert (2, 3) in {(pair.first, pair.second) for pair in before.with_(2)}
        one, other = (session.get_one(Signature, number) for number in (2, 3))
        distinguish_signatures(session, one, other, now=make.NOON, by="Rosa")
        session.flush()
        assert (2, 3) not in {(pair.first, pair.second) for pair in compared.of(session, call).with_(2)}
