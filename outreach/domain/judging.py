"""Judges what came of an attempt: the state the message moves to, and what it means for the account.

The table of outcomes (docs/developer.md) is this file; it knows no database and no clock.
"""

from dataclasses import dataclass
from datetime import timedelta

from outreach.domain.outcomes import (
    Accepted,
    Declined,
    Lost,
    NoSession,
    Outcome,
    Phase,
    Reply,
    Unbegun,
    Unsendable,
)
from outreach.domain.states import MessageState

ACCOUNT_PHASES = frozenset({Phase.CONNECT, Phase.GREETING, Phase.EHLO, Phase.STARTTLS, Phase.AUTH, Phase.MAIL})
"""What a server says in these phases concerns our account, never the recipient."""

# Enhanced status codes (RFC 3463) that mean the account's allowance is used up, whatever the basic code says.
QUOTA_CODES = frozenset({"5.4.5", "4.5.3", "4.7.28", "4.7.26"})
QUOTA_WORDS = (
    "quota",
    "sending limit",
    "sending rate",
    "rate limit",
    "too many messages",
    "daily limit",
    "limit exceeded",
    "emails per hour",
)
# A full mailbox, or one mail that is too large, says "quota" and "limit" too, and is nothing about our account.
NOT_OUR_QUOTA_SUBJECTS = frozenset({"2.1", "2.2", "2.3", "3.4"})
NOT_OUR_QUOTA_WORDS = ("mailbox", "inbox", "storage", "size", "recipient is over", "user is over", "over quota")
# Gmail's and Microsoft's ways to say that we must log in before anything else.
LOGIN_CODES = frozenset({"5.7.30", "5.7.57"})
ACCOUNT_RESTS = "account rests"
"""The reason of a message that came back through no fault of its own: it goes on when the account does."""
LOGIN_NEEDED = 530  # RFC 4954, 6
MAILBOX_FULL = 552  # RFC 5321, 4.2.3
OUT_OF_STEP = 503
"""Bad sequence of commands (RFC 5321, 4.2.3): about the session, not about the recipient or the mail."""
ABOUT_SENDER = frozenset({"5.1.7", "5.1.8"})
"""Addressing errors that are ours: a bad sender address is no fact about the recipient (RFC 3463, 3.2)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient we are: waits, how many attempts, and how long the account rests after a refusal."""

    first_wait: timedelta
    longest_wait: timedelta
    attempts: int
    pause: timedelta


