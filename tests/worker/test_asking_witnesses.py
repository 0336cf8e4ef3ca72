"""Whom a worker asks about mails in doubt, how often, and what it makes of it when nobody can be asked."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from outreach.bootstrap import Outreach
from outreach.domain.outcomes import Lost, Phase
from outreach.domain.proofs import Proof
from outreach.ports.witness import Seen, WitnessTrouble
from outreach.store.database import Database
from outreach.store.doubts import AT_ONCE
from outreach.worker import reconciling
from outreach.worker.reconciling import AGAIN_AFTER, YOUNG, Reconciler
from tests import make
from tests.stage import RecordingTransport, stage, submit
from tests.worker.setting import invite, people, states


class Deaf:
    """A witness that knows of nothing; ``away``: it cannot be asked."""

    def __init__(self) -> None:
        self.away = False
        self.asked_for: list[int] = []

    def asked(self, message_ids: Collection[str]) -> Sequence[Seen]:
        if self.away:
            raise WitnessTrouble("It does not answer.")
        self.asked_for.append(len(message_ids))
        return [Seen(Proof.SENT_FOLDER)]


def doubtful(database: Database, count: int, witness: Deaf) -> tuple[Outreach, make.TurnedClock]:
    """A workspace with so many mails in doubt, and that witness."""
    house, clock = make.house(database), make.TurnedClock()
    invite(database, house, people(count))
    transport = RecordingTransport(clock, outcomes=[Lost(Phase.DOT, "the line broke")] * count)
    app = stage(database, house, clock, transport)
    submit(app)
    assert states(database) == {"unknown": count}
    return replace(app, witnesses=(witness,)), clock


def test_a_witness_that_cannot_be_asked_is_not_one_that_saw_nothing(sqlite: Database) -> None:
    witness = Deaf()
    app, _ = doubtful(sqlite, 2, witness)
    reconciler = Reconciler(app)
    witness.away = True
    assert reconciler.look() is False
    witness.away = False
    assert reconciler.look() is True
    assert witness.asked_for == [2]
    assert Reconciler(replace(app, witnesses=())).look() is True


def test_what_is_in_doubt_for_long_is_not_asked_about_at_every_ring(sqlite: Database) -> None:
    witness = Deaf()
    app, clock = doubtful(sqlite, 3, witness)
    reconciler = Reconciler(app)
    moment = timedelta(seconds=20)
    for wait in (timedelta(), moment, YOUNG, moment, AGAIN_AFTER, moment):
        clock.turn(wait)
        assert reconciler.look() is True
    assert witness.asked_for == [3] * 3, "twice while young, and an hour after that"


def test_where_more_is_in_doubt_than_can_be_asked_about_silence_means_nothing(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert AT_ONCE > 1
    app, _ = doubtful(sqlite, 2, Deaf())
    monkeypatch.setattr(reconciling, "AT_ONCE", 2)
    assert Reconciler(app).look() is False
