"""Two mails share a session (RFC 2920): whatever a server does to one, each is told exactly how far it came."""

import asyncio
from typing import Any

import pytest
import uvloop

from outreach.adapters.smtp_timeouts import SmtpTimeouts
from outreach.domain.outcomes import Accepted, Declined, Lost, Outcome, Phase, Reply, Unbegun
from outreach.ports.transport import Envelope
from tests.adapters.mails import IMPATIENT, TEXT, envelope, opened
from tests.parts import run
from tests.parts.answers import Dialogue
from tests.parts.certificates import authority
from tests.parts.servers import (
    OFFERS,
    After,
    Answer,
    Cut,
    Drip,
    Drop,
    Flood,
    Handler,
    Hang,
    InTurn,
    Reset,
    ScriptedServer,
    Taken,
)

PIPELINING = (*OFFERS, "PIPELINING")
EITHER_WAY = pytest.mark.parametrize("offers", [OFFERS, PIPELINING], ids=["verb by verb", "pipelined"])
MAILING = (Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT)
LARGE = TEXT + b"A line of the letter, and another, and another.\r\n" * 40_000

FATAL: dict[str, Answer] = {
    "421": "421 4.3.2 Closing",
    "a close": Drop(),
    "a reset": Reset(),
    "silence": Hang(),
    "one byte now and then": Drip("250 ok", 0.4),
    "half a reply": Cut(b"250-half"),
    "no code": b"hello there\r\n",
    "lines that disagree": b"250-yes\r\n550 no\r\n",
    "a line of a megabyte": b"250 " + b"x" * 1_000_000 + b"\r\n",
    "lines without end": Flood(b"250-more\r\n"),
}
DECLINES = {"421", "no code", "lines that disagree", "a line of a megabyte", "lines without end"}

ONE = envelope(TEXT + b"one\r\n", recipient="one@signers.example", name="m1")
TWO = envelope(TEXT + b"two\r\n", recipient="two@signers.example", name="m2")


async def _both(
    server: ScriptedServer, first: Envelope = ONE, second: Envelope = TWO, **changes: Any
) -> tuple[Outcome, Outcome, bool]:
    """Both outcomes, and whether the session could still be used."""
    async with server:
        session = await opened(server, **changes)
        one, two = await asyncio.gather(session.submit(first), session.submit(second))
        usable = session.usable
        await session.close()
        return one, two, usable


def _taken(server: ScriptedServer) -> list[str]:
    return [recipient for mail in server.accepted for recipient in mail.recipients]


# What is said, and when.


@EITHER_WAY
def test_a_text_waits_until_what_came_of_the_mail_before_is_written_down(offers: tuple[str, ...]) -> None:
    """Its commands are spoken meanwhile; a mail that is not heard of after a crash was never past its dot."""

    async def scenario() -> None:
        async with ScriptedServer(offers=offers) as server:
            session = await opened(server)
            written_down = asyncio.get_running_loop().create_future()
            one = asyncio.create_task(session.submit(ONE))
            two = asyncio.create_task(session.submit(TWO, lambda: None if written_down.done() else written_down))
            assert isinstance(await one, Accepted)
            while server.verbs().count("DATA") < 2:  # noqa: ASYNC110  what it waits for tells nobody
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            assert _taken(server) == ["one@signers.example"]
            assert not two.done()
            written_down.set_result(None)
            assert isinstance(await two, Accepted)
            assert _taken(server) == ["one@signers.example", "two@signers.example"]
            await session.close()

    run(scenario())


@EITHER_WAY
def test_however_long_a_text_waits_for_us_the_server_is_not_blamed(offers: tuple[str, ...]) -> None:
    async def scenario() -> None:
        async with ScriptedServer(offers=offers) as server:
            session = await opened(server, timeouts=SmtpTimeouts(body=0.05))
            known = asyncio.get_running_loop().create_future()
            one = asyncio.create_task(session.submit(ONE, lambda: None if known.done() else known))
            await asyncio.wait([one], timeout=0.5)
            assert not one.done()
            known.set_result(None)
            assert isinstance(await one, Accepted)
            await session.close()

    run(scenario())


