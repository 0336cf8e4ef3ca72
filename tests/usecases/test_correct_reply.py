"""A person says what a reply really is: what the mistake had done is undone, and nothing else."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import ReplyKind
from outreach.domain.states import MessageState, ReplyState, SignatureState
from outreach.domain.tokens import Purpose
from outreach.store import wanted
from outreach.store.outbox import retire_unwanted
from outreach.store.tables import Bounce, Event, ReplyEffect, SuppressionReason
from outreach.usecases.accept_signature import accept_signature
from outreach.usecases.opt_out import opt_out
from outreach.usecases.place_reply import place_reply
from tests import inbound, make
from tests.make import NOON
from tests.usecases.world import ANA, IDRIS, World

HOUR = timedelta(hours=1)


def test_who_was_taken_for_opting_out_by_mistake_gets_her_reminder_after_all(world: World) -> None:
    now = world.remind()
    reply = world.says("Unsubscribe", at=now)
    assert world.reminders() == [ANA]
    assert world.reminders(MessageState.CANCELLED) == [IDRIS]
    world.corrects(reply, ReplyKind.QUESTION, now=now + HOUR)
    assert (world.suppressions(), world.reminders()) == ([], [IDRIS, ANA])
    assert {one.record.address for one in make.claimed(world.session, now=now + 9 * HOUR)} == {IDRIS, ANA}
    assert (reply.kind, reply.first_kind, reply.state) == (
        ReplyKind.QUESTION,
        ReplyKind.OPT_OUT,
        ReplyState.WAITING,
    )


def test_who_also_clicked_the_link_stays_out_whatever_the_reply_was(world: World) -> None:
    reply = world.says("Unsubscribe")
    opt_out(world.session, world.idris, scope=0, evidence="one-click", now=NOON + HOUR)
    world.corrects(reply, ReplyKind.QUESTION, now=NOON + 2 * HOUR)
    assert world.suppressions() == [(world.idris.address_digest, SuppressionReason.OPT_OUT, 0)]


def test_who_had_clicked_the_link_before_stays_out_too(world: World) -> None:
    opt_out(world.session, world.idris, scope=0, evidence="opt-out page", now=NOON)
    reply = world.says("Unsubscribe")
    world.corrects(reply, ReplyKind.QUESTION, now=NOON + HOUR)
    assert world.suppressions() == [(world.idris.address_digest, SuppressionReason.OPT_OUT, 0)]


def test_of_two_replies_that_ask_for_it_both_must_have_been_mistaken(world: World) -> None:
    now = world.remind()
    first = world.says("Unsubscribe", at=now)
    second = world.says("Please remove me from your list.", at=now + HOUR)
    world.corrects(first, ReplyKind.OTHER, now=now + 2 * HOUR)
    assert len(world.suppressions()) == 1
    assert world.reminders() == [ANA]
    world.corrects(second, ReplyKind.OTHER, now=now + 3 * HOUR)
    assert world.suppressions() == []
    assert world.reminders() == [IDRIS, ANA], "what the first had cancelled waits again"


def test_a_complaint_stays_when_an_opt_out_is_corrected(world: World) -> None:
    make.suppression(world.session, world.idris, SuppressionReason.COMPLAINT)
    world.corrects(world.says("Unsubscribe"), ReplyKind.OTHER)
    assert [reason for _, reason, _ in world.suppressions()] == [SuppressionReason.COMPLAINT]


def test_what_has_become_senseless_meanwhile_waits_for_nobody(world: World) -> None:
    now = world.remind()
    reply = world.says("Unsubscribe", at=now)
    make.signature(world.session, world.call, world.idris)
    world.corrects(reply, ReplyKind.OTHER, now=now + HOUR)
    assert make.claimed(world.session, now=now + 9 * HOUR) == []


def test_a_mail_in_doubt_is_not_submitted_again_because_an_opt_out_was_none(world: World) -> None:
    """It may have arrived: a person had to decide about it before, and has to now."""
    now = world.remind()
    (reminder, _) = world.queued(MessageKind.REMINDER)
    reminder.state, reminder.copies = MessageState.HELD, 1
    world.session.add(reminder)
    reply = world.says("Unsubscribe", at=now)
    assert world.reminders(MessageState.CANCELLED) == [IDRIS]
    world.corrects(reply, ReplyKind.OTHER, now=now + HOUR)
    assert world.reminders(MessageState.HELD) == [IDRIS]


def test_a_confirmation_that_has_not_gone_does_not_go_once_the_opt_out_is_none(world: World) -> None:
    reply = world.says("Unsubscribe")
    world.corrects(reply, ReplyKind.QUESTION)
    assert make.claimed(world.session) == []
    assert [one.state for one in world.queued(MessageKind.OPTED_OUT)] == [MessageState.CANCELLED]


def test_a_bounce_that_was_none_leaves_no_trace(world: World) -> None:
    now = world.remind()
    reply = inbound.arrived(
        world.session, world.house, inbound.failure_report(world.invitation(), world.house), at=now
    )
    assert world.reminders() == [ANA]
    world.corrects(reply, ReplyKind.OTHER, now=now + HOUR)
    assert (world.suppressions(), world.reminders()) == ([], [IDRIS, ANA])
    assert world.session.exec(select(Bounce)).all() == []


def test_a_mail_that_is_said_to_be_a_bounce_suppresses_nobody_without_a_reason(world: World) -> None:
    reply = world.says("Your mail could not be delivered, said my colleague.")
    world.corrects(reply, ReplyKind.BOUNCE)
    assert (reply.state, world.suppressions()) == (ReplyState.DONE, [])


def test_a_proposed_signature_goes_with_the_mistake(world: World) -> None:
    now = world.remind()
    reply = world.says("Yes, please add us.", at=now)
    retire_unwanted(world.session, now)
    assert world.reminders() == [], "an answer with proof speaks for the colleagues too"
    world.corrects(reply, ReplyKind.QUESTION, now=now + HOUR)
    assert (world.signatures(), world.reminders()) == ([], [IDRIS, ANA])


def test_an_accepted_signature_stays_whatever_the_reply_is_called(world: World) -> None:
    reply = world.says("Yes, please add us.")
    (signature,) = world.signatures()
    accept_signature(world.session, signature, now=NOON, house=world.house, by="Rosa")
    world.corrects(reply, ReplyKind.QUESTION)
    assert [one.state for one in world.signatures()] == [SignatureState.PENDING]


def test_a_question_that_was_an_agreement_proposes_a_signature(world: World) -> None:
    reply = world.says("Could you tell me when the letter goes out?")
    world.corrects(reply, ReplyKind.SIGNS)
    (signature,) = world.signatures()
    assert (signature.state, signature.name) == (SignatureState.PROPOSED, "Harbour Light")
    assert reply.state is ReplyState.WAITING


def test_who_seemed_to_decline_and_did_not_gets_the_reminder_that_was_cancelled(world: World) -> None:
    now = world.remind()
    reply = world.logs(ReplyKind.DECLINES, now=now)
    assert retire_unwanted(world.session, now) == 2
    world.corrects(reply, ReplyKind.FORWARDS, now=now + HOUR)
    assert world.reminders() == [IDRIS, ANA]
    retire_unwanted(world.session, now + HOUR)
    assert world.reminders() == [IDRIS, ANA]


def test_a_reminder_that_a_real_signature_cancelled_does_not_come_back(world: World) -> None:
    now = world.remind()
    reply = world.logs(ReplyKind.DECLINES, now=now)
    retire_unwanted(world.session, now)
    make.signature(world.session, world.call, world.ana)
    world.corrects(reply, ReplyKind.QUESTION, now=now + HOUR)
    assert make.claimed(world.session, now=now + 9 * HOUR) == []
    assert {one.reason for one in world.queued(MessageKind.REMINDER)} == {wanted.HAS_ANSWERED}


def test_an_opt_out_that_was_overlooked_takes_effect_and_is_confirmed(world: World) -> None:
    reply = world.says("I would rather not hear of this again, if that is possible?")
    world.corrects(reply, ReplyKind.OPT_OUT)
    assert world.suppressions() == [(world.idris.address_digest, SuppressionReason.OPT_OUT, 0)]
    assert len(world.queued(MessageKind.OPTED_OUT)) == 1
    assert reply.state is ReplyState.DONE


def test_correcting_twice_confirms_once(world: World) -> None:
    reply = world.says("Unsubscribe")
    for kind in (ReplyKind.OPT_OUT, ReplyKind.OPT_OUT):
        world.corrects(reply, kind)
    assert len(world.suppressions()) == 1
    assert [one.state for one in world.queued(MessageKind.OPTED_OUT)] == [MessageState.QUEUED]


def test_a_machines_mail_is_not_answered_whatever_a_person_calls_it(world: World) -> None:
    reply = world.says("I am away.", Auto_Submitted="auto-replied", subject="Out of office")
    world.corrects(reply, ReplyKind.OPT_OUT)
    assert len(world.suppressions()) == 1
    assert world.queued(MessageKind.OPTED_OUT) == []


def test_a_program_that_wrote_to_the_unsubscribe_address_is_not_answered_later_either(world: World) -> None:
    to = inbound.tagged(world.invitation(), Purpose.UNSUBSCRIBE, world.house)
    reply = world.says("", to=to, subject="unsubscribe", Auto_Submitted="auto-generated")
    place_reply(world.session, reply, world.call, world.idris, now=NOON, house=world.house, by="Rosa")
    world.corrects(reply, ReplyKind.OPT_OUT)
    assert len(world.suppressions()) == 1
    assert world.queued(MessageKind.OPTED_OUT) == []


def test_the_last_day_of_an_absence_can_be_put_right(world: World) -> None:
    reply = world.says("I am away.", Auto_Submitted="auto-replied", subject="Out of office")
    world.corrects(reply, ReplyKind.OUT_OF_OFFICE, until=date(2027, 2, 12))
    assert reply.until == date(2027, 2, 12)
    world.corrects(reply, ReplyKind.OUT_OF_OFFICE)
    assert reply.until == date(2027, 2, 12), "said once, it holds"
    world.corrects(reply, ReplyKind.AUTOMATIC_ANSWER)
    assert reply.until is None


def test_only_an_absence_has_a_last_day(world: World) -> None:
    reply = world.says("What is this about?")
    with pytest.raises(InvalidInput, match="Only an out-of-office has a last day, not question"):
        world.corrects(reply, ReplyKind.QUESTION, until=date(2027, 2, 12))
    assert world.session.exec(select(Event).where(Event.verb == "correct_reply")).all() == []


@pytest.mark.parametrize("first", list(ReplyKind))
def test_every_kind_can_become_every_other_and_leaves_only_its_own_effects(
    sqlite_world: World, first: ReplyKind
) -> None:
    world = sqlite_world
    reply = world.says("Hello.")
    for then in ReplyKind:
        world.corrects(reply, first)
        world.corrects(reply, then)
        standing = world.session.exec(
            select(ReplyEffect).where(ReplyEffect.reply_id == reply.id, col(ReplyEffect.undone_at).is_(None))
        ).all()
        suppresses = then in {ReplyKind.OPT_OUT, ReplyKind.COMPLAINT}
        signs = then is ReplyKind.SIGNS
        assert (len(standing), len(world.suppressions()), len(world.signatures())) == (
            suppresses or signs,
            suppresses,
            signs,
        )


def test_every_correction_is_in_the_log_with_who_made_it(world: World) -> None:
    reply = world.says("Unsubscribe")
    world.corrects(reply, ReplyKind.QUESTION)
    event = world.session.exec(select(Event).where(Event.verb == "correct_reply")).one()
    assert (event.by, event.facts) == ("Rosa", {"before": "opt-out", "after": "question"})
    assert reply.rule == "corrected by Rosa"
