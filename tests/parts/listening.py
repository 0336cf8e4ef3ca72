"""Listens to a database for a while, and no longer: the tests of one process share their engines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def listening(engine: sa.Engine, name: str, hear: Callable[..., Any]) -> Iterator[None]:
    """Hear of what the engine does, until the end."""
    sa.event.listen(engine, name, hear)
    try:
        yield
    finally:
        sa.event.remove(engine, name, hear)


def listeners(engine: sa.Engine) -> dict[str, int]:
    """How many listen to what, of what tests listen to."""
    heard = {name: len(getattr(engine.dispatch, name)) for name in ("begin", "commit", "before_cursor_execute")}
    return heard | {
        "connect": len(engine.pool.dispatch.connect),
        "handle_error": len(engine.dialect.dispatch.handle_error),
    }
