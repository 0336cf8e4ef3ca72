"""A correction goes to those who got the mailing; what has not left is held until a person lets it go."""

import pytest
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.domain.judging import Verdict
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, MessageState
from outreach.rendering.composing import compose
from outreach.store.database import Database
from outreach.store.settling import Settlement, settle
from outreach.store.tables import Call, Message
from outreach.usecases.extend_call import extend_call
from outreach.usecases.issue_erratum import Corrected, issue_erratum
from outreach.usecases.opt_out import opt_out
from outreach.usecases.retry_messages import retry_messages
from tests import make

NOW = make.NOON
INVITATION, ERRATUM = MessageKind.INVITATION, MessageKind.ERRATUM
TEXT = "The deadline is **5 pm**, not 5 am."
DOUBT = Verdict(MessageState.UNKNOWN, "no answer to the final dot", copy=True)
REFUSED = Verdict(MessageState.FAILED, "person", "550 5.1.1")


def half_sent(session: Session, house: House) -> Call:
    """Sent to one, in doubt for one, refused for one, in flight to one, waiting for one."""
    for name in ("sent", "doubt", "refused", "flying", "waits"):
        make.contact(session, house, f"{name}@harbour.example")
    call, _ = make.launched(session, house)
    for one, verdict in zip(make.claimed(session, want=3), (make.ACCEPTED, DOUBT, REFUSED), strict=True):
        settle(session, [Settlement(one.id, verdict, NOW)], make.WORKER)
    make.claimed(session, want=1)
    return call


def correct(session: Session, call: Call, house: House, text: str = TEXT, **options: str) -> Corrected:
    return issue_erratum(session, call, text, corrects=INVITATION, now=NOW, by="Rosa", house=house, **options)


def test_those_who_got_it_are_told_and_the_rest_is_held(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = half_sent(session, house)
        assert correct(session, call, house) == Corrected(told=3, held=1)
        told = [row.address.partition("@")[0] for row in make.messages(session, col(Message.kind) == ERRATUM)]
        assert told == ["sent", "doubt", "flying"]
        (held,) = make.messages(session, col(Message.state) == MessageState.HELD)
        assert (held.address, held.reason) == ("waits@harbour.example", "held by an erratum")


def test_the_correction_says_what_was_wrong_and_goes_before_other_mail(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = half_sent(session, house)
        correct(session, call, house)
        first, *_ = make.claimed(session)
        assert first.record.kind is ERRATUM
        assert "5 pm" in compose(first.record, house).content.text


def test_what_is_held_goes_only_when_a_person_lets_it(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = half_sent(session, house)
        correct(session, call, house)
        assert "waits@harbour.example" not in make.submitted(session)
        assert retry_messages(session, call, state=MessageState.HELD, now=NOW, by="Rosa") == 1
        assert make.submitted(session) == ["waits@harbour.example"]


def test_who_opted_out_is_not_corrected(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example")
        call, _ = make.launched(session, house)
        make.submitted(session)
        opt_out(session, rosa, scope=0, evidence="link", now=NOW)
        assert correct(session, call, house).told == 0


def test_who_has_signed_meanwhile_is_corrected_all_the_same(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example")
        call, _ = make.launched(session, house)
        make.submitted(session)
        make.signature(session, call, rosa)
        assert correct(session, call, house).told == 1
        assert make.submitted(session) == [rosa.address]


def test_a_second_correction_goes_to_the_same_people_once_more(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "rosa@harbour.example")
        call, _ = make.launched(session, house)
        make.submitted(session)
        assert correct(session, call, house).told == 1
        later = issue_erratum(
            session, call, "Noon.", corrects=INVITATION, now=call.deadline_at, by="Rosa", house=house
        )
        assert later == Corrected(told=1, held=0)


@pytest.mark.parametrize("state", [CallState.DRAFT, CallState.CANCELLED])
def test_nobody_is_corrected_who_was_told_nothing(sqlite: Database, state: CallState) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = make.call(session, house)
        call.state = state
        with pytest.raises(Refusal, match="nobody has got a mailing of it"):
            correct(session, call, house)


def test_a_mailing_that_was_never_queued_cannot_be_corrected(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = half_sent(session, house)
        with pytest.raises(Refusal, match="No reminder of the call safe-passage has been queued"):
            issue_erratum(session, call, TEXT, corrects=MessageKind.REMINDER, now=NOW, by="Rosa", house=house)


def test_a_correction_says_something_and_has_its_second_person(sqlite: Database) -> None:
    house = make.house(sqlite, workspace={"second_person": True})
    with sqlite.changing() as session:
        call = half_sent(session, make.house(sqlite))
        with pytest.raises(Refusal, match="must say what was wrong"):
            correct(session, call, house, "  \n")
        with pytest.raises(Refusal, match="second person"):
            correct(session, call, house)
        assert correct(session, call, house, authorised_by="Idris").told == 3


def test_an_extension_does_not_hide_those_who_got_the_mailing_before_it(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "rosa@harbour.example")
        call, _ = make.launched(session, house, release=None)
        make.submitted(session)
        later = parse_wall_clock("2027-03-05 17:00 America/Los_Angeles")
        extend_call(session, call, later, now=NOW, by="Rosa", house=house)
        assert correct(session, call, house).told == 1