def test_commands_are_one_piece_and_the_next_mails_follow_the_dot_unasked() -> None:
    pieces: list[bytes] = []
    replies = iter([b"250 ok\r\n250 ok\r\n354 go on\r\n", b"250 taken\r\n" + b"250 ok\r\n" * 2 + b"354 go on\r\n"])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        await reader.readline()
        writer.write(b"250-hello\r\n250 PIPELINING\r\n")
        while piece := await reader.read(10_000):
            pieces.append(piece)
            writer.write(next(replies, b"250 taken\r\n"))
        writer.close()

    async def submit() -> tuple[Outcome, Outcome, bool]:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            there = ScriptedServer()
            there.port = server.sockets[0].getsockname()[1]
            session = await opened(there)
            one, two = await asyncio.gather(session.submit(ONE), session.submit(TWO))
            usable = session.usable
            await session.close()
            return one, two, usable

    one, two, usable = run(submit())
    assert isinstance(one, Accepted)
    assert isinstance(two, Accepted)
    assert usable
    assert pieces == [
        b"MAIL FROM:<rosa@coalition.example>\r\nRCPT TO:<one@signers.example>\r\nDATA\r\n",
        ONE.content + b".\r\nMAIL FROM:<rosa@coalition.example>\r\nRCPT TO:<two@signers.example>\r\nDATA\r\n",
        TWO.content + b".\r\n",
        b"QUIT\r\n",
    ]


def test_to_a_server_without_pipelining_nothing_is_said_before_the_last_word_is_answered() -> None:
    """Each reply is held until it is clear that no further command comes without it."""
    early: list[str] = []

    def listening(server: ScriptedServer) -> Handler:
        def hold(_dialogue: Dialogue) -> Answer | None:
            (connection,) = server._open.values()
            early.extend(filter(None, [bytes(connection._reader._buffer).decode()]))  # type: ignore[attr-defined]
            return None

        return hold

    server = ScriptedServer()
    server.on = dict.fromkeys(("MAIL", "RCPT", "DATA", "DOT"), listening(server))
    one, two, usable = run(_both(server))
    assert (type(one), type(two), usable, early) == (Accepted, Accepted, True, [])
    assert server.verbs() == ["EHLO", *["MAIL", "RCPT", "DATA", "DOT"] * 2, "QUIT"]


@EITHER_WAY
@pytest.mark.parametrize("gap", [0.0, None], ids=["byte by byte", "reply by reply"])
def test_two_slots_carry_many_mails_in_the_order_in_which_they_came(
    offers: tuple[str, ...], gap: float | None
) -> None:
    on: dict[str, Answer | Handler] = (
        {}
        if gap is None
        else {"MAIL": Drip("250 ok", gap), "RCPT": Drip("250 ok", gap), "DATA": Drip("354 go", gap)}
    )

    async def many() -> list[Outcome]:
        async with server:
            session = await opened(server)
            waiting = iter(range(40))

            async def slot() -> list[Outcome]:
                return [await session.submit(envelope(recipient=f"p{k}@x.example")) for k in waiting]

            one, two = await asyncio.gather(slot(), slot())
            await session.close()
            return one + two

    server = ScriptedServer(on, offers=offers)
    assert {type(outcome) for outcome in run(many())} == {Accepted}
    assert _taken(server) == [f"p{k}@x.example" for k in range(40)]


@EITHER_WAY
def test_a_third_mail_at_a_time_is_a_broken_rule(offers: tuple[str, ...]) -> None:
    async def three() -> list[Outcome | BaseException]:
        async with ScriptedServer(offers=offers) as server:
            session = await opened(server)
            found = await asyncio.gather(*(session.submit(envelope()) for _ in range(3)), return_exceptions=True)
            await session.close()
            return found

    one, two, third = run(three())
    assert (type(one), type(two), type(third)) == (Accepted, Accepted, RuntimeError)


@EITHER_WAY
def test_a_large_text_before_or_behind_another_mail_arrives_as_it_is(offers: tuple[str, ...]) -> None:
    large = envelope(LARGE, recipient="large@signers.example")
    for first, second in ((large, TWO), (ONE, large), (large, large)):
        server = ScriptedServer(offers=offers)
        one, two, usable = run(_both(server, first, second))
        assert (type(one), type(two), usable) == (Accepted, Accepted, True)
        assert [mail.content for mail in server.accepted] == [first.content, second.content]


@EITHER_WAY
def test_both_loops_and_tls_carry_two_mails_at_a_time(offers: tuple[str, ...]) -> None:
    certified: dict[str, Any] = {"host": "localhost", "security": "starttls", "ca_file": authority().ca_file}
    large = envelope(LARGE, recipient="large@signers.example")
    for runner in (run, uvloop.run):
        server = ScriptedServer(offers=offers, tls=authority().server())
        one, two, usable = runner(_both(server, large, TWO, **certified))
        assert (type(one), type(two), usable) == (Accepted, Accepted, True)


# One of the two has trouble.


@EITHER_WAY
@pytest.mark.parametrize("said", ["451 4.3.0 Not now", "550 5.1.1 Never"])
@pytest.mark.parametrize("turn", [0, 1], ids=["the first", "the second"])
@pytest.mark.parametrize("phase", MAILING)
def test_a_refusal_of_one_mail_is_no_refusal_of_the_other(
    phase: Phase, turn: int, said: str, offers: tuple[str, ...]
) -> None:
    server = ScriptedServer({phase.name: InTurn(*[None] * turn, said)}, offers=offers)
    *outcomes, usable = run(_both(server))
    reply = Reply(int(said[:3]), said[4:], said[4:9])
    assert outcomes[turn] == Declined(phase, reply)
    assert isinstance(outcomes[1 - turn], Accepted)
    assert usable
    assert _taken(server) == [(ONE, TWO)[1 - turn].recipient]


