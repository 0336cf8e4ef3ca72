"""Whatever a server does at whatever point, the outcome says exactly how far the mail had come."""

import asyncio
from typing import Any

import pytest

from outreach.adapters.smtp import SmtpTransport
from outreach.domain.outcomes import Accepted, Declined, Lost, NoSession, Outcome, Phase, Reply
from tests.adapters.mails import IMPATIENT, TEXT, account, envelope, not_opened, opened, submitted
from tests.parts import run
from tests.parts.certificates import authority
from tests.parts.servers import (
    OFFERS,
    After,
    Answer,
    Cut,
    Drip,
    Drop,
    Flood,
    Greylist,
    Handler,
    Hang,
    InTurn,
    Reset,
    ScriptedServer,
    Taken,
)

OPENING = (Phase.GREETING, Phase.EHLO, Phase.STARTTLS, Phase.AUTH)
MAILING = (Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT)

REPLIES = {
    "not now": ("451 4.3.0 Not now", Reply(451, "4.3.0 Not now", "4.3.0")),
    "never": ("550 5.7.1 Never", Reply(550, "5.7.1 Never", "5.7.1")),
    "closing": ("421 4.3.2 Closing", Reply(421, "4.3.2 Closing", "4.3.2")),
}
GARBAGE: dict[str, Answer] = {
    "no code": b"hello there\r\n",
    "two digits": b"25 ok\r\n",
    "four digits": b"2500 ok\r\n",
    "a code out of range": b"999 ok\r\n",
    "a code below 200": b"199 ok\r\n",
    "a NUL": b"250 o\x00k\r\n",
    "lines that disagree": b"250-yes\r\n550 no\r\n",
    "a line of a megabyte": b"250 " + b"x" * 1_000_000 + b"\r\n",
    "lines without end": Flood(b"250-more\r\n"),
    "a line without end": Flood(b"x" * 1000),
    "nothing but a line end": b"\r\n",
    "UTF-8 instead of a code": "désolé".encode() + b"\r\n",
}
SILENCES: dict[str, Answer] = {"silence": Hang(), "one byte now and then": Drip("250 ok", 0.4)}
ENDS: dict[str, Answer] = {"a close": Drop(), "a reset": Reset()}


async def _no_session(phase: Phase, answer: Answer, **changes: Any) -> tuple[NoSession, list[str]]:
    certified = {"host": "localhost", "security": "starttls", "ca_file": authority().ca_file}
    needs: dict[Phase, dict[str, Any]] = {
        Phase.STARTTLS: certified,
        Phase.AUTH: {"username": "user", "password": "secret"},
    }
    async with ScriptedServer({phase.name: answer}, tls=authority().server()) as server:
        return await not_opened(server, **needs.get(phase, {}), **changes), server.verbs()


@pytest.mark.parametrize("kind", REPLIES)
@pytest.mark.parametrize("phase", OPENING)
def test_a_server_that_refuses_us_is_quoted_with_the_phase(phase: Phase, kind: str) -> None:
    said, reply = REPLIES[kind]
    none, verbs = run(_no_session(phase, said))
    assert (none.phase, none.reply) == (phase, reply)
    assert none.security == (phase is Phase.STARTTLS and kind == "never")
    assert "MAIL" not in verbs


@pytest.mark.parametrize("answer", [*ENDS.values()], ids=[*ENDS])
@pytest.mark.parametrize("phase", OPENING)
def test_a_server_that_leaves_while_we_open_leaves_no_session(phase: Phase, answer: Answer) -> None:
    none, _ = run(_no_session(phase, answer))
    assert (none.phase, none.reply, none.security) == (phase, None, False)


@pytest.mark.shows("F17", "F19")
@pytest.mark.parametrize("phase", OPENING)
def test_a_server_that_says_nothing_while_we_open_is_not_waited_for_for_ever(phase: Phase) -> None:
    none, _ = run(_no_session(phase, Hang(), timeouts=IMPATIENT))
    assert (none.phase, none.reply, none.security) == (phase, None, False)


