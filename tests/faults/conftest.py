"""What the tests of faults can ask for by name."""

import pytest

from tests.faults.harbour import stack

__all__ = ["stack"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty, migrated database of each kind."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found
