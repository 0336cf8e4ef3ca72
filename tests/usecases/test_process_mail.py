"""What follows from a mail: matched, understood, acted upon, and never more than is proven."""

from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest
from sqlmodel import select

from outreach.domain.kinds import MessageKind
from outreach.domain.replies import MatchedBy, ReplyKind
from outreach.domain.states import MessageState, ReplyState, SignatureState
from outreach.domain.tokens import Purpose
from outreach.queries import outbox
from outreach.reading.understanding import hear
from outreach.rendering.composing import message_id, unsubscribe_address
from outreach.store.inbound import set_out
from outreach.store.tables import (
    Attempt,
    Bounce,
    Event,
    Reply,
    ReplyGuess,
    Signature,
    Suppression,
    SuppressionReason,
)
from outreach.usecases.process_mail import process_mail
from outreach.usecases.queue_message import queue_test
from tests import inbound, make
from tests.make import NOON
from tests.usecases.world import IDRIS, World


def test_the_token_in_the_address_says_which_mail_it_answers_whoever_writes(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house)
    reply = inbound.arrived(world.session, world.house, inbound.written("someone@else.coop", "Thanks!", to=to))
    assert (reply.matched_by, reply.contact_id, reply.call_id) == (MatchedBy.TOKEN, world.idris.id, world.call.id)
    assert reply.message_id == world.invitation().id


def test_a_server_that_shouts_addresses_in_capitals_changes_nothing(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house).upper()
    reply = inbound.arrived(world.session, world.house, inbound.written(IDRIS, "Thanks!", to=to))
    assert reply.matched_by is MatchedBy.TOKEN


def test_without_plus_addressing_the_headers_say_what_it_answers(world: World) -> None:
    ours = message_id(world.invitation().id or 0, world.house)
    raw = inbound.written("someone@else.coop", "Thanks!", answers=ours)
    reply = inbound.arrived(world.session, world.house, raw)
    assert (reply.matched_by, reply.contact_id) == (MatchedBy.REFERENCE, world.idris.id)


class Unread(bytes):
    """The bytes of a mail, which nobody may search."""

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> NoReturn:  # noqa: ARG002  as bytes has them
        raise AssertionError("the whole mail was searched")


@pytest.mark.parametrize("by", [MatchedBy.TOKEN, MatchedBy.REFERENCE])
def test_a_mail_that_shows_early_what_it_answers_is_not_searched_to_its_end(
    sqlite_world: World, by: MatchedBy
) -> None:
    session, house, invitation = sqlite_world.session, sqlite_world.house, sqlite_world.invitation()
    to = inbound.answer_to(invitation, house) if by is MatchedBy.TOKEN else ""
    inbound.stored(session, inbound.written(IDRIS, "Thanks!", to=to, answers=message_id(invitation.id or 0, house)))
    (waiting,) = set_out(session)
    unread = replace(waiting, content=Unread(waiting.content))
    reply = process_mail(session, unread, hear(waiting.content), now=NOON, house=house)
    assert reply is not None
    assert (reply.matched_by, reply.message_id) == (by, invitation.id)


def test_a_forged_token_is_none(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house).replace("+r", "+rx")
    reply = inbound.arrived(world.session, world.house, inbound.written("someone@else.coop", "Thanks!", to=to))
    assert (reply.matched_by, reply.call_id) == (MatchedBy.NOTHING, None)


def test_a_sender_with_one_open_matter_is_matched_by_the_address(world: World) -> None:
    reply = inbound.arrived(world.session, world.house, inbound.written(IDRIS, "Thanks!"))
    assert (reply.matched_by, reply.call_id, reply.contact_id) == (
        MatchedBy.SENDER,
        world.call.id,
        world.idris.id,
    )


def test_a_sender_with_two_open_matters_waits_with_both_as_guesses(world: World) -> None:
    make.launched(world.session, world.house, slug="another-letter", title="Another letter")
    make.submitted(world.session)
    reply = inbound.arrived(world.session, world.house, inbound.written(IDRIS, "Thanks!", subject="Hello"))
    assert (reply.matched_by, reply.state) == (MatchedBy.NOTHING, ReplyState.WAITING)
    guesses = world.session.exec(select(ReplyGuess).where(ReplyGuess.reply_id == reply.id)).all()
    assert {(one.contact_id, one.why) for one in guesses} == {
        (world.idris.id, "we wrote to this address about it"),
        *((person.id, "we wrote to somebody at the same domain about it") for person in (world.ana,)),
    }
    assert len({one.call_id for one in guesses}) == 2


