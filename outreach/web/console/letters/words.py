"""What the letter's pages call things, in the reader's language."""

import re

from outreach.domain.correspondence import LetterKind
from outreach.domain.editions import CopyKind
from outreach.domain.officials import Way
from outreach.queries.letter_addressees import Stage
from outreach.queries.letter_list import Waiting, Which
from outreach.usecases.render_letter import LetterFormat
from outreach.web.console.seat import Seat

STAGE_MARKS = {
    Stage.TO_GO: "waiting",
    Stage.CAME_BACK: "fault",
    Stage.LEAVING: "open",
    Stage.TO_BRING: "waiting",
    Stage.SENT: "open",
    Stage.DELIVERED: "done",
    Stage.ACKNOWLEDGED: "done",
    Stage.OVERDUE: "warning",
    Stage.ANSWERED: "done",
    Stage.CLOSED: "plain",
}
WAITING_MARKS = {
    Waiting.SIGNING: "open",
    Waiting.SIGN_OFF: "waiting",
    Waiting.AUTHORISE: "warning",
    Waiting.DELIVER: "warning",
    Waiting.OFFICES: "waiting",
    Waiting.NOTHING: "done",
}


_COMMAND = re.compile(r" \('outreach [^()]*\)")


def without_command(sentence: str) -> str:
    """The sentence without the command in brackets that would do it: beside it stands a link that does."""
    return _COMMAND.sub("", sentence)


def stage_words(seat: Seat) -> dict[Stage, str]:
    """How far the letter is with an official."""
    _ = seat._
    return {
        Stage.TO_GO: _("not released yet"),
        Stage.CAME_BACK: _("came back"),
        Stage.LEAVING: _("its mail is leaving"),
        Stage.TO_BRING: _("to be brought on paper"),
        Stage.SENT: _("sent"),
        Stage.DELIVERED: _("delivered"),
        Stage.ACKNOWLEDGED: _("acknowledged"),
        Stage.OVERDUE: _("overdue"),
        Stage.ANSWERED: _("answered"),
        Stage.CLOSED: _("closed"),
    }


def next_words(seat: Seat) -> dict[Stage, str]:
    """What comes next, by how far it is."""
    _ = seat._
    return {
        Stage.TO_GO: _("Look at it, then deliver it."),
        Stage.CAME_BACK: _("Mend the address, then deliver it again."),
        Stage.LEAVING: _("Nothing: the mail server's answer is noted by itself."),
        Stage.TO_BRING: _("Print it, bring it, and note that."),
        Stage.SENT: _("The office acknowledges it."),
        Stage.DELIVERED: _("The office acknowledges it."),
        Stage.ACKNOWLEDGED: _("The office answers."),
        Stage.OVERDUE: _("Ask the office."),
        Stage.ANSWERED: _("Read the answer, and respond if it needs one."),
        Stage.CLOSED: _("Nothing."),
    }


def way_words(seat: Seat) -> dict[Way, str]:
    """By which way a letter goes."""
    _ = seat._
    return {
        Way.MAIL: _("by mail"),
        Way.POST: _("by post"),
        Way.FAX: _("by fax"),
        Way.FORM: _("by the office's web form"),
        Way.HAND: _("by hand"),
    }


def waiting_words(seat: Seat) -> dict[Waiting, str]:
    """What a letter waits for."""
    _ = seat._
    return {
        Waiting.SIGNING: _("signing goes on"),
        Waiting.SIGN_OFF: _("its list is to be signed off"),
        Waiting.AUTHORISE: _("a second person is to authorise it"),
        Waiting.DELIVER: _("to be delivered"),
        Waiting.OFFICES: _("the offices"),
        Waiting.NOTHING: _("nothing"),
    }


def which_words(seat: Seat) -> dict[Which, str]:
    """Which letters are listed."""
    _ = seat._
    return {
        Which.TO_AUTHORISE: _("To authorise"),
        Which.TO_DELIVER: _("To deliver"),
        Which.ALL: _("All letters"),
    }


def letter_kinds(seat: Seat) -> dict[LetterKind, str]:
    """What kind of letter it is."""
    _ = seat._
    return {
        LetterKind.OPEN: _("open letter"),
        LetterKind.PRIVATE: _("private letter"),
        LetterKind.FOLLOW_UP: _("follow-up letter"),
        LetterKind.RESPONSE: _("response letter"),
    }


def copy_words(seat: Seat) -> dict[CopyKind, str]:
    """Where a copy of an edition went."""
    _ = seat._
    return {
        CopyKind.PAGE: _("on its public page"),
        CopyKind.MAILING: _("in mails"),
        CopyKind.FILE: _("as a file"),
        CopyKind.KIT: _("in announcement kits"),
        CopyKind.DELIVERY: _("to an official"),
    }


def format_words(seat: Seat) -> dict[LetterFormat, str]:
    """As what a letter can be written."""
    _ = seat._
    return {
        LetterFormat.PDF: _("PDF"),
        LetterFormat.BOOK: _("PDF, with the names as a signature book"),
        LetterFormat.DOCX: _("Word (DOCX)"),
        LetterFormat.ODT: _("OpenDocument (ODT)"),
        LetterFormat.HTML: _("Web page (HTML)"),
        LetterFormat.MD: _("Markdown"),
        LetterFormat.TXT: _("Plain text"),
        LetterFormat.CSV: _("The list as a table (CSV)"),
        LetterFormat.JSON: _("Text and list for programs (JSON)"),
    }
