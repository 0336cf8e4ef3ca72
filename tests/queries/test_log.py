"""The log is read newest first, a page at a time, as a whole, of one thing, or of a call with all that is its."""

import sqlalchemy as sa
from sqlmodel import col, select

from outreach.domain.states import CallState
from outreach.queries.log import Change, LogLine, about_call, log_page
from outreach.store.database import Database
from outreach.store.tables import Call, Organisation, Signature
from outreach.usecases.change_signature import correct_signature
from outreach.usecases.merge_signatures import merge_signatures
from outreach.usecases.pause_call import pause_call
from tests import make
from tests.logged import lines, records, tamper
from tests.make import NOON


def verbs(found: list[LogLine]) -> list[str]:
    return [line.verb for line in found]


def test_the_newest_lines_come_first_and_the_next_page_goes_on_below(database: Database) -> None:
    lines(database, "one", "two", "three", "four", "five")
    with database.reading() as session:
        first = log_page(session, limit=2)
        second = log_page(session, before=first[-1].number, limit=2)
        assert (verbs(first), verbs(second)) == (["five", "four"], ["three", "two"])
        assert verbs(log_page(session, before=1)) == []


def test_lines_are_found_by_who_and_by_what(database: Database) -> None:
    lines(database, "open", "close")
    with database.changing() as session:
        records(session, "open", subject="letter", of=7, texts=3)
    with database.reading() as session:
        assert [line.number for line in log_page(session, verb="open")] == [3, 1]
        assert verbs(log_page(session, by="Otto")) == []
        assert [line.number for line in log_page(session, by="Rosa", verb="close")] == [2]
        assert [line.number for line in log_page(session, subject="letter")] == [3]
        assert [line.number for line in log_page(session, subject="call", subject_id=1)] == [2, 1]
        assert log_page(session, subject="letter", subject_id=7) == [
            LogLine(3, NOON, "Rosa", "open", "letter", 7, {"texts": 3})
        ]


def test_a_line_stands_on_the_page_of_everything_that_it_changed(database: Database) -> None:
    with database.changing() as session:
        body = Organisation(name="Harbour Light", name_key="harbour light", created_at=NOON)
        session.add(body)
        records(session, "found", subject="organisation", of=1)
    with database.changing() as session:
        body = session.get_one(Organisation, body.id)
        body.country = "BE"
        records(session, "travel", subject="contact", of=9)
    with database.reading() as session:
        (line,) = log_page(session, subject="organisation", subject_id=body.id, limit=1)
        assert line.changes == (Change("organisation", body.id or 0, "country", "", "BE"),)
        assert line.subject == "contact"
        assert log_page(session, subject="organisation", subject_id=77) == []


def test_erased_changes_are_said_to_be_erased(database: Database) -> None:
    with database.changing() as session:
        session.add(Organisation(name="Harbour Light", name_key="harbour light", created_at=NOON))
        records(session, "found", subject="organisation")
    tamper(database, "DELETE FROM event_detail")
    with database.reading() as session:
        (line,) = log_page(session)
    assert (line.changes, line.erased) == ((), True)


def test_the_page_of_a_call_has_its_letter_its_mailings_and_its_signatures_and_no_other_calls(
    database: Database,
) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbourlight.coop")
        call, _ = make.launched(session, house)
        other = make.call(session, house, slug="another-call")
        given = make.signature(session, call, name="Harbour Lamp")
    with database.changing() as session:
        signature = session.get_one(Signature, given.id)
        correct_signature(session, signature, make.entry(name="Harbour Lamps"), now=NOON, house=house, by="Rosa")
    with database.changing() as session:
        records(session, "authorise_letter", subject="letter", of=call.letter_id)
        pause_call(session, session.get_one(Call, call.id), now=NOON, by="Rosa")
        records(session, "authorise_letter", subject="letter", of=other.letter_id)
    with database.reading() as session:
        found = about_call(session, session.get_one(Call, call.id), limit=100)
        assert verbs(found)[:3] == ["pause_call", "authorise_letter", "correct_signature"]
        assert {"create_call", "launch_call"} <= set(verbs(found))
        assert {line.subject for line in found} >= {"call", "letter", "signature", "mailing"}
        assert verbs(found).count("create_call") == 1
        assert [line.number for line in found] == sorted((line.number for line in found), reverse=True)
        assert about_call(session, session.get_one(Call, call.id), before=found[0].number, limit=1) == [found[1]]
        assert verbs(about_call(session, session.get_one(Call, call.id), verb="pause_call")) == ["pause_call"]
        assert verbs(about_call(session, session.get_one(Call, other.id))) == ["authorise_letter", "create_call"]
        assert about_call(session, session.get_one(Call, call.id), by="nobody") == []


def test_a_merged_signature_is_on_the_pages_of_both(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbourlight.coop")
        call, _ = make.launched(session, house)
        call.state = CallState.OPEN
        one = make.signature(session, call, name="Harbour Lamp", key="a")
        other = make.signature(session, call, name="Harbor Lamp", key="b")
    with database.changing() as session:
        merge_signatures(
            session,
            session.get_one(Signature, other.id),
            session.get_one(Signature, one.id),
            now=NOON,
            house=house,
            by="Rosa",
        )
    with database.reading() as session:
        (line,) = log_page(session, verb="merge_signatures")
        states = [change.after for change in line.changes if change.column == "state"]
        assert states == ["merged"]
        assert verbs(log_page(session, subject="signature", subject_id=other.id, limit=1)) == ["merge_signatures"]


def test_a_page_is_one_walk_along_an_index_however_long_the_log_is(sqlite: Database) -> None:
    with sqlite.reading() as session:
        for where in (
            "number < 9",
            "subject = 'call' AND subject_id = 1",
            "by = 'Rosa'",
            "verb = 'x'",
            "call_id = 1",
        ):
            plan = session.execute(
                sa.text(f"EXPLAIN QUERY PLAN SELECT number FROM event WHERE {where} ORDER BY number DESC LIMIT 5")  # noqa: S608
            ).all()
            assert ["INDEX ix_event_" in step.detail and "TEMP" not in step.detail for step in plan] == [True], plan


def test_of_a_line_that_changed_many_rows_a_page_reads_the_first_and_the_one_that_it_is_about(
    database: Database,
) -> None:
    with database.changing() as session:
        for number in range(9):
            name = f"Lamp {number}"
            session.add(Organisation(name=name, name_key=name.lower(), created_at=NOON))
        records(session, "found", subject="organisation", of=1)
    with database.changing() as session:
        for body in session.exec(select(Organisation).order_by(col(Organisation.id))):
            body.country = "BE"
        records(session, "move", subject="contact", of=9)
    with database.reading() as session:
        (line,) = log_page(session, most=3, limit=1)
        first = [change.row for change in line.changes]
        assert (len(first), line.more, line.erased) == (3, 6, False)
        other = min({*range(1, 10)} - {*first})
        (line,) = log_page(session, subject="organisation", subject_id=other, most=3, limit=1)
        assert ([change.row for change in line.changes], line.more, line.erased) == ([*first, other], 5, False)
        (line,) = log_page(session, limit=1)
        assert (len(line.changes), line.more, line.erased) == (9, 0, False)
    tamper(database, f"DELETE FROM event_detail WHERE row_id = {first[1]}")  # noqa: S608
    with database.reading() as session:
        (line,) = log_page(session, most=3, limit=1)
        assert ([change.row for change in line.changes], line.more, line.erased) == (first[::2], 6, True)
