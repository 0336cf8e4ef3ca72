"""A server of a test in a thread with an event loop of its own, so that the test may wait for other things."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager


@contextlib.contextmanager
def in_a_thread(served: AbstractAsyncContextManager[object]) -> Iterator[None]:
    """Serve for as long as the block lasts."""
    ready, over = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        async with served:
            loops.append(asyncio.get_running_loop())
            ready.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10), "the server did not start"
    try:
        yield
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join(10)
