"""Mails in doubt are settled by what the relay's log says: real workers, a real Postfix, and nobody gets two."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from sqlmodel import col, select

from outreach.domain.proofs import Proof
from outreach.domain.states import MessageState
from outreach.queries.audit import audit
from outreach.store.tables import Attempt, Event
from tests import make
from tests.parts.mailstack import MailStack
from tests.worker.setting import states
from tests.worker.test_signals import ADDRESSES, Harbour, end, harbour, stack

__all__ = ["stack"]


class Gate:
    """Stands before Postfix; once ``shut``, it keeps to itself that Postfix has taken a mail."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self.shut = True
        self.kept = threading.Event()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        for each in (self._door, *self._open):
            each.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                self._open += [client, server]
                for source, to in ((client, server), (server, client)):
                    threading.Thread(target=self._pass, args=(source, to), daemon=True).start()

    def _pass(self, source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self.shut and b"queued as" in data:
                    self.kept.set()
                    continue
                to.sendall(data)
        with suppress(OSError):
            to.shutdown(socket.SHUT_WR)


@pytest.fixture
def gate(mailstack: MailStack) -> Iterator[Gate]:
    made = Gate(mailstack.smtp_port)
    yield made
    made.close()


def set_in(folder: Path, **lines: str) -> None:
    """Change lines of config.toml, or add them to [mail]."""
    text = (folder / "config.toml").read_text(encoding="utf-8")
    for name, value in lines.items():
        text, found = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        text = text if found else text.replace("[mail]\n", f"[mail]\n{name} = {value}\n")
    (folder / "config.toml").write_text(text, encoding="utf-8")


def dies_after_the_dot(each: Harbour, gate: Gate) -> None:
    each.start("worker")
    assert gate.kept.wait(60), each.log
    end(each)
    gate.shut = False


@pytest.mark.parametrize("kept_in", ["sqlite", "postgresql"])
@pytest.mark.shows("F1", "F15")
def test_a_worker_that_dies_between_the_dot_and_its_note_of_it_sends_nobody_a_second_copy(
    tmp_path: Path, stack: ExitStack, mailstack: MailStack, gate: Gate, request: pytest.FixtureRequest, kept_in: str
) -> None:
    each = harbour(stack, tmp_path, request.getfixturevalue(f"{kept_in}_url"), connections=1)
    log = mailstack.folder / "data" / "maillog"
    set_in(tmp_path, port=str(gate.port), relay_log=f'"{log}"', when_unknown='"again"')
    before = {address: len(mailstack.delivered(address)) for address in ADDRESSES}
    dies_after_the_dot(each, gate)
    assert each.start("worker", "--until-idle").wait(60) == 0, each.log
    assert "mails in doubt are settled by proof" in each.log
    with each.opened() as app:
        found = states(app.database)
        assert found["sent"] + found["unknown"] == len(ADDRESSES)
        assert found["unknown"] <= 1, "a second one was claimed, and perhaps handed over in part"
        with app.database.reading() as session:
            proofs = session.exec(select(Attempt).where(Attempt.reason == Proof.RELAY_LOG)).all()
            assert proofs
            assert all("qmgr" in one.detail for one in proofs)
            told = session.exec(select(Event).where(Event.verb == "reconcile_unknown")).all()
            assert [one.facts["proof"] for one in told] == [Proof.RELAY_LOG] * len(proofs)
            assert audit(session, app.clock.now()).disagreements == ()
            sent = [one.address for one in make.messages(session) if one.state is MessageState.SENT]
            assert session.exec(select(Attempt).where(col(Attempt.state) == MessageState.QUEUED)).all() == []
    for address in sent:
        assert len(mailstack.arrived(address, before[address] + 1)) == before[address] + 1
