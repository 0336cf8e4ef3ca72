"""What a link of a mail is about: the call, the person it was made for, the letter, the signature."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fastapi import HTTPException, Request
from markupsafe import Markup
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.listings import Listing
from outreach.domain.signatures import SignatureKind, signing_ended
from outreach.domain.states import CallState
from outreach.domain.tokens import Purpose, read
from outreach.queries.public_letters import find_public_call, public_texts
from outreach.store.calls import known_to_all, letter_texts
from outreach.store.confidence import in_confidence
from outreach.store.tables import Call, Contact, LetterText, Organisation, Signature
from outreach.web.bodies import body_of
from outreach.web.desk import wished
from outreach.web.words import Words, words_in

NOBODY = 0
"""The id in the links of a test mail."""

NO_SUCH_LINK = 404


@dataclass(frozen=True, slots=True)
class Subject:
    """A call and a person, with what is known of both, and the words in which to speak to the person.

    ``in_confidence`` is the letter's text, where no public page shows it; "" for any other letter.
    """

    call: Call
    contact: Contact
    organisation: Organisation | None
    letter: LetterText
    words: Words
    in_confidence: Markup

    @property
    def masked_address(self) -> Markup:
        """The person's address, so that she knows it and nobody else learns it."""
        local, _, domain = self.contact.address.rpartition("@")
        return Markup('<bdi dir="ltr">{}…@{}</bdi>').format(local[:1], domain)


@dataclass(frozen=True, slots=True)
class Seen:
    """A public letter as a visitor sees it of whom nothing is known but the browser's wishes."""

    call: Call
    texts: list[LetterText]
    letter: LetterText
    words: Words


def is_late(call: Call, now: datetime) -> bool:
    """Whether a signature that is submitted now comes late."""
    return now > signing_ended(call.deadline_at, call.closed_at)


def can_be_signed(call: Call) -> bool:
    """Whether a signature is taken at all, be it as late."""
    return call.state in (CallState.OPEN, CallState.CLOSED)


def taken(call: Call) -> tuple[SignatureKind, ...]:
    """As what the call's letter can be signed."""
    return Listing.read(call.listing).who


def seen(session: Session, slug: str, request: Request, lang: str) -> Seen:
    """The letter of a call that is public, in the asked language; 404 for drafts, and for what was given up."""
    call = find_public_call(session, slug)
    texts = public_texts(session, call) if call else []
    if call is None or not texts:
        raise HTTPException(NO_SUCH_LINK)
    letter = text_in(texts, [lang, *wished(request)])
    return Seen(call, texts, letter, words_in([letter.language, *wished(request), call.default_language]))


def ids_of(token: str, purposes: Iterable[Purpose], house: House, *, count: int) -> tuple[Purpose, tuple[int, ...]]:
    """For which of the purposes the token was made, and its ids. Anything else is one and the same 404."""
    for purpose in purposes:
        ids = read(house.link_key, purpose, token, count)
        if ids is not None:
            return purpose, ids
    raise HTTPException(NO_SUCH_LINK)


def subject_of(session: Session, call_id: int, contact_id: int | None, house: House) -> Subject:
    """The subject of a personal link; 404 when the call or the person is no longer known."""
    call, contact = session.get(Call, call_id), session.get(Contact, contact_id or NOBODY)
    texts = letter_texts(session, call) if call else []
    if call is None or contact is None or not texts:
        raise HTTPException(NO_SUCH_LINK)
    organisation = session.get(Organisation, contact.organisation_id) if contact.organisation_id else None
    words = words_in([contact.language, call.default_language, house.settings.workspace.language])
    letter = text_in(texts, [contact.language, words.language])
    text = Markup("")
    if in_confidence(session, call):
        text = body_of(letter, None, known_to_all(session, call, letter.language, house))
    return Subject(call, contact, organisation, letter, words, text)


def signature_of(session: Session, signature_id: int, house: House) -> tuple[Signature, Subject]:
    """The signature that a link is about, and its subject; 404 when it is no longer there."""
    signature = session.get(Signature, signature_id)
    if signature is None:
        raise HTTPException(NO_SUCH_LINK)
    return signature, subject_of(session, signature.call_id, signature.contact_id, house)


def text_in(texts: list[LetterText], wanted: Iterable[str]) -> LetterText:
    """The letter in the first wanted language that it has; otherwise in the call's, which comes first."""
    by_language = {text.language: text for text in texts}
    for tag in wanted:
        text = by_language.get(tag) or by_language.get(tag.partition("-")[0].lower())
        if text is not None:
            return text
    return texts[0]
