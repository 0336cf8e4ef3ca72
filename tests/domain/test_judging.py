"""The table of outcomes, literally: what the server said and when, and what becomes of the message."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.judging import (
    ACCOUNT_PHASES,
    Policy,
    PolicyStreak,
    Rest,
    Verdict,
    backoff,
    failure_class,
    judge,
)
from outreach.domain.outcomes import Accepted, Declined, Lost, NoSession, Outcome, Phase, Reply, Unbegun, Unsendable
from outreach.domain.states import MessageState

POLICY = Policy(
    first_wait=timedelta(minutes=5),
    longest_wait=timedelta(hours=4),
    attempts=12,
    pause=timedelta(minutes=15),
)
SENT, DEFERRED, FAILED, UNKNOWN = (
    MessageState.SENT,
    MessageState.DEFERRED,
    MessageState.FAILED,
    MessageState.UNKNOWN,
)
BEFORE_THE_DOT = [phase for phase in Phase if phase is not Phase.DOT]
ABOUT_THE_MAIL = [Phase.RCPT, Phase.DATA, Phase.BODY, Phase.DOT]


def verdict(outcome: Outcome, attempts: int = 0, jitter: float = 0.0) -> Verdict:
    return judge(outcome, attempts, POLICY, jitter)


def declined(phase: Phase, code: int, enhanced: str = "", text: str = "as it is") -> Verdict:
    return verdict(Declined(phase, Reply(code, f"{enhanced} {text}".strip(), enhanced)))


def test_what_the_server_took_is_sent() -> None:
    found = verdict(Accepted(Reply(250, "2.0.0 queued as 1", "2.0.0")))
    assert (found.state, found.counted, found.copy, found.rest) == (SENT, True, True, None)
    assert "queued as 1" in found.detail


@pytest.mark.parametrize("code", [421, 450, 451, 452, 454])
@pytest.mark.parametrize("phase", ABOUT_THE_MAIL)
def test_a_not_now_about_the_mail_is_deferred_and_was_an_attempt(phase: Phase, code: int) -> None:
    found = declined(phase, code, "4.3.0")
    assert (found.state, found.counted, found.copy, found.rest) == (DEFERRED, True, False, None)
    assert found.wait == POLICY.first_wait


@pytest.mark.parametrize("code", [421, 451, 452, 530, 535, 550, 554, 0])
@pytest.mark.parametrize("phase", sorted(ACCOUNT_PHASES))
def test_a_refusal_of_the_account_makes_everybody_wait_and_blames_nobody(phase: Phase, code: int) -> None:
    found = declined(phase, code)
    assert (found.state, found.counted, found.copy) == (DEFERRED, False, False)
    assert found.rest is not None
    assert found.wait == POLICY.pause


@pytest.mark.parametrize("phase", ABOUT_THE_MAIL)
@pytest.mark.parametrize(
    ("code", "enhanced", "reason"),
    [
        (550, "5.1.1", "person"),
        (550, "5.1.2", "person"),
        (553, "5.1.3", "person"),
        (550, "5.1.6", "person"),
        (550, "5.1.10", "person"),
        (550, "5.2.1", "person"),
        (552, "5.2.2", "mailbox"),
        (552, "", "mailbox"),
        (550, "5.7.1", "policy"),
        (554, "5.7.26", "policy"),
        (554, "", "policy"),
        (550, "", "policy"),
        (550, "5.1.7", "policy"),
        (550, "5.1.8", "policy"),
    ],
)
def test_a_never_fails_the_message_with_its_class(phase: Phase, code: int, enhanced: str, reason: str) -> None:
    found = declined(phase, code, enhanced)
    assert (found.state, found.reason, found.counted, found.copy) == (FAILED, reason, True, False)
    assert found.rest is None


def test_only_what_is_said_about_a_person_is_of_the_class_person() -> None:
    about_us = [Reply(550, "bad sender", "5.1.8"), Reply(554, "no"), Reply(552, "full"), Reply(550, "", "5.7.1")]
    assert "person" not in {failure_class(reply) for reply in about_us}


@pytest.mark.shows("F25")
@pytest.mark.parametrize(
    ("code", "enhanced", "text"),
    [
        (550, "5.4.5", "Daily user sending limit exceeded"),
        (452, "4.5.3", "Too many recipients"),
        (421, "4.7.28", "Unusual rate of mail"),
        (550, "5.1.90", "You have reached your daily limit for message recipients"),
        (554, "5.2.0", "SubmissionQuotaExceededException"),
        (454, "", "Throttling failure: Daily message quota exceeded."),
        (550, "", "Domain has exceeded the max emails per hour"),
    ],
)
@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT])
def test_a_used_up_allowance_pauses_the_account_and_fails_nobody(
    phase: Phase, code: int, enhanced: str, text: str
) -> None:
    found = declined(phase, code, enhanced, text)
    assert (found.state, found.counted, found.copy) == (DEFERRED, False, False)
    assert found.rest is not None
    assert found.rest.wait == POLICY.pause


@pytest.mark.parametrize(
    ("code", "enhanced", "text", "state"),
    [
        (552, "5.2.2", "The email account that you tried to reach is over quota.", FAILED),
        (550, "5.2.2", "<vera@harbour.example>: Quota exceeded (mailbox for user is full)", FAILED),
        (452, "4.2.2", "The recipient's inbox is out of storage space and over quota", DEFERRED),
        (552, "", "User is over quota", FAILED),
        (550, "", "Mailbox quota exceeded", FAILED),
        (552, "5.3.4", "Message size limit exceeded", FAILED),
        (554, "5.3.4", "size limit exceeded", FAILED),
    ],
)
def test_the_full_mailbox_of_one_person_does_not_stop_the_mails_of_all(
    code: int, enhanced: str, text: str, state: MessageState
) -> None:
    found = declined(Phase.RCPT, code, enhanced, text)
    assert (found.state, found.rest, found.counted) == (state, None, True)


@pytest.mark.shows("F24")
@pytest.mark.parametrize(("code", "enhanced"), [(530, "5.7.0"), (530, ""), (550, "5.7.30"), (550, "5.7.57")])
@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT, Phase.DOT])
def test_a_server_that_wants_a_login_waits_for_a_person(phase: Phase, code: int, enhanced: str) -> None:
    found = declined(phase, code, enhanced)
    assert (found.state, found.counted) == (DEFERRED, False)
    assert found.rest is not None
    assert found.rest.wait is None


@pytest.mark.parametrize("phase", BEFORE_THE_DOT)
def test_a_connection_lost_before_the_dot_is_deferred(phase: Phase) -> None:
    found = verdict(Lost(phase, "reset"))
    assert (found.state, found.copy, found.rest) == (DEFERRED, False, None)


def test_a_connection_lost_after_the_dot_is_unknown() -> None:
    found = verdict(Lost(Phase.DOT, "no answer in 600 seconds"))
    assert (found.state, found.copy, found.rest) == (UNKNOWN, True, None)
    assert "600 seconds" in found.detail


@pytest.mark.parametrize("code", [0, 199, 220, 250, 354, 399, 600])
def test_what_is_no_refusal_after_the_dot_is_unknown(code: int) -> None:
    found = declined(Phase.DOT, code)
    assert (found.state, found.copy, found.rest) == (UNKNOWN, True, None)


@pytest.mark.parametrize("code", [0, 220, 250, 354])
@pytest.mark.parametrize("phase", [Phase.RCPT, Phase.DATA, Phase.BODY])
def test_a_nonsense_reply_before_the_dot_is_deferred(phase: Phase, code: int) -> None:
    assert declined(phase, code).state is DEFERRED


@pytest.mark.parametrize("phase", [Phase.CONNECT, Phase.GREETING, Phase.EHLO, Phase.STARTTLS])
@pytest.mark.parametrize("reply", [None, Reply(421, "busy"), Reply(554, "go away")])
def test_without_a_session_everybody_waits_until_the_account_has_rested(phase: Phase, reply: Reply | None) -> None:
    found = verdict(NoSession(phase, "refused", reply), attempts=POLICY.attempts)
    assert (found.state, found.counted) == (DEFERRED, False)
    assert found.rest == Rest(POLICY.pause, f"{phase.value}: refused")


def test_a_broken_promise_about_tls_waits_for_a_person() -> None:
    found = verdict(NoSession(Phase.STARTTLS, "the certificate has expired", security=True))
    assert (found.state, found.counted) == (DEFERRED, False)
    assert found.rest is not None
    assert found.rest.wait is None


@pytest.mark.shows("F24")
@pytest.mark.parametrize(
    ("code", "wait"), [(535, None), (534, None), (454, POLICY.pause), (421, POLICY.pause)], ids=str
)
def test_a_refused_log_in_waits_for_a_person_and_a_busy_server_does_not(code: int, wait: timedelta | None) -> None:
    found = verdict(NoSession(Phase.AUTH, "no", Reply(code, "no")))
    assert found.rest is not None
    assert found.rest.wait == wait
    assert not found.counted


@pytest.mark.parametrize("attempts", [0, 11, 40])
def test_a_mail_whose_turn_never_came_goes_over_the_next_connection_at_once(attempts: int) -> None:
    found = verdict(Unbegun("the connection broke"), attempts)
    assert (found.state, found.counted, found.copy, found.rest) == (DEFERRED, False, False, None)
    assert found.wait == timedelta()
    assert found.detail == "before its turn: the connection broke"


def test_what_cannot_be_written_fails_with_its_reason() -> None:
    found = verdict(Unsendable("the address needs SMTPUTF8"))
    assert (found.state, found.reason, found.copy, found.rest) == (FAILED, "cannot be sent", False, None)
    assert found.detail == "the address needs SMTPUTF8"


@pytest.mark.shows("F26")
@given(st.integers(0, 40), st.floats(0, 1, exclude_max=True))
def test_a_greylisting_server_is_given_five_minutes_and_nobody_waits_for_ever(attempts: int, jitter: float) -> None:
    wait = backoff(attempts, POLICY, jitter)
    assert timedelta(minutes=5) <= wait <= POLICY.longest_wait * 1.25


def test_the_waits_grow() -> None:
    waits = [backoff(attempts, POLICY, 0) for attempts in range(8)]
    assert waits == sorted(waits)
    assert waits[:3] == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]


def test_the_last_attempt_gives_up_and_says_after_how_many() -> None:
    greylisted = Declined(Phase.RCPT, Reply(451, "4.7.1 Greylisted", "4.7.1"))
    assert verdict(greylisted, attempts=POLICY.attempts - 2).state is DEFERRED
    found = verdict(greylisted, attempts=POLICY.attempts - 1)
    assert (found.state, found.reason) == (FAILED, "gave up")
    assert "after 12 attempts" in found.detail


@given(
    st.sampled_from(Phase),
    st.integers(0, 700),
    st.sampled_from(["", "4.7.1", "5.1.1", "5.2.2", "5.7.1", "5.4.5"]),
    st.integers(0, 20),
)
def test_a_copy_is_counted_exactly_when_the_server_may_have_one(
    phase: Phase, code: int, enhanced: str, attempts: int
) -> None:
    found = verdict(Declined(phase, Reply(code, "said", enhanced)), attempts)
    assert found.copy == (found.state in (SENT, UNKNOWN))
    assert (found.state is UNKNOWN) == (phase is Phase.DOT and not 400 <= code < 600)
    assert found.rest is None or (found.state is DEFERRED and not found.counted)


POLICY_REFUSAL = Verdict(FAILED, "policy", "554 no")
GOOD = Verdict(SENT, "accepted", copy=True)


def test_five_different_recipients_refused_for_policy_in_a_row_rest_the_account() -> None:
    streak = PolicyStreak()
    assert [streak.see(f"{n}@harbour.example", POLICY_REFUSAL) for n in range(4)] == [None] * 4
    rest = streak.see("4@harbour.example", POLICY_REFUSAL)
    assert rest is not None
    assert rest.wait is None
    assert "554 no" in rest.reason


def test_one_recipient_refused_for_policy_five_times_is_one() -> None:
    streak = PolicyStreak()
    assert [streak.see("vera@harbour.example", POLICY_REFUSAL) for _ in range(9)] == [None] * 9


def test_a_mail_that_got_through_ends_the_row() -> None:
    streak = PolicyStreak()
    for n in range(4):
        streak.see(f"{n}@harbour.example", POLICY_REFUSAL)
    streak.see("vera@harbour.example", GOOD)
    assert streak.see("4@harbour.example", POLICY_REFUSAL) is None


def test_a_dead_address_is_no_refusal_for_policy() -> None:
    streak = PolicyStreak()
    dead = Verdict(FAILED, "person")
    assert [streak.see(f"{n}@harbour.example", dead) for n in range(9)] == [None] * 9


@pytest.mark.parametrize("phase", [Phase.RCPT, Phase.DATA])
def test_who_has_lost_step_with_the_server_blames_no_recipient(phase: Phase) -> None:
    said = verdict(Declined(phase, Reply(503, "5.5.1 Error: need MAIL command", "5.5.1")))
    assert (said.state, said.wait) == (DEFERRED, POLICY.first_wait)
