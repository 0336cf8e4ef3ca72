"""A polite question after a letter that nobody answered, written and not sent."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.correspondence import DeliveryKind
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.officials import Way
from outreach.domain.states import AddresseeState
from outreach.domain.working_days import parse_days_off, working_days_since
from outreach.rendering.composing import MailRecord, template_of, values_of
from outreach.rendering.source import split_source
from outreach.store.addressees import WAITING, day_of
from outreach.store.calls import sender_values
from outreach.store.officials import addressed_on
from outreach.store.tables import Addressee, Delivery, Edition, Letter, LetterText, Post
from outreach.store.texts import workspace_source

PATIENCE = 5
"""Working days that an office has to answer one enquiry before another one goes."""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """An enquiry as it would go: to which mail address ("" for an office without mail), in which words.

    ``source`` is its template when a person wrote the text, "" for the workspace's.
    """

    post: str
    address: str
    language: str
    subject: str
    text: str
    values: dict[str, Any]
    source: str = ""


def draft_enquiry(
    session: Session, addressee: Addressee, *, text: str = "", now: datetime, house: House
) -> Enquiry:
    """The enquiry, addressed to whoever holds the post today, with the day on which the letter went.

    ``text`` is what a person wrote in the place of the workspace's text, in Markdown; its subject stays.
    Raises Refusal when there is nothing to enquire about: the letter has not gone, it is answered or closed, the
    post exists no more, or the office was asked a few working days ago; InvalidInput for a text that cannot be.
    """
    letter, post = session.get_one(Letter, addressee.letter_id), session.get_one(Post, addressee.post_id)
    deliveries = _deliveries(session, addressee)
    _must_wait_for_an_answer(letter, post, addressee, house)
    _must_not_pester(post, deliveries, day_of(now, house), house)
    values = _values(session, letter, post, addressee, deliveries, now=now, house=house)
    language, source = workspace_source(MessageKind.ENQUIRY, addressee.language, house)
    source = _with_text(source, text) if text.strip() else source
    record = MailRecord(
        id=0,
        kind=MessageKind.ENQUIRY,
        bulk=False,
        test=False,
        call_id=0,
        call_slug="",
        contact_id=0,
        signature_id=0,
        address=post.address,
        language=language,
        time_zone="",
        source=source,
        shared={},
        values={"sender": sender_values(house), **values},
        date=now,
    )
    content = template_of(source, record.kind, language).render(values_of(record, house))
    address = post.address if Way.MAIL.value in post.ways else ""
    own = source if text.strip() else ""
    return Enquiry(post.slug, address, addressee.language, content.subject, content.text, values, own)


def _with_text(source: str, text: str) -> str:
    parts, _ = split_source(source)
    return f"---\nsubject: {parts.subject}\n---\n\n{text.strip()}\n"


def _must_wait_for_an_answer(letter: Letter, post: Post, addressee: Addressee, house: House) -> None:
    if post.closed_at is not None:
        raise Refusal(f"The post {post.slug} exists no more: nobody there will answer.")
    match addressee.state:
        case AddresseeState.TO_SEND:
            raise Refusal(f"{letter.slug} has not gone to {post.slug}: there is nothing to enquire about.")
        case AddresseeState.ANSWERED:
            on = f" on {day_of(addressee.answered_at, house)}" if addressee.answered_at else ""
            raise Refusal(f"{post.slug} answered {letter.slug}{on}.")
        case AddresseeState.CLOSED:
            raise Refusal(
                f"{letter.slug} is closed with {post.slug}: {addressee.reason} "
                f"('outreach correspondence reopen {letter.slug} {post.slug}' opens it again)."
            )
    if addressee.state not in WAITING:
        raise ValueError(f"no enquiry is thought of for {addressee.state}")


def _must_not_pester(post: Post, deliveries: list[Delivery], today: date, house: House) -> None:
    asked = [
        one.on or day_of(one.at, house)
        for one in deliveries
        if one.kind is DeliveryKind.ENQUIRY and one.failed_at is None
    ]
    if not asked:
        return
    off = parse_days_off(house.settings.correspondence.days_off)
    if working_days_since(max(asked), today, country=post.state, days_off=off) < PATIENCE:
        raise Refusal(
            f"{post.slug} was asked on {max(asked)}: give the office {PATIENCE} working days before it is asked "
            "again."
        )


def _deliveries(session: Session, addressee: Addressee) -> list[Delivery]:
    return list(
        session.exec(select(Delivery).where(Delivery.addressee_id == addressee.id).order_by(col(Delivery.id)))
    )


def _values(
    session: Session,
    letter: Letter,
    post: Post,
    addressee: Addressee,
    deliveries: list[Delivery],
    *,
    now: datetime,
    house: House,
) -> dict[str, Any]:
    today = day_of(now, house)
    official = addressed_on(session, post, addressee.language, today)
    text = _text(session, letter, addressee)
    went = [
        one.on or day_of(one.at, house)
        for one in deliveries
        if one.kind is DeliveryKind.LETTER and one.failed_at is None
    ]
    released = day_of(addressee.released_at, house) if addressee.released_at else today - timedelta(days=1)
    return {
        "official": {
            "salutation": official.salutation,
            "form_of_address": official.form_of_address,
            "name": official.name,
            "title": official.title,
            "office": official.office,
            "state": official.state_name,
        },
        "letter": {
            "title": text.title if text else letter.slug,
            "addressee": text.addressee if text else "",
            "text": "",
            "reference": f"{letter.slug}/{post.slug}",
        },
        "earlier": {"date": min(went, default=released).isoformat()},
    }


def _text(session: Session, letter: Letter, addressee: Addressee) -> LetterText | None:
    """The letter as it went, in the official's language."""
    edition = session.get(Edition, addressee.edition_id) if addressee.edition_id else None
    version = edition.letter_version if edition else letter.version
    texts = session.exec(
        select(LetterText)
        .where(LetterText.letter_id == letter.id, LetterText.version == version)
        .order_by(col(LetterText.language))
    ).all()
    return next((text for text in texts if text.language == addressee.language), texts[0] if texts else None)
