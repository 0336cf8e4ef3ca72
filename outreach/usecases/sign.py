"""Somebody signs, by a personal link or by the public form; the signature waits for the mailbox to confirm it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from outreach.config.house import House
from outreach.domain.addresses import Address, address_digest, flood_key, parse_address
from outreach.domain.entries import Entry
from outreach.domain.errors import InvalidInput
from outreach.domain.floods import Asking
from outreach.domain.listings import Listing
from outreach.domain.signatures import SignatureKind, Visibility, signing_ended
from outreach.domain.signing_again import Again, judge_again
from outreach.domain.states import SIGNATURE_MOVES, CallState, SignatureState, move
from outreach.store.entries import entry_columns, entry_of
from outreach.store.events import record
from outreach.store.organisations import find_organisation
from outreach.store.signing import DISOWNED, anew_key, find_given, signer_key
from outreach.store.tables import Call, Contact, Organisation, Signature
from outreach.usecases.ask_to_confirm import ASKED, ask_to_confirm, mailbox_of, may_ask

MOST_PENDING = 5
"""So many signatures of one uninvited mailbox may wait at a time; whoever types more does not mean well."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed, and whether it was there before. ``late``: the deadline had passed when it was submitted."""

    signature: Signature
    repeated: bool
    late: bool


@dataclass(frozen=True, slots=True)
class NotOpen:
    """Nobody can sign now: the call has not been launched, was cancelled, or the letter is out."""

    state: CallState


@dataclass(frozen=True, slots=True)
class Ignored:
    """Too many signatures wait for that mailbox already; a door says what it says to everybody."""

    late: bool


def sign(
    session: Session,
    call: Call,
    contact: Contact,
    entry: Entry,
    *,
    now: datetime,
    house: House,
    for_another: bool = False,
    news: bool = False,
) -> Signed | NotOpen:
    """Record a pending signature of whom a personal link was made for, and ask the mailbox to confirm it.

    An organisation signs as the one the contact is known for, whatever spelling shall be printed, unless it is
    ``for_another``. ``news``: she agrees to be written to about other letters. Signing twice gives one signature;
    what can be given again, and when, says domain.signing_again. Raises InvalidInput for a kind of signatory that
    the letter does not take.
    """
    if (refusal := _lock(session, call, entry)) is not None:
        return refusal
    organisation = None
    if entry.kind is SignatureKind.ORGANISATION:
        known_for = contact.organisation_id if not for_another else None
        organisation = (
            session.get_one(Organisation, known_for) if known_for else find_organisation(session, entry.name)
        )
    return _sign(session, call, contact, entry, organisation, now=now, house=house, news=news, invited=True)


def sign_publicly(
    session: Session,
    call: Call,
    address: str,
    entry: Entry,
    *,
    now: datetime,
    house: House,
    language: str,
    news: bool = False,
) -> Signed | Ignored | NotOpen:
    """Record a pending signature by the public form, and ask the mailbox that was typed to confirm it.

    Whoever is new becomes a contact without consent to bulk mail, who reads ``language``. Nothing that a personal
    link gave is changed, nor what was taken back: only its own mailbox is asked. Raises InvalidInput for
    what is no address, or one of our own.
    """
    parsed = parse_address(address)
    if parsed.key.partition("@")[0].partition("+")[0] + "@" + parsed.domain in _our_own(house):
        raise InvalidInput("This is the address that our own mails come from; please write yours.")
    if (refusal := _lock(session, call, entry)) is not None:
        return refusal
    if _crowded(session, call, parsed, house):
        return Ignored(_is_late(call, now))
    contact = find_or_add_contact(session, call, parsed, entry, language=language, now=now, house=house)
    organisation = find_organisation(session, entry.name) if entry.kind is SignatureKind.ORGANISATION else None
    return _sign(session, call, contact, entry, organisation, now=now, house=house, news=news, invited=False)


def _lock(session: Session, call: Call, entry: Entry) -> NotOpen | None:
    """One after the other: two clicks at once find each other's signature, and nobody signs while it is closed."""
    session.flush()
    session.refresh(call, with_for_update={"key_share": True})
    if call.state not in (CallState.OPEN, CallState.CLOSED):
        return NotOpen(call.state)
    if entry.kind not in Listing.read(call.listing).who:
        raise InvalidInput(f"The letter {call.slug} is not signed by any {entry.kind.value}.")
    return None


def _our_own(house: House) -> set[str]:
    sender = house.settings.sender
    ours = [one for one in (sender.address, sender.reply_to, sender.return_address) if one]
    return {flood_key(parse_address(one)) for one in ours}


