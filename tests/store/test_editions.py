"""Editions in the database: what they hold, what they count, and which copies name somebody."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from outreach.domain.editions import CopyKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.store.database import Database
from outreach.store.editions import (
    copies_naming,
    copy_went_out,
    counts_now,
    counts_of,
    entries_of,
    in_order,
    is_signed_off,
    list_now,
    newest_edition,
    rows_of,
)
from outreach.store.entries import line_of
from outreach.store.tables import Call, Edition, Letter, Signature
from outreach.usecases.change_signature import withdraw_signature
from outreach.usecases.close_call import close_call
from tests import make
from tests.make import NOON

COUNTED, ADDRESSEE, PUBLIC = Visibility.COUNTED, Visibility.ADDRESSEE, Visibility.PUBLIC


def signed(database_session: Session, database: Database, *names: str) -> tuple[Call, Edition, list[Signature]]:
    """An edition of these names."""
    house = make.house(database)
    make.contact(database_session, house, "otto@quay.example", organisation="Quay House")
    call, _ = make.launched(database_session, house)
    given = [make.signature(database_session, call, name=name) for name in names]
    close_call(database_session, call, now=NOON, by="Rosa")
    return call, make.edition(database_session, call, house), given


def test_a_line_is_what_the_signatory_asked_to_have_printed(sqlite: Database) -> None:
    with sqlite.changing() as session:
        _, _, (body,) = signed(session, sqlite, "Harbour Lamp")
        body.acronym = "HL"
        assert line_of(body) == "Harbour Lamp (HL)"


def test_the_list_now_is_what_an_edition_would_hold(database: Database) -> None:
    with database.changing() as session:
        call, edition, _ = signed(session, database, "Zoe Lamp", "Ákos Lamp")
        assert entries_of(session, edition) == list_now(session, call)
        assert [one.position for one in rows_of(session, edition)] == [1, 2]
        assert in_order(reversed(list_now(session, call)), call) == list_now(session, call)


def test_a_list_is_read_as_it_is_in_the_database_whatever_was_read_before(database: Database) -> None:
    with database.changing() as session:
        call, _, (zoe, _) = signed(session, database, "Zoe Lamp", "Ákos Lamp")
        assert zoe.state is SignatureState.CONFIRMED
        session.commit()
        with database.changing() as other:
            other.get_one(Signature, zoe.id).state = SignatureState.WITHDRAWN
        assert [one.line for one in list_now(session, call)] == ["Ákos Lamp"]


def test_who_is_for_the_addressee_is_counted_as_named_there_and_only_there(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "otto@quay.example", organisation="Quay House")
        call, _ = make.launched(session, house)
        for number, visibility in enumerate((PUBLIC, ADDRESSEE, COUNTED)):
            for kind in SignatureKind:
                make.signature(session, call, kind=kind, name=f"{kind} {number}", visibility=visibility)
        close_call(session, call, now=NOON, by="Rosa")
        edition = make.edition(session, call, house)
        public, addressee = counts_of(session, edition), counts_of(session, edition, for_addressee=True)
        assert (public.organisations, public.individuals) == (1, 1)
        assert (addressee.organisations, addressee.individuals) == (2, 2)
        assert public.all == addressee.all == counts_now(session, call).all == 6


def test_the_copies_that_name_somebody_are_those_of_editions_in_which_the_name_stands(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        _, first, (zoe, akos) = signed(session, database, "Zoe Lamp", "Ákos Lamp")
        for hours, kind in enumerate((CopyKind.PAGE, CopyKind.FILE)):
            copy_went_out(session, first, kind, by="Rosa", now=NOON + timedelta(hours=hours))
        make.hidden(session, house, zoe, COUNTED)
        second = newest_edition(session, first.letter_id)
        assert second is not None
        copy_went_out(session, second, CopyKind.KIT, by="Rosa", now=NOON)
        session.flush()
        kinds = {one.name: [copy.kind for _, copy in copies_naming(session, one)] for one in (zoe, akos)}
        assert kinds["Zoe Lamp"] == [CopyKind.PAGE, CopyKind.FILE]
        assert sorted(kinds["Ákos Lamp"]) == [CopyKind.FILE, CopyKind.KIT, CopyKind.PAGE]


@pytest.mark.parametrize(("substance", "revision", "expected"), [(1, 1, True), (2, 1, False), (1, 2, False)])
def test_a_list_is_signed_off_for_what_the_letter_says_and_the_deadline_that_it_has(
    sqlite: Database, substance: int, revision: int, *, expected: bool
) -> None:
    with sqlite.changing() as session:
        call, _, _ = signed(session, sqlite, "Zoe Lamp")
        session.get_one(Letter, call.letter_id).substance = substance
        call.deadline_revision = revision
        assert is_signed_off(session, call) is expected


def test_an_edition_without_anybody_left_is_an_edition_too(database: Database) -> None:
    """The last one withdraws after the release: the letter stands, without a name."""
    with database.changing() as session:
        call, _, (zoe,) = signed(session, database, "Zoe Lamp")
        withdraw_signature(session, zoe, now=NOON, house=make.house(database))
        newest = newest_edition(session, call.letter_id)
        assert newest is not None
        assert (newest.number, entries_of(session, newest), counts_of(session, newest).all) == (2, [], 0)
        numbers = session.exec(select(Edition.number).order_by(col(Edition.number))).all()
        assert numbers == [1, 2]
