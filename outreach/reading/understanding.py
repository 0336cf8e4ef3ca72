"""What a mail is: the first rule that has something to say, machines before people, opt-outs before signatures."""

from dataclasses import dataclass

from outreach.domain.replies import ReplyKind
from outreach.reading.machines import MACHINE_RULES
from outreach.reading.mail import ReceivedMail, read_mail
from outreach.reading.people import PEOPLE_RULES
from outreach.reading.rules import Understood

UNREADABLE = "unreadable"
_NOTHING = Understood(ReplyKind.OTHER, UNREADABLE, 0.0)
_MACHINES_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply"})


@dataclass(frozen=True, slots=True)
class Heard:
    """A mail with what it was understood to be. ``note`` says what kept it from being read as a whole."""

    mail: ReceivedMail
    understood: Understood
    note: str = ""


def hear(content: bytes, *, whole: bool = True, given_up: bool = False) -> Heard:
    """Read a mail and say what it is; never raises for what it holds.

    ``given_up``: reading it has ended the program before, so only its beginning is read.
    """
    if given_up:
        return _for_a_person(b"", "Reading it has stopped the program: it is kept, and not read again.")
    if not whole:
        return _for_a_person(content, "It is too large: only its beginning is here, the whole is in the mailbox.")
    try:
        mail = read_mail(content)
        if mail.problems:
            return Heard(mail, _NOTHING, " ".join(mail.problems))
        return Heard(mail, understand(mail))
    except Exception as error:  # noqa: BLE001  whatever strangers send, it is kept and a person looks at it
        return _for_a_person(content, f"It could not be read ({type(error).__name__}).")


def understand(mail: ReceivedMail) -> Understood:
    """What the first rule says that has something to say."""
    for rule in (*MACHINE_RULES, *PEOPLE_RULES):
        understood = rule(mail)
        if understood is not None:
            return understood
    return Understood(ReplyKind.OTHER, "nothing else", 0.3)


def _for_a_person(content: bytes, note: str) -> Heard:
    """The mail as far as its headers can be read."""
    try:
        mail = read_mail(content.partition(b"\n\n")[0])
    except Exception:  # noqa: BLE001  not even those
        mail = read_mail(b"")
    return Heard(mail, _NOTHING, note)


def may_be_answered(mail: ReceivedMail) -> bool:
    """Whether an automatic answer may be written to it (RFC 3834, 2): a person wrote it, and not through a list."""
    submitted = mail.header("Auto-Submitted").lower().partition(";")[0].strip()
    if submitted not in ("", "no") or mail.header("Precedence").lower() in _MACHINES_PRECEDENCE:
        return False
    if mail.header("Return-Path") == "<>" or mail.header("List-Id"):
        return False
    unwanted = {one.strip() for one in mail.header("X-Auto-Response-Suppress").lower().split(",")}
    if unwanted & {"all", "autoreply", "oof"}:  # Microsoft's way to say that nobody waits for a machine's answer
        return False
    local = mail.sender.address.partition("@")[0]
    return bool(local) and not local.startswith(("mailer-daemon", "postmaster", "no-reply", "noreply", "owner-"))