@EITHER_WAY
@pytest.mark.parametrize("kind", FATAL)
@pytest.mark.parametrize("phase", MAILING)
def test_what_ends_the_session_for_the_first_leaves_the_second_unbegun(
    phase: Phase, kind: str, offers: tuple[str, ...]
) -> None:
    server = ScriptedServer({phase.name: FATAL[kind]}, offers=offers)
    one, two, usable = run(_both(server, timeouts=IMPATIENT))
    assert isinstance(one, Declined if kind in DECLINES else Lost)
    assert one.phase is phase
    assert isinstance(two, Unbegun)
    assert two.detail
    assert not usable
    assert server.verbs().count("DOT") == (phase is Phase.DOT)


@EITHER_WAY
@pytest.mark.parametrize("kind", FATAL)
@pytest.mark.parametrize("phase", MAILING)
def test_what_ends_the_session_for_the_second_does_not_touch_the_first(
    phase: Phase, kind: str, offers: tuple[str, ...]
) -> None:
    server = ScriptedServer({phase.name: InTurn(None, FATAL[kind])}, offers=offers)
    one, two, usable = run(_both(server, timeouts=IMPATIENT))
    assert isinstance(one, Accepted)
    assert not usable
    assert server.verbs().count("DOT") == 1 + (phase is Phase.DOT)
    if phase is Phase.MAIL and offers is PIPELINING and kind in {"a close", "a reset", "half a reply"}:
        assert isinstance(two, Unbegun), "the server has said nothing to it"
    else:
        assert isinstance(two, Declined if kind in DECLINES else Lost)
        assert two.phase is phase


@EITHER_WAY
@pytest.mark.parametrize("then", [Drop(), Reset(), Hang()], ids=["close", "reset", "silence"])
def test_only_the_mail_whose_dot_was_written_is_in_doubt(then: Answer, offers: tuple[str, ...]) -> None:
    server = ScriptedServer({"DOT": Taken(then)}, offers=offers)
    one, two, usable = run(_both(server, timeouts=IMPATIENT))
    assert isinstance(one, Lost)
    assert one.phase is Phase.DOT
    assert isinstance(two, Unbegun)
    assert not usable
    assert _taken(server) == [ONE.recipient]


@EITHER_WAY
@pytest.mark.parametrize("then", [Drop(), Reset(), Hang(), "552 5.3.4 Too much"])
def test_a_large_text_cut_short_is_before_its_dot_and_the_second_unbegun(
    then: Answer, offers: tuple[str, ...]
) -> None:
    server = ScriptedServer({"BODY": After(10_000, then)}, offers=offers)
    one, two, usable = run(_both(server, envelope(LARGE * 10), timeouts=IMPATIENT))
    assert isinstance(one, Lost | Declined)
    assert one.phase is Phase.BODY
    assert isinstance(two, Unbegun)
    assert not usable
    assert "DOT" not in server.verbs()


# Replies that do not belong.


def test_a_second_reply_in_the_same_breath_never_lets_a_text_out() -> None:
    for phase in (Phase.MAIL, Phase.RCPT):
        server = ScriptedServer({phase.name: b"250 ok\r\n250 ok\r\n"}, offers=PIPELINING)
        one, two, usable = run(_both(server))
        assert isinstance(one, Declined)
        assert one.phase is Phase.DATA
        assert isinstance(two, Unbegun)
        assert (usable, "DOT" in server.verbs()) == (False, False)


@pytest.mark.parametrize(
    ("phase", "code"), [(Phase.MAIL, 354), (Phase.RCPT, 354), (Phase.DATA, 250), (Phase.DOT, 354)]
)
@EITHER_WAY
def test_a_friendly_reply_in_the_wrong_place_ends_the_session_for_both(
    phase: Phase, code: int, offers: tuple[str, ...]
) -> None:
    one, two, usable = run(_both(ScriptedServer({phase.name: f"{code} go on"}, offers=offers)))
    assert one == Declined(phase, Reply(code, "go on"))
    assert isinstance(two, Unbegun)
    assert not usable


@EITHER_WAY
@pytest.mark.parametrize("stray", [b"250 2.0.0 taken\r\n", b"421 4.4.2 Bye\r\n", b"25"])
def test_words_behind_the_readiness_for_a_text_are_no_answer_to_its_dot(
    stray: bytes, offers: tuple[str, ...]
) -> None:
    server = ScriptedServer({"DATA": b"354 go on\r\n" + stray}, offers=offers)
    one, two, usable = run(_both(server, timeouts=IMPATIENT))
    assert isinstance(one, Declined | Lost)
    assert one.phase is Phase.BODY
    assert isinstance(two, Unbegun)
    assert (usable, "DOT" in server.verbs()) == (False, False)


