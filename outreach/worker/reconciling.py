"""Asks the witnesses about mails in doubt: before anything of them may be submitted once more."""

import structlog

from outreach.bootstrap import Outreach
from outreach.ports.witness import Seen, WitnessTrouble
from outreach.rendering.personal import message_id
from outreach.store.doubts import doubts
from outreach.usecases.reconcile_unknown import reconcile_unknown

log = structlog.get_logger(__name__)


def reconcile(app: Outreach) -> None:
    """Settle by proof what is in doubt. Without witnesses, or without doubts, nobody is asked anything."""
    if not app.witnesses:
        return
    with app.database.reading() as session:
        doubtful = doubts(session)
    if not doubtful:
        return
    asked = [message_id(one.message_id, app.house) for one in doubtful]
    said: list[Seen] = []
    for witness in app.witnesses:
        try:
            said.append(witness.asked(asked))
        except WitnessTrouble as trouble:
            log.warning("mails in doubt cannot be looked up", why=str(trouble))
    with app.database.changing() as session:
        sent, again = reconcile_unknown(session, doubtful, said, now=app.clock.now(), house=app.house)
    if sent or again:
        log.info("mails in doubt are settled by proof", sent=sent, not_taken=again)
