"""What every room calls a mail, its state and the reasons for it, in the reader's language."""

from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.web.console.seat import Seat

MARKS = {
    MessageState.QUEUED: "waiting",
    MessageState.SENDING: "waiting",
    MessageState.SENT: "done",
    MessageState.DEFERRED: "waiting",
    MessageState.FAILED: "fault",
    MessageState.UNKNOWN: "warning",
    MessageState.HELD: "paused",
    MessageState.CANCELLED: "plain",
    MessageState.EXPIRED: "plain",
}
"""The mark that goes with the word for a message's state."""


def state_words(seat: Seat) -> dict[MessageState, str]:
    """A message's state, in a word."""
    _ = seat._
    return {
        MessageState.QUEUED: _("queued"),
        MessageState.SENDING: _("sending"),
        MessageState.SENT: _("sent"),
        MessageState.DEFERRED: _("deferred"),
        MessageState.FAILED: _("failed"),
        MessageState.UNKNOWN: _("unknown"),
        MessageState.HELD: _("held"),
        MessageState.CANCELLED: _("cancelled"),
        MessageState.EXPIRED: _("expired"),
    }


def state_sentences(seat: Seat) -> dict[MessageState, str]:
    """What a message's state means, in a sentence."""
    _ = seat._
    return {
        MessageState.QUEUED: _("It waits for its turn."),
        MessageState.SENDING: _("It is being handed to the mail server at this moment."),
        MessageState.SENT: _("The mail server took it."),
        MessageState.DEFERRED: _("The mail server asked us to come back; it is tried again by itself."),
        MessageState.FAILED: _("It was refused for good, or once too often; nobody has it."),
        MessageState.UNKNOWN: _("Nobody can tell whether it arrived: the answer of the mail server is missing."),
        MessageState.HELD: _("It waits until a person lets it go."),
        MessageState.CANCELLED: _("It was taken out of the queue before it left."),
        MessageState.EXPIRED: _("It had become senseless before its turn came."),
    }


def reason_words(seat: Seat) -> dict[str, str]:
    """The reasons that are counted, in words; one that is not here stands as it is."""
    _ = seat._
    return {
        "person": _("there is no such address"),
        "mailbox": _("the mailbox is full"),
        "policy": _("refused by a rule of their server"),
        "gave up": _("tried as often as allowed"),
        "opted out": _("the person wants no such mail"),
        "dead address": _("the address is dead, or the person complained or was erased"),
        "has answered": _("the person had answered already"),
        "call is over": _("the call was over"),
        "the deadline was extended": _("the deadline was extended"),
        "a later mail took its place": _("a later mail took its place"),
        "no longer signed": _("the signature had been taken back"),
        "nothing to confirm": _("there was nothing left to confirm"),
        "too late": _("it was too late"),
        "cancelled by a person": _("cancelled by a person"),
        "retried": _("let go once more"),
        "account rests": _("our mail account rests"),
        "interrupted": _("the worker was interrupted"),
        "connection lost": _("the connection was lost"),
        "cannot be sent": _("it cannot be written or encoded"),
    }


def kind_words(seat: Seat) -> dict[MessageKind, str]:
    """What a mail is."""
    _ = seat._
    return {
        MessageKind.INVITATION: _("Invitation"),
        MessageKind.REMINDER: _("Reminder"),
        MessageKind.LAST_CALL: _("Last call"),
        MessageKind.DEADLINE_EXTENDED: _("Deadline extended"),
        MessageKind.ERRATUM: _("Correction"),
        MessageKind.THANK_YOU: _("Thanks"),
        MessageKind.RELEASED: _("Release announced"),
        MessageKind.CONFIRMATION: _("Please confirm"),
        MessageKind.CONFIRMATION_REMINDER: _("Please confirm, again"),
        MessageKind.RECEIPT: _("Receipt of a signature"),
        MessageKind.KEPT_LATE: _("Signed too late"),
        MessageKind.SIGNATURE_CHANGED: _("Signature changed"),
        MessageKind.SIGNATURE_QUESTION: _("Question about a signature"),
        MessageKind.LETTER_CHANGED: _("Letter changed"),
        MessageKind.OPTED_OUT: _("Opt-out confirmed"),
        MessageKind.ANSWER: _("Answer to a reply"),
        MessageKind.DIGEST: _("Digest to staff"),
        MessageKind.ALERT: _("Alert to staff"),
        MessageKind.DELIVERY: _("Letter to an official"),
        MessageKind.ENQUIRY: _("Enquiry at an office"),
        MessageKind.ACCESS: _("Link to the console"),
    }
