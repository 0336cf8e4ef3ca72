"""Where mails end: smtp-sink, our own sink, and either of them far away, each a process with a port of its own."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.parent
PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
PATIENCE = 10.0


def found(program: str) -> str | None:
    """Where a program of Postfix's is: Debian keeps them where users do not look."""
    return shutil.which(program, path=PATH)


@contextlib.contextmanager
def smtp_sink() -> Iterator[int]:
    """The port of Postfix's smtp-sink, which counts and keeps nothing."""
    program = found("smtp-sink")
    if program is None:
        sys.exit("This measures against smtp-sink, which this machine has not got: apt install postfix.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    who = ["-u", "nobody"] if os.geteuid() == 0 else []
    with _running([program, *who, "-m", "1024", f"inet:127.0.0.1:{port}", "1024"]):
        _await(port)
        yield port


def _await(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@contextlib.contextmanager
def own_sink(*, chain: Path | None = None, key: Path | None = None, keep: Path | None = None) -> Iterator[int]:
    """The port of our own sink: with a certificate it speaks TLS from the first byte, ``keep`` is for the mails."""
    with _module("own_sink", chain=str(chain or ""), key=str(key or ""), keep=str(keep or "")) as port:
        yield port


@contextlib.contextmanager
def far_away(port: int, milliseconds: float) -> Iterator[int]:
    """The port of a proxy before that port, so many milliseconds away in each direction."""
    with _module("distance", port=port, milliseconds=milliseconds) as further:
        yield further


@contextlib.contextmanager
def _module(name: str, **given: Any) -> Iterator[int]:
    command = [sys.executable, "-m", f"speed.{name}", json.dumps(given)]
    with _running(command, cwd=HERE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())


@contextlib.contextmanager
def _running(command: list[str], **how: Any) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(command, **how) as process:
        try:
            yield process
        finally:
            process.terminate()
