"""Composes one mail from what its row keeps: the same row gives the same mail again."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from outreach.config.house import House
from outreach.domain.addresses import wire_of
from outreach.ports.transport import Envelope
from outreach.rendering.content import Content
from outreach.rendering.mail import put_together
from outreach.rendering.mail_words import values_of
from outreach.rendering.mailings import headers_of, mailing_of, template_of
from outreach.rendering.personal import links, message_id, return_address, unsubscribe_address
from outreach.rendering.records import MailRecord

__all__ = [
    "Composed", "MailRecord", "compose", "links", "message_id", "return_address", "template_of",
    "unsubscribe_address", "values_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail as it will be sent. ``subject`` is as it is in the mail."""

    envelope: Envelope
    subject: str

    @property
    def content(self) -> Content:
        """What its reader will see, read from the very octets that are sent."""
        mail = message_from_bytes(self.envelope.content, policy=policy.default)
        return Content(self.subject, _body(mail, "plain"), _body(mail, "html"))


def _body(mail: EmailMessage, form: str) -> str:
    body = mail.get_body((form,))
    return "" if body is None else str(body.get_content()).replace("\r\n", "\n")


def compose(record: MailRecord, house: House) -> Composed:
    """The mail of a record. Raises InvalidInput or ValueError with the reason when it cannot be made."""
    recipient = wire_of(record.address)
    mailing = mailing_of(record, house)
    shown: tuple[str, ...] = (recipient,)
    if mailing.letterhead is not None and not record.documents:
        filled, mail = mailing.mail(record, house, recipient, mailing.letterhead)
    else:
        filled, _ = mailing.fill(record, house)
        headers = headers_of(record, house, filled.subject, recipient)
        mail = put_together(headers, filled.text, filled.html, record.documents)
        shown = (recipient, headers.to_address, *headers.copies_to)
    envelope = Envelope(
        sender=return_address(record.id, house),
        recipient=recipient,
        content=mail,
        name=f"{record.call_slug or 'staff'}-{record.kind.value}-{record.id}",
        needs_smtputf8=not "".join(shown).isascii(),
    )
    return Composed(envelope, filled.subject)
