"""A pause stops a call's bulk mail; where nothing is under way there is nothing to pause."""

import pytest

from outreach.domain.errors import Refusal
from outreach.store.database import Database
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.pause_call import pause_call
from outreach.usecases.resume_call import resume_call
from tests import make


def test_a_draft_and_a_cancelled_call_cannot_be_paused(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = make.call(session, house)
        with pytest.raises(Refusal, match=r"\(it is draft\)"):
            pause_call(session, call, now=make.NOON, by="Rosa")
        cancel_call(session, call, now=make.NOON, by="Rosa")
        with pytest.raises(Refusal, match="nothing to pause"):
            pause_call(session, call, now=make.NOON, by="Rosa")


def test_pausing_twice_and_resuming_what_runs_are_refused(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        with pytest.raises(Refusal, match="is not paused"):
            resume_call(session, call, now=make.NOON, by="Rosa")
        pause_call(session, call, now=make.NOON, by="Rosa")
        with pytest.raises(Refusal, match="has been paused since 2027-01-11 12:00 UTC"):
            pause_call(session, call, now=make.NOON, by="Rosa")