@pytest.mark.shows("F20")
@pytest.mark.parametrize("kind", ["no code", "a code out of range", "a line of a megabyte", "lines without end"])
@pytest.mark.parametrize("phase", OPENING)
def test_garbage_while_we_open_is_no_session(phase: Phase, kind: str) -> None:
    none, verbs = run(_no_session(phase, GARBAGE[kind]))
    assert (none.phase, none.reply and none.reply.code) == (phase, 0)
    assert "MAIL" not in verbs


EITHER_WAY = pytest.mark.parametrize("offers", [OFFERS, (*OFFERS, "PIPELINING")], ids=["verb by verb", "pipelined"])


async def _mailed(
    phase: Phase, answer: Answer, offers: tuple[str, ...] = OFFERS, **changes: Any
) -> tuple[Outcome, bool, int]:
    async with ScriptedServer({phase.name: answer}, offers=offers) as server:
        outcome, usable = await submitted(server, **changes)
        return outcome, usable, len(server.accepted)


@pytest.mark.shows("F9", "F10", "F11")
@EITHER_WAY
@pytest.mark.parametrize("kind", REPLIES)
@pytest.mark.parametrize("phase", MAILING)
def test_a_refusal_is_declined_at_its_verb_and_only_a_421_ends_the_session(
    phase: Phase, kind: str, offers: tuple[str, ...]
) -> None:
    said, reply = REPLIES[kind]
    assert run(_mailed(phase, said, offers)) == (Declined(phase, reply), kind != "closing", 0)


@pytest.mark.shows("F12")
@EITHER_WAY
@pytest.mark.parametrize("answer", [*ENDS.values()], ids=[*ENDS])
@pytest.mark.parametrize("phase", MAILING)
def test_a_connection_that_ends_is_lost_at_its_verb(phase: Phase, answer: Answer, offers: tuple[str, ...]) -> None:
    outcome, usable, _ = run(_mailed(phase, answer, offers))
    assert isinstance(outcome, Lost)
    assert (outcome.phase, usable) == (phase, False)


@pytest.mark.shows("F17", "F19")
@EITHER_WAY
@pytest.mark.parametrize("answer", [*SILENCES.values()], ids=[*SILENCES])
@pytest.mark.parametrize("phase", MAILING)
def test_a_silence_is_lost_at_its_verb_and_the_connection_is_never_used_again(
    phase: Phase, answer: Answer, offers: tuple[str, ...]
) -> None:
    outcome, usable, _ = run(_mailed(phase, answer, offers, timeouts=IMPATIENT))
    assert outcome == Lost(phase, "no answer in 0.8 seconds")
    assert not usable


@pytest.mark.shows("F20")
@EITHER_WAY
@pytest.mark.parametrize("answer", [*GARBAGE.values()], ids=[*GARBAGE])
@pytest.mark.parametrize("phase", MAILING)
def test_garbage_is_declined_with_code_0_and_ends_the_session(
    phase: Phase, answer: Answer, offers: tuple[str, ...]
) -> None:
    outcome, usable, _ = run(_mailed(phase, answer, offers))
    assert isinstance(outcome, Declined)
    assert (outcome.phase, outcome.reply.code, usable) == (phase, 0, False)
    assert len(outcome.reply.text) <= 500


@EITHER_WAY
@pytest.mark.parametrize(
    ("phase", "said"), [(Phase.MAIL, "354 go on"), (Phase.DATA, "250 fine"), (Phase.DOT, "354 go on")]
)
def test_a_friendly_reply_in_the_wrong_place_ends_the_session(
    phase: Phase, said: str, offers: tuple[str, ...]
) -> None:
    outcome, usable, _ = run(_mailed(phase, said, offers))
    assert outcome == Declined(phase, Reply(int(said[:3]), said[4:]))
    assert not usable


@pytest.mark.shows("F14", "F15")
@EITHER_WAY
@pytest.mark.parametrize("then", [Drop(), Reset(), Hang()], ids=["close", "reset", "silence"])
def test_a_mail_accepted_by_a_server_whose_reply_was_lost_is_in_doubt(
    then: Answer, offers: tuple[str, ...]
) -> None:
    outcome, usable, accepted = run(_mailed(Phase.DOT, Taken(then), offers, timeouts=IMPATIENT))
    assert isinstance(outcome, Lost)
    assert (outcome.phase, usable, accepted) == (Phase.DOT, False, 1)


