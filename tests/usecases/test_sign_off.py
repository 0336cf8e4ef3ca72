"""Sign-off: a person freezes the list, in its order, with a digest that proves it; release waits for that."""

import random
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.editions import CopyKind
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CallState, SignatureState
from outreach.store.editions import counts_now, counts_of, is_unchanged, newest_edition
from outreach.store.tables import EditionCopy, EditionEntry, Event, Signature
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.change_signature import correct_signature, withdraw_signature
from outreach.usecases.extend_call import extend_call
from outreach.usecases.release_call import release_call, release_due_calls
from outreach.usecases.sign_off import sign_off
from tests import make
from tests.make import NOON
from tests.usecases.listed import INDIVIDUAL, Listed

ORGANISATION = SignatureKind.ORGANISATION
COUNTED, ADDRESSEE = Visibility.COUNTED, Visibility.ADDRESSEE
LATER = parse_wall_clock("2027-02-28 17:00 America/Los_Angeles")
PRINTED = (Path(__file__).parent.parent / "data/signatories-2025.txt").read_text(encoding="utf-8").splitlines()


def listing(listed: Listed, **changes: Any) -> None:
    listed.call.listing = {**listed.call.listing, **changes}
    listed.session.add(listed.call)


def changed(listed: Listed, signature: Signature, name: str) -> None:
    """The signatory corrects the printed name."""
    entry = make.entry(signature.kind, name, signature.visibility)
    correct_signature(listed.session, signature, entry, now=NOON, house=listed.house)


def test_the_271_names_come_out_of_any_order_in_that_of_the_printed_list(listed: Listed) -> None:
    """By the Unicode collation algorithm (UTS #10)."""
    names = list(PRINTED)
    random.Random(271).shuffle(names)  # noqa: S311  the same shuffle each time
    for name in names:
        make.signature(listed.session, listed.call, name=name)
    edition = listed.sign_off()
    assert listed.names() == PRINTED
    assert counts_of(listed.session, edition).named == len(PRINTED) == 271


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"order": "together"}, ["Ákos House", "Anna Bø", "Bele Body", "Zoe Lamp"]),
        ({"order": "apart"}, ["Ákos House", "Bele Body", "Anna Bø", "Zoe Lamp"]),
        ({"order": "by country"}, ["Bele Body", "Zoe Lamp", "Ákos House", "Anna Bø"]),
        ({"order": "together", "initiators_first": True}, ["Bele Body", "Ákos House", "Anna Bø", "Zoe Lamp"]),
    ],
)
def test_the_list_stands_in_the_order_that_the_call_says(
    sqlite_listed: Listed, changes: dict[str, Any], expected: list[str]
) -> None:
    """Estonia comes before Switzerland, whatever their codes are; who has no country comes at the end."""
    listed = sqlite_listed
    listed.call.organisers = ["BELE BODY"]
    listing(listed, **changes)
    listed.signed("Zoe Lamp", country="CH")
    listed.signed("Bele Body", ORGANISATION, country="EE")
    listed.signed("Ákos House", ORGANISATION)
    listed.signed("Anna Bø")
    listed.sign_off()
    assert listed.names() == expected


def test_who_is_private_is_counted_and_not_named(listed: Listed) -> None:
    listed.signed("Amal Said", visibility=COUNTED, country="LB", affiliation="Cedar School")
    listed.signed("Bele Body", ORGANISATION, visibility=ADDRESSEE)
    listed.signed("Zoe Lamp")
    edition = listed.sign_off()
    assert listed.names() == ["Zoe Lamp"]
    assert sorted(listed.names(for_addressee=True)) == ["Bele Body", "Zoe Lamp"]
    counts = counts_of(listed.session, edition)
    assert astuple(counts) == astuple(counts_now(listed.session, listed.call))
    assert (counts.individuals, counts.unnamed_individuals, counts.unnamed_organisations) == (1, 1, 1)
    rows = listed.session.execute(sa.text("SELECT * FROM edition_entry")).all()
    assert "Amal" not in str(rows)
    assert "Cedar" not in str(rows)
    assert "LB" not in str(rows)