def test_a_stranger_waits_in_the_holding_pen(world: World) -> None:
    raw = inbound.written("stranger@elsewhere.coop", "Hello, who are you?", subject="Safe passage")
    reply = inbound.arrived(world.session, world.house, raw)
    assert (reply.state, reply.matched_by) == (ReplyState.WAITING, MatchedBy.NOTHING)
    guesses = world.session.exec(select(ReplyGuess)).all()
    assert [one.why for one in guesses] == ["its subject is like the title of the call"]


def test_an_opt_out_by_reply_works_as_surely_as_the_link_and_is_confirmed_once(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house)
    for text in ("Please remove me from your list.", "Unsubscribe"):
        reply = inbound.arrived(world.session, world.house, inbound.written(IDRIS, text, to=to))
        assert (reply.kind, reply.state) == (ReplyKind.OPT_OUT, ReplyState.DONE)
    assert world.suppressions() == [(world.idris.address_digest, SuppressionReason.OPT_OUT, 0)]
    (confirmation,) = world.queued(MessageKind.OPTED_OUT)
    assert (confirmation.address, confirmation.bulk) == (IDRIS, False)
    (claimed,) = make.claimed(world.session)
    assert claimed.id == confirmation.id  # an opt-out does not stop what confirms it


def test_who_opts_out_from_another_address_gets_no_mail_at_either(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house)
    raw = inbound.written("idris.private@bigmail.coop", "Unsubscribe", to=to)
    reply = inbound.arrived(world.session, world.house, raw)
    assert {digest for digest, _, _ in world.suppressions()} == {
        world.idris.address_digest,
        reply.sender_digest,
    }
    assert [one.address for one in world.queued(MessageKind.OPTED_OUT)] == [IDRIS]


def test_whatever_goes_to_the_unsubscribe_address_opts_out(world: World) -> None:
    to = inbound.tagged(world.invitation(), Purpose.UNSUBSCRIBE, world.house)
    raw = inbound.written(
        "unsubscribe@bigmail.coop", "", to=to, subject="unsubscribe", Auto_Submitted="auto-generated"
    )
    reply = inbound.arrived(world.session, world.house, raw)
    assert (reply.kind, reply.rule) == (ReplyKind.OPT_OUT, "unsubscribe address")
    assert (world.idris.address_digest, SuppressionReason.OPT_OUT, 0) in world.suppressions()
    assert world.queued(MessageKind.OPTED_OUT) == []  # a machine wrote, and is not answered


def test_nobody_gets_two_automatic_answers_within_a_week(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house)
    for day, expected in ((0, 1), (6, 1), (8, 2)):
        at = NOON + timedelta(days=day)
        world.session.exec(select(Suppression)).all()
        for row in world.session.exec(select(Suppression)):
            world.session.delete(row)
        world.session.flush()
        raw = inbound.written(IDRIS, f"Unsubscribe\n\n{day}", to=to, subject=f"no {day}")
        inbound.arrived(world.session, world.house, raw.replace(f"\n{day}".encode(), b""), at=at)
        assert len(world.queued(MessageKind.OPTED_OUT)) == expected


def test_a_hard_bounce_with_its_token_suppresses_the_address(world: World) -> None:
    raw = inbound.failure_report(world.invitation(), world.house)
    reply = inbound.arrived(world.session, world.house, raw)
    assert (reply.kind, reply.state, reply.matched_by) == (ReplyKind.BOUNCE, ReplyState.DONE, MatchedBy.TOKEN)
    assert world.suppressions() == [(world.idris.address_digest, SuppressionReason.HARD_BOUNCE, 0)]
    assert world.invitation().state is MessageState.SENT  # a later bounce is a fact beside it, no state


def test_without_a_token_the_message_id_in_the_returned_mail_is_proof(world: World) -> None:
    raw = inbound.failure_report(world.invitation(), world.house, to=inbound.OURS)
    reply = inbound.arrived(world.session, world.house, raw)
    assert reply.matched_by is MatchedBy.QUOTED
    assert len(world.suppressions()) == 1


