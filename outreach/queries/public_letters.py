"""Reads what the public pages may show of a letter: nothing in here returns a name that is not public."""

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.counts import Counts
from outreach.domain.editions import Frozen, group_of
from outreach.domain.listings import Listing
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CallState, SignatureState
from outreach.store.calls import letter_texts
from outreach.store.confidence import in_confidence, not_in_confidence
from outreach.store.editions import counts_now, counts_of, list_now, newest_edition
from outreach.store.tables import Call, Contact, Edition, EditionEntry, LetterText, Signature

PUBLIC = (CallState.OPEN, CallState.CLOSED, CallState.RELEASED)
"""The states in which a call's letter has a public page."""
_SLUG = re.compile(r"[a-z0-9-]{1,100}")


@dataclass(frozen=True, slots=True)
class PublicName:
    """One line of the public list, byte for byte. ``group`` is where it stands (domain.editions.group_of)."""

    line: str
    kind: SignatureKind
    group: tuple[int, str]
    affiliated: bool


@dataclass(frozen=True, slots=True)
class PublicList:
    """The names that may be shown, in order, and how many have signed.

    ``edition`` is the released one; None while the letter is not out: then nothing of an edition is in here, and
    the list is as it stands now, or empty where the call shows names only with the letter (``names_later``).
    """

    names: tuple[PublicName, ...]
    counts: Counts
    listing: Listing
    edition: Edition | None
    names_later: bool

    @property
    def affiliations(self) -> bool:
        """Whether individuals stand in it with where they work."""
        return any(name.affiliated for name in self.names)


def find_public_call(session: Session, slug: str) -> Call | None:
    """The launched call of that name; None for a draft, what was given up or is in confidence, and no name."""
    if not _SLUG.fullmatch(slug):
        return None
    call = session.exec(select(Call).where(Call.slug == slug)).first()
    if call is None or call.state not in PUBLIC or in_confidence(session, call):
        return None
    return call


def released_edition(session: Session, call: Call) -> Edition | None:
    """The edition that the public sees; None before the release, whatever has been signed off."""
    return newest_edition(session, call.letter_id) if call.state is CallState.RELEASED else None


def public_texts(session: Session, call: Call) -> list[LetterText]:
    """The letter in every language, the call's first: as the released edition has it, otherwise as it is signed."""
    edition = released_edition(session, call)
    if edition is None or edition.letter_version == call.letter_version:
        return letter_texts(session, call)
    own = sa.case((col(LetterText.language) == call.default_language, 0), else_=1)
    return list(
        session.exec(
            select(LetterText)
            .where(LetterText.letter_id == call.letter_id, LetterText.version == edition.letter_version)
            .order_by(own, LetterText.language)
        )
    )


def public_list(session: Session, call: Call) -> PublicList:
    """The list as far as it is public at this moment."""
    edition = released_edition(session, call)
    if edition is not None:
        listing = Listing.read(edition.listing)
        names = _names_of(session, edition, listing)
        counts = _by_list(counts_of(session, edition), names)
        return PublicList(names, counts, listing, edition, names_later=False)
    listing, counts = Listing.read(call.listing), counts_now(session, call)
    if not listing.names_while_open:
        return PublicList((), _by_kind(counts), listing, None, names_later=True)
    public = [entry for entry in list_now(session, call) if entry.visibility is Visibility.PUBLIC]
    names = tuple(_public_name(one, listing) for one in public)
    return PublicList(names, _by_list(counts, names), listing, None, names_later=False)


def _by_list(counts: Counts, names: tuple[PublicName, ...]) -> Counts:
    """As many named as there are lines; one whose line was erased has still signed."""
    organisations = sum(name.kind is SignatureKind.ORGANISATION for name in names)
    individuals = len(names) - organisations
    return Counts(
        organisations=organisations,
        individuals=individuals,
        unnamed_organisations=counts.organisations + counts.unnamed_organisations - organisations,
        unnamed_individuals=counts.individuals + counts.unnamed_individuals - individuals,
    )


def _by_kind(counts: Counts) -> Counts:
    """Where nobody is named, who will not be is nobody's business yet."""
    return Counts(
        organisations=counts.organisations + counts.unnamed_organisations,
        individuals=counts.individuals + counts.unnamed_individuals,
    )


def _names_of(session: Session, edition: Edition, listing: Listing) -> tuple[PublicName, ...]:
    """The public names of an edition; in columns, not objects, for there may be ten thousand."""
    table = sa.inspect(EditionEntry).local_table
    rows = session.execute(
        sa.select(table.c.line, table.c.kind, table.c.country, table.c.initiator, table.c.affiliated)
        .where(table.c.edition_id == edition.id, table.c.visibility == Visibility.PUBLIC, table.c.line != "")
        .order_by(table.c.position)
    )
    return tuple(
        _public_name(
            Frozen(
                signature_id=0,
                kind=kind,
                visibility=Visibility.PUBLIC,
                line=line,
                country=country,
                initiator=initiator,
                affiliated=affiliated,
            ),
            listing,
        )
        for line, kind, country, initiator, affiliated in rows
    )


def _public_name(entry: Frozen, listing: Listing) -> PublicName:
    return PublicName(entry.line, entry.kind, group_of(entry, listing), entry.affiliated)


@dataclass(frozen=True, slots=True)
class LetterOnFront:
    """A letter on the front page, in the languages that it has, the call's own first."""

    call: Call
    texts: list[LetterText]


def letters_on_front(session: Session) -> tuple[list[LetterOnFront], list[LetterOnFront]]:
    """The letters that can be signed, and those that are out; the newest first.

    Rehearsals and letters in confidence are left out.
    """
    calls = session.exec(
        select(Call)
        .where(col(Call.state).in_(PUBLIC), col(Call.rehearsal).is_(False), not_in_confidence())
        .order_by(col(Call.launched_at).desc(), col(Call.id).desc())
    ).all()
    letters = [LetterOnFront(call, public_texts(session, call)) for call in calls]
    released = [one for one in letters if one.call.state is CallState.RELEASED]
    released.sort(key=lambda one: one.call.released_at or one.call.created_at, reverse=True)
    return [one for one in letters if one.call.state is CallState.OPEN], released


def waiting_for(session: Session, call: Call, digest: str) -> list[Signature]:
    """The signatures to the call's letter that wait for the mailbox of that address to confirm something."""
    waits = sa.or_(col(Signature.state) == SignatureState.PENDING, col(Signature.wider).is_not(None))
    return list(
        session.exec(
            select(Signature)
            .join(Contact, col(Contact.id) == col(Signature.contact_id))
            .where(Signature.call_id == call.id, Contact.address_digest == digest, waits)
            .order_by(col(Signature.id))
        )
    )
