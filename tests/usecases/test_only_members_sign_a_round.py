"""Staff add a signature, or a list of them, to an approval round: only its members sign."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from outreach.adapters.table_rows import Row
from outreach.domain.entries import Entry
from outreach.domain.errors import Refusal
from outreach.domain.lists.signature_columns import map_header
from outreach.domain.signatures import Origin, SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.store.database import Database
from outreach.store.tables import Contact, Organisation
from outreach.usecases.add_signature import add_signature
from outreach.usecases.import_signatures import import_signatures
from tests import make, rounds
from tests.rounds import HOME, THEN, Round


@pytest.fixture
def asked(sqlite: Database) -> Iterator[Round]:
    with sqlite.changing() as session:
        yield rounds.opened(session, make.house(sqlite))


def add(asked: Round, kind: SignatureKind, name: str) -> None:
    entry = Entry(kind=kind, name=name, visibility=Visibility.PUBLIC)
    add_signature(
        asked.session,
        asked.call,
        entry,
        origin=Origin.TELEPHONE,
        evidence="Ida to Rosa, 2 July",
        address="ida@nobody.example",
        now=THEN,
        house=asked.house,
        by="Rosa",
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (SignatureKind.ORGANISATION, "Quay House"),  # that nobody knows
        (SignatureKind.ORGANISATION, "Not Asked"),  # that is known, and not of the round
        (SignatureKind.INDIVIDUAL, HOME["one"]),
        (SignatureKind.INDIVIDUAL, "Otto Ott"),
    ],
)
def test_whoever_is_not_asked_is_not_added_and_leaves_nothing_behind(
    asked: Round, kind: SignatureKind, name: str
) -> None:
    make.contact(asked.session, asked.house, "known@known.example", organisation="Not Asked")
    with pytest.raises(Refusal, match=r"'outreach letters round response' shows who\..*round-answer response"):
        add(asked, kind, name)
    assert asked.signed() == {}
    assert asked.session.exec(select(Contact).where(Contact.address == "ida@nobody.example")).first() is None


def test_a_member_is_added(asked: Round) -> None:
    add(asked, SignatureKind.ORGANISATION, HOME["four"])
    assert asked.signed() == {"Quiet House": SignatureState.CONFIRMED}


@pytest.mark.parametrize("receipts", [False, True])
def test_of_a_list_only_members_are_added_and_every_other_row_is_named(asked: Round, *, receipts: bool) -> None:
    names = [HOME["four"], "Quay House", "Not Asked", HOME["two"]]
    done = import_signatures(
        asked.session,
        asked.call,
        [Row(number, (name,)) for number, name in enumerate(names, 2)],
        map_header(["organisation"]),
        file_name="list.csv",
        visibility=Visibility.ADDRESSEE,
        receipts=receipts,
        now=THEN,
        house=asked.house,
        by="Rosa",
    )
    assert (done.added, done.refused) == (2, 2)
    assert set(asked.signed()) == {"Quiet House", "Lantern Coast"}
    assert all("is not asked in the round response" in line for line in done.refused_lines())
    strangers = select(Organisation).where(col(Organisation.name).in_(["Quay House", "Not Asked"]))
    assert asked.session.exec(strangers).first() is None
