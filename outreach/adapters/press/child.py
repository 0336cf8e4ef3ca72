"""Runs the programs of the press: they get their input through a pipe, and a limited time."""

import os
import subprocess
import threading
from collections.abc import Sequence
from typing import Final, Self

from outreach.ports.press import PressTrouble

_KEPT: Final = ("HOME", "LANG", "PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR", "XDG_DATA_HOME", "XDG_DATA_DIRS")
"""What of the environment the programs may see; secrets are not among it."""


class Conversation:
    """A program that is given one thing after another, each with its own limited time.

    Between them it keeps all that it has loaded; when it was stopped or has died, the next thing starts it anew.
    """

    def __init__(self, command: Sequence[str], seconds: float) -> None:
        self._command, self._seconds = command, seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None

    def ask(self, line: bytes) -> tuple[bool, bytes]:
        """What it makes of a line: whether it could, and the content or the diagnostic.

        PressTrouble: it took longer, ended without a word, or could not be started.
        """
        process = self._process or self._start()
        watch = threading.Timer(self._seconds, process.kill)
        watch.start()
        try:
            return self._said(process, line)
        except OSError:
            raise self._ended(watch) from None
        finally:
            watch.cancel()

    def _said(self, process: subprocess.Popen[bytes], line: bytes) -> tuple[bool, bytes]:
        if process.stdin is None or process.stdout is None:
            raise OSError
        process.stdin.write(line + b"\n")
        process.stdin.flush()
        word, _, size = process.stdout.readline().partition(b" ")
        content = process.stdout.read(int(size)) if size.strip() else b""
        if not size.strip() or len(content) < int(size):
            raise OSError
        return word == b"ok", content

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own command, and nothing of the letter's in it
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_seen()
            )
        except OSError as error:
            raise _not_started(error) from None
        return self._process

    def _ended(self, watch: threading.Timer) -> PressTrouble:
        """Why there is no answer: the process is gone, by our watch or by itself."""
        late = not watch.is_alive()
        self.__exit__()
        return _too_slow(self._seconds) if late else PressTrouble("The press ended without a word. Try again.")


def run(command: Sequence[str], given: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """What the program answered. PressTrouble: it took longer, or could not be started."""
    try:
        return subprocess.run(  # noqa: S603  our own command, and nothing of the letter's in it
            command, input=given, capture_output=True, timeout=seconds, check=False, env=_seen()
        )
    except subprocess.TimeoutExpired:
        raise _too_slow(seconds) from None
    except OSError as error:
        raise _not_started(error) from None


def _seen() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def _too_slow(seconds: float) -> PressTrouble:
    return PressTrouble(
        f"The press was stopped after {seconds:g} seconds. Try again when the machine has less to do."
    )


def _not_started(error: OSError) -> PressTrouble:
    return PressTrouble(f"The press could not be started: {error.strerror}. Install the program anew.")
