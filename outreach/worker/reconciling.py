"""Asks the witnesses about mails in doubt: before anything of them may be submitted once more."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from outreach.bootstrap import Outreach
from outreach.ports.witness import Seen, WitnessTrouble
from outreach.rendering.personal import message_id
from outreach.store.doubts import AT_ONCE, Doubt, doubts
from outreach.usecases.reconcile_unknown import reconcile_unknown

YOUNG: Final = timedelta(minutes=10)
"""So long a mail in doubt is asked about whenever it is asked at all; afterwards once in ``AGAIN_AFTER``."""
AGAIN_AFTER: Final = timedelta(hours=1)

log = structlog.get_logger(__name__)


class Reconciler:
    """Settles by proof what is in doubt, for one worker.

    What a person has to decide may stay in doubt for weeks: it is asked about again, but not at each ring.
    """

    def __init__(self, app: Outreach) -> None:
        self._app = app
        self._asked: dict[Doubt, datetime] = {}

    def look(self) -> bool:
        """Whether every witness could be asked about everything, so that silence means something.

        Without witnesses, or without doubts, nobody is asked anything.
        """
        if not self._app.witnesses:
            return True
        with self._app.database.reading() as session:
            doubtful = doubts(session)
        now = self._app.clock.now()
        self._asked = {doubt: self._asked[doubt] for doubt in doubtful if doubt in self._asked}
        due = [one for one in doubtful if one not in self._asked or _is_due(one, self._asked[one], now)]
        if not due:
            return len(doubtful) < AT_ONCE
        said, heard = self._ask(due)
        if heard:
            self._asked |= dict.fromkeys(due, now)
        with self._app.database.changing() as session:
            sent, again = reconcile_unknown(session, due, said, now=now, house=self._app.house)
        if sent or again:
            log.info("mails in doubt are settled by proof", sent=sent, not_taken=again)
        return heard and len(doubtful) < AT_ONCE

    def _ask(self, doubtful: Sequence[Doubt]) -> tuple[list[Seen], bool]:
        """What the witnesses say, and whether all of them said something."""
        asked = [message_id(one.message_id, self._app.house) for one in doubtful]
        said: list[Seen] = []
        heard = True
        for witness in self._app.witnesses:
            try:
                said += witness.asked(asked)
            except WitnessTrouble as trouble:
                heard = False
                log.warning("mails in doubt cannot be looked up", why=str(trouble))
        return said, heard


def _is_due(doubt: Doubt, asked_at: datetime, now: datetime) -> bool:
    return now - doubt.since < YOUNG or now - asked_at >= AGAIN_AFTER
