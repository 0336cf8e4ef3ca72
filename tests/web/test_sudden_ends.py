"""A process that dies in the middle of a confirmation leaves it done or not done, and never half."""

import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from outreach.bootstrap import Outreach
from outreach.domain.kinds import MessageKind
from outreach.domain.states import SignatureState
from outreach.store.database import Database, open_database
from outreach.store.tables import Call
from tests import make
from tests.web.visit import Visit, visit

SIGNATURES = 40
CONTEXT = multiprocessing.get_context("fork")


def confirm_all(url: str, here: Visit, links: list[str], begun: Event) -> None:
    """In a process of its own: press one button after the other."""
    database = open_database(url)
    app = Outreach(here.app.folder, here.app.house, database, here.app.transport, here.clock)
    other = Visit(app, here.call, here.idris, here.clock)
    for link in links:
        other.post(link)
        begun.set()


def killed_while_confirming(database: Database, here: Visit, links: list[str], after: float) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    begun = CONTEXT.Event()
    process = CONTEXT.Process(target=confirm_all, args=(url, here, links, begun))
    process.start()
    assert begun.wait(60)
    process.join(after)
    if process.pid is not None and process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join(30)


def receipts_of(here: Visit) -> dict[int, int]:
    found: dict[int, int] = {}
    for mail in here.mails(MessageKind.RECEIPT):
        found[mail.signature_id or 0] = found.get(mail.signature_id or 0, 0) + 1
    return found


@pytest.mark.shows("F53")
def test_a_confirmation_that_is_cut_off_is_whole_or_was_never_begun(database: Database, tmp_path: Path) -> None:
    here = visit(database, tmp_path)
    with database.changing() as session:
        call = session.get_one(Call, here.call.id)
        people = [make.contact(session, here.app.house, f"p{number}@h.example") for number in range(SIGNATURES)]
        given = [
            make.signature(session, call, one, name=f"Person {one.id}", state=SignatureState.PENDING)
            for one in people
        ]
    links = [here.confirmation_link(one) for one in given]
    database.engine.dispose()
    for after in (0.0, 0.07, 0.19):
        killed_while_confirming(database, here, links, after)
        confirmed = [one.id for one in here.signatures() if one.state is SignatureState.CONFIRMED]
        assert receipts_of(here) == {number or 0: 1 for number in confirmed}
        database.engine.dispose()
    assert {page.status_code for page in map(here.post, links)} == {200}
    assert {one.state for one in here.signatures()} == {SignatureState.CONFIRMED}
    assert receipts_of(here) == {one.id or 0: 1 for one in given}
