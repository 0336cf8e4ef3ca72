"""What the pages of calls say in the reader's language: states, kinds of mailing, standings, needs."""

from outreach.domain.funnels import Standing
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, MailingState
from outreach.queries.call_timeline import Mark, Moment
from outreach.queries.home import Need
from outreach.web.console.mail_words import kind_words
from outreach.web.console.seat import Seat

STATE_MARKS = {
    CallState.DRAFT: "plain",
    CallState.OPEN: "open",
    CallState.CLOSED: "waiting",
    CallState.RELEASED: "done",
    CallState.CANCELLED: "fault",
}
NEED_MARKS = {Need.FAILED: "fault", Need.UNKNOWN: "warning", Need.HELD: "warning", Need.OVERDUE: "warning"}
FILLS = {
    Standing.SIGNED: "good",
    Standing.ANSWERED: "accent",
    Standing.DECLINED: "warn",
    Standing.OPTED_OUT: "warn",
    Standing.BOUNCED: "fault",
    Standing.NOT_SENT: "fault",
}


def call_states(seat: Seat) -> dict[CallState, str]:
    """What each state of a call is called."""
    return {
        CallState.DRAFT: seat._("Draft"),
        CallState.OPEN: seat._("Open"),
        CallState.CLOSED: seat._("Closed"),
        CallState.RELEASED: seat._("Released"),
        CallState.CANCELLED: seat._("Cancelled"),
    }


def standing_words(seat: Seat) -> dict[Standing, str]:
    """What each standing is called."""
    return {
        Standing.SIGNED: seat._("Signed, or their organisation has"),
        Standing.DECLINED: seat._("Declined"),
        Standing.ANSWERED: seat._("Answered in another way"),
        Standing.OPTED_OUT: seat._("Opted out"),
        Standing.BOUNCED: seat._("Came back"),
        Standing.SILENT: seat._("Silent"),
        Standing.ON_ITS_WAY: seat._("Invitation on its way"),
        Standing.NOT_SENT: seat._("Could not be sent"),
    }


def need_words(seat: Seat) -> dict[Need, str]:
    """What needs somebody, after its number."""
    return {
        Need.REPLIES: seat._("replies wait for a person"),
        Need.TO_DECIDE: seat._("signatures to decide on"),
        Need.DOUBTFUL: seat._("signatures look doubtful"),
        Need.FAILED: seat._("mails failed"),
        Need.UNKNOWN: seat._("mails of which nobody knows whether they arrived"),
        Need.HELD: seat._("mails are held"),
        Need.LAUNCHES: seat._("launch waits for your consent"),
        Need.LETTERS_TO_AUTHORISE: seat._("letters wait for a second person"),
        Need.PROPOSALS: seat._("changes wait for your consent"),
        Need.UNSIGNED: seat._("closed lists are not signed off"),
        Need.OVERDUE: seat._("answers of officials are overdue"),
        Need.TASKS: seat._("of your tasks were refused or failed"),
    }


def moment_words(moment: Moment, seat: Seat) -> str:
    """What a moment of a call is, in a few words."""
    if moment.mark is Mark.MAILING:
        kind = kind_words(seat).get(MessageKind(moment.kind), moment.kind)
        return f"{kind} {moment.occurrence}".strip()
    return {
        Mark.OPENED: seat._("Opened"),
        Mark.EXTENDED: seat._("Deadline moved, it was {before}").format(before=moment.before),
        Mark.DEADLINE: seat._("Deadline"),
        Mark.CLOSED: seat._("Signing ended"),
        Mark.SIGNED_OFF: seat._("Signed off, edition {number}").format(number=moment.number),
        Mark.RELEASE: seat._("Release planned"),
        Mark.RELEASED: seat._("Released"),
        Mark.CANCELLED: seat._("Cancelled"),
    }[moment.mark]


def mailing_states(seat: Seat) -> dict[str, str]:
    """How far a mailing is."""
    return {
        MailingState.PLANNED: seat._("planned"),
        MailingState.QUEUED: seat._("queued"),
        MailingState.SKIPPED: seat._("skipped"),
        MailingState.CANCELLED: seat._("cancelled"),
    }
