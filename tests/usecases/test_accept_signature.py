"""A person accepts or rejects a proposal: it counts at once only where the mail proves whose mailbox it is from."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from outreach.config.house import House
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import MatchedBy, ReplyKind
from outreach.domain.signatures import Visibility
from outreach.domain.states import CallState, ReplyState, SignatureState
from outreach.store.tables import Affiliation, Event, Organisation, Reply, Signature
from outreach.store.wanted import answered
from outreach.usecases.accept_signature import accept_signature, reject_signature
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.close_call import close_call
from outreach.usecases.confirm_signature import confirm_signature
from outreach.usecases.place_reply import place_reply
from tests import inbound, make
from tests.make import NOON
from tests.usecases.world import IDRIS, World

PASSED = "mx.lanterncoast.coop; dmarc=pass (p=reject) header.from=harbourlight.coop"
AFTER_THE_DEADLINE = datetime(2027, 2, 27, 12, 0, tzinfo=UTC)


@pytest.fixture
def trusting(world: World) -> World:
    """The same workspace, which knows by which name its own mail server speaks."""
    settings = world.house.settings
    mailbox = settings.mailbox.model_copy(update={"authserv_id": "mx.lanterncoast.coop"})
    house = world.house
    world.house = House(settings.model_copy(update={"mailbox": mailbox}), house.salt, house.link_key, house.texts)
    return world


def agrees(world: World, **more: Any) -> tuple[Reply, Signature]:
    """Idris agrees by mail; her reply, and what is proposed because of it."""
    reply = world.says("Yes, please add us.", **more)
    (signature,) = world.signatures()
    return reply, signature


def accepts(world: World, signature: Signature) -> SignatureState:
    return accept_signature(world.session, signature, now=NOON, house=world.house, by="Rosa")


def test_a_mail_that_proves_its_mailbox_counts_at_once_and_gets_its_receipt(trusting: World) -> None:
    reply, signature = agrees(trusting, Authentication_Results=PASSED)
    assert reply.authenticated
    assert accepts(trusting, signature) is SignatureState.CONFIRMED
    assert signature.confirmed_at == NOON
    assert [one.address for one in trusting.queued(MessageKind.RECEIPT)] == [IDRIS]
    assert trusting.queued(MessageKind.CONFIRMATION) == []
    assert (reply.state, reply.handled_by) == (ReplyState.DONE, "Rosa")


@pytest.mark.parametrize(
    ("to_token", "results"),
    [
        (True, ""),
        (True, PASSED.replace("dmarc=pass", "dmarc=fail")),
        (True, PASSED.replace("harbourlight", "elsewhere")),
        (True, PASSED.replace("mx.lanterncoast", "mx.elsewhere")),
        (False, PASSED),
        (False, ""),
    ],
)
def test_without_both_proofs_the_mailbox_is_asked(trusting: World, *, to_token: bool, results: str) -> None:
    """A mail of ours in hand, and a sender that our own server found authentic."""
    headers = {"Authentication_Results": results} if results else {}
    _, signature = agrees(trusting, **({} if to_token else {"to": inbound.OURS}), **headers)
    assert accepts(trusting, signature) is SignatureState.PENDING
    assert [one.address for one in trusting.queued(MessageKind.CONFIRMATION)] == [IDRIS]
    assert trusting.queued(MessageKind.RECEIPT) == []


def test_what_a_person_placed_was_not_proven_by_the_mail(trusting: World) -> None:
    make.launched(trusting.session, trusting.house, slug="another-letter", title="Another letter")
    make.submitted(trusting.session)
    reply = trusting.says("Yes, please add us.", to=inbound.OURS, subject="Hello", Authentication_Results=PASSED)
    assert (reply.matched_by, reply.authenticated) == (MatchedBy.NOTHING, True)
    place_reply(trusting.session, reply, trusting.call, trusting.idris, now=NOON, house=trusting.house, by="Rosa")
    assert accepts(trusting, trusting.signatures()[0]) is SignatureState.PENDING


def test_a_workspace_that_does_not_know_its_server_believes_no_header(world: World) -> None:
    _, signature = agrees(world, Authentication_Results=PASSED)
    assert accepts(world, signature) is SignatureState.PENDING


def test_what_was_said_on_the_telephone_is_confirmed_by_the_mailbox(trusting: World) -> None:
    trusting.logs(ReplyKind.SIGNS)
    (signature,) = trusting.signatures()
    assert accepts(trusting, signature) is SignatureState.PENDING
    assert confirm_signature(trusting.session, signature, now=NOON, house=trusting.house).state is (
        SignatureState.CONFIRMED
    )


def test_what_came_after_the_deadline_is_asked_about_and_then_late(trusting: World) -> None:
    _, signature = agrees(trusting, at=AFTER_THE_DEADLINE, Authentication_Results=PASSED)
    accept_signature(trusting.session, signature, now=AFTER_THE_DEADLINE, house=trusting.house, by="Rosa")
    assert signature.state is SignatureState.PENDING
    assert confirm_signature(trusting.session, signature, now=AFTER_THE_DEADLINE, house=trusting.house).state is (
        SignatureState.LATE
    )


def test_what_came_in_time_counts_although_it_is_accepted_after_the_closing(trusting: World) -> None:
    _, signature = agrees(trusting, Authentication_Results=PASSED)
    close_call(trusting.session, trusting.call, now=AFTER_THE_DEADLINE, by="Rosa")
    assert accepts(trusting, signature) is SignatureState.CONFIRMED


def test_nobody_signs_a_call_that_was_cancelled(world: World) -> None:
    _, signature = agrees(world)
    cancel_call(world.session, world.call, now=NOON, by="Rosa")
    assert world.call.state is CallState.CANCELLED
    with pytest.raises(Refusal, match="safe-passage is cancelled; nobody can sign it now"):
        accepts(world, signature)
    assert world.signatures()[0].state is SignatureState.PROPOSED


def test_what_is_accepted_is_accepted_once(world: World) -> None:
    _, signature = agrees(world)
    accepts(world, signature)
    with pytest.raises(Refusal, match=r"mailbox of signature 1 has confirmed nothing\. Say how you know of it"):
        accepts(world, signature)
    assert len(world.queued(MessageKind.CONFIRMATION)) == 1


def test_an_organisation_that_nobody_knew_becomes_one(world: World) -> None:
    reply = world.says("Hello.")
    reply.signer = {"organisation": "Quay House", "country": "PT"}
    world.corrects(reply, ReplyKind.SIGNS)
    (signature,) = world.signatures()
    accepts(world, signature)
    quay = world.session.exec(select(Organisation).where(Organisation.name == "Quay House")).one()
    assert (signature.organisation_id, signature.signer_key, quay.country) == (
        quay.id,
        f"contact {world.idris.id} organisation {quay.id}",
        "PT",
    )
    assert world.session.get(Affiliation, (world.idris.id, quay.id)) is not None


def test_a_colleague_whom_nobody_knew_speaks_for_the_organisation_once_accepted(world: World) -> None:
    _, signature = agrees(world, sender="Amal Said <amal@harbourlight.coop>")
    accepts(world, signature)
    assert signature.contact_id not in (world.idris.id, world.ana.id)
    assert world.session.get(Affiliation, (signature.contact_id, world.idris.organisation_id)) is not None


def test_a_stranger_who_names_an_organisation_does_not_speak_for_it(world: World) -> None:
    reply = world.says("Hello.", sender="Otto Lind <otto@elsewhere.coop>")
    reply.signer = {"organisation": "Harbour Light"}
    world.corrects(reply, ReplyKind.SIGNS)
    (signature,) = world.signatures()
    accepts(world, signature)
    assert signature.organisation_id == world.idris.organisation_id
    assert world.session.get(Affiliation, (signature.contact_id, signature.organisation_id)) is None


def test_an_organisation_that_has_signed_meanwhile_does_not_sign_twice(world: World) -> None:
    reply = world.says("Hello.")
    reply.signer = {"organisation": "Quay House"}
    world.corrects(reply, ReplyKind.SIGNS)
    (signature,) = world.signatures()
    amal = make.contact(world.session, world.house, "amal@quay.coop", organisation="Quay House")
    make.signature(world.session, world.call, amal, name="Quay House")
    with pytest.raises(Refusal, match="Quay House has a signature already, no"):
        accepts(world, signature)


@pytest.mark.parametrize("name", ["idris@harbourlight.coop", "See https://elsewhere.coop", "..."])
def test_what_cannot_be_printed_under_a_letter_is_not_accepted(world: World, name: str) -> None:
    _, signature = agrees(world)
    signature.name = name
    with pytest.raises(InvalidInput):
        accepts(world, signature)


def test_what_is_rejected_signs_nothing_and_its_reply_is_done(world: World) -> None:
    reply, signature = agrees(world)
    reject_signature(world.session, signature, now=NOON, house=world.house, by="Rosa")
    assert (signature.state, reply.state) == (SignatureState.REJECTED, ReplyState.DONE)
    assert world.queued(MessageKind.CONFIRMATION) == []
    with pytest.raises(Refusal, match="is rejected; there is nothing to accept"):
        accepts(world, signature)


def test_who_accepted_and_who_rejected_is_in_the_log(world: World) -> None:
    _, signature = agrees(world)
    accepts(world, signature)
    event = world.session.exec(select(Event).where(Event.verb == "accept_signature")).one()
    assert (event.by, event.subject_id, event.facts) == ("Rosa", signature.id, {"state": "pending"})


def test_who_is_said_to_sign_and_does_not_is_reminded_again(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house)
    reply = inbound.arrived(world.session, world.house, inbound.written(IDRIS, "Yes, please add us.", to=to))
    (signature,) = world.signatures()
    reject_signature(world.session, signature, now=NOON, house=world.house, by="Rosa")
    assert (reply.kind, reply.state) == (ReplyKind.OTHER, ReplyState.DONE)
    answers = world.session.execute(
        sa.select(answered(sa.literal(world.idris.id), sa.literal(world.call.id)))
    ).scalar_one()
    assert not answers


def test_who_answers_that_the_name_is_not_for_publication_is_accepted_so(trusting: World) -> None:
    _, signature = agrees(trusting, Authentication_Results=PASSED)
    accept_signature(
        trusting.session,
        signature,
        now=NOON,
        house=trusting.house,
        by="Rosa",
        visibility=Visibility.COUNTED,
    )
    assert (signature.state, signature.visibility) == (SignatureState.CONFIRMED, Visibility.COUNTED)


def test_staff_show_nobody_more_than_the_signatory_chose(world: World) -> None:
    late = make.signature(
        world.session, world.call, world.idris, state=SignatureState.LATE, visibility=Visibility.ADDRESSEE
    )
    with pytest.raises(Refusal, match="only she can let more people see"):
        accept_signature(world.session, late, now=NOON, house=world.house, by="Rosa", visibility=Visibility.PUBLIC)
