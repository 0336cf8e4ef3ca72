"""A command that takes in mail, in a process that is forked from one that has read the program already."""

import os
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess

from tests.faults import harbour  # it says what the process is to read that others are forked from
from tests.faults.nursery import run_command

__all__ = ["fetch", "harbour"]

_FORKING = get_context("forkserver")


def fetch(workspace: str, environment: Mapping[str, str], log: str) -> ForkServerProcess:
    """Start ``outreach replies fetch`` in a workspace, with these settings."""
    process = _FORKING.Process(target=_fetch, args=(workspace, dict(environment), log))
    process.start()
    return process


def _fetch(workspace: str, environment: dict[str, str], log: str) -> None:
    os.environ.update(environment)
    run_command(["-w", workspace, "replies", "fetch"], log)
