"""The page of a personal link for signing: for an organisation, or in one's own name."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from outreach.domain.correspondence import RoundKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.tokens import Purpose
from outreach.usecases.sign import NotOpen, sign
from outreach.web.approving import draft_answered, draft_page
from outreach.web.desk import AtDesk, Desk
from outreach.web.facts import facts_for
from outreach.web.filling import UNTOUCHED, Filled, form_of, read_filled
from outreach.web.forms import FromOurPage, Posted
from outreach.web.limits import NotTooOften
from outreach.web.misgivings import misgivings
from outreach.web.showing import show, test_link
from outreach.web.subjects import NOBODY, Subject, ids_of, is_late, subject_of
from outreach.web.unsignable import not_open, unsignable

KINDS = {
    Purpose.SIGN_ORGANISATION: SignatureKind.ORGANISATION,
    Purpose.SIGN_INDIVIDUAL: SignatureKind.INDIVIDUAL,
}

router = APIRouter()


@router.api_route("/sign/{token}", methods=["GET", "HEAD"])
def form(token: str, request: Request, desk: AtDesk) -> Response:
    """What can be signed, for whom the link is, and the form; changes nothing."""
    purpose, (call_id, contact_id) = ids_of(token, KINDS, desk.house, count=2)
    if contact_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    with desk.outreach.database.reading() as session:
        subject = subject_of(session, call_id, contact_id, desk.house)
        if subject.call.round is RoundKind.APPROVAL:
            return draft_page(session, subject, desk)
    refused = unsignable(subject.call, KINDS[purpose], subject.words, desk, code=200)
    return refused or _form(subject, KINDS[purpose], desk, UNTOUCHED)


@router.post("/sign/{token}", dependencies=[FromOurPage, NotTooOften])
def submit(token: str, request: Request, desk: AtDesk, posted: Posted) -> Response:
    """Sign, and say that a mail is on its way; the answer is the same whoever has signed before."""
    purpose, (call_id, contact_id) = ids_of(token, KINDS, desk.house, count=2)
    if contact_id == NOBODY:
        return test_link(desk.words_for_stranger(request), desk.house)
    now, kind = desk.outreach.clock.now(), KINDS[purpose]
    filled = read_filled(kind, posted, with_address=False)
    with desk.outreach.database.changing() as session:
        subject = subject_of(session, call_id, contact_id, desk.house)
        if subject.call.round is RoundKind.APPROVAL:
            return draft_answered(session, subject, desk, posted)
        refused = unsignable(subject.call, kind, subject.words, desk, code=409)
        if refused is not None:
            return refused
        doubts = misgivings(filled, subject.words)
        if filled.entry is None or doubts:
            return _form(subject, kind, desk, filled, doubts)
        another = posted.get("another") == "yes"
        signed = sign(
            session,
            subject.call,
            subject.contact,
            filled.entry,
            now=now,
            house=desk.house,
            for_another=another,
            news=filled.news,
        )
    if isinstance(signed, NotOpen):
        return not_open(subject.call, signed.state, subject.words, desk, code=409)
    if not signed.repeated:
        desk.on_change()
    return show(
        "signed",
        subject.words,
        desk.house,
        rehearsal=subject.call.rehearsal,
        letter=subject.letter,
        address=subject.masked_address,
        again="" if subject.in_confidence else _page(subject, "again"),
        late=signed.late,
    )


def _page(subject: Subject, name: str) -> str:
    """A public page of the letter, which has none while it is in confidence."""
    return f"/letters/{subject.call.slug}/{name}?lang={subject.letter.language}"


def _form(
    subject: Subject, kind: SignatureKind, desk: Desk, filled: Filled, doubts: tuple[str, ...] = ()
) -> Response:
    """The form, with what is known in it, or with what was filled in and what is wrong with that."""
    organisation = kind is SignatureKind.ORGANISATION
    known = _known(subject, kind)
    whose = subject.organisation.name if organisation and subject.organisation else ""
    made_for = ", ".join(part for part in (subject.contact.name, whose) if part) or subject.masked_address
    now = desk.outreach.clock.now()
    return show(
        "sign",
        subject.words,
        desk.house,
        code=422 if filled.faults else 200,
        rehearsal=subject.call.rehearsal,
        subject=subject,
        facts=facts_for(subject, now, zone=subject.contact.time_zone),
        form=form_of(kind, subject.words, filled.given or known, filled.faults, with_address=False, doubts=doubts),
        made_for=made_for,
        known_for=whose,
        another=filled.given.get("another") == "yes",
        public_form="" if subject.in_confidence else _page(subject, kind.value),
        late=is_late(subject.call, now),
    )


def _known(subject: Subject, kind: SignatureKind) -> Mapping[str, str]:
    """What is known of the person for whom the link was made, as the form's fields."""
    contact, organisation = subject.contact, subject.organisation
    if kind is SignatureKind.INDIVIDUAL:
        return {"name": contact.name, "country": contact.country}
    return {
        "name": organisation.name if organisation else "",
        "acronym": organisation.acronym if organisation else "",
        "country": (organisation.country if organisation else "") or contact.country,
        "website": organisation.website if organisation else "",
        "signer_name": contact.name,
        "signer_title": contact.role,
    }
