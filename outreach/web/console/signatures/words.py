"""What the desk calls things, in the language of whoever sits there."""

from outreach.domain.desk.doubts import DoubtReason
from outreach.domain.desk.likeness import Likeness
from outreach.domain.signatures import Origin, SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.queries.desk import CLAIMED
from outreach.queries.signature_desk import Part
from outreach.web.console.seat import Seat

MARKS = {
    SignatureState.PROPOSED: "waiting",
    SignatureState.PENDING: "waiting",
    SignatureState.CONFIRMED: "done",
    SignatureState.LATE: "warning",
    SignatureState.WITHDRAWN: "plain",
    SignatureState.REJECTED: "plain",
    SignatureState.MERGED: "plain",
}


def state_words(seat: Seat) -> dict[SignatureState, str]:
    """Where a signature stands."""
    return {
        SignatureState.PROPOSED: seat._("proposed by a reply"),
        SignatureState.PENDING: seat._("waits for its mailbox"),
        SignatureState.CONFIRMED: seat._("confirmed"),
        SignatureState.LATE: seat._("late"),
        SignatureState.WITHDRAWN: seat._("withdrawn"),
        SignatureState.REJECTED: seat._("rejected"),
        SignatureState.MERGED: seat._("merged"),
    }


def visibility_words(seat: Seat) -> dict[Visibility, str]:
    """Who sees the name."""
    return {
        Visibility.PUBLIC: seat._("named in public"),
        Visibility.ADDRESSEE: seat._("named to the official alone"),
        Visibility.COUNTED: seat._("named nowhere, only counted"),
    }


def part_words(seat: Seat) -> dict[Part, str]:
    """The parts of the desk."""
    return {
        Part.UNDECIDED: seat._("Who waits"),
        Part.DOUBTFUL: seat._("Doubtful"),
        Part.PAIRS: seat._("One and the same?"),
        Part.CONFIRMED: seat._("Confirmed"),
        Part.LATE: seat._("Late"),
        Part.GONE: seat._("Withdrawn, rejected, merged"),
    }


def kind_words(seat: Seat) -> dict[SignatureKind, str]:
    """As what one signs."""
    return {
        SignatureKind.ORGANISATION: seat._("an organisation"),
        SignatureKind.INDIVIDUAL: seat._("a person"),
    }


def origin_words(seat: Seat) -> dict[Origin, str]:
    """By which way it came."""
    return {
        Origin.FORM: seat._("by the form"),
        Origin.REPLY: seat._("by a reply"),
        Origin.TELEPHONE: seat._("by telephone"),
        Origin.POST: seat._("by post"),
        Origin.MEETING: seat._("in a meeting"),
        Origin.IMPORT: seat._("on an imported list"),
    }


def doubt_words(seat: Seat) -> dict[str, str]:
    """Why a person should look at a name."""
    return {
        DoubtReason.NO_ORGANISATION: seat._("no organisation is named"),
        DoubtReason.PERSON: seat._("looks like a person's name"),
        DoubtReason.ORGANISATION: seat._("looks like an organisation's name"),
        DoubtReason.CAPITALS: seat._("all in capitals"),
        DoubtReason.SMALL_LETTERS: seat._("all in small letters"),
        DoubtReason.MIXED_SCRIPTS: seat._("mixes two alphabets"),
        DoubtReason.FREE_MAIL: seat._("the address is at a free provider"),
        DoubtReason.OTHER_DOMAIN: seat._("the address is not of the website's domain"),
        CLAIMED: seat._("the mailbox is not known to be theirs"),
    }


def likeness_words(seat: Seat) -> dict[str, str]:
    """Why two may be one."""
    return {
        Likeness.SAME: seat._("the same name"),
        Likeness.LETTERS: seat._("letters that look alike"),
        Likeness.FORM: seat._("the same but for a legal form"),
        Likeness.ACRONYM: seat._("one is the other's acronym"),
        Likeness.OTHER_NAME: seat._("one is written within the other"),
        Likeness.SCRIPT: seat._("the same in another alphabet"),
        Likeness.SPELLING: seat._("nearly the same spelling"),
        Likeness.CHAPTER: seat._("a body and its branch: two, unless you know better"),
        Likeness.SITE: seat._("the same website or mail domain"),
    }
