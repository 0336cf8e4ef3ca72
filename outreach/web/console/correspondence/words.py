"""What the room of the correspondence calls things, in the reader's language."""

from datetime import date

from babel.dates import format_date

from outreach.domain.correspondence import AnswerKind, DeliveryKind, DraftAnswer, LetterKind
from outreach.domain.officials import Way
from outreach.domain.rounds import Standing as Stands
from outreach.store.addressees import Standing
from outreach.web.console.seat import Seat

STANDING_MARKS = {
    Standing.TO_SEND: "plain",
    Standing.SENT: "waiting",
    Standing.DELIVERED: "waiting",
    Standing.ACKNOWLEDGED: "waiting",
    Standing.ANSWERED: "done",
    Standing.OVERDUE: "warning",
    Standing.CLOSED: "paused",
}
MEMBER_MARKS = {
    Stands.APPROVED: "done",
    Stands.LATE: "warning",
    Stands.PROPOSED: "warning",
    Stands.CHANGE_ASKED: "warning",
    Stands.DECLINED: "fault",
    Stands.TOOK_BACK: "fault",
    Stands.ASKED_AGAIN: "waiting",
    Stands.SILENT: "waiting",
    Stands.NOT_ASKED: "warning",
}


def standing_words(seat: Seat) -> dict[Standing, str]:
    """How far a letter has come."""
    _ = seat._
    return {
        Standing.TO_SEND: _("not gone yet"),
        Standing.SENT: _("sent"),
        Standing.DELIVERED: _("delivered"),
        Standing.ACKNOWLEDGED: _("acknowledged"),
        Standing.ANSWERED: _("answered"),
        Standing.OVERDUE: _("overdue"),
        Standing.CLOSED: _("closed"),
    }


def way_words(seat: Seat) -> dict[str, str]:
    """By which way something went or came."""
    _ = seat._
    return {
        Way.MAIL: _("by mail"),
        Way.POST: _("by post"),
        Way.FAX: _("by fax"),
        Way.FORM: _("by a form on their page"),
        Way.HAND: _("by hand"),
        Way.MEETING: _("in a meeting"),
        Way.TELEPHONE: _("by telephone"),
        "": "",
    }


def what_words(seat: Seat) -> dict[str, str]:
    """What went out or came in."""
    _ = seat._
    return {
        f"{LetterKind.OPEN.value} letter": _("open letter"),
        f"{LetterKind.PRIVATE.value} letter": _("private letter"),
        f"{LetterKind.FOLLOW_UP.value} letter": _("follow-up letter"),
        f"{LetterKind.RESPONSE.value} letter": _("response"),
        DeliveryKind.COPY.value: _("copy"),
        DeliveryKind.ENQUIRY.value: _("enquiry"),
        AnswerKind.ANSWER.value: _("answer"),
        AnswerKind.ACKNOWLEDGEMENT.value: _("acknowledgement"),
    }


def role_words(seat: Seat) -> dict[str, str]:
    """What a file is."""
    _ = seat._
    return {"letter": _("the letter as it went"), "proof": _("proof"), "": ""}


def step_words(seat: Seat) -> dict[str, str]:
    """What to do next about a letter that waits too long."""
    _ = seat._
    return {
        "the post exists no more: close it": _("The post exists no more: close it."),
        "telephone, or close it": _("It was asked twice: telephone, or close it."),
        "enquire by mail": _("Enquire by mail."),
        "enquire on paper": _("Enquire on paper."),
    }


def member_words(seat: Seat) -> dict[Stands, str]:
    """Where an organisation stands in a round."""
    _ = seat._
    return {
        Stands.APPROVED: _("approves"),
        Stands.LATE: _("approves, too late"),
        Stands.PROPOSED: _("approves by mail: decide"),
        Stands.CHANGE_ASKED: _("asks for a change"),
        Stands.DECLINED: _("declines"),
        Stands.TOOK_BACK: _("took its approval back"),
        Stands.ASKED_AGAIN: _("asked again: the draft changed"),
        Stands.SILENT: _("silent"),
        Stands.NOT_ASKED: _("cannot be asked by mail"),
    }


def said_words(seat: Seat) -> dict[DraftAnswer, str]:
    """What an organisation may say of a draft."""
    _ = seat._
    return {
        DraftAnswer.APPROVES: _("It approves"),
        DraftAnswer.APPROVES_WITH_COMMENT: _("It approves, with a comment"),
        DraftAnswer.ASKS_FOR_CHANGE: _("It asks for a change"),
        DraftAnswer.DECLINES: _("It declines"),
    }


def day_words(seat: Seat, day: date) -> str:
    """A day with its weekday, as people plan by it."""
    return format_date(day, "EEE d MMM yyyy", locale=seat.language)