def test_a_reply_cut_off_in_the_middle_is_no_reply() -> None:
    outcome, _, _ = run(_mailed(Phase.DOT, Cut(b"250-2.0.0 ta")))
    assert isinstance(outcome, Lost)
    assert outcome.phase is Phase.DOT


@pytest.mark.shows("F13")
@pytest.mark.parametrize("then", [Drop(), Reset(), Hang()], ids=["close", "reset", "silence"])
def test_a_connection_that_ends_inside_a_large_text_is_lost_before_the_dot(then: Answer) -> None:
    large = TEXT + b"A line of the letter, and another, and another.\r\n" * 400_000

    async def lose() -> tuple[Outcome, bool]:
        async with ScriptedServer({"BODY": After(10_000, then)}) as server:
            outcome, usable = await submitted(server, envelope(large), timeouts=IMPATIENT)
            assert "DOT" not in server.verbs()
            return outcome, usable

    outcome, usable = run(lose())
    assert isinstance(outcome, Lost)
    assert (outcome.phase, usable) == (Phase.BODY, False)


def test_a_refusal_in_the_middle_of_the_text_is_declined_before_the_dot() -> None:
    large = TEXT + b"A line of the letter, and another, and another.\r\n" * 400_000

    async def refuse() -> Outcome:
        async with ScriptedServer({"BODY": After(10_000, "552 5.3.4 Too much")}) as server:
            return (await submitted(server, envelope(large)))[0]

    outcome = run(refuse())
    # The refusal may be overtaken by the reset that follows it; either way the dot was never written.
    assert isinstance(outcome, Declined | Lost)
    assert outcome.phase is Phase.BODY


@pytest.mark.shows("F16")
def test_a_reply_that_comes_too_late_is_never_taken_for_the_next_mails_reply() -> None:
    async def late() -> tuple[Outcome, Outcome, int]:
        on = {"RCPT": InTurn(Drip("550 5.1.1 late", 0.1), None)}
        async with ScriptedServer(on) as server:
            session = await opened(server, timeouts=IMPATIENT)
            first = await session.submit(envelope())
            again = await session.submit(envelope())
            await session.close()
            return first, again, len(server.accepted)

    first, again, accepted = run(late())
    assert isinstance(first, Lost)
    assert isinstance(again, Lost)
    assert (first.phase, again.phase, accepted) == (Phase.RCPT, Phase.MAIL, 0)


def test_a_second_reply_in_the_same_breath_is_never_taken_for_the_next_verbs_reply() -> None:
    outcome, usable, accepted = run(_mailed(Phase.MAIL, b"250 ok\r\n250 ok\r\n"))
    assert isinstance(outcome, Declined)
    assert (outcome.phase, outcome.reply.code, usable, accepted) == (Phase.RCPT, 0, False, 0)


def test_an_acceptance_that_was_said_before_the_dot_does_not_count() -> None:
    outcome, usable, accepted = run(_mailed(Phase.DATA, b"354 go on\r\n250 2.0.0 taken\r\n"))
    assert isinstance(outcome, Declined)
    assert (outcome.phase, outcome.reply.code, usable, accepted) == (Phase.BODY, 0, False, 0)


def test_a_421_said_while_nobody_asked_is_told_as_it_is() -> None:
    outcome, usable, _ = run(_mailed(Phase.MAIL, b"250 ok\r\n421 4.4.2 Too slow\r\n"))
    assert outcome == Declined(Phase.RCPT, Reply(421, "4.4.2 Too slow", "4.4.2"))
    assert not usable


def test_words_after_the_acceptance_do_not_undo_it_but_end_the_session() -> None:
    outcome, usable, _ = run(_mailed(Phase.DOT, Taken(b"250 2.0.0 taken\r\n250 2.0.0 taken\r\n")))
    assert outcome == Accepted(Reply(250, "2.0.0 taken", "2.0.0"))
    assert not usable


