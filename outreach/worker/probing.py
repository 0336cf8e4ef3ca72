"""Looks every ten minutes, and when asked, whether all that the workspace depends on works; keeps what it found."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from outreach.adapters.probes.together import Probes
from outreach.bootstrap import Outreach
from outreach.domain.health import Check, Finding, Level, judge_disk, judge_integrity
from outreach.domain.mail_health import judge_dns, judge_mailbox, judge_smtp
from outreach.queries.health import as_data, last_probing
from outreach.store.accounts import resting
from outreach.store.remembered import PROBE_ASKED, PROBED, remember, remembered_moment
from outreach.store.vitals import damage
from outreach.worker.trouble import described

EVERY = timedelta(minutes=10)
WHOLE_EVERY = timedelta(days=1)
"""How often the whole database is read: on SQLite that is work."""
LOOK_SECONDS = 5.0
"""How often the worker looks whether somebody asked."""
CHECK_SECONDS = 20.0
SETTLING_LOOKS = 4
"""So many times a new worker probes only if asked: what waits goes first, and accounts allow few connections."""

log = structlog.get_logger(__name__)


async def probe(app: Outreach, *, offline: bool = False, log_in: bool = True, whole: bool = True) -> list[Finding]:
    """What is found by asking servers and the disk; no mail is sent and none is read.

    ``offline``: nobody outside of this machine is asked. ``log_in``: whether the mail account may be tried.
    ``whole``: whether the database is checked, for CHECK_SECONDS at most.
    """
    probes = app.probes() if app.probes else None
    if probes is None:
        return []
    found = [judge_disk(probes.free_bytes())]
    if whole:
        found.append(judge_integrity(await asyncio.to_thread(damage, app.database, CHECK_SECONDS)))
    if not offline:
        found += await _outside(probes, app.clock.now(), log_in=log_in)
    return found


async def _outside(probes: Probes, now: datetime, *, log_in: bool) -> list[Finding]:
    """All are asked at once: the slowest says how long it takes."""
    smtp, mailbox, records = await asyncio.gather(
        probes.smtp() if probes.smtp and log_in else _nothing(),
        asyncio.to_thread(probes.mailbox) if probes.mailbox else _nothing(),
        probes.dns() if probes.dns else _nothing(),
    )
    found: list[Finding] = []
    if smtp is not None:
        found += judge_smtp(smtp, now)
    if mailbox is not None:
        found += judge_mailbox(mailbox, now)
    if records is not None:
        found += judge_dns(records)
    return found


async def _nothing() -> None:
    """There is nobody to ask."""


class Prober:
    """Probes for ever. What it last found is kept in the database, where every page and every worker sees it."""

    def __init__(self, app: Outreach) -> None:
        self._app = app

    def run(self, stopped: Callable[[], bool], rest: Callable[[float], object]) -> None:
        """Probe until ``stopped``; ``rest`` waits for so many seconds, or until stopped."""
        looks = 0
        while not stopped():
            try:
                self.once(settled=looks >= SETTLING_LOOKS)
            except Exception as error:  # noqa: BLE001  the next look may go better, and the worker goes on
                log.error("the look at the workspace's health failed", why=described(error))  # noqa: TRY400  no traceback: it may quote names
            rest(LOOK_SECONDS)
            looks += 1

    def once(self, *, settled: bool = True) -> bool:
        """Probe if it is time, or if somebody asked since the last probing; whether it was."""
        app, now = self._app, self._app.clock.now()
        with app.database.reading() as session:
            last, asked_at = last_probing(session), remembered_moment(session, PROBE_ASKED)
            account = resting(session, now)
        asked = asked_at is not None and (last is None or asked_at > last.at)
        if not asked and (not settled or (last is not None and now - last.at < EVERY)):
            return False
        checked_at = last.whole_at if last else None
        whole = checked_at is None or now - checked_at >= WHOLE_EVERY
        # Nobody tries a wrong password again and again: the provider would lock the account.
        log_in = asked or account is None or not account.needs_person
        findings = asyncio.run(probe(app, log_in=log_in, whole=whole))
        if not whole and last:
            findings += [one for one in last.findings if one.check is Check.INTEGRITY]
        self._keep(findings, now, now if whole else checked_at)
        return True

    def _keep(self, findings: list[Finding], now: datetime, whole_at: datetime | None) -> None:
        for one in findings:
            if one.level is Level.FAULT:
                log.warning("something is wrong", check=one.check.value, see="outreach doctor")
        kept = {
            "at": now.isoformat(),
            "whole_at": whole_at.isoformat() if whole_at else None,
            "findings": as_data(findings),
        }
        with self._app.database.changing() as session:
            remember(session, PROBED, json.dumps(kept, ensure_ascii=False))


@contextmanager
def probing(app: Outreach) -> Iterator[None]:
    """The prober at work beside the engine, in a thread of its own: servers may take long to answer."""
    if app.probes is None:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=Prober(app).run, args=(stop.is_set, stop.wait), name="prober")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
