"""Whoever removes, edits, reorders or adds a line of the log is found, and told where."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from outreach.domain.errors import InvalidInput
from outreach.domain.log_chain import ChainLine, anchor
from outreach.queries.log_verifying import COMPARED, SAID, verify
from outreach.store.database import Database
from outreach.store.sealing import line_of, read_head
from outreach.store.tables import Event, EventDetail, Fact
from tests.logged import faults, lines, records, tamper, verified
from tests.make import NOON

ALTERED = "Line 3 is not as it was recorded, or the line before it is not: walk by Rosa, 2027-01-11 12:00 UTC."


@pytest.fixture
def week(database: Database) -> Database:
    """Six lines; the second and the fifth have details."""
    lines(database, "wake")
    changes(database, "no", "yes")
    lines(database, "walk", "read")
    changes(database, "perhaps")
    lines(database, "sleep")
    assert verified(database).faults == ()
    return database


def changes(database: Database, *values: str) -> None:
    """A fact about a State changes, as a line tells."""
    with database.changing() as session:
        fact = Fact(state="KE", name=f"name {values}", value=values[0], since=NOON.date(), by="Rosa", at=NOON)
        session.add(fact)
        session.flush()
        for value in values[1:]:
            fact.value = value
        records(session, "state", subject="fact", of=fact.id or 0)


def test_a_whole_log_has_no_fault_and_says_its_newest_line(week: Database) -> None:
    with week.reading() as session:
        number, digest = read_head(session)
    found = verified(week)
    assert (found.lines, found.newest, found.faults, found.erased) == (6, f"6:{digest[:16]}", (), 0)
    assert number == 6


def test_an_empty_log_is_whole(database: Database) -> None:
    assert verified(database) == type(verified(database))(0, "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("DELETE FROM event_detail", ""),
        ("UPDATE event SET by = 'Otto' WHERE number = 3", ALTERED.replace("Rosa", "Otto")),
        ("UPDATE event SET facts = '{\"a\": 1}' WHERE number = 3", ALTERED),
        ("UPDATE event SET subject_id = 7 WHERE number = 3", ALTERED),
        ("UPDATE event SET details = '[]' WHERE number = 2", "Line 2 is not as it was recorded"),
        ("UPDATE event SET digest = 'aa' WHERE number = 3", ALTERED),
        ("DELETE FROM event WHERE number = 3", "Line 3 is missing; what line 4 says cannot be checked."),
        ("DELETE FROM event WHERE number IN (3, 4)", "Lines 3 to 4 are missing; what"),
        ("DELETE FROM event WHERE number = 1", "Line 1 is missing; what"),
        ("DELETE FROM event WHERE number = 6", "Line 6 is missing at the end: the log was cut off."),
        ("UPDATE event SET number = NULL WHERE number = 6", "1 lines were put in without a number"),
        ("UPDATE event_detail SET salt = 'aa' WHERE event_id = 5", "The details of line 5 were altered: what it"),
        ("UPDATE event_detail SET changes = '{}' WHERE event_id = 5", "what it changed of fact 2."),
        ("UPDATE event_detail SET row_id = 1 WHERE event_id = 5", "The details of line 5 were altered"),
        ("UPDATE event_detail SET position = 1 WHERE event_id = 5", "Line 5 has details that were not recorded"),
        ("UPDATE event_detail SET event_id = 3 WHERE event_id = 5", "Line 3 has details that were not recorded"),
        ("DELETE FROM workspace_fact WHERE name = 'log_head'", "Lines 1 to 6 are there, but the workspace never"),
        (
            "UPDATE workspace_fact SET value = '6 aa' WHERE name = 'log_head'",
            "Line 6, the newest, is not the one that the workspace recorded last.",
        ),
    ],
)
def test_what_was_done_to_it_is_said_in_a_sentence(week: Database, wrong: str, said: str) -> None:
    with week.changing() as session:
        if wrong.startswith("DELETE FROM event "):
            session.execute(sa.text("DELETE FROM event_detail"))
        session.execute(sa.text(wrong))
    found = faults(week)
    assert bool(found) is bool(said)
    assert any(said in sentence for sentence in found) or not said


def test_two_lines_that_changed_places_are_named(week: Database) -> None:
    tamper(
        week,
        "UPDATE event SET number = 99 WHERE number = 3",
        "UPDATE event SET number = 3 WHERE number = 4",
        "UPDATE event SET number = 4 WHERE number = 99",
    )
    assert faults(week) == (
        "Line 3 was put in another place: it was recorded as line 4.",
        "Line 4 was put in another place: it was recorded as line 3.",
    )


def test_erased_details_are_no_fault_and_are_said(week: Database) -> None:
    tamper(week, "DELETE FROM event_detail WHERE event_id = 2")
    found = verified(week)
    assert (found.faults, found.erased, found.erased_lines) == ((), 1, (2,))


def test_what_is_no_json_or_no_time_any_more_is_a_fault_and_no_crash(sqlite: Database) -> None:
    lines(sqlite, "wake", "walk", "sleep")
    tamper(
        sqlite,
        "UPDATE event SET facts = '{' WHERE number = 1",
        "UPDATE event SET at = 'yesterday' WHERE number = 2",
    )
    assert [sentence[:18] for sentence in faults(sqlite)] == ["Line 1 is not as i", "Line 2 was altered"]


def test_a_log_that_was_written_anew_as_a_whole_is_found_by_a_line_that_was_noted(week: Database) -> None:
    noted = verified(week).newest
    lines(week, "dream")
    assert faults(week, noted) == ()
    assert faults(week, f" {noted.upper()}\n") == ()
    with week.changing() as session:
        digest = ""
        for event in session.exec(select(Event).order_by(col(Event.number))):
            event.by = "Otto"
            event.digest = digest = line_of(event, number=event.number or 0, details=event.details).digest_after(
                digest
            )
        session.execute(
            sa.text("UPDATE workspace_fact SET value = :head WHERE name = 'log_head'"), {"head": f"7 {digest}"}
        )
    assert faults(week) == ()
    assert faults(week, noted) == (
        f"Line 6 is not the one that was noted ({noted}): since then the log was cut off, or written anew.",
    )


@pytest.mark.parametrize(
    "noted", ["6", "6:", "six:0123456789abcdef", "6:0123", "6:0123456789abcdeg", "6 0123456789abcdef"]
)
def test_what_is_no_line_is_not_understood(sqlite: Database, noted: str) -> None:
    with pytest.raises(InvalidInput, match="copy it from a digest mail"):
        verified(sqlite, noted)


def test_of_many_faults_the_first_are_said_and_the_others_counted(sqlite: Database) -> None:
    with sqlite.changing() as session:
        for _ in range(120):
            records(session)
    tamper(sqlite, "UPDATE event SET by = 'Otto'")
    found = faults(sqlite)
    assert len(found) == COMPARED + SAID + 1
    assert found[-1] == f"And {120 - COMPARED - SAID} more."


def test_a_line_is_noted_by_its_number_and_sixteen_digits() -> None:
    line = ChainLine(number=12, at=NOON, by="Rosa", verb="greet", subject="call", subject_id=1, facts={})
    assert anchor(12, line.digest_after("")) == "12:" + line.digest_after("")[:16]
    assert anchor(0, "") == ""


def test_a_digest_covers_every_part_of_a_line_and_no_other_format_of_the_same_moment() -> None:
    parts: dict[str, Any] = {
        "number": 12,
        "at": NOON,
        "by": "Rosa",
        "verb": "greet",
        "subject": "call",
        "subject_id": 1,
        "facts": {"a": 1, "b": ["ü"]},
        "details": ["aa"],
    }
    line = ChainLine(**parts)
    others = {"number": 13, "at": NOON + timedelta(microseconds=1), "subject_id": 2, "facts": {}, "details": []}
    others |= {"by": "Otto", "verb": "leave", "subject": "letter"}
    assert set(others) == set(parts)
    digests = {ChainLine(**{**parts, name: value}).digest_after("") for name, value in others.items()}
    assert len({*digests, line.digest_after(""), line.digest_after("aa")}) == len(others) + 2
    reordered = ChainLine(**{**parts, "facts": {"b": ["ü"], "a": 1}})
    assert reordered.digest_after("") == line.digest_after("")


def test_the_format_stays_for_ever() -> None:
    """A log of years ago must still be found whole: change this value and no earlier log can be verified."""
    line = ChainLine(
        number=1, at=NOON, by="Rosa", verb="greet", subject="call", subject_id=1, facts={"mails": 3}, details=["aa"]
    )
    assert line.digest_after("") == "216fee5f9b8fa5dcb1d6142515d869e645bbf47f924f15f0661b7d68916e3f36"


# --- any tampering is found ---------------------------------------------------------------------------------------

Tampering = Callable[[Any, Random], None]


def _any_line(session: Any, chance: Random) -> Event:
    found: Event = chance.choice(session.exec(select(Event).where(col(Event.number).is_not(None))).all())
    return found


def edit(session: Any, chance: Random) -> None:
    line = _any_line(session, chance)
    column, value = chance.choice(
        [
            ("by", "Otto"),
            ("verb", "steal"),
            ("subject_id", 99),
            ("facts", {"x": chance.random()}),
            ("at", NOON + timedelta(days=1)),
            ("digest", f"{chance.getrandbits(256):064x}"),
        ]
    )
    setattr(line, column, value)


def edit_and_make_its_own_digest_fit(session: Any, chance: Random) -> None:
    line = _any_line(session, chance)
    before = session.exec(select(Event).where(Event.number == (line.number or 0) - 1)).first()
    line.by = f"Otto {chance.random()}"
    line.digest = line_of(line, number=line.number or 0, details=line.details).digest_after(
        before.digest if before else ""
    )


def remove(session: Any, chance: Random) -> None:
    line = _any_line(session, chance)
    for detail in session.exec(select(EventDetail).where(EventDetail.event_id == line.id)):
        session.delete(detail)
    session.flush()
    session.delete(line)


def swap(session: Any, chance: Random) -> None:
    one, other = _any_line(session, chance), _any_line(session, chance)
    if one.id == other.id:
        edit(session, chance)
        return
    numbers = one.number, other.number
    one.number = None
    session.flush()
    other.number = numbers[0]
    session.flush()
    one.number = numbers[1]


def alter_details(session: Any, chance: Random) -> None:
    details = session.exec(select(EventDetail)).all()
    if not details:
        edit(session, chance)
        return
    detail = chance.choice(details)
    detail.changes = {"value": ["yes", f"{chance.random()}"]}


def cut_off(session: Any, _chance: Random) -> None:
    remove(
        session, type("Last", (), {"choice": staticmethod(lambda found: max(found, key=lambda one: one.number))})()
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.lists(
        st.sampled_from([edit, edit_and_make_its_own_digest_fit, remove, swap, alter_details, cut_off]),
        min_size=1,
        max_size=3,
    ),
    seed=st.integers(0, 2**32),
)
def test_any_tampering_is_found(sqlite: Database, chosen: list[Tampering], seed: int) -> None:
    if not verified(sqlite).lines:
        lines(sqlite, "wake", "walk")
        changes(sqlite, "no")
        lines(sqlite, "read", "eat")
        changes(sqlite, "yes")
        lines(sqlite, "dream", "sleep")
    chance = Random(seed)  # noqa: S311  no secret
    with sqlite.changing() as session:
        for tampering in chosen:
            tampering(session, chance)
            session.flush()
        assert verify(session).faults != ()
        session.rollback()
    assert faults(sqlite) == ()
