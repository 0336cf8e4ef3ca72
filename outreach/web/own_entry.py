"""A signatory's own entry as the personal pages show it, and what has become of it."""

from dataclasses import dataclass

from fastapi import Response

from outreach.domain.entries import printed_line
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.domain.tokens import Purpose, mint
from outreach.store.entries import entry_of
from outreach.store.tables import Signature
from outreach.usecases.change_signature import LIVE
from outreach.web.desk import Desk
from outreach.web.showing import show
from outreach.web.subjects import Subject
from outreach.web.words import Words


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """What is printed of a signature, what introduces it, and who sees it, in words."""

    introduction: str
    line: str
    shown: str


def own_entry(signature: Signature, words: Words, visibility: Visibility | None = None) -> OwnEntry:
    """The entry as it stands, or as it would with another visibility."""
    seen_by = visibility or signature.visibility
    introduction = words.own.signed_as
    if seen_by is not Visibility.COUNTED:
        organisation = signature.kind is SignatureKind.ORGANISATION
        introduction = words.will_read_organisation if organisation else words.will_read_person
    shown = {
        Visibility.PUBLIC: words.own.shown_public,
        Visibility.ADDRESSEE: words.own.shown_addressee,
        Visibility.COUNTED: words.own.shown_counted,
    }[seen_by]
    return OwnEntry(introduction, printed_line(entry_of(signature)), shown)


def own_path(signature: Signature, desk: Desk) -> str:
    """The signatory's own page."""
    return f"/signature/{mint(desk.house.link_key, Purpose.SIGNATURE, signature.id or 0)}"


def confirm_path(signature: Signature, desk: Desk) -> str:
    """The page that confirms the signature as it is now."""
    return f"/confirm/{mint(desk.house.link_key, Purpose.CONFIRM, signature.id or 0, signature.revision)}"


def outcome(signature: Signature, subject: Subject, desk: Desk) -> Response:
    """The page that says what has become of the signature."""
    words = subject.words
    title, text = {
        SignatureState.CONFIRMED: (words.confirmed_title, words.confirmed),
        SignatureState.MERGED: (words.confirmed_title, words.confirmed),
        SignatureState.LATE: (words.kept_late_title, words.kept_late),
        SignatureState.PROPOSED: (words.looked_at_title, words.looked_at),
        SignatureState.PENDING: (words.given_up_title, words.given_up),
        SignatureState.WITHDRAWN: (words.not_counted_title, words.not_counted),
        SignatureState.REJECTED: (words.not_counted_title, words.not_counted),
    }[signature.state]
    counts = signature.state in LIVE and signature.state is not SignatureState.PENDING
    return show(
        "outcome",
        words,
        desk.house,
        rehearsal=subject.call.rehearsal,
        title=title,
        text=text,
        name=signature.name,
        shown=own_entry(signature, words).shown if counts else "",
        own=own_path(signature, desk) if counts or signature.state is SignatureState.WITHDRAWN else "",
    )