def test_a_declined_mail_is_forgotten_before_the_next_one_is_named() -> None:
    async def two() -> tuple[Outcome, Outcome, list[str]]:
        async with ScriptedServer({"RCPT": InTurn("550 5.1.1 Nobody", None)}) as server:
            session = await opened(server)
            first = await session.submit(envelope(recipient="nobody@signers.example"))
            second = await session.submit(envelope())
            await session.close()
            assert [mail.recipients for mail in server.accepted] == [("idris@signers.example",)]
            return first, second, server.verbs()

    first, second, verbs = run(two())
    assert first == Declined(Phase.RCPT, Reply(550, "5.1.1 Nobody", "5.1.1"))
    assert isinstance(second, Accepted)
    assert verbs == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA", "DOT", "QUIT"]


def test_a_server_that_will_not_forget_a_declined_mail_is_left() -> None:
    async def two() -> tuple[Outcome, bool]:
        on: dict[str, Answer | Handler] = {"RCPT": InTurn("550 5.1.1 Nobody"), "RSET": "502 5.5.1 What?"}
        async with ScriptedServer(on) as server:
            session = await opened(server)
            await session.submit(envelope())
            second = await session.submit(envelope())
            usable = session.usable
            await session.close()
            return second, usable

    second, usable = run(two())
    assert second == Declined(Phase.MAIL, Reply(502, "5.5.1 What?", "5.5.1"))
    assert not usable


def test_a_session_that_the_server_closed_while_idle_is_seen_not_to_be_usable() -> None:
    async def idle() -> tuple[bool, Outcome]:
        async with ScriptedServer() as server:
            session = await opened(server)
            server.hang_up()
            async with asyncio.timeout(10):
                while session.usable:  # noqa: ASYNC110  the port has no event for it
                    await asyncio.sleep(0)
            outcome = await session.submit(envelope())
            await session.close()
            return session.usable, outcome

    usable, outcome = run(idle())
    assert not usable
    assert isinstance(outcome, Lost)
    assert outcome.phase is Phase.MAIL


@pytest.mark.shows("F27")
def test_a_goodbye_that_fails_changes_nothing() -> None:
    async def part(answer: Answer) -> Outcome:
        async with ScriptedServer({"QUIT": answer}) as server:
            return (await submitted(server, timeouts=IMPATIENT))[0]

    async def part_in_every_way() -> list[Outcome]:
        return await asyncio.gather(*map(part, [*ENDS.values(), *SILENCES.values(), *GARBAGE.values(), "500 No"]))

    assert all(isinstance(outcome, Accepted) for outcome in run(part_in_every_way()))


@pytest.mark.shows("F26")
def test_a_greylisted_mail_is_taken_on_the_second_try() -> None:
    async def twice() -> tuple[Outcome, Outcome, int]:
        async with ScriptedServer({"RCPT": Greylist()}) as server:
            return (await submitted(server))[0], (await submitted(server))[0], len(server.accepted)

    first, second, accepted = run(twice())
    assert isinstance(first, Declined)
    assert (first.phase, first.reply.code, first.reply.enhanced) == (Phase.RCPT, 451, "4.7.1")
    assert isinstance(second, Accepted)
    assert accepted == 1


def test_a_cancelled_submission_cuts_the_connection() -> None:
    async def cancel() -> bool:
        async with ScriptedServer({"DOT": Hang()}) as server:
            session = await opened(server)
            task = asyncio.create_task(session.submit(envelope()))
            await asyncio.to_thread(server.wait_for, "DOT")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            usable = session.usable
            await session.close()
            return usable

    assert run(cancel()) is False


def test_forty_sessions_at_once_do_not_mix_up_their_mails() -> None:
    async def forty() -> tuple[list[list[Outcome]], set[tuple[str, ...]]]:
        async with ScriptedServer() as server:
            transport = SmtpTransport(account(server))

            async def one(number: int) -> list[Outcome]:
                session = await transport.open()
                assert not isinstance(session, NoSession)
                outcomes = [await session.submit(envelope(recipient=f"p{number}.{k}@x.example")) for k in range(3)]
                await session.close()
                return outcomes

            outcomes = await asyncio.gather(*map(one, range(40)))
            return outcomes, {mail.recipients for mail in server.accepted}

    outcomes, recipients = run(forty())
    assert len(recipients) == 120
    assert all(isinstance(each, Accepted) for three in outcomes for each in three)
