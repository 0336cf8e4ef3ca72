"""Plays the demo's story: the clock jumps from one moment to the next at which something happens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import select

from outreach.demo.stage import BY, Stage
from outreach.domain.states import CallState, SignatureState
from outreach.store.calls import find_call
from outreach.store.editions import is_signed_off
from outreach.store.moments import next_moment
from outreach.store.outbox import next_due
from outreach.store.ownership import owning
from outreach.store.tables import Call, Signature
from outreach.usecases.accept_signature import accept_signature
from outreach.usecases.ring import ring
from outreach.usecases.sign_off import sign_off
from outreach.worker.engine import Engine
from outreach.worker.intake import Intake
from outreach.worker.ledger import Ledger

LOOKS_FOR = timedelta(days=1)
"""How long Rosa looks at her desk before she signs off."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the story stands after a jump of the clock."""

    now: datetime
    mails: int
    acts: int
    state: CallState


async def play(stage: Stage, *, shown: Callable[[Scene], None], until: datetime | None = None) -> None:
    """Play until the letter is released and nothing is left to send or to do, or ``until`` that moment."""
    with owning(stage.app.database) as owner:
        ledger = Ledger(stage.app.database, owner, rehearsal=False)
        try:
            while True:
                await _scene(stage, ledger)
                with stage.app.database.reading() as session:
                    state = session.get_one(Call, stage.call.id).state
                shown(Scene(stage.clock.now(), len(stage.world.arrivals), len(stage.people.done), state))
                moment = _next(stage)
                if until is not None and (moment is None or moment > until):
                    stage.clock.turn_to(until)
                    return
                if moment is None:
                    return
                stage.clock.turn_to(moment)
        finally:
            ledger.close()


async def settled(stage: Stage) -> None:
    """Submit what waits at this moment."""
    await play(stage, shown=lambda _scene: None, until=stage.clock.now())


async def _scene(stage: Stage, ledger: Ledger) -> None:
    """Let people act, ring, and submit, until nothing more happens at this moment."""
    now = stage.clock.now()
    await ledger.run(lambda: stage.people.act(now))
    await ledger.run(lambda: _read_answers(stage, now))
    await ledger.run(lambda: _sign_off(stage, now))
    await ledger.run(lambda: _ring(stage, now))
    await Engine(ledger, stage.app.transport, stage.clock, stage.app.house).run(until_idle=True)
    stage.people.read_mail()


def _read_answers(stage: Stage, now: datetime) -> None:
    """Take in what came back; Rosa accepts who would sign by mail, and leaves the rest for whoever watches."""
    if stage.app.mailbox is None:
        raise ValueError("the stage has no mailbox")
    Intake(stage.app, stage.app.mailbox).once()
    with stage.app.database.changing() as session:
        for signature in session.exec(select(Signature).where(Signature.state == SignatureState.PROPOSED)).all():
            accept_signature(session, signature, now=now, house=stage.app.house, by=BY)


def _sign_off(stage: Stage, now: datetime) -> None:
    """A day after signing has ended Rosa signs off the list: the release waits for that."""
    due = _sign_off_due(stage)
    if due is None or now < due:
        return
    with stage.app.database.changing() as session:
        sign_off(session, find_call(session, stage.call.slug), now=now, by=BY, house=stage.app.house)


def _sign_off_due(stage: Stage) -> datetime | None:
    with stage.app.database.reading() as session:
        call = session.get_one(Call, stage.call.id)
        if call.state is not CallState.CLOSED or call.closed_at is None or is_signed_off(session, call):
            return None
        return call.closed_at + LOOKS_FOR


def _ring(stage: Stage, now: datetime) -> None:
    with stage.app.database.changing() as session:
        ring(session, now=now, house=stage.app.house)


def _next(stage: Stage) -> datetime | None:
    """The next moment at which the clock, a mail or a person has something to do."""
    now = stage.clock.now()
    with stage.app.database.reading() as session:
        moments = [next_moment(session, now), next_due(session, rehearsal=False), stage.people.next_at()]
    moments.append(_sign_off_due(stage))
    return min((moment for moment in moments if moment is not None), default=None)