def test_a_bounce_that_proves_nothing_changes_nothing(world: World) -> None:
    raw = inbound.failure_report(world.invitation(), world.house, to=inbound.OURS, returned=False)
    reply = inbound.arrived(world.session, world.house, raw)
    assert (reply.kind, reply.state) == (ReplyKind.BOUNCE, ReplyState.DONE)
    assert world.suppressions() == []
    assert world.session.exec(select(Bounce)).all() == []


def test_a_bounce_replayed_a_hundred_times_counts_once(world: World) -> None:
    for copy in range(100):
        raw = inbound.failure_report(world.invitation(), world.house, status="5.2.2", diagnostic="smtp; 552 Full")
        inbound.stored(world.session, raw + str(copy).encode())
    replies = inbound.processed(world.session, world.house)
    assert len(replies) == 100
    assert len(world.session.exec(select(Bounce)).all()) == 1
    assert all(reply.state is ReplyState.DONE for reply in replies)
    assert world.suppressions() == []


@pytest.mark.parametrize(
    ("status", "action", "diagnostic"),
    [
        ("5.2.2", "failed", "smtp; 552 5.2.2 Mailbox full"),
        ("5.7.1", "failed", "smtp; 550 5.7.1 Message rejected as spam"),
        ("5.1.1", "failed", "smtp; 550 5.1.1 Mailbox full, over quota"),
        ("4.4.7", "failed", "smtp; delivery time expired"),
        ("4.1.1", "delayed", "smtp; 450 4.1.1 User unknown, try later"),
        ("5.7.26", "failed", "smtp; 550 5.7.26 unauthenticated mail is prohibited"),
        ("5.0.0", "failed", "smtp; 554 rejected"),
    ],
)
def test_no_soft_or_policy_bounce_suppresses_anyone(
    world: World, status: str, action: str, diagnostic: str
) -> None:
    raw = inbound.failure_report(
        world.invitation(), world.house, status=status, action=action, diagnostic=diagnostic
    )
    reply = inbound.arrived(world.session, world.house, raw)
    assert reply.kind is ReplyKind.BOUNCE
    assert world.suppressions() == []
    assert len(world.session.exec(select(Bounce)).all()) == 1


def test_a_report_about_an_address_that_we_did_not_write_to_is_for_a_person(world: World) -> None:
    raw = inbound.failure_report(world.invitation(), world.house, recipient="old@forwarded.coop")
    reply = inbound.arrived(world.session, world.house, raw)
    assert reply.state is ReplyState.WAITING
    assert "another address" in reply.note
    assert world.suppressions() == []


def test_a_warning_that_becomes_a_failure_counts_as_the_failure(world: World) -> None:
    delayed = inbound.failure_report(world.invitation(), world.house, action="delayed", status="4.4.1")
    inbound.arrived(world.session, world.house, delayed)
    inbound.arrived(world.session, world.house, inbound.failure_report(world.invitation(), world.house))
    (bounce,) = world.session.exec(select(Bounce).execution_options(populate_existing=True)).all()
    assert bounce.reason == "no-such-address"
    assert len(world.suppressions()) == 1


def test_a_bounce_proves_that_a_mail_in_doubt_had_been_accepted(world: World) -> None:
    invitation = world.invitation()
    invitation.state = MessageState.UNKNOWN
    world.session.add(invitation)
    inbound.arrived(world.session, world.house, inbound.failure_report(invitation, world.house))
    assert world.invitation().state is MessageState.SENT


def test_an_answer_proves_that_a_mail_in_doubt_had_been_accepted(world: World) -> None:
    invitation = world.invitation()
    invitation.state = MessageState.UNKNOWN
    world.session.add(invitation)
    to = inbound.answer_to(invitation, world.house)
    inbound.arrived(world.session, world.house, inbound.written(IDRIS, "Who else has signed?", to=to))
    assert (world.invitation().state, world.invitation().reason) == (MessageState.SENT, "answered")
    history = world.session.exec(select(Attempt).where(Attempt.message_id == invitation.id)).all()
    assert (history[-1].state, history[-1].reason) == (MessageState.SENT, "answered")


