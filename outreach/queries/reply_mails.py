"""Reads the mail that a reply came as: what it quotes, its HTML made harmless, its files, its source."""

from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.queries.replies import source_of
from outreach.reading.bodies import pages_of, readable
from outreach.reading.enclosures import MOST, enclosures
from outreach.reading.mail import ReceivedMail, read_mail
from outreach.reading.safe_html import SafeHtml, safe_html
from outreach.store.documents import LARGEST, plain_name
from outreach.store.tables import InboundMail, Reply

READ_AT_ONCE = 1_500_000
"""Octets of a mail that is read while its page is made; of a larger one only when somebody asks for it."""
LONGEST_WHOLE = 30_000
"""Characters of the whole text that are shown."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that came with the mail; ``too_large``: more than is handed out, look into the mailbox."""

    number: int
    name: str
    size: int
    too_large: bool


@dataclass(frozen=True, slots=True)
class MailCard:
    """What a mail holds beside its new text. ``read``: False for a large one, of which only the size is known.

    ``whole`` is the text with all that it quotes, "" where that is no more than the new text; ``formatted``:
    there is HTML to be shown.
    """

    size: int
    read: bool
    whole: str = ""
    cut: bool = False
    formatted: bool = False
    files: tuple[FileLine, ...] = ()
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file to be kept: its plain name and its bytes. What a stranger claims it to be is of no account."""

    name: str
    content: bytes


def mail_card(session: Session, reply: Reply, *, whole: bool = False) -> MailCard | None:
    """What is known of the reply's mail; a large one is read with ``whole``. None: it did not come by mail."""
    if reply.inbound_id is None:
        return None
    size = session.execute(sa.select(col(InboundMail.size)).where(col(InboundMail.id) == reply.inbound_id)).scalar()
    if (size or 0) > READ_AT_ONCE and not whole:
        return MailCard(size or 0, read=False)
    mail = _mail(session, reply)
    text = readable(mail).text
    more = " ".join(text.split()) != " ".join(reply.new_text.split())
    return MailCard(
        size or 0,
        read=True,
        whole=text[:LONGEST_WHOLE] if more else "",
        cut=len(text) > LONGEST_WHOLE,
        formatted=bool(pages_of(mail)),
        files=tuple(
            FileLine(number, plain_name(one.name), len(one.content), len(one.content) > LARGEST)
            for number, one in enumerate(enclosures(mail.message), 1)
        ),
        to=mail.to[:10],
    )


def html_of(session: Session, reply: Reply) -> SafeHtml | None:
    """The mail's HTML, made harmless; None if it has none."""
    pages = pages_of(_mail(session, reply)) if reply.inbound_id is not None else []
    return safe_html(pages) if pages else None


def file_of(session: Session, reply: Reply, number: int) -> HandedOut | None:
    """The file of that number, from 1; None if there is none, or it is too large to be handed out."""
    if reply.inbound_id is None or not 1 <= number <= MOST:
        return None
    found = next(islice(enclosures(_mail(session, reply).message), number - 1, None), None)
    if found is None or len(found.content) > LARGEST:
        return None
    return HandedOut(plain_name(found.name), found.content)


def raw_mail(session: Session, reply: Reply) -> HandedOut | None:
    """The mail as it arrived; None if it did not come by mail."""
    if reply.inbound_id is None:
        return None
    return HandedOut(f"reply-{reply.id}.eml", source_of(session, reply))


def _mail(session: Session, reply: Reply) -> ReceivedMail:
    return read_mail(source_of(session, reply))
