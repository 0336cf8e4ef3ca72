"""What an official's office wrote, as Rosa lists it, looks at it and puts it on record."""

import json
from datetime import timedelta

import pytest

from outreach.bootstrap import open_workspace
from outreach.domain.states import AddresseeState
from outreach.store.tables import Addressee
from tests import inbound
from tests.cli.conftest import Terminal
from tests.mailed import MISSION, Mailed


@pytest.fixture
def written(rosa: Terminal) -> Terminal:
    """A mail from the mission's address, which nothing proves, is reply 1."""
    opened = open_workspace(rosa.folder)
    now = opened.clock.now()
    with opened.database.changing() as session:
        mailed = Mailed.sent(session, opened.house, copies=())
        mailed.addressee.released_at = now - timedelta(hours=2)
        session.add(mailed.addressee)
        mailed.comes("We acknowledge receipt under reference CHL/17/2027.", to=inbound.OURS, at=now)
    return rosa


def test_the_list_and_the_page_say_whose_office_it_is(written: Terminal) -> None:
    assert "chile-geneva" in written.does("replies", "list")
    (line,) = json.loads(written.does("replies", "list", "--json"))["replies"]
    assert (line["official"], line["call"], line["contact"], line["sender"]) == ("chile-geneva", "", "", MISSION)
    shown = written.does("replies", "show", "1")
    assert "Official  chile-geneva" in shown
    assert "not placed yet" not in shown
    assert "outreach replies place 1 --official chile-geneva" in " ".join(shown.split())


def test_it_is_put_on_record_with_its_letter(written: Terminal) -> None:
    assert "is on record as answer 1 of chile-geneva" in written.does(
        "replies", "place", "1", "--official", "chile-geneva", "--letter", "safe-passage"
    )
    opened = open_workspace(written.folder)
    with opened.database.reading() as session:
        addressee = session.get_one(Addressee, 1)
        assert (addressee.state, addressee.reference) == (AddresseeState.ACKNOWLEDGED, "CHL/17/2027")
    assert "Nothing waits for a person." in written.does("replies", "list")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--letter", "safe-passage"), 2, "--official POST"),
        (("--official", "chile-geneva", "safe-passage"), 2, "belongs to no call"),
        (("--official", "chile-genva"), 1, "Did you mean chile-geneva"),
        (("--official", "chile-geneva", "--letter", "save-passage"), 1, "Did you mean safe-passage"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_has_changed(
    written: Terminal, words: tuple[str, ...], code: int, said: str
) -> None:
    assert said in " ".join(written.is_refused("replies", "place", "1", *words, code=code).split())
    (line,) = json.loads(written.does("replies", "list", "--json"))["replies"]
    assert line["matched_by"] == "sender"
