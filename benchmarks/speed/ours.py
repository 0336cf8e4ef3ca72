"""Outreach, with its whole ledger: the worker as production starts it, until nothing is due."""

import logging
from pathlib import Path
from typing import Any, cast

import uvloop

from outreach.bootstrap import Outreach, build_transport
from outreach.config.logs import write_logs_to_stderr
from outreach.ports.transport import MailTransport
from outreach.store.database import open_database
from outreach.worker.work import work
from speed.campaign import ClockFromNoon, house
from speed.stopwatch import Order, Stopwatch, timed


class WatchedTransport:
    """The way out, which starts the watch when the first connection is asked for, the first mails being claimed.

    Until then a worker looks what is due and what a crash has left, which it does once and not for each mail.
    """

    def __init__(self, transport: MailTransport, watch: Stopwatch) -> None:
        self._transport, self._watch, self._used = transport, watch, False

    def __getattr__(self, name: str) -> Any:
        if name == "open" and not self._used:
            self._used = True
            self._watch.start()
        return getattr(self._transport, name)


def main() -> None:
    """Do what the order says."""
    order = Order.given()
    write_logs_to_stderr(logging.INFO)
    database, folder = open_database(order.database), Path(order.folder)
    settled = house(database, port=order.port, connections=order.connections, ca=order.ca)
    transport = build_transport(settled.settings, folder)

    def send(watch: Stopwatch) -> dict[str, Any]:
        watched = cast("MailTransport", WatchedTransport(transport, watch))
        app = Outreach(folder, settled, database, watched, ClockFromNoon())
        return {"states": uvloop.run(work(app, until_idle=True)).states}

    timed(send)
    database.close()


if __name__ == "__main__":
    main()
