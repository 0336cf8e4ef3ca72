"""Small mails for the tests of reading, built as octets so that nothing is put right on the way."""

from outreach.domain.replies import ReplyKind
from outreach.reading.mail import ReceivedMail, read_mail
from outreach.reading.people import PEOPLE_RULES
from outreach.reading.rules import Understood


def mail(
    text: str | bytes = "",
    *,
    kind: str = "text/plain; charset=utf-8",
    encoding: str = "8bit",
    subject: str = "Re: Please sign: Safe passage",
    sender: str = "Ada Holm <ada@tide.example>",
) -> ReceivedMail:
    head = f"From: {sender}\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: {kind}\n"
    head += f"Content-Transfer-Encoding: {encoding}\n\n" if encoding else "\n"
    return read_mail(head.encode() + (text.encode() if isinstance(text, str) else text))


def parts(*found: tuple[str, str], kind: str = "multipart/alternative") -> ReceivedMail:
    """A mail of several parts, each a content type and its text."""
    inner = "".join(f"--b\nContent-Type: {type_}\n\n{text}\n" for type_, text in found)
    return mail(f"{inner}--b--\n", kind=f'{kind}; boundary="b"')


def understood(received: ReceivedMail) -> Understood:
    return next(found for rule in PEOPLE_RULES if (found := rule(received)) is not None)


def kind_of(text: str, **changes: str) -> ReplyKind:
    return understood(mail(text, **changes)).kind
