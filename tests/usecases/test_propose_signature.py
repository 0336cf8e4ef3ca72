"""A reply that agrees becomes a proposal, filled in as far as can be; it signs nothing by itself."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from outreach.domain.replies import ReplyKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import SignatureState
from outreach.store.database import Database
from outreach.store.outbox import retire_unwanted
from outreach.store.tables import Affiliation, Contact, Event, Organisation, Reply
from outreach.usecases.sign import Signed, sign
from tests import inbound, make
from tests.make import NOON
from tests.usecases.world import IDRIS, World

AFTER_THE_DEADLINE = datetime(2027, 2, 27, 12, 0, tzinfo=UTC)


def test_what_the_mail_does_not_say_comes_from_the_record(world: World) -> None:
    world.idris.role = "Director"
    world.session.add(world.idris)
    world.logs(ReplyKind.SIGNS)
    (signature,) = world.signatures()
    assert (signature.kind, signature.name, signature.organisation_id) == (
        SignatureKind.ORGANISATION,
        "Harbour Light",
        world.idris.organisation_id,
    )
    assert (signature.signer_name, signature.signer_title, signature.country) == ("Idris Belhaj", "Director", "BE")


def test_what_the_mail_says_goes_before_the_record(world: World) -> None:
    reply = world.says("Hello.")
    reply.signer = {"name": "Amal Said", "title": "Chair", "organisation": "Quay House", "country": "PT"}
    world.corrects(reply, ReplyKind.SIGNS)
    (signature,) = world.signatures()
    assert (signature.name, signature.signer_name, signature.signer_title, signature.country) == (
        "Quay House",
        "Amal Said",
        "Chair",
        "PT",
    )
    assert signature.organisation_id is None, "an organisation that nobody knew becomes one when it is accepted"


def test_a_person_without_an_organisation_signs_in_person(world: World) -> None:
    otto = make.contact(world.session, world.house, "otto@elsewhere.coop", name="Otto Lind")
    world.logs(ReplyKind.SIGNS, otto)
    (signature,) = world.signatures()
    assert (signature.kind, signature.name, signature.signer_key) == (
        SignatureKind.INDIVIDUAL,
        "Otto Lind",
        f"contact {otto.id}",
    )


def test_nothing_is_proposed_in_nobodys_name(world: World) -> None:
    nameless = make.contact(world.session, world.house, "x@elsewhere.coop", name="")
    reply = world.logs(ReplyKind.SIGNS, nameless)
    assert world.signatures() == []
    assert reply.note == "It does not say in whose name to sign."


def test_who_has_signed_by_the_form_gets_no_proposal_beside_it(world: World) -> None:
    make.signature(world.session, world.call, world.ana)
    reply = world.logs(ReplyKind.SIGNS)
    assert [one.state for one in world.signatures()] == [SignatureState.CONFIRMED]
    assert reply.note == f"There is a signature already, no. {world.signatures()[0].id}: it is confirmed."


def test_who_signs_by_the_form_after_all_needs_nobody_to_accept_the_proposal(world: World) -> None:
    world.logs(ReplyKind.SIGNS)
    given = sign(
        world.session,
        world.call,
        world.idris,
        make.entry(name="Harbour Light"),
        now=NOON,
        house=world.house,
    )
    assert isinstance(given, Signed)
    assert [one.state for one in world.signatures()] == [SignatureState.PENDING]


def test_an_agreement_after_the_deadline_is_proposed_and_said_to_be_late(world: World) -> None:
    reply = world.says("Yes, please add us.", at=AFTER_THE_DEADLINE)
    assert [one.submitted_at for one in world.signatures()] == [AFTER_THE_DEADLINE]
    assert "after the deadline" in reply.note


def test_a_colleague_who_answers_becomes_a_contact_who_gets_no_bulk_mail(world: World) -> None:
    world.says("Yes, please add us.", sender="Amal Said <amal@harbourlight.coop>")
    (amal,) = world.session.exec(select(Contact).where(Contact.address == "amal@harbourlight.coop")).all()
    (signature,) = world.signatures()
    assert (amal.basis, amal.source, amal.organisation_id) == ("", "signed by mail", world.idris.organisation_id)
    assert (signature.contact_id, signature.organisation_id) == (amal.id, amal.organisation_id)
    assert world.session.get(Affiliation, (amal.id, amal.organisation_id)) is None, "nobody has looked yet"


def test_a_stranger_who_answers_is_not_taken_for_one_of_theirs(world: World) -> None:
    world.says("Yes, please add us.", sender="Otto Lind <otto@elsewhere.coop>")
    (otto,) = world.session.exec(select(Contact).where(Contact.address == "otto@elsewhere.coop")).all()
    assert otto.organisation_id is None
    assert [one.organisation_id for one in world.signatures()] == [None]


@pytest.mark.parametrize("name", ["Harbour Light", "HARBOUR LIGHT", " harbour  light. "])
def test_an_organisation_is_known_by_any_spelling_of_its_name(world: World, name: str) -> None:
    reply = world.says("Hello.")
    reply.signer = {"organisation": name}
    world.corrects(reply, ReplyKind.SIGNS)
    assert [one.organisation_id for one in world.signatures()] == [world.idris.organisation_id]
    assert len(world.session.exec(select(Organisation)).all()) == 1


def test_a_proposal_without_proof_silences_no_colleague(world: World) -> None:
    """Anybody can write her address in From."""
    world.remind()
    reply = world.says("Yes, please add us.", to=inbound.OURS)
    assert (reply.matched_by, [one.state for one in world.signatures()]) == ("sender", [SignatureState.PROPOSED])
    retire_unwanted(world.session, NOON)
    assert world.reminders() == [world.ana.address]


def test_a_proposal_with_proof_speaks_for_the_colleagues_too(world: World) -> None:
    world.remind()
    world.says("Yes, please add us.")
    retire_unwanted(world.session, NOON)
    assert world.reminders() == []


@pytest.mark.parametrize(
    "text",
    ["We sign.", "Unsubscribe me.", "Please remove our signature from the letter.", "Take our name off the list."],
)
def test_no_mail_takes_a_signature_away(world: World, text: str) -> None:
    make.signature(world.session, world.call, world.idris)
    for to in (inbound.OURS, inbound.answer_to(world.invitation(), world.house)):
        world.says(text, to=to)
    assert [one.state for one in world.signatures()] == [SignatureState.CONFIRMED]


@pytest.mark.parametrize("sender", [IDRIS, "otto@elsewhere.coop"])
def test_a_forged_agreement_signs_nothing(world: World, sender: str) -> None:
    for to in (inbound.OURS, inbound.answer_to(world.invitation(), world.house)):
        world.says("Yes, please add us.\n\nHarbour Light", to=to, sender=sender)
    assert {one.state for one in world.signatures()} <= {SignatureState.PROPOSED}


def test_the_proposal_is_in_the_log_with_the_reply_that_it_came_from(world: World) -> None:
    reply = world.logs(ReplyKind.SIGNS)
    event = world.session.exec(select(Event).where(Event.verb == "propose_signature")).one()
    assert (event.subject_id, event.facts) == (world.signatures()[0].id, {"reply": reply.id})
    assert world.session.get_one(Reply, reply.id).kind is ReplyKind.SIGNS


@pytest.mark.parametrize(("domain", "colleagues"), [("harbourlight.coop", True), ("gmail.com", False)])
def test_who_shares_a_provider_with_somebody_shares_no_organisation_with_her(
    sqlite: Database, domain: str, *, colleagues: bool
) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        idris = make.contact(session, house, f"idris@{domain}", organisation="Harbour Light")
        call, _ = make.launched(session, house)
        make.submitted(session)
        world = World(session, house, call, idris, idris)
        world.says("Please add us to the letter.", sender=f"Otto Keel <otto@{domain}>")
        assert [one.organisation_id is not None for one in world.signatures()] == [colleagues]