@pytest.mark.parametrize("state", [one for one in SignatureState if one is not SignatureState.CONFIRMED])
def test_only_what_is_confirmed_is_on_the_list(sqlite_listed: Listed, state: SignatureState) -> None:
    sqlite_listed.signed("Zoe Lamp")
    sqlite_listed.signed("Amal Said", state=state)
    sqlite_listed.sign_off()
    assert sqlite_listed.names() == ["Zoe Lamp"]


def test_who_agreed_to_what_the_letter_said_before_is_not_under_what_it_says_now(sqlite_listed: Listed) -> None:
    sqlite_listed.signed("Zoe Lamp", kind=INDIVIDUAL)
    sqlite_listed.session.execute(sa.text("UPDATE letter SET version = 2, substance = 2"))
    sqlite_listed.session.expire_all()
    sqlite_listed.close()
    with pytest.raises(Refusal, match="Nobody has signed"):
        sqlite_listed.sign_off()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("line", "'Zoe Lamb'"),
        ("line", "''"),
        ("country", "'CH'"),
        ("kind", "'organisation'"),
        ("visibility", "'counted'"),
        ("signature_id", "signature_id + 1"),
        ("initiator", "NOT initiator"),
        ("digest", "'0'"),
    ],
)
def test_whatever_is_changed_in_an_edition_shows(listed: Listed, column: str, value: str) -> None:
    """Except for a line that was erased: it can be proved no more, and all the others still can."""
    listed.signed("Zoe Lamp")
    edition = listed.sign_off()
    listed.signed("Another")
    salt = listed.house.salt
    assert is_unchanged(listed.session, edition, salt)
    listed.session.execute(sa.text(f"UPDATE edition_entry SET {column} = {value} WHERE position = 1"))  # noqa: S608  from above
    listed.session.expire_all()
    assert is_unchanged(listed.session, edition, salt) is (value == "''")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM edition_entry WHERE position = 2",
        "UPDATE edition_entry SET position = 3 - position + 10",
        "UPDATE edition SET number = 7",
        "UPDATE edition SET organisers = '[\"Otto\"]'",
        "UPDATE letter_text SET digest = '0'",
    ],
)
def test_whatever_is_taken_from_an_edition_shows(sqlite_listed: Listed, statement: str) -> None:
    for name in ("Zoe Lamp", "Amal Said"):
        sqlite_listed.signed(name)
    edition = sqlite_listed.sign_off()
    sqlite_listed.session.execute(sa.text(statement))
    sqlite_listed.session.expire_all()
    assert not is_unchanged(sqlite_listed.session, edition, sqlite_listed.house.salt)


def test_the_list_is_signed_off_when_signing_has_ended_and_not_before(listed: Listed) -> None:
    listed.signed("Zoe Lamp")
    with pytest.raises(Refusal, match="signed off when signing has ended"):
        sign_off(listed.session, listed.call, now=NOON, by="Rosa", house=listed.house)
    assert newest_edition(listed.session, listed.call.letter_id) is None


def test_a_call_that_was_given_up_is_not_signed_off(sqlite_listed: Listed) -> None:
    sqlite_listed.signed("Zoe Lamp")
    cancel_call(sqlite_listed.session, sqlite_listed.call, now=NOON, by="Rosa")
    with pytest.raises(Refusal, match="is cancelled"):
        sign_off(sqlite_listed.session, sqlite_listed.call, now=NOON, by="Rosa", house=sqlite_listed.house)


def test_a_list_without_anybody_is_not_signed_off(sqlite_listed: Listed) -> None:
    with pytest.raises(Refusal, match="Nobody has signed safe-passage"):
        sqlite_listed.sign_off()


def test_nobody_signs_off_twice_what_has_not_changed(listed: Listed) -> None:
    listed.signed("Zoe Lamp")
    listed.sign_off()
    with pytest.raises(Refusal, match="Nothing has changed since edition 1"):
        listed.sign_off()
    assert len(listed.editions()) == 1


