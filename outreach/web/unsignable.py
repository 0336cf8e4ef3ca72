"""The pages that say why a letter cannot be signed, or not in this way."""

from fastapi import Response

from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState
from outreach.store.tables import Call
from outreach.web.desk import Desk
from outreach.web.showing import notice
from outreach.web.subjects import can_be_signed, taken
from outreach.web.words import Words


def unsignable(call: Call, kind: SignatureKind, words: Words, desk: Desk, *, code: int) -> Response | None:
    """The page that says why the letter cannot be signed now, or not by such a signer; None when it can."""
    if not can_be_signed(call):
        return not_open(call, call.state, words, desk, code=code)
    if kind not in taken(call):
        return _not_taken(call, words, desk, code=code)
    return None


def not_open(call: Call, state: CallState, words: Words, desk: Desk, *, code: int) -> Response:
    """Nobody can sign now."""
    title, text = {
        CallState.DRAFT: (words.not_begun_title, words.not_begun),
        CallState.CANCELLED: (words.given_up_title, words.given_up),
    }.get(state, (words.over_title, words.over))
    return notice(words, desk.house, title, text, code=code, rehearsal=call.rehearsal)


def _not_taken(call: Call, words: Words, desk: Desk, *, code: int) -> Response:
    """The letter takes no signatures of this kind."""
    form = words.form
    return notice(words, desk.house, form.not_taken_title, form.not_taken, code=code, rehearsal=call.rehearsal)
