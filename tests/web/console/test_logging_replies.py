"""What came by telephone, by post or in a meeting is logged in the console, and counts as a mail would."""

import pytest

from outreach.domain.replies import Channel, ReplyKind
from outreach.domain.states import ReplyState
from tests.web.console.seated import seated
from tests.web.console.sorted_replies import stands
from tests.web.visit import Visit

CALLED = {"contact": "idris@harbour.example", "call": "safe-passage", "channel": "telephone", "kind": "declines"}


def test_what_came_by_telephone_is_logged_and_counts(here: Visit) -> None:
    rosa = seated(here)
    filled = {
        "contact": "idris@harbour.example",
        "call": "safe-passage",
        "channel": "telephone",
        "kind": "declines",
    }
    rosa.does("/console/replies/log", filled | {"text": "Not this year.", "at": "2027-01-11T11:30"})
    logged = stands(here, 1)
    assert (logged.channel, logged.kind, logged.state) == (Channel.TELEPHONE, ReplyKind.DECLINES, ReplyState.DONE)
    assert logged.at.isoformat() == "2027-01-11T10:30:00+00:00"
    page = rosa.does("/console/replies/log", filled | {"kind": "signs", "channel": "meeting", "text": "Yes."}).text
    assert "Accept the signature of" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"contact": ""}, "Say from whom it came"),
        ({"contact": "nobody@nowhere.example"}, "There is no contact"),
        ({"call": ""}, "Choose the call."),
        ({"kind": "bounce"}, "Choose what it says."),
        ({"channel": "mail"}, "Choose the way"),
        ({"text": " "}, "Write what was said"),
        ({"at": "2031-01-01T00:00"}, "yet to come"),
        ({"at": "yesterday"}, "yesterday"),
    ],
)
def test_what_cannot_be_logged_leaves_the_form_as_it_was_typed(
    here: Visit, changed: dict[str, str], said: str
) -> None:
    rosa = seated(here)
    answer = rosa.post("/console/replies/log", CALLED | {"text": "Who “signs”?", **changed})
    assert answer.status_code == 422
    assert said in answer.text
    assert "Who “signs”?" in answer.text or "text" in changed
