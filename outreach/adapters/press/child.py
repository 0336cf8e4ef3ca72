"""Runs a program of the press: it gets its input through a pipe, and a limited time."""

import os
import subprocess
from collections.abc import Sequence
from typing import Final

from outreach.ports.press import PressTrouble

_KEPT: Final = ("HOME", "LANG", "PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR", "XDG_DATA_HOME", "XDG_DATA_DIRS")
"""What of the environment the programs may see; secrets are not among it."""


def run(command: Sequence[str], given: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """What the program answered. PressTrouble: it took longer, or could not be started."""
    seen = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        return subprocess.run(  # noqa: S603  our own command, and nothing of the letter's in it
            command, input=given, capture_output=True, timeout=seconds, check=False, env=seen
        )
    except subprocess.TimeoutExpired:
        raise PressTrouble(
            f"The press was stopped after {seconds:g} seconds. Try again when the machine has less to do."
        ) from None
    except OSError as error:
        raise PressTrouble(f"The press could not be started: {error.strerror}. Install the program anew.") from None
