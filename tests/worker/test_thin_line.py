"""The thinnest line through the whole: a call is launched and its mails leave."""

import asyncio
from pathlib import Path

from outreach.adapters.files import FileTransport
from outreach.bootstrap import Outreach
from outreach.domain.states import MessageState
from outreach.store.database import Database
from outreach.worker.work import work
from tests import make


def test_a_launched_call_becomes_mails(database: Database, tmp_path: Path) -> None:
    house = make.house(database, mail={"transport": "files"})
    with database.changing() as session:
        for name in ("idris", "amal", "lucia"):
            make.contact(session, house, f"{name}@harbour.example", organisation=f"{name} house")
        _, launched = make.launched(session, house)
    assert launched.invitations == 3
    app = Outreach(tmp_path, house, database, FileTransport(tmp_path / "outbox"), make.TurnedClock())

    tally = asyncio.run(work(app, until_idle=True))

    assert tally.states == {"sent": 3}
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 3
    with database.reading() as session:
        assert {message.state for message in make.messages(session)} == {MessageState.SENT}
