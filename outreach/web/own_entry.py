"""A signatory's own entry as the personal pages show it, and what has become of it."""

from dataclasses import dataclass

from fastapi import Response

from outreach.domain.entries import printed_line
from outreach.domain.floods import Asking
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CallState, SignatureState
from outreach.domain.tokens import Purpose, mint
from outreach.store.entries import entry_of
from outreach.store.tables import Call, Signature
from outreach.usecases.change_signature import LIVE, Changed
from outreach.web.desk import Desk
from outreach.web.facts import facts_for
from outreach.web.showing import show
from outreach.web.subjects import Subject, signature_of
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
    """The page that confirms the signature as it is now: only for whoever came by a link that confirms."""
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


def waits(signature: Signature, call: Call) -> bool:
    """Whether there is anything that its mailbox can confirm."""
    asked = signature.state is SignatureState.PENDING or (signature.state in LIVE and signature.wider is not None)
    return asked and call.state is not CallState.CANCELLED


def overview(signature_id: int, desk: Desk, *, news: str = "") -> Response:
    """The signatory's own page. It never leads to a confirmation: only the mailbox gets the link for that."""
    with desk.outreach.database.reading() as session:
        signature, subject = signature_of(session, signature_id, desk.house)
    words, state = subject.words, signature.state
    given_up = subject.call.state is CallState.CANCELLED
    live = state in LIVE
    return show(
        "own-signature",
        words,
        desk.house,
        rehearsal=subject.call.rehearsal,
        subject=subject,
        facts=facts_for(subject, desk.outreach.clock.now(), zone=subject.contact.time_zone),
        entry=own_entry(signature, words),
        title=words.own.withdrawn_title if state is SignatureState.WITHDRAWN else words.own.title,
        state=words.given_up if given_up else _stands(state, words),
        news=news,
        widening=live and signature.wider is not None,
        own=own_path(signature, desk),
        may_ask=waits(signature, subject.call),
        may_correct=live and not given_up,
        may_withdraw=live,
        may_reinstate=state is SignatureState.WITHDRAWN and not given_up,
    )


def asked_in_words(changed: Changed, words: Words) -> str:
    """Whether and when its mailbox is asked, for nobody shall wait in vain; "" if it need not be."""
    own = words.own
    if changed.asked is None:
        return ""
    if changed.asked is Asking.NOW:
        return own.widens if changed.asks else own.reinstated
    return own.asked_never if changed.asked is Asking.NEVER else own.asked_later


def _stands(state: SignatureState, words: Words) -> str:
    """What has become of the signature, in a sentence. A merged one counts, together with a colleague's."""
    return {
        SignatureState.PENDING: words.own.pending,
        SignatureState.CONFIRMED: words.own.confirmed,
        SignatureState.MERGED: words.own.confirmed,
        SignatureState.LATE: words.own.late,
        SignatureState.WITHDRAWN: words.own.withdrawn,
        SignatureState.REJECTED: words.not_counted,
        SignatureState.PROPOSED: words.looked_at,
    }[state]
