"""smtp-sink from Debian's postfix package: somebody else's server, which fails as it is told to."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.faults.harbour import PATH, free_port
from tests.parts import missing_part

_RECIPIENT = re.compile(r"^X-Rcpt-Args: <([^>]*)>", re.MULTILINE)


class SmtpSink:
    """What it took stands in files, one for each mail."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self._folder = folder

    def arrived(self) -> Counter[str]:
        """How many copies each address got."""
        files = self._folder.glob("mail.*")
        return Counter(to for file in files for to in _RECIPIENT.findall(file.read_text("utf-8", "replace")))

    def forget(self) -> None:
        """Throw away what it has kept until now."""
        for file in self._folder.glob("mail.*"):
            file.unlink()


@contextlib.contextmanager
def smtp_sink(folder: Path, *options: str, port: int = 0) -> Iterator[SmtpSink]:
    """Run it with ``options`` (smtp-sink(1)), for as long as the block lasts."""
    program = shutil.which("smtp-sink", path=PATH) or missing_part("smtp-sink")
    taken = folder / "taken"
    taken.mkdir(exist_ok=True)
    taken.chmod(0o777)  # it insists on being nobody
    port = port or free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with (folder / "smtp-sink.log").open("ab") as said:
        # Its files' names are drawn by lot, and one that is there already would end it.
        # They are named from where it stands: nobody may come there through pytest's folders, which are root's.
        process = subprocess.Popen(  # noqa: S603  our own words
            [program, *user, "-d", f"mail.{time.monotonic_ns()}.", *options, f"127.0.0.1:{port}", "100"],
            stdout=said,
            stderr=said,
            cwd=taken,
        )
    try:
        _wait_for(port, process)
        yield SmtpSink(port, taken)
    finally:
        process.kill()
        process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 10
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, "smtp-sink ended"
        assert time.monotonic() < end, "smtp-sink does not listen"
        time.sleep(0.02)