def find_or_add_contact(
    session: Session, call: Call, parsed: Address, entry: Entry, *, language: str, now: datetime, house: House
) -> Contact:
    """The contact with that address, new without consent to bulk mail if nobody knew it.

    What a stranger types changes nothing of what we know of somebody.
    """
    digest = address_digest(parsed.key, house.salt)
    known = session.exec(select(Contact).where(Contact.address_digest == digest)).first()
    if known is not None:
        return known
    new = new_contact(call, parsed, entry, language=language, now=now, house=house)
    session.add(new)
    session.flush()
    return new


def new_contact(
    call: Call, parsed: Address, entry: Entry, *, language: str, now: datetime, house: House
) -> Contact:
    """Who signs with an address that nobody knew, as a contact without consent to bulk mail."""
    # A name that shall not be named stands in no second place.
    private = entry.kind is SignatureKind.INDIVIDUAL and entry.visibility is not Visibility.PUBLIC
    person = entry.signer_name if entry.kind is SignatureKind.ORGANISATION else entry.name
    return Contact(
        address=parsed.wire,
        address_digest=address_digest(parsed.key, house.salt),
        domain=parsed.domain,
        name="" if private else person,
        country=entry.country,
        language=language,
        source=f"signed {call.slug}",
        created_at=now,
        updated_at=now,
    )


def _crowded(session: Session, call: Call, parsed: Address, house: House) -> bool:
    waiting = session.exec(
        select(func.count())
        .select_from(Signature)
        .where(
            Signature.mailbox_digest == mailbox_of(parsed, house),
            Signature.letter_id == call.letter_id,
            Signature.state == SignatureState.PENDING,
            col(Signature.invited).is_(False),
        )
    ).one()
    return waiting >= MOST_PENDING


def _is_late(call: Call, now: datetime) -> bool:
    return now > signing_ended(call.deadline_at, call.closed_at)


def _sign(
    session: Session,
    call: Call,
    contact: Contact,
    entry: Entry,
    organisation: Organisation | None,
    *,
    now: datetime,
    house: House,
    news: bool,
    invited: bool,
) -> Signed:
    key = signer_key(contact.id, entry.kind, entry.name, organisation)
    known = find_given(session, call.letter_id, entry.kind, key)
    again = _again(known, now, by_link=invited) if known is not None else Again.ANEW
    if known is not None and _stays(session, call, known, again, by_link=invited, now=now, house=house):
        return Signed(known, repeated=True, late=_is_late(call, now))
    values: dict[str, Any] = {
        **entry_columns(entry),
        "call_id": call.id or 0,
        "letter_version": call.letter_version,
        "organisation_id": organisation.id if organisation else None,
        "contact_id": contact.id,
        "mailbox_digest": mailbox_of(parse_address(contact.address), house),
        "news_at": now if news else None,
    }
    if known is None or again is Again.ANEW:
        values |= {"signer_key": anew_key(known) if known else key, "invited": invited, "submitted_at": now}
        signature = Signature(letter_id=call.letter_id, **values)
    else:
        signature = _given_again(known, entry, now, by_link=invited).sqlmodel_update(values)
    session.add(signature)
    session.flush()
    record(
        session,
        at=now,
        by=f"contact {contact.id}",
        verb="sign",
        subject="signature",
        subject_id=signature.id,
        kind=entry.kind.value,
        visibility=entry.visibility.value,
    )
    ask_to_confirm(session, call, signature, now=now, house=house)
    return Signed(signature, repeated=False, late=_is_late(call, now))


def _stays(
    session: Session, call: Call, known: Signature, again: Again, *, by_link: bool, now: datetime, house: House
) -> bool:
    """Whether the signature that is there stays as it is; its own mailbox may be asked about it once more.

    What cannot be asked about now is not changed either: no link that was sent would confirm it.
    """
    if again not in (Again.ASKED, Again.TAKEN_OVER):
        return again is Again.NOTHING
    verdict = may_ask(session, known, invited=by_link, now=now, house=house)
    if again is Again.ASKED and verdict is Asking.NOW:
        ask_to_confirm(session, call, known, now=now, house=house)
    return again is Again.ASKED or verdict not in ASKED


def _again(known: Signature, now: datetime, *, by_link: bool) -> Again:
    return judge_again(
        known.state,
        by_link=by_link,
        invited=known.invited,
        disowned=known.reason == DISOWNED,
        since=now - known.submitted_at,
    )


def _given_again(known: Signature, entry: Entry, now: datetime, *, by_link: bool) -> Signature:
    """Whoever only asks for a new confirmation keeps the moment at which she signed."""
    if known.state is not SignatureState.PENDING:
        known.state = move(known.state, SignatureState.PENDING, SIGNATURE_MOVES)
        known.submitted_at, known.reminded_at = now, None
    known.confirmed_at = known.late_at = known.withdrawn_at = known.rejected_at = known.checked_at = None
    known.wider, known.reason = None, ""
    known.invited = known.invited or by_link
    known.revision += entry != entry_of(known)  # the link that is there confirms what it did, if that is the same
    return known
