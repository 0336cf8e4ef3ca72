"""What the inbox calls things, in the reader's language."""

from outreach.domain.replies import Channel, MatchedBy, ReplyKind
from outreach.domain.states import ReplyState
from outreach.web.console.seat import Seat


def kind_words(seat: Seat) -> dict[ReplyKind, str]:
    """What something that came back says, kind by kind; what waits most often comes first."""
    _ = seat._
    return {
        ReplyKind.SIGNS: _("Signs"),
        ReplyKind.QUESTION: _("Question"),
        ReplyKind.DECLINES: _("Declines"),
        ReplyKind.SIGNS_IF_CHANGED: _("Signs if changed"),
        ReplyKind.FORWARDS: _("Passes it on"),
        ReplyKind.OPT_OUT: _("Wants no mail"),
        ReplyKind.OUT_OF_OFFICE: _("Out of office"),
        ReplyKind.ANSWER: _("An official's answer"),
        ReplyKind.ACKNOWLEDGEMENT: _("An office's acknowledgement"),
        ReplyKind.OTHER: _("Something else"),
        ReplyKind.AUTOMATIC_ANSWER: _("Automatic answer"),
        ReplyKind.BOUNCE: _("Came back"),
        ReplyKind.COMPLAINT: _("Complaint of spam"),
        ReplyKind.DELIVERY_NOTICE: _("Delivery notice"),
        ReplyKind.RECEIPT: _("Read receipt"),
    }


def state_words(seat: Seat) -> dict[ReplyState, str]:
    """Whether it waits."""
    _ = seat._
    return {ReplyState.WAITING: _("waits"), ReplyState.DONE: _("done")}


def channel_words(seat: Seat) -> dict[Channel, str]:
    """By which way something came."""
    _ = seat._
    return {
        Channel.MAIL: _("Mail"),
        Channel.TELEPHONE: _("Telephone"),
        Channel.POST: _("Post"),
        Channel.MEETING: _("Meeting"),
    }


def match_words(seat: Seat) -> dict[MatchedBy, str]:
    """What shows whom a reply is from and what it answers."""
    _ = seat._
    return {
        MatchedBy.TOKEN: _("It was sent to an address that only our mail to this person carried."),
        MatchedBy.REFERENCE: _("Its headers name our mail as the one that it answers."),
        MatchedBy.QUOTED: _("It holds our mail, or quotes what only that mail said."),
        MatchedBy.SENDER: _("Nothing but its sender's address, which anybody can write."),
        MatchedBy.PERSON: _("One of you said so."),
        MatchedBy.NOTHING: _("Nothing shows it."),
    }