def test_words_behind_an_acceptance_do_not_undo_it_but_leave_the_second_unbegun() -> None:
    server = ScriptedServer({"DOT": Taken(b"250 2.0.0 taken\r\n421 4.7.0 Enough\r\n")})
    one, two, usable = run(_both(server))
    assert one == Accepted(Reply(250, "2.0.0 taken", "2.0.0"))
    assert two == Unbegun("the server spoke before it was asked")
    assert not usable


def test_a_421_behind_an_acceptance_is_the_answer_to_what_was_asked_next() -> None:
    server = ScriptedServer({"DOT": Taken(b"250 2.0.0 taken\r\n421 4.7.0 Enough\r\n")}, offers=PIPELINING)
    one, two, usable = run(_both(server))
    assert isinstance(one, Accepted)
    assert two == Declined(Phase.MAIL, Reply(421, "4.7.0 Enough", "4.7.0"))
    assert not usable


@EITHER_WAY
def test_a_reply_that_comes_too_late_is_paired_with_nothing(offers: tuple[str, ...]) -> None:
    async def late() -> tuple[Outcome, Outcome, Outcome]:
        async with ScriptedServer({"DOT": Drip("250 taken", 0.2)}, offers=offers) as server:
            session = await opened(server, timeouts=IMPATIENT)
            one, two = await asyncio.gather(session.submit(ONE), session.submit(TWO))
            await asyncio.sleep(1.5)
            third = await session.submit(TWO)
            await session.close()
            return one, two, third

    one, two, third = run(late())
    assert one == Lost(Phase.DOT, "no answer in 0.8 seconds")
    assert two == Unbegun("no answer in 0.8 seconds")
    assert third == Lost(Phase.MAIL, "this session is over")


# Refused, and what was said in the same breath (RFC 2920, 3.1).


def test_a_declined_mail_is_forgotten_before_the_next_one_in_the_same_breath() -> None:
    server = ScriptedServer({"RCPT": InTurn("550 5.1.1 Nobody")}, offers=PIPELINING)
    one, two, _ = run(_both(server))
    assert one == Declined(Phase.RCPT, Reply(550, "5.1.1 Nobody", "5.1.1"))
    assert isinstance(two, Accepted)
    assert server.verbs() == ["EHLO", "MAIL", "RCPT", "DATA", "RSET", "MAIL", "RCPT", "DATA", "DOT", "QUIT"]


def test_a_server_that_will_not_forget_a_declined_mail_gets_no_text() -> None:
    on: dict[str, Answer | Handler] = {"RCPT": InTurn("550 5.1.1 Nobody"), "RSET": "502 5.5.1 What?"}
    server = ScriptedServer(on, offers=PIPELINING)
    one, two, usable = run(_both(server))
    assert isinstance(one, Declined)
    assert two == Declined(Phase.MAIL, Reply(502, "5.5.1 What?", "5.5.1"))
    assert (usable, "DOT" in server.verbs()) == (False, False)


@EITHER_WAY
@pytest.mark.parametrize("which", [0, 1], ids=["the first", "the second"])
def test_cancelling_one_cuts_the_connection_and_the_other_is_told(which: int, offers: tuple[str, ...]) -> None:
    async def cancel() -> tuple[Outcome, bool]:
        async with ScriptedServer({"DOT": Hang()}, offers=offers) as server:
            session = await opened(server)
            tasks = [asyncio.create_task(session.submit(mail)) for mail in (ONE, TWO)]
            await asyncio.to_thread(server.wait_for, "DOT")
            tasks[which].cancel()
            with pytest.raises(asyncio.CancelledError):
                await tasks[which]
            other, usable = await tasks[1 - which], session.usable
            await session.close()
            return other, usable

    why = "another mail's submission was cancelled"
    assert run(cancel()) == (Unbegun(why) if which == 0 else Lost(Phase.DOT, why), False)


@EITHER_WAY
def test_closing_while_mails_are_under_way_tells_both(offers: tuple[str, ...]) -> None:
    async def close() -> list[Outcome]:
        async with ScriptedServer({"DOT": Hang()}, offers=offers) as server:
            session = await opened(server)
            tasks = [asyncio.create_task(session.submit(mail)) for mail in (ONE, TWO)]
            await asyncio.to_thread(server.wait_for, "DOT")
            await session.close()
            return await asyncio.gather(*tasks)

    assert run(close()) == [Lost(Phase.DOT, "the session was closed"), Unbegun("the session was closed")]
