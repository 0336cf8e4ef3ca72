"""Sign-off by a person freezes an edition: the letter with its list; whoever leaves the list makes the next one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, func, select

from outreach.config.house import House
from outreach.domain.counts import Counts
from outreach.domain.editions import CopyKind, Frozen
from outreach.domain.errors import Refusal
from outreach.domain.signatures import Visibility, stricter
from outreach.domain.states import CallState, SignatureState
from outreach.store.editions import (
    copy_went_out,
    counts_of,
    entries_of,
    freeze,
    in_order,
    is_signed_off,
    list_now,
    newest_edition,
)
from outreach.store.events import record
from outreach.store.families import shown_to
from outreach.store.signing import counted_as, merged_into
from outreach.store.tables import Call, Edition, Letter, Signature
from outreach.usecases.authorise_letter import lapse_consent
from outreach.usecases.tell_staff import tell_staff


@dataclass(frozen=True, slots=True)
class SignedOff:
    """The edition, and how many it names and counts. ``waiting`` is how many signatures are left undecided."""

    edition: Edition
    counts: Counts
    waiting: int


def sign_off(session: Session, call: Call, *, now: datetime, by: str, house: House, reason: str = "") -> SignedOff:
    """Freeze the list as it stands now: edition 1 after closing, a later one when something has changed.

    Raises Refusal while signing goes on, when nobody has signed, and when nothing has changed.
    """
    session.flush()
    session.refresh(call, with_for_update={"key_share": True})
    if call.state not in (CallState.CLOSED, CallState.RELEASED):
        raise Refusal(
            f"The call {call.slug} is {call.state.value}; the list is signed off when signing has ended "
            f"('outreach calls close' ends it now)."
        )
    entries = list_now(session, call)
    if not entries:
        raise Refusal(f"Nobody has signed {call.slug}; there is no list to sign off.")
    before = newest_edition(session, call.letter_id)
    if before is not None:
        _has_changed(session, call, before, entries)
    edition = freeze(
        session,
        call,
        entries,
        version=call.letter_version,
        deadline_revision=call.deadline_revision,
        now=now,
        by=by,
        reason=reason.strip(),
        salt=house.salt,
    )
    lapse_consent(session, session.get_one(Letter, call.letter_id))
    _is_on_the_page(session, call, edition, by=by, now=now)
    record(session, at=now, by=by, verb="sign_off", subject="edition", subject_id=edition.id, number=edition.number)
    return SignedOff(edition, counts_of(session, edition), waiting_of(session, call))


def _has_changed(session: Session, call: Call, before: Edition, entries: list[Frozen]) -> None:
    same_list = entries_of(session, before) == entries
    same_letter = before.letter_version == call.letter_version and before.organisers == call.organisers
    if same_list and same_letter and before.listing == call.listing and is_signed_off(session, call):
        raise Refusal(f"Nothing has changed since edition {before.number} of {call.slug}.")


def waiting_of(session: Session, call: Call) -> int:
    """How many signatures nobody has decided about: proposed, late, or waiting for their mailbox."""
    undecided = (SignatureState.PROPOSED, SignatureState.LATE, SignatureState.PENDING)
    statement = (
        select(func.count())
        .select_from(Signature)
        .where(Signature.letter_id == call.letter_id, col(Signature.state).in_(undecided))
    )
    return session.exec(statement).one()


def take_out_of_edition(
    session: Session, signature: Signature, reason: str, *, now: datetime, by: str, house: House
) -> Edition | None:
    """The next edition, without a name that must no longer be shown; None when the newest one does not show it.

    Nobody has to sign this one off: it is the newest one with less in it, and nothing of what waits for a person.
    An entry that was merged with another stands for it as long as that one is not in the edition itself.
    """
    return take_all_out(session, [signature], reason, now=now, by=by, house=house)


def take_all_out(
    session: Session, signatures: Sequence[Signature], reason: str, *, now: datetime, by: str, house: House
) -> Edition | None:
    """One next edition for all of them, which are under one letter."""
    session.flush()
    newest = newest_edition(session, signatures[0].letter_id) if signatures else None
    if newest is None:
        return None
    before = entries_of(session, newest)
    listed = {entry.signature_id for entry in before}
    stands_for: dict[int, Signature] = {}
    doubles: set[int] = set()
    for signature in signatures:
        counted = counted_as(session, signature)
        family = {counted.id or 0, *merged_into(session, counted)}
        stands_for |= dict.fromkeys(family, counted)
        doubles |= family - {counted.id or 0} if counted.id in listed else set()
    after = [
        left
        for entry in before
        if entry.signature_id not in doubles
        and (left := _left_of(session, entry, stands_for.get(entry.signature_id))) is not None
    ]
    if after == before:
        return None
    call = session.get_one(Call, newest.call_id)
    edition = freeze(
        session,
        call,
        in_order(after, call),
        version=newest.letter_version,
        deadline_revision=newest.deadline_revision,
        now=now,
        by=by,
        reason=reason,
        salt=house.salt,
    )
    _is_on_the_page(session, call, edition, by=by, now=now)
    return edition


def _is_on_the_page(session: Session, call: Call, edition: Edition, *, by: str, now: datetime) -> None:
    """Once a letter is out, its page shows the newest edition from the moment that there is one."""
    if call.state is CallState.RELEASED:
        copy_went_out(session, edition, CopyKind.PAGE, detail=f"/letters/{call.slug}", by=by, now=now)


def ask_for_next_edition(
    session: Session, call: Call, signature: Signature, *, now: datetime, house: House
) -> None:
    """What was signed off does not change by itself: staff hear that a signatory waits for the next edition."""
    if signature.state is SignatureState.CONFIRMED and newest_edition(session, call.letter_id) is not None:
        what = "A signatory changed an entry after the sign-off: it waits for the next edition."
        command = f"outreach letters sign-off {call.slug}"
        tell_staff(session, what, command, about=f"changed:{signature.id}:{now:%Y%m%d%H%M%S}", now=now, house=house)


def _left_of(session: Session, entry: Frozen, counted: Signature | None) -> Frozen | None:
    """What the next edition holds of an entry.

    ``counted`` is the signature that it stands for, if that is what has changed.
    """
    if counted is None:
        return entry
    if counted.state is not SignatureState.CONFIRMED:
        return None
    visibility = stricter(entry.visibility, shown_to(session, counted))
    if visibility is Visibility.COUNTED:
        return replace(entry, visibility=visibility, line="", country="", affiliated=False)
    return replace(entry, visibility=visibility)