@dataclass(frozen=True, slots=True)
class Rest:
    """The account rests: nothing is submitted for ``wait``, or until a person has looked (None)."""

    wait: timedelta | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a message: its new state, a ``reason`` that is counted, a ``detail`` that is shown.

    ``wait`` is how long before the next attempt (deferred only). ``counted``: whether it was an attempt at this
    recipient. ``copy``: the final dot was written. ``rest``: what it means for the account, if anything.
    """

    state: MessageState
    reason: str
    detail: str = ""
    wait: timedelta = timedelta()
    counted: bool = True
    copy: bool = False
    rest: Rest | None = None


def judge(outcome: Outcome, attempts: int, policy: Policy, jitter: float) -> Verdict:
    """The verdict on ``outcome`` after ``attempts`` earlier attempts; ``jitter`` in [0, 1) spreads the waits."""
    match outcome:
        case Accepted(reply=reply):
            return Verdict(MessageState.SENT, "accepted", _said(reply), copy=True)
        case Lost() as lost:
            return _lost(lost, attempts, policy, jitter)
        case Unbegun(detail=detail):
            # It only stood behind another mail: over the next connection its turn comes at once.
            return Verdict(MessageState.DEFERRED, "connection lost", f"before its turn: {detail}", counted=False)
        case Unsendable(detail=detail):
            return Verdict(MessageState.FAILED, "cannot be sent", detail)
        case NoSession() as none:
            return _no_session(none, policy)
        case Declined(phase=phase, reply=reply):
            return _declined(phase, reply, attempts, policy, jitter)


def _lost(lost: Lost, attempts: int, policy: Policy, jitter: float) -> Verdict:
    if lost.phase is Phase.DOT:
        return Verdict(MessageState.UNKNOWN, "no answer to the final dot", lost.detail, copy=True)
    return _later("connection lost", f"{lost.phase.value}: {lost.detail}", attempts, policy, jitter)


def _no_session(none: NoSession, policy: Policy) -> Verdict:
    """Nothing was said about this message: it goes back as it was, and the account rests."""
    detail = f"{none.phase.value}: {none.detail}"
    needs_person = none.security or (none.phase is Phase.AUTH and none.reply is not None and none.reply.permanent)
    rest = Rest(None if needs_person else policy.pause, detail)
    return Verdict(MessageState.DEFERRED, ACCOUNT_RESTS, detail, policy.pause, counted=False, rest=rest)


def _declined(phase: Phase, reply: Reply, attempts: int, policy: Policy, jitter: float) -> Verdict:
    detail = f"{phase.value}: {_said(reply)}"
    if phase is Phase.DOT and not (reply.permanent or reply.transient):
        # No refusal that RFC 5321 knows: the text has been handed over, and may have been accepted.
        return Verdict(MessageState.UNKNOWN, "no clear answer to the final dot", detail, copy=True)
    if _asks_for_login(reply):
        return _account_refused(detail, policy, needs_person=True)
    if _is_quota(reply) or phase in ACCOUNT_PHASES:  # refused or overloaded: everybody waits, nobody is blamed
        return _account_refused(detail, policy, needs_person=phase is Phase.AUTH and reply.permanent)
    if not reply.permanent or reply.code == OUT_OF_STEP:
        return _later("deferred by the server", detail, attempts, policy, jitter)
    return Verdict(MessageState.FAILED, failure_class(reply), detail)


def failure_class(reply: Reply) -> str:
    """What a permanent refusal of a recipient or a message is about (RFC 3463, 3): person, mailbox or policy.

    Only "person" (no such address, or a disabled one) can ever lead to a suppression.
    """
    status = reply.enhanced
    if (status.startswith("5.1.") and status not in ABOUT_SENDER) or status == "5.2.1":
        return "person"
    if status == "5.2.2" or (not status and reply.code == MAILBOX_FULL):
        return "mailbox"
    return "policy"


def _later(reason: str, detail: str, attempts: int, policy: Policy, jitter: float) -> Verdict:
    if attempts + 1 >= policy.attempts:
        return Verdict(MessageState.FAILED, "gave up", f"{detail} (after {attempts + 1} attempts)")
    return Verdict(MessageState.DEFERRED, reason, detail, backoff(attempts, policy, jitter))


def backoff(attempts: int, policy: Policy, jitter: float) -> timedelta:
    """The wait after ``attempts`` earlier attempts: doubling from the first to the longest.

    ``jitter`` adds a quarter at most, so that those who were deferred together do not come back together.
    Never shorter than the first wait, because grey-listing servers (RFC 6647, 2.6) want five minutes.
    """
    doubled: timedelta = min(policy.first_wait * 2 ** min(attempts, 30), policy.longest_wait)
    return max(doubled, policy.first_wait) * (1 + 0.25 * jitter)


def _account_refused(detail: str, policy: Policy, *, needs_person: bool) -> Verdict:
    rest = Rest(None if needs_person else policy.pause, detail)
    return Verdict(MessageState.DEFERRED, ACCOUNT_RESTS, detail, policy.pause, counted=False, rest=rest)


def _is_quota(reply: Reply) -> bool:
    if reply.enhanced in QUOTA_CODES:
        return True
    said = reply.text.lower()
    about_recipient = reply.enhanced[2:] in NOT_OUR_QUOTA_SUBJECTS or reply.code == MAILBOX_FULL
    if about_recipient or any(word in said for word in NOT_OUR_QUOTA_WORDS):
        return False
    return any(word in said for word in QUOTA_WORDS)


def _asks_for_login(reply: Reply) -> bool:
    return reply.code == LOGIN_NEEDED or reply.enhanced in LOGIN_CODES


def _said(reply: Reply) -> str:
    return f"{reply.code or 'not an SMTP reply'} {reply.text}".strip()


@dataclass(slots=True)
class PolicyStreak:
    """Counts recipients in a row that failed for policy: five different ones mean that it is about us."""

    limit: int = 5
    recipients: tuple[str, ...] = ()

    def see(self, recipient: str, verdict: Verdict) -> Rest | None:
        """Take note of a verdict; a Rest that needs a person when the streak is full, otherwise None."""
        if verdict.state is MessageState.SENT:
            self.recipients = ()
        if verdict.state is not MessageState.FAILED or verdict.reason != "policy":
            return None
        if recipient not in self.recipients:
            self.recipients = (*self.recipients, recipient)
        if len(self.recipients) < self.limit:
            return None
        self.recipients = ()
        return Rest(None, f"{self.limit} recipients in a row were refused for policy: {verdict.detail}")
