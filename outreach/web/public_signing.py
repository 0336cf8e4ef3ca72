"""The two public forms of a letter: one for organisations, one for individuals."""

from fastapi import APIRouter, HTTPException, Request, Response

from outreach.domain.entries import Fault, FaultReason
from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line
from outreach.domain.signatures import SignatureKind
from outreach.usecases.sign import Ignored, NotOpen, sign_publicly
from outreach.web.desk import AtDesk, Desk
from outreach.web.facts import facts_of
from outreach.web.filling import ADDRESS, LONGEST_SHOWN, UNTOUCHED, Filled, form_of, read_filled
from outreach.web.forms import FromOurPage, Posted
from outreach.web.limits import NotTooOften
from outreach.web.misgivings import misgivings
from outreach.web.showing import show
from outreach.web.subjects import NO_SUCH_LINK, Seen, is_late, seen, taken
from outreach.web.unsignable import not_open, unsignable

router = APIRouter()


@router.api_route("/letters/{slug}/{kind}", methods=["GET", "HEAD"])
def form(slug: str, kind: str, request: Request, desk: AtDesk, lang: str = "") -> Response:
    """The empty form."""
    as_what = _kind(kind)
    with desk.outreach.database.reading() as session:
        letter = seen(session, slug, request, lang)
    refused = unsignable(letter.call, as_what, letter.words, desk, code=200)
    return refused or _form(letter, as_what, desk, UNTOUCHED)


@router.post("/letters/{slug}/{kind}", dependencies=[FromOurPage, NotTooOften])
def submit(slug: str, kind: str, request: Request, desk: AtDesk, posted: Posted, lang: str = "") -> Response:
    """Sign, and say that a mail is on its way: the same to everybody, whoever has signed, and if none is."""
    as_what = _kind(kind)
    filled = read_filled(as_what, posted, with_address=True)
    now = desk.outreach.clock.now()
    try:
        with desk.outreach.database.changing() as session:
            letter = seen(session, slug, request, lang)
            refused = unsignable(letter.call, as_what, letter.words, desk, code=409)
            if refused is not None:
                return refused
            doubts = misgivings(filled, letter.words)
            if filled.entry is None or doubts:
                return _form(letter, as_what, desk, filled, doubts)
            signed = sign_publicly(
                session,
                letter.call,
                filled.address,
                filled.entry,
                now=now,
                house=desk.house,
                language=letter.letter.language,
                news=filled.news,
            )
    except InvalidInput:  # the address is one of our own
        fault = Fault(ADDRESS, FaultReason.CONTACT_DETAILS)
        return _form(letter, as_what, desk, Filled(posted, None, filled.address, (fault,)))
    if isinstance(signed, NotOpen):
        return not_open(letter.call, signed.state, letter.words, desk, code=409)
    if not isinstance(signed, Ignored) and not signed.repeated:
        desk.on_change()
    return show(
        "signed",
        letter.words,
        desk.house,
        rehearsal=letter.call.rehearsal,
        letter=letter.letter,
        address=clean_line(filled.address, LONGEST_SHOWN),
        again=f"/letters/{slug}/again?lang={letter.letter.language}",
        late=signed.late,
    )


def _kind(kind: str) -> SignatureKind:
    if kind not in {one.value for one in SignatureKind}:
        raise HTTPException(NO_SUCH_LINK)
    return SignatureKind(kind)


def _form(letter: Seen, kind: SignatureKind, desk: Desk, filled: Filled, doubts: tuple[str, ...] = ()) -> Response:
    now = desk.outreach.clock.now()
    other = next((one for one in taken(letter.call) if one is not kind), None)
    here, language = f"/letters/{letter.call.slug}", letter.letter.language
    return show(
        "sign-publicly",
        letter.words,
        desk.house,
        code=422 if filled.faults else 200,
        rehearsal=letter.call.rehearsal,
        headers={"Vary": "Accept-Language"},
        letter=letter.letter,
        facts=facts_of(letter.call, letter.letter, letter.words, now),
        form=form_of(kind, letter.words, filled.given, filled.faults, with_address=True, doubts=doubts),
        other=f"{here}/{other.value}?lang={language}" if other else "",
        again=f"{here}/again?lang={language}",
        late=is_late(letter.call, now),
    )
