"""Lanes: each is one connection, opened when there is something to submit and closed when there is not."""

import asyncio
from collections import Counter
from functools import partial

from outreach.domain.outcomes import Lost, NoSession, Outcome, Phase
from outreach.ports.transport import Envelope, Hold, MailSession, MailTransport
from outreach.worker.trouble import described

SLOTS = 2
"""Messages for each connection: one that is being submitted, and one behind it."""


class Lane:
    """A connection that its slots share; ``domains``: to whom its messages go."""

    def __init__(self, transport: MailTransport) -> None:
        self._transport = transport
        self._session: MailSession | None = None
        self._opening: asyncio.Task[MailSession | NoSession] | None = None
        self._at_work = 0
        self._last: asyncio.Future[None] | None = None
        self.domains: Counter[str] = Counter()

    @property
    def session(self) -> MailSession | None:
        """The session, if it can be used."""
        return self._session if self._session is not None and self._session.usable else None

    async def open(self) -> MailSession | NoSession:
        """A session; slots that ask at the same time get the same answer."""
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
        try:
            return await asyncio.shield(self._opening)
        finally:
            if self._opening is not None and self._opening.done():
                self._opening = None

    async def _open(self) -> MailSession | NoSession:
        await self._close()
        try:
            opened = await self._transport.open()
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  the port promises a value; nothing has been said to anybody yet
            return NoSession(Phase.CONNECT, described(error))
        if not isinstance(opened, NoSession):
            self._session = opened
        return opened

    def enter(self) -> None:
        """A slot is at work."""
        self._at_work += 1

    async def leave(self) -> None:
        """A slot has nothing to do; the last one lets the connection go."""
        self._at_work -= 1
        if not self._at_work:
            await self._close()

    async def submit(
        self, session: MailSession, envelope: Envelope, written_down: asyncio.Future[None], hold: Hold
    ) -> Outcome:
        """What came of an envelope, also where a session breaks its promise never to raise.

        Its text waits until what came of the mail before is written down; whoever writes down what came of this
        one says so with ``written_down``. It waits for what ``hold`` gives as well.
        """
        before, self._last = self._last, written_down
        both = hold if before is None or before.done() else partial(_after, before, hold)
        try:
            return await session.submit(envelope, both)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  whoever breaks that leaves a doubt
            await session.close()
            return Lost(Phase.DOT, described(error))

    def take_off(self, domain: str) -> None:
        """A message to ``domain`` is no longer on this lane."""
        self.domains[domain] -= 1
        if not self.domains[domain]:
            del self.domains[domain]

    async def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def _after(before: asyncio.Future[None], hold: Hold) -> asyncio.Future[None] | None:
    return hold() if before.done() else before
