"""Who has answered by a reply is asked no more, and nobody silences others by writing their address in From."""

import pytest
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import MatchedBy, ReplyKind
from outreach.domain.states import MessageState, ReplyState, SignatureState
from outreach.store import wanted
from outreach.store.database import Database
from outreach.store.tables import Affiliation, Call, Contact, Reply
from tests import make
from tests.store.test_wanted import NOW, claimed_addresses, invited, outcome


def replied(
    session: Session,
    call: Call,
    person: Contact,
    kind: ReplyKind,
    by: MatchedBy = MatchedBy.TOKEN,
    *,
    state: ReplyState = ReplyState.DONE,
) -> Reply:
    """The person has answered the call by mail, or so it seems."""
    reply = Reply(
        at=NOW,
        kind=kind,
        first_kind=kind,
        state=state,
        matched_by=by,
        call_id=call.id,
        contact_id=person.id,
        organisation_id=person.organisation_id,
    )
    session.add(reply)
    session.flush()
    return reply


def colleagues(session: Session, house: House) -> tuple[Call, Contact, Contact]:
    """Rosa and Amal of Harbour Lamp, and Idris of another house, are invited."""
    rosa = make.contact(session, house, "rosa@harbour.example", organisation="Harbour Lamp")
    amal = make.contact(session, house, "amal@harbour.example", organisation="Harbour Lamp")
    make.contact(session, house, "idris@quay.example", organisation="Quay House")
    return make.launched(session, house)[0], rosa, amal


@pytest.mark.parametrize("kind", list(ReplyKind))
def test_who_has_answered_by_mail_a_second_ago_is_asked_no_more(database: Database, kind: ReplyKind) -> None:
    with database.changing() as session:
        call, (rosa, _) = invited(session, make.house(database), "rosa", "idris")
        replied(session, call, rosa, kind)
        answers = kind in {ReplyKind.DECLINES, ReplyKind.SIGNS, ReplyKind.SIGNS_IF_CHANGED}
        expected = ["idris@harbour.example"] if answers else ["rosa@harbour.example", "idris@harbour.example"]
        assert claimed_addresses(session) == expected
        if answers:
            assert outcome(session, rosa.address) == (MessageState.CANCELLED, wanted.HAS_ANSWERED)


@pytest.mark.parametrize("by", [MatchedBy.TOKEN, MatchedBy.REFERENCE, MatchedBy.QUOTED, MatchedBy.PERSON])
def test_a_refusal_with_a_mail_of_ours_in_hand_speaks_for_the_organisation(
    database: Database, by: MatchedBy
) -> None:
    with database.changing() as session:
        call, rosa, amal = colleagues(session, make.house(database))
        replied(session, call, rosa, ReplyKind.DECLINES, by)
        assert claimed_addresses(session) == ["idris@quay.example"]
        assert outcome(session, amal.address) == (MessageState.CANCELLED, wanted.HAS_ANSWERED)


@pytest.mark.parametrize("kind", [ReplyKind.DECLINES, ReplyKind.SIGNS, ReplyKind.SIGNS_IF_CHANGED])
def test_an_address_in_from_speaks_for_nobody_but_itself(database: Database, kind: ReplyKind) -> None:
    """Anybody can write it: who forges a refusal of Rosa's does not silence her whole organisation."""
    with database.changing() as session:
        call, rosa, amal = colleagues(session, make.house(database))
        replied(session, call, rosa, kind, MatchedBy.SENDER)
        assert claimed_addresses(session) == [amal.address, "idris@quay.example"]


def test_a_proposal_read_out_of_a_mail_without_proof_speaks_for_nobody_else(database: Database) -> None:
    with database.changing() as session:
        call, rosa, amal = colleagues(session, make.house(database))
        replied(session, call, rosa, ReplyKind.SIGNS, MatchedBy.SENDER, state=ReplyState.WAITING)
        make.signature(session, call, rosa, state=SignatureState.PROPOSED)
        assert claimed_addresses(session) == [amal.address, "idris@quay.example"]


def test_a_signature_by_the_personal_link_speaks_for_the_organisation_before_it_is_confirmed(
    database: Database,
) -> None:
    with database.changing() as session:
        call, rosa, _ = colleagues(session, make.house(database))
        make.signature(session, call, rosa, state=SignatureState.PENDING, invited=True)
        assert claimed_addresses(session) == ["idris@quay.example"]


def test_a_refusal_speaks_for_every_organisation_that_the_reader_speaks_for(database: Database) -> None:
    """Amal is known for another organisation, and speaks for Rosa's as well."""
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example", organisation="Harbour Lamp")
        amal = make.contact(session, house, "amal@quay.example", organisation="Quay House")
        session.add(Affiliation(contact_id=amal.id or 0, organisation_id=rosa.organisation_id or 0))
        call, _ = make.launched(session, house)
        replied(session, call, rosa, ReplyKind.DECLINES)
        assert claimed_addresses(session) == []


def test_a_refusal_of_one_call_is_none_of_another(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example", organisation="Harbour Lamp")
        earlier = make.call(session, house, slug="open-ports")
        make.launched(session, house)
        replied(session, earlier, rosa, ReplyKind.DECLINES)
        assert claimed_addresses(session) == [rosa.address]


def test_a_refusal_of_nobody_we_know_stops_nobodys_mail(database: Database) -> None:
    """Neither contact nor organisation is known: an empty place in one row must not match that in another."""
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example")
        call, _ = make.launched(session, house)
        nobodys = replied(session, call, rosa, ReplyKind.DECLINES, MatchedBy.PERSON)
        nobodys.contact_id = nobodys.organisation_id = None
        session.add(nobodys)
        assert claimed_addresses(session) == [rosa.address]


def test_who_has_refused_gets_the_thanks_and_the_release_if_she_signed_after_all(database: Database) -> None:
    with database.changing() as session:
        call, (rosa,) = invited(session, make.house(database), "rosa")
        (message,) = make.messages(session)
        message.kind = MessageKind.THANK_YOU
        message.signature_id = make.signature(session, call, rosa).id
        session.add(message)
        replied(session, call, rosa, ReplyKind.DECLINES)
        assert claimed_addresses(session) == [rosa.address]
