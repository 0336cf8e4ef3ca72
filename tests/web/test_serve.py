"""The pages on a real socket."""

import asyncio
import logging
import signal
import socket
from pathlib import Path

import httpx
import pytest

from outreach.adapters.files import FileTransport
from outreach.bootstrap import Outreach
from outreach.domain.errors import Refusal
from outreach.domain.tokens import Purpose, mint
from outreach.store.database import Database
from outreach.web.serve import listen, serve
from tests import make
from tests.web.visit import IN_PERSON


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def workspace(database: Database, folder: Path) -> tuple[Outreach, str]:
    """A workspace on a free port, and the link by which Idris signs."""
    port = free_port()
    house = make.house(database, web={"port": port}, workspace={"base_url": f"http://127.0.0.1:{port}"})
    with database.changing() as session:
        idris = make.contact(session, house, "idris@harbour.example", organisation="Harbour House")
        call, _ = make.launched(session, house)
    token = mint(database.link_key, Purpose.SIGN_INDIVIDUAL, call.id or 0, idris.id or 0)
    app = Outreach(folder, house, database, FileTransport(folder / "outbox"), make.TurnedClock())
    return app, f"http://127.0.0.1:{port}/sign/{token}"


def test_a_signature_wakes_the_engine_in_its_own_loop_and_serving_ends_when_told(
    sqlite: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    app, link = workspace(sqlite, tmp_path)
    handler = signal.getsignal(signal.SIGTERM)

    async def story() -> httpx.Response:
        ready, woken, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(serve(app, on_change=woken.set, ready=ready.set, stop=stop))
        await asyncio.wait_for(ready.wait(), 10)
        assert signal.getsignal(signal.SIGTERM) is handler
        async with httpx.AsyncClient() as client:
            page = await client.post(link, data=IN_PERSON)
            head = await client.head(link)
        await asyncio.wait_for(woken.wait(), 10)
        stop.set()
        await asyncio.wait_for(serving, 10)
        assert (head.status_code, head.content) == (200, b"")
        return page

    page = asyncio.run(story())
    assert page.status_code == 200
    assert "server" not in page.headers
    ours = [line.getMessage() for line in caplog.records if not line.name.startswith(("httpx", "httpcore"))]
    assert not [line for line in ours if "/sign/" in line or "Idris" in line]


def test_a_port_that_is_taken_is_said_in_a_sentence(sqlite: Database, tmp_path: Path) -> None:
    app, _ = workspace(sqlite, tmp_path)
    with listen(app.house.settings), pytest.raises(Refusal, match=r"port \d+.*\[web\] in config.toml"):
        asyncio.run(serve(app, stop=asyncio.Event()))
