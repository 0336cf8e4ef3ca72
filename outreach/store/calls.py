"""Finds calls, and says what a call's mails have in common."""

from dataclasses import asdict
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addressing import Known
from outreach.domain.audiences import Audience
from outreach.domain.call_files import CallFile, LetterFile
from outreach.domain.correspondence import LetterKind
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.domain.listings import Listing
from outreach.domain.planning import Calendar
from outreach.domain.reminders import parse_offset
from outreach.domain.signatures import SignatureKind
from outreach.rendering.letters.filling import fill_letter
from outreach.store.addressees import day_of
from outreach.store.confidence import in_confidence
from outreach.store.editions import counts_of, newest_edition
from outreach.store.rounds import known_of
from outreach.store.tables import Addressee, Call, CallText, Letter, LetterText


def find_call(session: Session, slug: str) -> Call:
    """The call of that name. Raises Refusal naming the calls there are.

    In a transaction that writes nobody else changes the call until it ends: a coordinator who extends it and the
    scheduler that closes it go one after the other.
    """
    statement = select(Call).where(Call.slug == slug)
    if session.connection().get_execution_options().get("outreach_writes"):
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    call = session.exec(statement).first()
    if call is not None:
        return call
    slugs = session.exec(select(Call.slug).order_by(Call.slug)).all()
    close = get_close_matches(slug, slugs, n=1)
    if not slugs:
        raise Refusal(f"There is no call {slug!r}; there is none at all. 'outreach calls create FILE' makes one.")
    hint = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(slugs[:20])}."
    raise Refusal(f"There is no call {slug!r}. {hint}")


def calendar_of(call: Call) -> Calendar:
    """The moments that the call's mailings hang on."""
    release = parse_wall_clock(call.release) if call.release else None
    return Calendar(parse_wall_clock(call.deadline), release, tuple(call.reminders), call.last_call, call.thank_you)


def letter_texts(session: Session, call: Call) -> list[LetterText]:
    """The letter version that the call asks to sign, in every language it has."""
    return list(
        session.exec(
            select(LetterText)
            .where(LetterText.letter_id == call.letter_id, LetterText.version == call.letter_version)
            .order_by(sa.case((col(LetterText.language) == call.default_language, 0), else_=1), LetterText.language)
        )
    )


def shared_values(session: Session, call: Call, house: House, **more: Any) -> dict[str, Any]:
    """What all mails of the call say alike: to be frozen with a mailing when it is queued."""
    edition = newest_edition(session, call.letter_id)
    counts = counts_of(session, edition) if edition else None
    return {
        "call": {
            "title": call.title,
            "organisers": list(call.organisers),
            "background": call.background,
        },
        "deadline": call.deadline,
        "release": call.release,
        "sender": sender_values(house),
        "signatories": asdict(counts) if counts else None,
        "read_at": _read_at(session, call),
        "letters": {
            text.language: {
                "title": text.title,
                "addressee": text.addressee,
                "asks": text.asks,
                "text": fill_letter(
                    text.body, counts, text.language, known_to_all(session, call, text.language, house)
                ),
            }
            for text in letter_texts(session, call)
        },
        **more,
    }


def known_to_all(session: Session, call: Call, language: str, house: House) -> Known:
    """What the text that everybody reads and signs cites from the record.

    A response speaks to its one official in every reader's copy, as on the day on which its round ends; any other
    letter speaks to no official in particular.
    """
    letter, day = session.get_one(Letter, call.letter_id), day_of(call.deadline_at, house)
    to = session.exec(select(Addressee).where(Addressee.letter_id == letter.id)).all()
    one = to[0] if letter.kind is LetterKind.RESPONSE and len(to) == 1 else None
    return known_of(session, letter, one, language, day, house=house)


def _read_at(session: Session, call: Call) -> str:
    """By which of a reader's own links the letter is read; "" for one that has a public page."""
    if not in_confidence(session, call):
        return ""
    kinds = Listing.read(call.listing).who
    return (SignatureKind.ORGANISATION if SignatureKind.ORGANISATION in kinds else SignatureKind.INDIVIDUAL).value


def sender_values(house: House) -> dict[str, str]:
    """What a template may say of whom a mail is from."""
    workspace, sender = house.settings.workspace, house.settings.sender
    return {
        "name": sender.name,
        "organisation": workspace.name,
        "email": sender.reply_to or sender.address,
        "postal_address": workspace.postal_address,
    }


def export_call(session: Session, call: Call) -> CallFile:
    """The call as its files would say it now."""
    texts = session.exec(select(CallText).where(CallText.call_id == call.id, col(CallText.current).is_(True)))
    calendar = calendar_of(call)
    letters = letter_texts(session, call)
    letter = session.get_one(Letter, call.letter_id)
    earlier = session.get(Letter, letter.follows_id) if letter.follows_id else None
    return CallFile(
        slug=call.slug,
        title=call.title,
        letter="letter",
        default_language=call.default_language,
        languages=tuple(text.language for text in letters),
        organisers=tuple(call.organisers),
        deadline=calendar.deadline,
        release=calendar.release,
        reminders=tuple(parse_offset(text) for text in call.reminders),
        last_call=parse_offset(call.last_call) if call.last_call else None,
        thank_you=call.thank_you,
        audience=Audience.read(call.audience),
        background=tuple(call.background),
        listing=Listing.read(call.listing),
        letters={t.language: LetterFile(t.title, t.addressee, tuple(t.asks), t.body) for t in letters},
        texts={(text.kind, text.language): text.source for text in texts},
        kind=letter.kind,
        follows=earlier.slug if earlier else "",
        press_contacts=tuple(letter.press_contacts),
    )
