"""``outreach web``: the pages in a process of their own, beside a worker or without one."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from outreach.adapters.sample import make_workspace
from tests import make
from tests.web.test_serve import free_port

IN_SECONDS = 30


def answer(address: str, process: "subprocess.Popen[bytes]") -> httpx.Response:
    """The page, as soon as there is one."""
    for _ in range(IN_SECONDS * 10):
        assert process.poll() is None, "it ended"
        try:
            return httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(address)


def test_the_pages_are_served_without_a_worker_until_they_are_told_to_stop(tmp_path: Path) -> None:
    folder, port = tmp_path / "workspace", free_port()
    make_workspace(folder)
    said = tmp_path / "said"
    with said.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  our own interpreter
            [sys.executable, "-m", "outreach", "--workspace", str(folder), "web"],
            env={"OUTREACH_WEB__PORT": str(port)},
            stdout=log,
            stderr=log,
            cwd=make.ROOT,
        )
    try:
        assert answer(f"http://127.0.0.1:{port}/healthz", process).text == "ok"
        assert httpx.get(f"http://127.0.0.1:{port}/console/log-in").status_code == httpx.codes.OK
        process.send_signal(signal.SIGTERM)
        assert process.wait(IN_SECONDS) == 0
    finally:
        process.kill()
    assert f"http://127.0.0.1:{port}/console" in said.read_text()
    assert "Traceback" not in said.read_text()