def test_a_complaint_suppresses_at_once_and_staff_hear_of_it(world: World) -> None:
    ours = message_id(world.invitation().id or 0, world.house)
    raw = (
        b"From: <abuse@bigmail.example>\nTo: calls@lanterncoast.coop\nSubject: complaint\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n"
        b"--x\nContent-Type: text/plain\n\nThis is an email abuse report.\n\n"
        b"--x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: ARF/1\nVersion: 1\n\n"
        b"--x\nContent-Type: message/rfc822\n\nMessage-ID: "
        + ours.encode()
        + b"\nSubject: Please sign\n\ntext\n--x--\n"
    )
    reply = inbound.arrived(world.session, world.house, raw)
    assert (reply.kind, reply.state) == (ReplyKind.COMPLAINT, ReplyState.DONE)
    assert world.suppressions() == [(world.idris.address_digest, SuppressionReason.COMPLAINT, 0)]
    (alert,) = world.queued(MessageKind.ALERT)
    assert (alert.address, alert.values["alert"]["what"]) == (
        "rosa@lanterncoast.coop",
        "Somebody called our mail spam.",
    )


def test_yes_add_us_becomes_a_proposed_signature_filled_in_from_mail_and_record(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house)
    raw = inbound.written(
        f"Idris Belhaj <{IDRIS}>", "Dear Rosa,\n\nYes, please add us.\n\nIdris Belhaj\nDirector", to=to
    )
    reply = inbound.arrived(world.session, world.house, raw)
    assert (reply.kind, reply.state) == (ReplyKind.SIGNS, ReplyState.WAITING)
    (signature,) = world.session.exec(select(Signature)).all()
    assert (signature.state, signature.name, signature.country) == (
        SignatureState.PROPOSED,
        "Harbour Light",
        "BE",
    )
    assert (signature.signer_name, signature.signer_title) == ("Idris Belhaj", "Director")


def test_who_signs_by_reply_gets_no_second_proposal(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house)
    inbound.arrived(world.session, world.house, inbound.written(IDRIS, "Yes, please add us.", to=to))
    again = inbound.arrived(world.session, world.house, inbound.written(IDRIS, "Yes, we sign!", to=to))
    assert len(world.session.exec(select(Signature)).all()) == 1
    assert "There is a signature already" in again.note


def test_a_mail_that_cannot_be_processed_is_kept_for_a_person(world: World) -> None:
    inbound.stored(world.session, b"\x00\xff garbage")
    (reply,) = inbound.processed(world.session, world.house)
    assert reply.state is ReplyState.WAITING


def test_our_own_mail_coming_back_is_no_reply(world: World) -> None:
    ours = message_id(world.invitation().id or 0, world.house)
    raw = inbound.written("list@elsewhere.coop", "Please sign").replace(b"Message-ID: ", b"X-Old: ")
    reply = inbound.arrived(world.session, world.house, f"Message-ID: {ours}\n".encode() + raw)
    assert (reply.kind, reply.rule, reply.state) == (
        ReplyKind.AUTOMATIC_ANSWER,
        "our own mail",
        ReplyState.DONE,
    )


def test_every_reply_is_in_the_log_without_a_persons_data(world: World) -> None:
    inbound.arrived(world.session, world.house, inbound.written(IDRIS, "Thanks!"))
    event = world.session.exec(select(Event).where(Event.verb == "take_in_reply")).one()
    assert event.facts == {"kind": "other", "rule": event.facts["rule"], "matched_by": "sender"}


def test_the_same_mail_met_twice_is_one_reply(world: World) -> None:
    raw = inbound.written(IDRIS, "Thanks!")
    assert inbound.stored(world.session, raw, number="1")
    assert not inbound.stored(world.session, raw, number="2")
    assert len(inbound.processed(world.session, world.house)) == 1
    assert not inbound.stored(world.session, raw, number="3")
    assert inbound.processed(world.session, world.house) == []
    assert len(world.session.exec(select(Reply)).all()) == 1


def test_who_tries_out_a_test_mail_is_not_opted_out_by_it(world: World) -> None:
    queue_test(
        world.session,
        world.call,
        MessageKind.INVITATION,
        "rosa@lanterncoast.coop",
        as_contact=world.idris.id or 0,
        now=NOON,
        house=world.house,
    )
    (test,) = (one for one in make.messages(world.session) if one.test)
    for purpose in (Purpose.REPLY, Purpose.UNSUBSCRIBE):
        to = inbound.tagged(test, purpose, world.house)
        raw = inbound.written("rosa@lanterncoast.coop", "Unsubscribe", to=to, subject=purpose.name)
        reply = inbound.arrived(world.session, world.house, raw)
        assert (reply.state, reply.note) == (
            ReplyState.DONE,
            "It answers a test mail, so nothing follows from it.",
        )
    local, _, domain = unsubscribe_address(0, world.house).partition("@")
    raw = inbound.written("rosa@lanterncoast.coop", "", to=f"{local}@{domain}", subject="unsubscribe")
    assert inbound.arrived(world.session, world.house, raw).state is ReplyState.DONE
    assert world.suppressions() == []


