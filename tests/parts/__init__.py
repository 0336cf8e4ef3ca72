"""The real parts that tests run against: mail servers, good and bad. Nothing here is an imitation of ours."""

import asyncio
import os
from collections.abc import Coroutine
from typing import NoReturn, TypeVar

import pytest

T = TypeVar("T")


def missing_part(name: str) -> NoReturn:
    """Skip the test, saying what is missing; fail it where OUTREACH_TESTS_REQUIRE_PARTS=1 demands every part."""
    why = f"this test needs {name}, and this machine has not got it"
    if os.environ.get("OUTREACH_TESTS_REQUIRE_PARTS") == "1":
        pytest.fail(why)
    pytest.skip(why)


def run(work: Coroutine[None, None, T]) -> T:
    """What ``work`` returns, run to its end on an event loop of its own."""
    return asyncio.run(work)