def test_a_later_change_makes_the_second_edition_and_leaves_the_first(listed: Listed) -> None:
    zoe = listed.signed("Zoe Lamp")
    first = listed.sign_off()
    before = first.model_dump()
    changed(listed, zoe, "Zoë Lamp")
    assert listed.names() == ["Zoe Lamp"]
    second = listed.sign_off()
    assert (second.number, listed.names(second), listed.names(first)) == (2, ["Zoë Lamp"], ["Zoe Lamp"])
    assert first.model_dump() == before
    assert is_unchanged(listed.session, first, listed.house.salt)


def test_whoever_signs_off_sees_how_many_nobody_has_decided_about(listed: Listed) -> None:
    listed.signed("Zoe Lamp")
    for state in (SignatureState.LATE, SignatureState.PENDING, SignatureState.PROPOSED, SignatureState.REJECTED):
        listed.signed(f"A {state.value} one", state=state)
    listed.close()
    assert sign_off(listed.session, listed.call, now=NOON, by="Rosa", house=listed.house).waiting == 3


def test_who_signed_off_and_when_is_in_the_log_without_any_name(listed: Listed) -> None:
    listed.signed("Zoe Lamp")
    edition = listed.sign_off()
    assert (edition.by, edition.at) == ("Rosa", NOON)
    events = listed.session.exec(select(Event).where(col(Event.verb).in_(("sign_off", "freeze_edition")))).all()
    assert {event.verb for event in events} == {"sign_off", "freeze_edition"}
    assert "Zoe" not in str([event.facts for event in events])


def test_a_release_waits_for_the_sign_off_and_says_so_once(listed: Listed) -> None:
    listed.signed("Zoe Lamp")
    listed.close()
    due = listed.call.release_at
    assert due is not None
    for minutes in range(3):
        now = due + timedelta(minutes=minutes)
        assert release_due_calls(listed.session, now=now, by="scheduler", house=listed.house) == 0
    assert ["is not signed off" in one for one in listed.alerts()] == [True]
    with pytest.raises(Refusal, match="waits for the sign-off of its list"):
        release_call(listed.session, listed.call, now=due, by="Rosa", house=listed.house)
    listed.sign_off(due)
    assert release_due_calls(listed.session, now=due, by="scheduler", house=listed.house) == 1
    assert listed.call.state is CallState.RELEASED


def test_what_went_out_at_the_release_is_noted(listed: Listed) -> None:
    listed.signed("Zoe Lamp")
    edition = listed.sign_off()
    release_call(listed.session, listed.call, now=NOON, by="Rosa", house=listed.house)
    listed.session.flush()
    copies = listed.session.exec(select(EditionCopy).order_by(col(EditionCopy.id))).all()
    assert [(one.edition_id, one.kind) for one in copies] == [
        (edition.id, CopyKind.PAGE),
        (edition.id, CopyKind.MAILING),
    ]
    assert len(listed.mails(MessageKind.RELEASED)) == 1


def test_a_call_that_was_extended_after_its_sign_off_is_signed_off_again(listed: Listed) -> None:
    """Even if somebody has withdrawn since, which makes an edition by itself."""
    listed.signed("Zoe Lamp")
    amal = listed.signed("Amal Said")
    listed.sign_off()
    extend_call(listed.session, listed.call, LATER, now=NOON, by="Rosa", house=listed.house)
    listed.signed("New One")
    listed.close(NOON + timedelta(hours=1))
    withdraw_signature(listed.session, amal, now=NOON + timedelta(hours=2), house=listed.house)
    assert listed.names() == ["Zoe Lamp"]
    with pytest.raises(Refusal, match="waits for the sign-off"):
        release_call(listed.session, listed.call, now=NOON, by="Rosa", house=listed.house)
    listed.sign_off(NOON + timedelta(hours=3))
    assert listed.names() == ["New One", "Zoe Lamp"]
    release_call(listed.session, listed.call, now=NOON, by="Rosa", house=listed.house)


def test_the_entries_of_an_edition_are_numbered_without_a_gap(sqlite_listed: Listed) -> None:
    for number in range(5):
        sqlite_listed.signed(f"Person {number}", visibility=list(Visibility)[number % 3])
    edition = sqlite_listed.sign_off()
    rows = sqlite_listed.session.exec(select(EditionEntry).where(EditionEntry.edition_id == edition.id)).all()
    assert sorted(row.position for row in rows) == [1, 2, 3, 4, 5]