def test_the_outbox_shows_what_came_back_after_it_was_sent(world: World) -> None:
    inbound.arrived(world.session, world.house, inbound.failure_report(world.invitation(), world.house))
    counted = {(one.state, one.reason): one.messages for one in outbox.counts(world.session)}
    assert counted["sent", "came back: no-such-address"] == 1
    shown = {one.address: one.came_back for one in outbox.lines(world.session)}
    assert shown == {
        IDRIS: "came back: no-such-address 550 5.1.1 No such user here",
        world.ana.address: "",
    }


def test_what_was_written_before_our_mail_was_sent_does_not_answer_it(world: World) -> None:
    """A mailbox that is read for the first time holds what people said of letters long ago."""
    raw = inbound.written(IDRIS, "Sorry, we cannot sign this letter.")
    old = raw.replace(b"12 Jan 2027", b"12 Jan 2025").replace(b"Tue, ", b"Sun, ")
    reply = inbound.arrived(world.session, world.house, old)
    assert (reply.matched_by, reply.call_id) == (MatchedBy.NOTHING, None)
    assert reply.contact_id == world.idris.id
    assert world.session.exec(select(ReplyGuess)).all() != []


def test_a_word_of_the_mail_in_the_name_of_a_rule_does_no_harm(world: World) -> None:
    invitation = world.invitation()
    report = (
        "From: abuse@provider.example\nTo: calls@lanterncoast.coop\nSubject: complaint\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: ab\x1b]0;x\x07use\x00\nVersion: 1\n\n"
        f"--b\nContent-Type: message/rfc822\n\nTo: {IDRIS}\n"
        f"Message-ID: {message_id(invitation.id or 0, world.house)}\n\nhi\n--b--\n"
    )
    reply = inbound.arrived(world.session, world.house, report.encode())
    assert reply.kind is ReplyKind.COMPLAINT
    assert reply.rule.isprintable()
    assert world.suppressions() == [(world.idris.address_digest, SuppressionReason.COMPLAINT, 0)]


@pytest.mark.parametrize(
    ("sender", "state"),
    [
        (IDRIS, ReplyState.DONE),
        ("vera@harbourlight.coop", ReplyState.DONE),
        ("otto@elsewhere.coop", ReplyState.WAITING),
    ],
)
def test_a_refusal_from_elsewhere_is_looked_at_by_a_person(world: World, sender: str, state: ReplyState) -> None:
    """An invitation is passed on, and stands in public archives, with the address to which its answers go."""
    reply = world.says("We will not sign this letter.", sender=sender)
    assert (reply.kind, reply.state) == (ReplyKind.DECLINES, state)


def test_a_dead_mailbox_behind_a_forwarding_suppresses_nobody(world: World) -> None:
    """The report returns our headers, so it names our address too; but that is not where delivery ended."""
    raw = inbound.failure_report(world.invitation(), world.house, recipient="private@bigmail.coop")
    raw = raw.replace(b"From: calls@lanterncoast.coop\n", f"To: {IDRIS}\nFrom: calls@lanterncoast.coop\n".encode())
    reply = inbound.arrived(world.session, world.house, raw)
    assert reply.state is ReplyState.WAITING
    assert world.suppressions() == []


def test_a_stranger_whose_address_may_be_forged_is_taken_out_and_gets_no_mail_from_us(world: World) -> None:
    reply = inbound.arrived(world.session, world.house, inbound.written("victim@elsewhere.coop", "Unsubscribe"))
    assert world.suppressions() == [(reply.sender_digest, SuppressionReason.OPT_OUT, 0)]
    assert world.queued(MessageKind.OPTED_OUT) == []


def test_who_signs_for_another_organisation_has_not_answered_for_the_one_we_wrote_to(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house)
    raw = inbound.written("Vera Quay <vera@quayhouse.coop>", "Please add us: Quay House, Malta.", to=to)
    reply = inbound.arrived(world.session, world.house, raw)
    assert reply.kind is ReplyKind.SIGNS
    assert reply.contact_id not in (world.idris.id, world.ana.id)
    assert reply.organisation_id != world.idris.organisation_id
