"""Any mixture of what servers do, in any pieces: what became of each mail is what a simple model says."""

import asyncio
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pytest
import uvloop
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from outreach.adapters.smtp import SmtpAccount, SmtpTimeouts, SmtpTransport
from outreach.domain.outcomes import Accepted, Declined, Lost, NoSession, Outcome, Phase, Unbegun
from tests.adapters.mails import envelope
from tests.parts import run

MAIL, RCPT, DATA, DOT = ORDER = (Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT)
HASTY = SmtpTimeouts(*[0.3] * 10)


class Act(Enum):
    """What the server does when it has heard a verb."""

    YES = "yes"
    LATER = "451 4.3.0 later"
    NEVER = "550 5.1.1 never"
    CLOSING = "421 4.3.2 closing"
    GARBAGE = "no reply"
    ASTRAY = "a positive reply of another place"
    END = "the connection ends"
    SILENCE = "nothing"
    TWICE = "a positive reply, and once more"


REFUSALS = {Act.LATER, Act.NEVER}
Script = dict[Phase, Act]


class Pieces(Enum):
    """How replies are cut on their way."""

    WHOLE = "all that there is in one segment"
    REPLIES = "each reply alone"
    BYTES = "every byte alone"


@dataclass
class Server(asyncio.Protocol):
    """Follows a script for each mail, without any sense of its own: it is ready for a text whatever was refused."""

    scripts: list[Script]
    pieces: Pieces
    texts: list[bytes] = field(default_factory=list)
    mail: int = -1
    text: bytes | None = None
    received: bytes = b""
    replies: list[bytes] = field(default_factory=list)
    mute: bool = False
    hello: bytes = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._out(b"220 hello\r\n")

    def data_received(self, data: bytes) -> None:
        self.received += data
        while not self.mute and b"\n" in self.received:
            line, self.received = self.received.split(b"\r\n", 1)
            if self.text is None:
                self._hear(line)
            elif line == b".":
                if self.text:
                    self.texts.append(self.text)
                self.text = None
                self._act(DOT, b"250 2.0.0 taken\r\n", b"354 once more?\r\n")
            else:
                self.text += line + b"\r\n"
        if self.pieces is Pieces.WHOLE and self.replies:
            self._out(b"".join(self.replies))
            self.replies.clear()

    def _hear(self, line: bytes) -> None:
        match line[:4]:
            case b"MAIL":
                self.mail += 1
                self._act(MAIL, b"250 2.1.0 ok\r\n", b"354 go on\r\n")
            case b"RCPT":
                self._act(RCPT, b"250 2.1.5 ok\r\n", b"354 go on\r\n")
            case b"DATA":
                if self._script(DATA) in {Act.YES, Act.TWICE}:
                    self.text = b""
                self._act(DATA, b"354 go on\r\n", b"250 ok\r\n")
            case _:
                self._say(self.hello if line.startswith(b"EHLO") else b"250 2.0.0 ok\r\n")

    def _script(self, verb: Phase) -> Act:
        return self.scripts[self.mail].get(verb, Act.YES)

    def _act(self, verb: Phase, usual: bytes, astray: bytes) -> None:
        match self._script(verb):
            case Act.YES:
                self._say(usual)
            case Act.TWICE:
                self._say(usual * 2)
            case Act.ASTRAY:
                self._say(astray)
            case Act.GARBAGE:
                self._say(b"hello there\r\n")
            case Act.CLOSING:
                self._say(b"421 4.3.2 closing\r\n")
                self._end()
            case Act.END:
                self._end()
            case Act.SILENCE:
                self.mute = True
            case refusal:
                self._say(refusal.value.encode() + b"\r\n")

    def _end(self) -> None:
        self.mute = True
        if self.replies:
            self._out(b"".join(self.replies))
            self.replies.clear()
        self.transport.close()

    def _say(self, reply: bytes) -> None:
        if self.pieces is Pieces.WHOLE:
            self.replies.append(reply)
        else:
            self._out(reply)

    def _out(self, data: bytes) -> None:
        if self.pieces is not Pieces.BYTES:
            self.transport.write(data)
            return
        for byte in data:
            self.transport.write(bytes([byte]))


@dataclass
class Seen:
    """What came of the mails that were submitted, in order, and the texts that the server saw whole."""

    outcomes: dict[int, Outcome]
    texts: list[bytes]
    usable: bool


async def _through(scripts: list[Script], pieces: Pieces, *, pipelining: bool) -> Seen:
    """Two slots submit over one session, for as long as it is usable."""
    server = Server(scripts, pieces)
    server.hello = b"250-hello\r\n250 PIPELINING\r\n" if pipelining else b"250 hello\r\n"
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: server, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    account = SmtpAccount(host="127.0.0.1", port=port, security="none", hello="here.example", timeouts=HASTY)
    session = await SmtpTransport(account).open()
    assert not isinstance(session, NoSession)
    outcomes, waiting = dict[int, Outcome](), iter(range(len(scripts)))

    async def slot() -> None:
        for number in waiting:
            if not session.usable:
                return
            outcomes[number] = await session.submit(envelope(_text(number), recipient=f"p{number}@x.example"))

    async with asyncio.timeout(20):
        await asyncio.gather(slot(), slot())
    usable = session.usable
    await session.close()
    server.transport.abort()
    listening.close()
    await asyncio.sleep(0)
    return Seen(outcomes, server.texts, usable)


