"""The pages that say why a letter cannot be signed, or not in this way."""

from fastapi import Response

from outreach.domain.states import CallState
from outreach.store.tables import Call
from outreach.web.desk import Desk
from outreach.web.showing import notice
from outreach.web.words import Words


def not_open(call: Call, state: CallState, words: Words, desk: Desk, *, code: int) -> Response:
    """Nobody can sign now."""
    title, text = {
        CallState.DRAFT: (words.not_begun_title, words.not_begun),
        CallState.CANCELLED: (words.given_up_title, words.given_up),
    }.get(state, (words.over_title, words.over))
    return notice(words, desk.house, title, text, code=code, rehearsal=call.rehearsal)


def not_taken(call: Call, words: Words, desk: Desk, *, code: int) -> Response:
    """The letter takes no signatures of this kind."""
    form = words.form
    return notice(words, desk.house, form.not_taken_title, form.not_taken, code=code, rehearsal=call.rehearsal)