def _text(number: int) -> bytes:
    return b"Subject: A letter\r\n\r\nmail %d\r\n" % number


# The model: what must come of each mail, read off the scripts alone.


@dataclass(frozen=True)
class Fate:
    """Of one mail: the outcome's type, where, and whether the session ends with it."""

    outcome: type[Outcome]
    phase: Phase | None = None
    ends: bool = False


def _fate(script: Script, *, pipelining: bool) -> Fate:
    refused: Phase | None = None
    for verb in ORDER:
        act = script.get(verb, Act.YES)
        if act in REFUSALS:
            refused = refused or verb
            if verb is DOT or verb is DATA or not pipelining:
                return Fate(Declined, refused)
        elif act is not Act.YES or (refused is MAIL and verb is RCPT):
            # A recipient accepted for a mail that was refused: the two sides have lost step.
            lost = act in {Act.END, Act.SILENCE} and not refused
            return Fate(Lost if lost else Declined, refused or verb, ends=True)
    return Fate(Declined, refused) if refused else Fate(Accepted)


def _fits(number: int, fate: Fate, script: Script, outcome: Outcome) -> bool:
    if number and isinstance(outcome, Unbegun):  # it ended before a word was said to it, as it was the second
        return script.get(MAIL) is Act.END
    return type(outcome) is fate.outcome and (fate.phase is None or getattr(outcome, "phase", None) is fate.phase)


ACTS = st.sampled_from([act for act in Act if act not in {Act.SILENCE, Act.TWICE}])
SCRIPTS = st.lists(st.dictionaries(st.sampled_from(ORDER), ACTS, max_size=3), min_size=4, max_size=4)
EITHER_LOOP = pytest.mark.parametrize("runner", [run, uvloop.run], ids=["asyncio", "uvloop"])
FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


@EITHER_LOOP
@given(scripts=SCRIPTS, pieces=st.sampled_from(Pieces), pipelining=st.booleans())
@example(scripts=[{RCPT: Act.NEVER}, {}, {}, {}], pieces=Pieces.WHOLE, pipelining=True)
@example(scripts=[{RCPT: Act.NEVER, DATA: Act.LATER}, {}, {}, {}], pieces=Pieces.BYTES, pipelining=True)
@example(scripts=[{RCPT: Act.NEVER, DOT: Act.NEVER}, {}, {}, {}], pieces=Pieces.REPLIES, pipelining=True)
@example(scripts=[{MAIL: Act.NEVER}, {}, {}, {}], pieces=Pieces.WHOLE, pipelining=True)
@example(scripts=[{}, {MAIL: Act.END}, {}, {}], pieces=Pieces.WHOLE, pipelining=True)
@example(scripts=[{MAIL: Act.LATER, RCPT: Act.SILENCE}, {}, {}, {}], pieces=Pieces.BYTES, pipelining=True)
@example(scripts=[{}, {DOT: Act.SILENCE}, {}, {}], pieces=Pieces.BYTES, pipelining=False)
@FEW
def test_what_became_of_each_mail_is_what_the_model_says(
    runner: Any, scripts: list[Script], pieces: Pieces, *, pipelining: bool
) -> None:
    seen: Seen = runner(_through(scripts, pieces, pipelining=pipelining))
    ended = False
    for number, script in enumerate(scripts):
        if ended:
            assert isinstance(seen.outcomes.get(number), Unbegun | None)
            continue
        fate = _fate(script, pipelining=pipelining)
        assert _fits(number, fate, script, seen.outcomes[number]), (number, fate, seen.outcomes[number])
        ended = fate.ends
    assert seen.usable is not ended
    _texts_are_accounted_for(seen)


@given(
    scripts=st.lists(
        st.dictionaries(st.sampled_from(ORDER), st.sampled_from([*Act][:-2] + [Act.TWICE] * 3), max_size=2),
        min_size=4,
        max_size=4,
    ),
    pieces=st.sampled_from(Pieces),
    pipelining=st.booleans(),
)
@FEW
def test_however_a_server_loses_step_no_text_is_seen_twice_or_without_its_outcome(
    scripts: list[Script], pieces: Pieces, *, pipelining: bool
) -> None:
    _texts_are_accounted_for(run(_through(scripts, pieces, pipelining=pipelining)))


def _texts_are_accounted_for(seen: Seen) -> None:
    assert len(seen.texts) == len(set(seen.texts)), "a text was seen twice"
    for number, outcome in seen.outcomes.items():
        if _text(number) in seen.texts:
            assert isinstance(outcome, Accepted) or getattr(outcome, "phase", None) is DOT, outcome
        else:
            assert not isinstance(outcome, Accepted)
    assert len(seen.texts) <= len(seen.outcomes)
